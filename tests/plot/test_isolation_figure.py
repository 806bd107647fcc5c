"""Isolation plots draw every number of their table, and no axis stretches to infinity."""

import math

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgba

from study.plot.isolation import isolation
from study.plot.theme import STATUS
from tests.artists import offsets, segments


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
    (axes,) = isolation(of_levels("final_train_loss"), {"xor": 0.25}, COLOURS).axes
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
    (axes,) = isolation(of_levels("final_train_accuracy"), {}, COLOURS).axes
    low, high = axes.get_ylim()
    assert 0 < low < 0.25
    assert 1 < high < 1.5
    assert axes.get_yscale() == "linear"
    assert not axes.lines


def test_isolation_where_nothing_was_finite_is_crosses_alone() -> None:
    for metric in ("final_train_loss", "final_train_accuracy"):
        (axes,) = isolation(of_levels(metric)[2:], {}, COLOURS).axes
        (cross,) = axes.collections
        assert offsets(cross) == [[0, 0.97]]


def test_a_loss_of_zero_stands_at_the_bottom_of_its_axis() -> None:
    table = of_levels("final_train_loss")[:1].assign(value=0.0, low=0.0)
    (axes,) = isolation(table, {}, COLOURS).axes
    line, dot = axes.collections
    assert segments(line) == [[[0, 1e-12], [0, 0.75]]]
    assert offsets(dot) == [[0, 1e-12]]
