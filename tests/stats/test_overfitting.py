"""Overfitting: the held-out loss has passed its minimum in most repetitions, and stays up."""

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.stats.overfitting import COLUMNS, overfitting
from tests.pipelines import small
from tests.searches import made

pytestmark = pytest.mark.usefixtures("uncertified")


def curves(*losses: Sequence[float]) -> pd.DataFrame:
    """Return every epoch of the runs of one configuration."""
    rows = [
        ("a", "lr 1", f"run {i}", epoch, loss)
        for i, run in enumerate(losses)
        for epoch, loss in enumerate(run, start=1)
    ]
    columns = ["dataset", "configuration", "run_id", "epoch", "test_loss"]
    return pd.DataFrame(rows, columns=columns)


def judged(*losses: Sequence[float]) -> tuple[int, float, float, int, bool]:
    (row,) = overfitting(curves(*losses)).to_dict("records")
    return row["epoch"], row["lowest"], row["end"], row["risen"], row["overfits"]


DOWN = [1.0, 0.5, 0.2, 0.1, 0.05, 0.02]
UP = [1.0, 0.5, 0.4, 0.5, 0.6, 0.7]


def test_a_loss_that_only_falls_has_passed_nothing() -> None:
    assert judged(DOWN, DOWN, DOWN) == (6, 0.02, 0.02, 0, False)


def test_a_loss_that_rises_after_its_minimum_overfits() -> None:
    assert judged(UP, UP, UP) == (3, 0.4, 0.7, 3, True)


def test_most_repetitions_must_have_risen() -> None:
    flat = [1.0, 0.5, 0.3, 0.3, 0.3, 0.3]
    assert judged(UP, UP, flat)[3:] == (2, True)
    assert judged(UP, UP, flat, flat)[3:] == (2, False)


def test_a_trough_of_an_unsteady_loss_is_no_minimum_that_is_passed() -> None:
    unsteady = [1.0, 0.10, 0.2, 0.11, 0.2, 0.101, 0.2, 0.101, 0.2]
    assert judged(unsteady, unsteady)[4] is False
    assert judged([0.1, 0.101, 0.1015], [0.1, 0.101, 0.1015])[4] is False, "under 2 %"


def test_the_first_of_equal_minima_counts_and_a_run_that_diverged_has_not_risen() -> None:
    assert judged([0.5, 0.2, 0.2, 0.9], [0.5, 0.2, 0.2, 0.9], [0.5, 0.2, math.inf])[:1] == (2,)
    assert judged(UP, UP[:4], UP[:4])[2:] == (math.inf, 1, False)


@pytest.mark.parametrize(("up", "n", "sure"), [(7, 7, False), (8, 8, True), (9, 10, False)])
def test_overfitting_is_significant_by_the_test_of_the_verdicts(
    up: int, n: int, *, sure: bool
) -> None:
    """P of 8 of 8 is 0.035, of 7 of 7 0.063 and of 9 of 10 0.12."""
    flat = [1.0, 0.5, 0.4, 0.4, 0.4, 0.4]
    (row,) = overfitting(curves(*[UP] * up, *[flat] * (n - up))).to_dict("records")
    assert (row["overfits"], row["sure"]) == (True, sure)
    two = pd.concat([curves(*[UP] * 8), curves(*[UP] * 8).assign(dataset="b")])
    assert overfitting(two)["sure"].tolist() == [False, False], "p ≤ 0.025 for two datasets"


def test_a_repetition_has_no_part_in_choosing_its_reference_epoch() -> None:
    """Each is lowest at an epoch of its own, where it has a part in the median of all.

    At the epoch that the median of the others gives, a repetition is no lower than at the end.
    """
    rng = np.random.default_rng(0)
    rates = []
    for _ in range(40):
        losses = np.exp(rng.normal(0, 0.5, (10, 5)))
        (row,) = overfitting(curves(*losses.tolist())).to_dict("records")
        rates.append((row["overfits"], row["sure"]))
    plain, sure = np.mean(rates, axis=0)
    assert plain > 0.15, "noise alone is often higher at the end than at its chosen minimum"
    assert sure <= 0.05


def test_without_held_out_samples_there_is_no_row() -> None:
    nothing = overfitting(curves([math.nan, math.nan]))
    assert nothing.empty
    assert tuple(nothing.columns) == COLUMNS


OVERFITS = """
name = "overfits"

[datasets.circles]
generator = "circles"
samples = 20
noise = 0.4
test_fraction = 0.5

[model]
hidden = [32]
loss = "binary_cross_entropy"
output_activation = "none"
initializer = "xavier"

[training]
optimizer = "adam"
epochs = 400

[search]
repetitions = 6
seed = 4

[search.parameters]
lr = [0.03, 0.003]
"""


@pytest.mark.parametrize(
    "aim", ["final_test_loss", "final_train_loss", "final_test_accuracy", "best_test_loss"]
)
def test_the_row_is_recomputed_from_every_stored_epoch(aim: str, tmp_path: Path) -> None:
    goal = "maximize" if "accuracy" in aim else "minimize"
    objective = f'search.objective={{metric = "{aim}", goal = "{goal}"}}'
    folder = made(small(objective, text=OVERFITS), tmp_path)
    material = gather(folder)
    tables = next(s for s in QUESTIONS if s.name == "cautions").tables(material)
    (row,) = tables["overfitting"].to_dict("records")
    trials = pd.read_parquet(folder / "trials.parquet")
    badness = trials["objective"] if goal == "minimize" else -trials["objective"]
    best = trials.loc[badness.sort_values(kind="stable").index[0]]
    assert row["configuration"] == f"lr {best['lr']}"
    epochs = pd.read_parquet(folder / "metrics.parquet")
    own = epochs[epochs["lr"] == best["lr"]]
    curve = own.groupby("epoch")["test_loss"].median()
    assert row["epoch"] == curve.idxmin()
    assert row["lowest"] == pytest.approx(curve.min())
    assert (row["last"], row["repetitions"]) == (400, 6)
    assert row["end"] == pytest.approx(curve[400])
    wide = own.pivot_table(index="epoch", columns="repetition", values="test_loss")
    late = wide[wide.index > (row["epoch"] + 400) / 2].min()
    risen = int((late > 1.02 * wide.loc[row["epoch"]]).sum())
    assert (row["risen"], row["overfits"]) == (risen, 2 * risen > 6)
    warned = tables["cautions"].set_index("caution")
    assert ("overfits" in warned.index) == row["overfits"]
    if aim == "final_test_loss":
        assert np.isfinite(row["end"])
        assert "improving" not in warned.index, "it gets worse with more epochs"
    if aim in {"final_train_loss", "final_test_accuracy"}:
        assert row["overfits"]


def test_where_an_objective_is_about_epochs_nothing_improves(tmp_path: Path) -> None:
    """More epochs than the best took cannot change the order of who is first to arrive."""
    aim = 'search.objective={metric = "epochs_to_loss_05"}'
    material = gather(made(small(aim, "training.epochs=60", text=OVERFITS), tmp_path))
    assert material.runs["late_fall"].isna().all()
    assert material.runs["late_spread"].notna().all()
