"""What the report says of runs that were trained again, from made-up certificates."""

import pandas as pd

from study.columns import TABLES
from study.report.certificate_sentences import NONE_YET, certificate

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
    says = (
        "8 runs, drawn at random, were trained again, in another stack and in another process, and "
        "every epoch was compared: 8 of 8 bit-identical."
    )
    assert certificate(rows(*[(None, None, None)] * 8)) == [says]
    assert certificate(rows((None, None, None)))[0].startswith("1 run, drawn at random, was train")


def test_one_that_differs_is_named_with_its_first_epoch() -> None:
    found = certificate(
        rows((None, None, None), (1234, "train_loss", None), (None, None, "its worker was lost"))
    )
    assert found[0].endswith("1 of 3 bit-identical.")
    assert found[1:] == [
        "Run id1 (xor, repetition 1) differs from epoch 1,234 on, first in train_loss.",
        "Run id2 (xor, repetition 2) could not be trained again: its worker was lost.",
    ]


def test_where_there_is_none_it_is_said_who_makes_one() -> None:
    assert certificate(pd.DataFrame(columns=NAMES)) == [NONE_YET]
