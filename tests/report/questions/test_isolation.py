"""Each value with all others free: its best configuration, the number tried, its figure."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from study.plot.theme import STATUS, Looks
from study.report.questions.isolation import COLUMNS, caption, figure, finding, isolation
from study.spec.objective import Objective
from study.stats.summaries import configurations
from tests.artists import offsets, segments
from tests.grids import Choices, grid
from tests.words import has, only

CHOICES: Choices = {"lr": [0.1, 1.0], "activation": ["sigmoid", "tanh"]}

LEVELS = {"lr": ["0.1", "1", "10"], "activation": ["sigmoid", "tanh"]}


def test_every_level_has_the_best_configuration_that_was_tried_there() -> None:
    runs = grid(CHOICES, 3, datasets=["linear", "xor"])
    losses = [0.4] * 3 + [0.3] * 3 + [0.1, 0.2, 0.5] + [0.6] * 3
    runs = runs.assign(final_train_loss=losses + [0.5] * 9 + [math.inf] * 3)
    table = isolation(configurations(runs, list(CHOICES), Objective()), LEVELS)
    assert table[table["dataset"] == "linear"][["level", "configuration", "median"]].to_numpy(
    ).tolist() == [
        ["0.1", "lr 0.1 · tanh", 0.3], ["1", "lr 1 · sigmoid", 0.2],
        ["sigmoid", "lr 1 · sigmoid", 0.2], ["tanh", "lr 0.1 · tanh", 0.3],
    ]  # fmt: skip
    row = table.iloc[1]
    assert (row["tried"], row["runs"], row["metric"]) == (2, 3, "final_train_loss")
    assert (row["low"], row["high"], row["confidence"]) == (0.1, 0.5, 0.75)
    assert set(table["dataset"]) == {"linear", "xor"}


def test_levels_that_were_tried_unequally_often_are_reported() -> None:
    runs = grid(CHOICES, 1).assign(final_train_loss=[0.1, 0.2, 0.3, 0.4])
    table = isolation(configurations(runs.drop(index=3), list(CHOICES), Objective()), LEVELS)
    assert table["tried"].tolist() == [2, 1, 2, 1]


def test_a_level_at_which_all_diverged_has_an_infinite_best() -> None:
    runs = grid(CHOICES, 3).assign(final_train_loss=0.1)
    runs = runs.assign(status=runs["status"].mask(runs["lr"] == "1", "diverged"))
    table = isolation(configurations(runs, list(CHOICES), Objective()), LEVELS).set_index("level")
    assert table.loc["1", "median"] == math.inf
    assert table.loc["tanh", "median"] == pytest.approx(0.1)


def test_nothing_ranked_has_the_same_columns() -> None:
    nothing = configurations(grid(CHOICES, 1).assign(status="missing"), list(CHOICES), Objective())
    table = isolation(nothing, LEVELS)
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def of_lr(dataset: str = "xor") -> pd.DataFrame:
    """Return three learning rates, ranked by accuracy, and two kinds of hidden layers."""
    return pd.DataFrame(
        {
            "dataset": dataset, "parameter": ["lr"] * 3 + ["hidden"] * 2,
            "level": ["0.1", "1", "10", "4", "8"], "tried": [4, 4, 3, 5, 5],
            "rank": [2, 1, 5, 1, 9], "metric": "final_train_accuracy",
            "value": [0.8, 0.9, 0.5, 0.9, 0.1],
        }
    )  # fmt: skip


def test_the_parameter_that_matters_most_is_named_with_its_best_and_worst_value() -> None:
    """By rank and not by size: the largest accuracy is the best. Two levels are too few."""
    assert only(
        finding(of_lr()), "final training accuracy", "learning rate", "0.9 at 1", "0.5 at 10", "xor"
    )  # fmt: skip
    assert only(finding(of_lr().assign(value=math.inf)), "No value", "finite objective", "xor")
    infeasible = of_lr().assign(feasible=False)
    assert only(finding(infeasible), "No value", "feasible configuration", "xor")
    assert only(finding(of_lr().assign(value=0.5)), "No parameter", "xor")
    assert finding(of_lr()[:2]) == finding(of_lr()[:0]) == []


def test_datasets_with_the_same_parameter_share_a_statement() -> None:
    both = pd.concat([of_lr("a"), of_lr("b").assign(value=[0.1, 0.7, 0.0, 0.7, 0.1])])
    assert only(finding(both), "depends most on learning rate on both datasets")


def of_levels(metric: str) -> pd.DataFrame:
    """Return three levels: with a finite interval, with an infinite one, and without a value."""
    worst = -math.inf if metric.endswith("accuracy") else math.inf
    return pd.DataFrame(
        {
            "dataset": "xor", "parameter": "lr", "level": ["0.1", "1", "10"], "metric": metric,
            "tried": [4, 3, 1], "value": [0.5, 0.75, worst],
            "low": [0.25, min(0.5, worst), worst], "high": [0.75, max(1.0, worst), worst],
        }
    )  # fmt: skip


COLOURS = {"lr": {"0.1": "#0072b2", "1": "#d55e00"}}


def test_parameters_of_two_levels_are_not_drawn() -> None:
    three = of_levels("final_train_loss")
    names = ("lr", "hidden", "momentum")
    every = pd.concat([three.assign(parameter=name) for name in names])
    both = pd.concat([every, three[:2].assign(parameter="optimizer")])
    colours = dict.fromkeys(names, COLOURS["lr"])
    titles = [axes.get_title(loc="left") for axes in figure(both, Looks(colours, {}, ())).axes]
    assert titles == ["by learning rate", "by hidden layers", "by momentum"]
    two = pd.concat([every.assign(dataset=name) for name in ("a", "b")])
    titles = [axes.get_title(loc="left") for axes in figure(two, Looks(colours, {}, ())).axes]
    assert titles[:3] == ["by learning rate", "by learning rate", "by hidden layers"]


def test_a_caption_explains_crosses_if_there_are_any() -> None:
    table = of_levels("final_train_loss")
    assert has(caption(table), "brackets", "Crosses")
    assert len(caption(table).split()) <= 40
    assert "Crosses" not in caption(table.assign(value=0.5))


def test_isolation_draws_values_and_intervals_with_the_number_tried() -> None:
    (axes,) = figure(of_levels("final_train_loss"), Looks(COLOURS, {"xor": 0.25}, ())).axes
    first, dot, second, other, cross = axes.collections
    assert segments(first) == [[[0, 0.25], [0, 0.75]]]
    assert segments(second) == [[[1, 0.5], [1, 1e30]]]
    assert (offsets(dot), offsets(other)) == ([[0, 0.5]], [[1, 0.75]])
    assert [x for x, _ in offsets(cross)] == [2]
    colours = [to_rgba(colour) for colour in (STATUS["diverged"], "#0072b2")]
    assert np.asarray(cross.get_edgecolor()).tolist() == [list(colours[0])]
    assert np.asarray(dot.get_facecolor()).tolist() == [list(colours[1])]
    names = [text.get_text() for text in axes.get_xticklabels()]
    assert names == ["0.1\n(4)", "1\n(3)", "10\n(1)"]
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["trivial predictor"]
    assert axes.get_title(loc="left") == "by learning rate"
    assert axes.get_ylabel() == "final training loss"


def test_isolation_of_an_accuracy_keeps_its_scale_where_runs_diverged() -> None:
    (axes,) = figure(of_levels("final_train_accuracy"), Looks(COLOURS, {}, ())).axes
    low, high = axes.get_ylim()
    assert 0 < low < 0.25
    assert 1 < high < 1.5
    assert axes.get_yscale() == "linear"
    assert not axes.lines


def test_isolation_where_nothing_was_finite_is_crosses_alone() -> None:
    for metric in ("final_train_loss", "final_train_accuracy"):
        table = of_levels(metric).assign(value=math.inf)
        (axes,) = figure(table, Looks(COLOURS, {}, ())).axes
        assert [offsets(cross) for cross in axes.collections] == [[[x, 0.97]] for x in range(3)]


def test_a_loss_of_zero_is_at_the_bottom_of_its_axis() -> None:
    table = of_levels("final_train_loss").assign(value=0.0, low=0.0)
    (axes,) = figure(table, Looks(COLOURS, {}, ())).axes
    line, dot, *_ = axes.collections
    assert segments(line) == [[[0, 1e-12], [0, 0.75]]]
    assert offsets(dot) == [[0, 1e-12]]
