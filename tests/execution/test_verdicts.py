"""Verdicts of a stored study: the rows of hypotheses.parquet, as a user reads them."""

from pathlib import Path

import pandas as pd
import pytest

from study.columns import TABLES
from study.execution.driver import Options, run
from study.execution.verdicts import verdicts
from study.spec.load import read_pipeline
from study.store.files import write_table
from tests import synthetic


@pytest.fixture
def stored(tmp_path: Path) -> pd.DataFrame:
    """Return hypotheses.parquet of a made-up study."""
    folder = synthetic.store(synthetic.CLAIMS, tmp_path / "lab")
    rows = verdicts(read_pipeline(synthetic.CLAIMS, "claims.toml"), folder)
    write_table(rows, folder / "hypotheses.parquet")
    return pd.read_parquet(folder / "hypotheses.parquet")


def test_the_file_has_its_columns_and_a_row_for_each_dataset(stored: pd.DataFrame) -> None:
    assert list(stored.columns) == [column.name for column in TABLES["hypotheses"]]
    rows = list(zip(stored["id"], stored["dataset"], stored["verdict"], strict=True))
    assert rows == [
        ("adam-lower", "linear", "supported"),
        ("adam-lower", "xor", "undecided"),  # two hypotheses on XOR are more than six can decide
        ("momentum-diverges", "xor", "undecided"),
    ]
    assert stored["n"].tolist() == [6, 6, 6]
    assert stored["p"].tolist() == pytest.approx([2**-5] * 3)
    assert stored["p_holm"].tolist() == pytest.approx([2**-5, 2**-4, 2**-4])


def test_what_could_not_be_tested_is_null_and_says_why(tmp_path: Path) -> None:
    folder = synthetic.store(
        synthetic.CLAIMS,
        tmp_path / "lab",
        keep=lambda run: run.configuration["optimizer"] == "adam",
    )
    rows = verdicts(read_pipeline(synthetic.CLAIMS, "claims.toml"), folder)
    assert [row["p"] for row in rows] == [None] * 3
    assert {row["verdict"] for row in rows} == {"undecided"}
    assert {str(row["reason"]).partition(":")[0] for row in rows} == {"not tested"}


def test_a_study_without_hypotheses_has_a_file_without_rows(tmp_path: Path) -> None:
    pipeline = read_pipeline(synthetic.ONE, "one.toml", ["training.epochs=2"])
    for _ in run(pipeline, Options(tmp_path, executor="inline")):
        pass
    frame = pd.read_parquet(tmp_path / "one" / "hypotheses.parquet")
    assert frame.empty
    assert list(frame.columns) == [column.name for column in TABLES["hypotheses"]]
