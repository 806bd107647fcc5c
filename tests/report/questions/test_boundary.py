"""The boundary is drawn after each stored epoch, and told by its share of the plane."""

import math

import numpy as np
import pandas as pd
from matplotlib.contour import QuadContourSet

from study.report.questions.boundary import figure, finding
from tests.artists import offsets, points
from tests.words import only


def test_a_forming_boundary_is_told_by_its_share_of_the_plane() -> None:
    table = pd.DataFrame(
        {
            "dataset": "a", "part": ["grid"] * 8 + ["train"],
            "epoch": [1] * 4 + [1000] * 4 + [1000],
            "prediction": [0.9] * 4 + [0.9, 0.1, 0.1, 0.5] + [0.1],
        }
    )  # fmt: skip
    assert only(finding(table), "On a", "100 %", "1 epoch,", "25 %", "1,000")
    assert only(finding(table[table["epoch"] == 1]), "On a", "100 %", "1 epoch.")
    (nothing,) = finding(table.assign(prediction=math.nan))
    assert "%" not in nothing


def test_a_boundary_is_drawn_after_each_stored_epoch_and_none_where_there_is_none() -> None:
    last = points().assign(epoch=10)
    first = last[last["part"] == "grid"].assign(epoch=1, prediction=0.2)
    one, ten = figure(pd.concat([last, first])).axes
    titles = [axes.get_title(loc="left") for axes in (one, ten)]
    assert titles == ["after 1 epoch", "after 10 epochs"]
    assert one.get_ylabel() == "a"
    lines = [[p for p in axes.collections if isinstance(p, QuadContourSet)] for axes in (one, ten)]
    assert list(map(len, lines)) == [0, 1]
    for axes in (one, ten):
        assert offsets(axes.collections[-1]) == [[0.0, 0.5], [1.0, 0.5]]


def test_a_network_that_ended_earlier_or_overflowed_has_an_empty_plane() -> None:
    other = points().assign(dataset="b", epoch=3)
    other.loc[other["part"] == "grid", "prediction"] = np.nan
    there = points().assign(epoch=10)
    axes = figure(pd.concat([there, other])).axes
    assert [a.axison for a in axes] == [False, True, True, False]
    assert not [p for p in axes[2].collections if isinstance(p, QuadContourSet)]
