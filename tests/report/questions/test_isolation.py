"""Each value with all others free: its best configuration, among how many, its figure."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from study.plot.theme import STATUS, Looks
from study.report.questions.isolation import COLUMNS, figure, finding, isolation
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


def test_levels_that_were_tried_unequally_often_say_so() -> None:
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


def test_the_best_and_the_worst_value_of_each_parameter_are_named_by_rank() -> None:
    """By rank and not by size: of accuracies the largest is the best."""
    table = pd.DataFrame(
        {
            "dataset": "xor", "parameter": "lr", "level": ["0.1", "1", "10"], "tried": [4, 4, 3],
            "rank": [2, 1, 5], "metric": "final_train_accuracy", "value": [0.8, 0.9, 0.5],
            "goal": "maximize", "quantile": 0.5, "runs": 9,
        }
    )  # fmt: skip
    assert only(
        finding(table), "xor", "median final training accuracy", "0.9 (1)", "0.5 (10)",
        "learning rate", "learning rate",
    )  # fmt: skip
    assert not has(finding(table.assign(tried=4))[0], "learning rate", "learning rate")
    assert only(finding(table.assign(quantile=0.9)), "final training accuracy", "0.9 quantile")
    assert only(finding(table.assign(value=math.inf)), "xor", "no", "finite", "accuracy")
    assert only(finding(table[:1]), "No parameter")
    assert finding(table[:0]) == []


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


def test_isolation_draws_values_and_intervals_beside_how_many_were_tried() -> None:
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
    assert [line.get_label() for line in axes.lines] == ["always the mean label"]
    assert axes.get_title(loc="left") == "xor, by learning rate"
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
        (axes,) = figure(of_levels(metric)[2:], Looks(COLOURS, {}, ())).axes
        (cross,) = axes.collections
        assert offsets(cross) == [[0, 0.97]]


def test_a_loss_of_zero_stands_at_the_bottom_of_its_axis() -> None:
    table = of_levels("final_train_loss")[:1].assign(value=0.0, low=0.0)
    (axes,) = figure(table, Looks(COLOURS, {}, ())).axes
    line, dot = axes.collections
    assert segments(line) == [[[0, 1e-12], [0, 0.75]]]
    assert offsets(dot) == [[0, 1e-12]]
