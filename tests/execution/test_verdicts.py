"""Verdicts of a stored study: the rows of hypotheses.parquet, as a user reads them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.columns import TABLES
from study.execution.driver import Options, run, verdicts
from study.spec.load import read_pipeline
from study.store.files import write_table
from tests import synthetic
from tests.driving import finish


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
        ("adam-lower", "linear", "undecided"),  # nine of nine decide at most two verdicts
        ("adam-lower", "xor", "undecided"),
        ("momentum-diverges", "xor", "undecided"),
    ]
    assert stored[["n", "agree", "ties"]].to_numpy().tolist() == [[6, 6, 0]] * 3
    assert stored["p"].tolist() == pytest.approx([14 / 127] * 3)
    assert stored["p_adjusted"].tolist() == pytest.approx([3 * 14 / 127] * 3)
    assert stored["threshold"].tolist() == [0.5] * 3
    assert stored["effect"].isna().tolist() == [False, False, True]


def test_an_untested_hypothesis_is_null_with_a_reason(tmp_path: Path) -> None:
    folder = synthetic.store(
        synthetic.CLAIMS,
        tmp_path / "lab",
        keep=lambda run: run.configuration["optimizer"] == "adam",
    )
    rows = verdicts(read_pipeline(synthetic.CLAIMS, "claims.toml"), folder)
    assert [row["p"] for row in rows] == [1.0] * 3
    assert [row["n"] for row in rows] == [0] * 3
    for name in ("share", "effect", "low", "high", "level"):
        assert [row[name] for row in rows] == [None] * 3
    assert {row["verdict"] for row in rows} == {"undecided"}
    assert {str(row["reason"]).partition(":")[0] for row in rows} == {"not tested"}


def test_a_study_without_hypotheses_has_a_file_without_rows(tmp_path: Path) -> None:
    pipeline = read_pipeline(synthetic.ONE, "one.toml", ["training.epochs=2"])
    for _ in run(pipeline, Options(tmp_path, executor="inline")):
        pass
    frame = pd.read_parquet(tmp_path / "one" / "hypotheses.parquet")
    assert frame.empty
    assert list(frame.columns) == [column.name for column in TABLES["hypotheses"]]


MOMENTUM = """
name = "momentum"
[datasets.xor]
generator = "xor"
[model]
hidden = [4]
activation = "tanh"
[training]
epochs = 40
[search]
repetitions = 7
[search.parameters]
lr = [0.01, 0.1]
optimizer = ["sgd", "adam"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}
[[hypotheses]]
id = "where"
claim = "Adam ends lower than SGD with momentum"
where = {momentum = 0.9}
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "final_train_loss"
expect = "lower"
[[hypotheses]]
id = "settings"
claim = "Adam at 0.01 ends lower than SGD with momentum at 0.1"
metric = "final_train_loss"
expect = "lower"
compare.value = {optimizer = "adam", lr = 0.01}
compare.with = {optimizer = "sgd", lr = 0.1, momentum = 0.9}
"""


def test_adam_is_compared_with_momentum_as_pandas_compares_them(tmp_path: Path) -> None:
    """Counts and effect are recomputed from runs.parquet: the median of log₁₀ ratios."""
    pipeline = read_pipeline(MOMENTUM, "momentum.toml")
    finish(pipeline, tmp_path)
    runs = pd.read_parquet(tmp_path / "momentum" / "runs.parquet")
    assert runs.groupby("optimizer", observed=True)["momentum"].nunique().to_dict() == {
        "adam": 0, "sgd": 2
    }  # fmt: skip
    stored = pd.read_parquet(tmp_path / "momentum" / "hypotheses.parquet").set_index("id")

    def losses(optimizer: str, lr: float) -> np.ndarray:
        of = runs[(runs["optimizer"] == optimizer) & (runs["lr"] == lr)]
        of = of[of["momentum"].isna() | (of["momentum"] == 0.9)].sort_values("repetition")
        assert of["repetition"].tolist() == list(range(7))
        losses: np.ndarray = np.log10(of["final_train_loss"].to_numpy(float))
        return losses

    pairs = {
        "where": np.mean([losses("adam", lr) - losses("sgd", lr) for lr in (0.01, 0.1)], axis=0),
        "settings": losses("adam", 0.01) - losses("sgd", 0.1),
    }
    for name, differences in pairs.items():
        row = stored.loc[name]
        assert (row["n"], row["agree"]) == (7, (differences < -1e-6).sum())
        assert row["effect"] == pytest.approx(10 ** np.median(differences))
        assert row["p_adjusted"] == min(1.0, 2 * row["p"])
    assert "median of 2 matched cases" in stored["method"]["where"]
    assert "matched" not in stored["method"]["settings"]
