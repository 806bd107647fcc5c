"""What the report says of runs that were trained again, from made-up certificates."""

import pandas as pd

from study.columns import TABLES
from study.report.questions.certificate import NONE_YET, finding
from tests.words import has, only

NAMES = [column.name for column in TABLES["certificate"]]


def rows(*differ: tuple[int | None, str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                f"id{i}",
                "xor",
                i,
                "completed",
                30,
                "another process",
                *row,
                "part-000000.parquet",
                "1 2 3",
            )
            for i, row in enumerate(differ)
        ],
        columns=NAMES,
    )


def test_all_that_are_alike_are_counted() -> None:
    assert only(finding(rows(*[(None, None, None)] * 8)), "8 runs", "another process", "8 of 8")
    assert only(finding(rows((None, None, None))), "1 run, ", "1 of 1")


def test_one_that_differs_is_named_with_its_first_epoch() -> None:
    same, differs, lost = finding(
        rows((None, None, None), (1234, "train_loss", None), (None, None, "its worker was lost"))
    )
    assert has(same, "3 runs", "1 of 3")
    assert has(differs, "id1", "xor", "repetition 1", "epoch 1,234", "train_loss")
    assert has(lost, "id2", "xor", "repetition 2", "its worker was lost")


def test_where_there_is_none_it_is_said_who_makes_one() -> None:
    assert finding(pd.DataFrame(columns=NAMES)) == [NONE_YET]
