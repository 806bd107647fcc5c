"""Rankings and final losses draw every number of their tables."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from study.plot.comparison import final_loss, jittered, ranking

COLOURS = {"lr": {"0.1": "#0072b2", "1": "#d55e00"}}


def best() -> pd.DataFrame:
    """Return three ranked configurations, the last of which diverged, and its dataset."""
    return pd.DataFrame(
        {
            "dataset": "a",
            "rank": [1, 2, 9],
            "configuration": ["p", "q", "r"],
            "base": [False, False, True],
            "near": [False, True, False],
            "candidate": [True, False, None],
            "metric": "final_train_loss",
            "value": [0.01, 0.1, math.inf],
            "low": [0.005, 0.05, 1.0],
            "high": [0.02, math.inf, math.inf],
        }
    )


def test_a_ranking_draws_medians_and_intervals_and_marks_infinite_ones() -> None:
    (axes,) = ranking(best(), {"a": 0.25}).axes
    bars, dots, rings, crosses = axes.collections
    segments = [np.asarray(path.vertices)[:, 0].tolist() for path in bars.get_paths()]
    assert segments == [[0.005, 0.02], [0.05, pytest.approx(1e30)]]
    np.testing.assert_allclose(np.asarray(dots.get_offsets()), [[0.01, 0.0], [0.1, 1.0]])
    assert np.asarray(rings.get_offsets()).tolist() == [[0.01, 0.0]]
    assert np.asarray(crosses.get_offsets())[:, 1].tolist() == [2.0]
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "p  #1", "nearest to the base: q  #2", "base setup: r  #9"
    ]  # fmt: skip
    assert axes.get_xscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["always the mean label"]
    low, high = axes.get_ylim()
    assert low > high, "the best stands at the top"


def test_a_ranking_by_accuracy_has_a_plain_axis_and_no_trivial_loss() -> None:
    values, low = [1.0, 0.5, -math.inf], [0.0, -math.inf, -math.inf]
    table = best().assign(metric="final_train_accuracy", value=values, low=low, high=1.0)
    (axes,) = ranking(table, {}).axes
    assert axes.get_xscale() == "linear"
    assert axes.get_xlim() == pytest.approx((-0.07, 1.07))
    assert not axes.lines


def runs() -> pd.DataFrame:
    """Return runs at two levels: finite, zero, beyond the scale, diverged and failed ones."""
    table = pd.DataFrame(
        [
            ("a", "0.1", "completed", 0.2),
            ("a", "0.1", "completed", 0.0),
            ("a", "0.1", "completed", 1e9),
            ("a", "1", "diverged", 0.1),
            ("a", "1", "failed", math.nan),
            ("a", None, "completed", 0.3),
        ],
        columns=["dataset", "lr", "status", "final_train_loss"],
    )
    table["lr"] = table["lr"].astype(pd.CategoricalDtype(["0.1", "1"], ordered=True))
    return table


def test_every_run_is_a_point_a_triangle_or_a_cross() -> None:
    medians = pd.DataFrame(
        {"dataset": "a", "parameter": "lr", "level": ["0.1", "1"], "median": [0.2, math.inf]}
    ).assign(metric="final_train_loss", goal="minimize")
    (axes,) = final_loss(runs(), medians, {"a": 0.25}, COLOURS).axes
    marks = [part for part in axes.collections if isinstance(part, PathCollection)]
    points, beyond, crosses = (np.asarray(part.get_offsets()) for part in marks)
    np.testing.assert_allclose(points[:, 1], [0.2, 1e-12])
    assert beyond[:, 1].tolist() == [25.0]
    assert len(crosses) == 2
    assert (crosses[:, 1] > 25.0).all()
    assert np.round(crosses[:, 0]).tolist() == [1.0, 1.0]
    (bars,) = (part for part in axes.collections if not isinstance(part, PathCollection))
    assert [np.asarray(path.vertices)[:, 1].tolist() for path in bars.get_paths()] == [[0.2, 0.2]]
    assert [t.get_text() for t in axes.get_xticklabels()] == ["0.1", "1"]


def test_no_number_stands_beside_the_crosses() -> None:
    medians = pd.DataFrame({"dataset": "a", "parameter": "lr", "level": ["0.1"], "median": [0.2]})
    medians = medians.assign(metric="final_train_loss", goal="minimize")
    (axes,) = final_loss(runs(), medians, {"a": 0.25}, COLOURS).axes
    write = axes.yaxis.get_major_formatter()
    assert (write(10.0), write(100.0)) == ("10", "")


def test_of_an_accuracy_what_diverged_stands_below_and_training_medians_are_grey() -> None:
    shown = runs().assign(
        final_test_accuracy=[0.5, 1.0, 0.75, 0.9, math.nan, 0.3], final_train_accuracy=1.0
    )
    medians = pd.DataFrame({
        "dataset": "a", "parameter": "lr", "level": ["0.1", "1", "0.1", "1"],
        "median": [0.75, -math.inf, 1.0, 1.0], "goal": "maximize",
        "metric": ["final_test_accuracy"] * 2 + ["final_train_accuracy"] * 2,
    })  # fmt: skip
    (axes,) = final_loss(shown, medians, {"a": 0.25}, COLOURS).axes
    assert axes.get_yscale() == "linear"
    marks = [part for part in axes.collections if isinstance(part, PathCollection)]
    points, beyond, crosses = (np.asarray(part.get_offsets()) for part in marks)
    assert points[:, 1].tolist() == [0.5, 1.0, 0.75]
    assert (len(beyond), len(crosses)) == (0, 2)
    assert (crosses[:, 1] < 0.5).all()
    assert axes.get_ylim()[0] < crosses[0, 1]
    training, own = (part for part in axes.collections if not isinstance(part, PathCollection))
    heights = [
        [np.asarray(path.vertices)[:, 1].tolist() for path in bars.get_paths()]
        for bars in (own, training)
    ]
    assert heights == [[[0.75, 0.75]], [[1.0, 1.0], [1.0, 1.0]]]
    assert [line.get_label() for line in axes.lines if "mean" in str(line.get_label())] == []
    assert axes.get_ylabel() == "final test accuracy"


def test_jitter_is_the_same_every_time_and_stays_near_its_level() -> None:
    levels = pd.Series(["x"] * 50 + ["y"] * 50)
    first, second = (jittered(levels, ["x", "y"]) for _ in range(2))
    assert first.tolist() == second.tolist()
    assert (first - levels.map({"x": 0, "y": 1})).abs().max() <= 0.35
    assert first[:50].is_unique
