"""Learning curves draw the lines and bands of their table, in the colours they are given."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from study.plot.axes import HIGHEST
from study.plot.curves import PARTS, arriving, by_level, of_one_setup

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


def lines(axes: Axes) -> dict[str, list[float]]:
    """Return the drawn lines by their label."""
    return {str(line.get_label()): list(np.asarray(line.get_ydata(), float)) for line in axes.lines}


def test_every_level_of_every_parameter_is_a_line_and_a_band_of_its_table() -> None:
    table = curves()
    figure = by_level(table, {"linear": 0.25, "xor": 0.24}, COLOURS)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "linear, by learning rate",
        "xor, by learning rate",
        "linear, by optimizer",
        "xor, by optimizer",
    ]
    panels = [(p, d) for p in COLOURS for d in ("linear", "xor")]
    for axes, (parameter, dataset) in zip(figure.axes, panels, strict=True):
        of = table[(table["dataset"] == dataset) & (table["parameter"] == parameter)]
        drawn = lines(axes)
        assert drawn.pop("always the mean label") == [0.25 if dataset == "linear" else 0.24] * 2
        assert list(drawn) == list(COLOURS[parameter])
        for band, (level, rows) in zip(
            axes.collections, of.groupby("level", sort=False), strict=True
        ):
            finite = rows.loc[np.isfinite(rows["median"]), "median"]
            np.testing.assert_allclose(drawn[str(level)], finite)
            extent = np.asarray(band.get_paths()[0].vertices)[:, 1]
            assert extent.min() == rows["low"].min()
            assert extent.max() == min(rows["high"].max(), HIGHEST)
            assert (
                to_hex(tuple(np.ravel(band.get_facecolor())[:3])) == COLOURS[parameter][str(level)]
            )


def test_what_explodes_leaves_the_axis_at_the_top() -> None:
    table = curves().assign(median=1e9)
    figure = by_level(table, {"linear": 0.25, "xor": 0.25}, COLOURS)
    assert [axes.get_ylim()[1] for axes in figure.axes] == [25.0] * 4


def test_a_level_without_runs_on_a_dataset_leaves_its_line_out() -> None:
    table = curves()
    table = table[(table["dataset"] != "xor") | (table["level"] != "1")]
    figure = by_level(table, {}, COLOURS)
    assert list(lines(figure.axes[1])) == ["0.1"]


def test_one_setup_draws_training_and_held_out_samples_where_there_are_any() -> None:
    one = curves().query("parameter == 'lr' and level == '0.1'")
    held_out = one[one["dataset"] == "linear"].assign(metric="test_loss", median=0.7)
    table = [one.assign(metric="train_loss"), one.assign(metric="train_accuracy"), held_out]
    figure = of_one_setup(pd.concat(table), {"linear": 0.25})
    loss, other, accuracy, _ = figure.axes
    assert loss.get_yscale() == "log"
    assert lines(loss)["held-out samples"] == pytest.approx([0.7] * 3)
    assert list(lines(loss)) == ["training samples", "held-out samples", "always the mean label"]
    assert list(lines(other)) == ["training samples"]
    assert accuracy.get_ylim() == pytest.approx((-0.03, 1.03))
    assert (loss.get_ylabel(), accuracy.get_ylabel()) == ("loss", "accuracy")
    expected = one.loc[one["dataset"] == "linear", "median"].tolist()
    assert lines(accuracy)["training samples"] == pytest.approx(expected)


def test_the_legend_names_every_line_though_the_last_panel_lacks_some() -> None:
    one = curves().query("parameter == 'lr' and level == '0.1'")
    held_out = one[one["dataset"] == "linear"].assign(metric="test_loss")
    figure = of_one_setup(pd.concat([one.assign(metric="train_loss"), held_out]), {})
    legend = figure.axes[1].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(PARTS)


def test_the_shares_that_have_arrived_are_steps_from_none() -> None:
    rows = [
        (dataset, parameter, level, epoch, share)
        for dataset in ("linear", "xor")
        for parameter, of in COLOURS.items()
        for level in of
        for epoch, share in ((5, 0.5), (100, 0.75))
    ]
    table = pd.DataFrame(rows, columns=["dataset", "parameter", "level", "epoch", "share"])
    figure = arriving(table, COLOURS)
    assert len(figure.axes) == 4
    for axes, parameter in zip(figure.axes, ["lr", "lr", "optimizer", "optimizer"], strict=True):
        assert lines(axes) == {level: [0, 0.5, 0.75] for level in COLOURS[parameter]}
        for line in axes.lines:
            assert line.get_color() == COLOURS[parameter][str(line.get_label())]
            assert list(np.asarray(line.get_xdata())) == [1, 5, 100]


@pytest.mark.parametrize("classes", [True, False])
def test_a_target_that_is_a_number_has_no_accuracy_to_draw(*, classes: bool) -> None:
    rows = [("price", "train_loss", epoch, 1 / epoch) for epoch in (1, 10)]
    rows += [
        ("cheap", metric, epoch, 1 / epoch)
        for metric in ("train_loss", "train_accuracy")
        for epoch in (1, 10)
        if classes
    ]
    table = pd.DataFrame(rows, columns=["dataset", "metric", "epoch", "median"])
    figure = of_one_setup(table.assign(low=table["median"], high=table["median"]), {})
    words = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    none = "none: the target is a number"
    assert words == ([[], [], [none], []] if classes else [[]])
    assert len(figure.axes[-1].lines) == 1


def test_a_second_metric_is_a_broken_line_and_no_band() -> None:
    first = curves().assign(metric="test_accuracy", goal="maximize", median=0.5, low=0.4, high=0.6)
    second = first.assign(metric="train_accuracy", median=0.9)
    figure = by_level(pd.concat([first, second]), {"linear": 0.25, "xor": 0.25}, COLOURS)
    axes = figure.axes[0]
    drawn = [list(np.asarray(line.get_ydata(), float)) for line in axes.lines]
    assert drawn == [[0.5] * 3] * 2 + [[0.9] * 3] * 2, "and no trivial loss"
    assert [line.get_linestyle() for line in axes.lines] == ["-", "-", "--", "--"]
    assert len(axes.collections) == 2
    assert axes.get_yscale() == "linear"
    assert axes.get_ylabel() == "test accuracy"
    assert axes.get_ylim() == pytest.approx((0.472, 0.928))
