"""Rankings and final losses draw every number of their tables."""

import math

import numpy as np
import pandas as pd
import pytest

from study.plot.comparison import ranking


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
