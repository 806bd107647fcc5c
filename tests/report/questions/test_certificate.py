"""Retrained runs are counted, and the first that differs is named."""

import pandas as pd

from study.columns import TABLES
from study.report.questions.certificate import NONE_YET, finding
from tests.words import only

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


def test_identical_runs_are_counted() -> None:
    assert only(finding(rows(*[(None, None, None)] * 8)), "8 of 8")
    assert only(finding(rows((None, None, None))), "1 of 1")


def test_the_first_run_that_differs_is_named_with_its_epoch() -> None:
    same, differs, lost = (None, None, None), (1234, "train_loss", None), (None, None, "it is lost")
    sentences = finding(rows(same, differs, lost))
    assert only(sentences, "1 of 3", "id1", "xor", "epoch 1,234", "train_loss")
    assert only(finding(rows(same, lost)), "1 of 2", "id1", "xor", "it is lost")


def test_a_study_without_a_certificate_names_the_command_that_makes_one() -> None:
    assert finding(pd.DataFrame(columns=NAMES)) == [NONE_YET]
