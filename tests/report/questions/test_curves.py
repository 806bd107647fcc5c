"""Learning curves by level: the best is named, and each line and band is that of the table."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from study.plot.axes import HIGHEST
from study.report.questions.curves import figure, finding
from tests.artists import lines
from tests.words import has

COLOURS = {
    "lr": {"0.1": "#0072b2", "1": "#d55e00"},
    "optimizer": {"sgd": "#111111", "adam": "#222222"},
}


def curves() -> pd.DataFrame:
    """Return curves of two parameters of two levels on two datasets; one median becomes ∞."""
    rows = [
        (dataset, parameter, level, epoch, loss / epoch, loss / epoch / 2, 2 * loss / epoch)
        for dataset in ("linear", "xor")
        for parameter, of in COLOURS.items()
        for loss, level in enumerate(of, start=1)
        for epoch in (1, 10, 100)
    ]
    columns = ["dataset", "parameter", "level", "epoch", "median", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).assign(metric="train_loss", goal="minimize")
    table.loc[table.index[-1], ["median", "high"]] = math.inf
    return table


def test_the_best_level_of_each_parameter_is_named_and_infinite_ones_never() -> None:
    table = pd.DataFrame(
        {
            "dataset": ["a", "a", "a", "b"], "parameter": ["optimizer", "optimizer", "lr", "lr"],
            "level": ["sgd", "adam", "1", "1"], "epoch": 10, "median": [0.2, 0.1, 0.3, math.inf],
            "metric": "train_loss", "goal": "minimize",
        }
    )  # fmt: skip
    best, infinite = finding(table)
    assert has(best, "On a", "lowest", "training loss", "optimizer adam", "learning rate 1")
    assert has(infinite, "On b", "infinite")
    accuracy = table.assign(metric="test_accuracy", goal="maximize")
    assert has(finding(accuracy)[0], "highest", "test accuracy", "optimizer sgd", "learning rate 1")
    second = table.assign(metric="train_accuracy", goal="maximize")
    assert finding(pd.concat([table, second])) == [best, infinite], "of the first metric alone"
    assert finding(table[:0]) == []


def test_every_level_of_every_parameter_is_a_line_and_a_band_of_its_table() -> None:
    table = curves()
    drawn = figure(table, {"linear": 0.25, "xor": 0.24}, COLOURS)
    assert [axes.get_title(loc="left") for axes in drawn.axes] == [
        "linear, by learning rate",
        "xor, by learning rate",
        "linear, by optimizer",
        "xor, by optimizer",
    ]
    panels = [(p, d) for p in COLOURS for d in ("linear", "xor")]
    for axes, (parameter, dataset) in zip(drawn.axes, panels, strict=True):
        of = table[(table["dataset"] == dataset) & (table["parameter"] == parameter)]
        found = lines(axes)
        assert found.pop("always the mean label") == [0.25 if dataset == "linear" else 0.24] * 2
        assert list(found) == list(COLOURS[parameter])
        for band, (level, rows) in zip(
            axes.collections, of.groupby("level", sort=False), strict=True
        ):
            finite = rows.loc[np.isfinite(rows["median"]), "median"]
            np.testing.assert_allclose(found[str(level)], finite)
            extent = np.asarray(band.get_paths()[0].vertices)[:, 1]
            assert extent.min() == rows["low"].min()
            assert extent.max() == min(rows["high"].max(), HIGHEST)
            assert (
                to_hex(tuple(np.ravel(band.get_facecolor())[:3])) == COLOURS[parameter][str(level)]
            )


def test_what_explodes_leaves_the_axis_at_the_top() -> None:
    table = curves().assign(median=1e9)
    drawn = figure(table, {"linear": 0.25, "xor": 0.25}, COLOURS)
    assert [axes.get_ylim()[1] for axes in drawn.axes] == [25.0] * 4


def test_a_level_without_runs_on_a_dataset_leaves_its_line_out() -> None:
    table = curves()
    table = table[(table["dataset"] != "xor") | (table["level"] != "1")]
    drawn = figure(table, {}, COLOURS)
    assert list(lines(drawn.axes[1])) == ["0.1"]


def test_a_second_metric_is_a_broken_line_and_no_band() -> None:
    first = curves().assign(metric="test_accuracy", goal="maximize", median=0.5, low=0.4, high=0.6)
    second = first.assign(metric="train_accuracy", median=0.9)
    drawn = figure(pd.concat([first, second]), {"linear": 0.25, "xor": 0.25}, COLOURS)
    axes = drawn.axes[0]
    found = [list(np.asarray(line.get_ydata(), float)) for line in axes.lines]
    assert found == [[0.5] * 3] * 2 + [[0.9] * 3] * 2, "and no trivial loss"
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", "--", "--"]
    assert len(axes.collections) == 2
    assert axes.get_yscale() == "linear"
    assert axes.get_ylabel() == "test accuracy"
    assert axes.get_ylim() == pytest.approx((0.472, 0.928))
