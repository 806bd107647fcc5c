"""The best epoch has the lowest median held-out loss; what follows is given as a ratio."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.report.questions.best_epoch import QUESTION, figure, finding
from study.stats.overfitting import of_repetitions
from tests.artists import offsets
from tests.studies import Study
from tests.words import has, only

ROW = {
    "role": "best", "dataset": "moons", "configuration": "lr 1", "epoch": 19, "lowest": 0.2,
    "last": 40, "end": 0.5, "risen": 3, "repetitions": 3, "overfits": True, "earliest": 17,
    "latest": 28, "ratio": 2.5,
}  # fmt: skip


def table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([ROW | row for row in rows])


def test_the_best_epoch_is_reported_with_its_loss_and_what_training_on_cost() -> None:
    assert only(
        finding(table({})), "On moons", "best configuration", "19 epochs", "0.2", "17 to 28", "0.5",
        "40", "2.5 times",
    )  # fmt: skip
    assert has(finding(table({"latest": 17}))[0], "19 epochs", "0.2", "each run", "0.5")
    (single,) = finding(table({"repetitions": 1}))
    assert "run" not in single
    (near,) = finding(table({"end": 0.2001, "ratio": 1.0005}))
    assert has(near, "0.2", "0.2001", "under 1.01 times")


def test_a_loss_that_is_lowest_at_the_end_or_infinite_has_no_ratio() -> None:
    last = table({"epoch": 40, "lowest": 0.5, "ratio": 1.0})
    diverged = table({"end": math.inf, "ratio": math.inf})
    never = table({"lowest": math.inf, "end": math.inf, "ratio": math.nan, "earliest": math.nan,
                   "latest": math.nan})  # fmt: skip
    assert only(finding(last), "last", "epoch, 40", "0.5")
    assert only(finding(diverged), "19 epochs", "infinite after 40")
    assert only(finding(never), "infinite at every epoch")
    for rows in (last, diverged, never):
        assert "times" not in finding(rows)[0]


def test_each_repetition_has_its_own_best_epoch() -> None:
    """The first of equals; a run without a finite loss has none."""
    losses = {"a": [3.0, 1.0, 1.0, 2.0], "b": [3.0, 2.0, 1.5, 1.2], "c": [math.inf] * 4}
    rows = [
        ("moons", "lr 1", run, epoch, loss)
        for run, of in losses.items()
        for epoch, loss in enumerate(of, 1)
    ]
    columns = ["dataset", "configuration", "run_id", "epoch", "test_loss"]
    found = of_repetitions(pd.DataFrame(rows, columns=columns))
    assert found.to_dict("records") == [
        {"dataset": "moons", "configuration": "lr 1", "earliest": 2, "latest": 4}
    ]


def test_the_table_is_what_the_stored_epochs_give(read_only: Callable[[str], Study]) -> None:
    """Recomputed from the metrics of the ranked and the base configuration's runs."""
    study = read_only("several classes")
    found = study.tables(QUESTION)["best_epoch"]
    lines = study.tables(QUESTION)["best_epoch_curves"]
    assert set(found["dataset"]) == {"clouds", "moons"}
    material = study.material
    runs, metrics = material.runs.astype({"dataset": str}), material.results.metrics()
    for row in found.to_dict("records"):
        same = (runs["dataset"] == row["dataset"]) & (runs["configuration"] == row["configuration"])
        own = metrics[metrics["run_id"].isin(runs.loc[same, "run_id"])]
        wide = own.astype({"run_id": str}).pivot_table(
            index="epoch", columns="run_id", values="test_loss"
        )
        middle = wide.median(axis=1)
        assert len(wide.columns) == row["repetitions"] == 3
        assert (row["epoch"], row["last"]) == (middle.idxmin(), 40)
        assert (row["lowest"], row["end"]) == pytest.approx((middle.min(), middle.iloc[-1]))
        assert row["ratio"] == pytest.approx(middle.iloc[-1] / middle.min())
        assert (row["earliest"], row["latest"]) == (wide.idxmin().min(), wide.idxmin().max())
        at = lines[(lines["role"] == row["role"]) & (lines["dataset"] == row["dataset"])]
        test = at[(at["metric"] == "test_loss") & (at["epoch"] == row["epoch"])]
        assert test["median"].tolist() == pytest.approx([row["lowest"]])
    best = material.ranked[material.ranked["rank"] == 1].set_index("dataset")["configuration"]
    of_best = found[found["role"] == "best"].set_index("dataset")["configuration"]
    assert of_best.to_dict() == best.to_dict()
    base = material.base.set_index("dataset")["configuration"]
    assert found[found["role"] != "best"].set_index("dataset")["configuration"].to_dict() == {
        str(name): setup for name, setup in base.items() if setup != best[str(name)]
    }


def curves(role: str, dataset: str, test: list[float]) -> pd.DataFrame:
    """Return both losses of one configuration over a few epochs."""
    about: dict[str, Any] = {"role": role, "dataset": dataset, "configuration": "lr 1", "runs": 3}
    rows = pd.DataFrame({"epoch": np.arange(1, len(test) + 1), "median": test})
    parts = [rows.assign(metric="test_loss"), rows.assign(metric="train_loss", median=0.1)]
    both = pd.concat(parts, ignore_index=True).assign(**about)
    return both.assign(low=both["median"], high=both["median"])


def marks(axes: Axes) -> list[list[float]]:
    """Return where an axes has its triangles: bands have no offsets of their own."""
    return [
        at
        for part in axes.collections
        for at in offsets(part)
        if part.get_label() == "lowest median"
    ]


def drawn() -> Figure:
    lines = pd.concat([
        curves("near", "moons", [0.9, 0.8, 0.7]), curves("best", "moons", [0.6, 0.3, 0.4]),
        curves("best", "xor", [math.inf] * 3),
    ])  # fmt: skip
    rows = table(
        {"epoch": 2, "lowest": 0.3, "earliest": 1, "latest": 3},
        {"role": "near", "epoch": 3, "lowest": 0.7, "earliest": 3, "latest": 3},
        {"dataset": "xor", "lowest": math.inf, "earliest": math.nan, "latest": math.nan},
    )
    return figure(rows, lines, {"moons": 0.25})


def test_the_mark_stands_at_the_best_epoch_and_single_runs_have_a_stripe() -> None:
    best, infinite, near, nothing = drawn().axes
    titles = [axes.get_title(loc="left") for axes in (best, infinite, near, nothing)]
    assert titles == [
        "moons: best configuration", "xor: best configuration", "moons: nearest to the base setup",
        "",
    ]  # fmt: skip
    assert [*map(marks, (best, infinite, near))] == [[[2.0, 0.3]], [], [[3.0, 0.7]]]
    assert not nothing.axison
    (stripe,) = best.patches
    across = np.asarray(stripe.get_path().vertices)[:, 0] * stripe.get_width() + stripe.get_x()  # type: ignore[attr-defined]
    assert (across.min(), across.max()) == (1, 3)
    held, training = best.lines[0], best.lines[1]
    assert list(np.asarray(held.get_ydata())) == [0.6, 0.3, 0.4]
    assert list(np.asarray(training.get_ydata())) == [0.1] * 3


def test_a_report_without_a_held_out_part_does_not_ask(read_only: Callable[[str], Study]) -> None:
    assert not QUESTION.applies(read_only("finished").material)
    assert QUESTION.applies(read_only("held out").material)
