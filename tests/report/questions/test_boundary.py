"""The boundary is drawn after each stored epoch, and told by its share of the plane."""

import math

import numpy as np
import pandas as pd
from matplotlib.collections import QuadMesh
from matplotlib.contour import QuadContourSet

from study.report.questions.boundary import figure, finding
from tests.artists import offsets, points, regions
from tests.words import only

NONE = pd.DataFrame(columns=["dataset", "class", "label", "samples"])


def test_a_forming_boundary_is_told_by_its_share_of_the_plane() -> None:
    table = pd.DataFrame(
        {
            "dataset": "a", "part": ["grid"] * 8 + ["train"],
            "epoch": [1] * 4 + [1000] * 4 + [1000],
            "prediction": [0.9] * 4 + [0.9, 0.1, 0.1, 0.5] + [0.1],
        }
    )  # fmt: skip
    assert only(finding(table, NONE), "On a", "100 %", "1 epoch,", "25 %", "1,000")
    assert only(finding(table[table["epoch"] == 1], NONE), "On a", "100 %", "1 epoch.")
    (nothing,) = finding(table.assign(prediction=math.nan), NONE)
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


def test_of_several_classes_the_largest_region_is_named_and_how_many_there_are() -> None:
    table = pd.DataFrame(
        {
            "dataset": "a", "part": "grid", "epoch": [1] * 4 + [1000] * 8, "classes": 3,
            "prediction": math.nan, "answer": [2.0] * 4 + [0, 0, 1, 1, 1, 1, 1, 2],
        }
    )  # fmt: skip
    names = pd.DataFrame({"dataset": "a", "class": range(3), "label": ["rose", "tulip", "iris"]})
    assert only(
        finding(table, names), "On a", "1 of 3 classes after 1 epoch", "iris, on 100 %",
        "3 of 3 classes after 1,000", "tulip, on 62 %",
    )  # fmt: skip
    assert only(finding(table[table["epoch"] == 1], names), "1 of 3 classes after 1 epoch")
    (nothing,) = finding(table.assign(answer=math.nan), names)
    assert "%" not in nothing


def test_regions_of_several_classes_have_their_samples_and_lines_between_them() -> None:
    (axes,) = figure(regions().assign(epoch=10)).axes
    kinds = [type(part) for part in axes.collections]
    assert kinds[:4] == [QuadMesh, QuadContourSet, QuadContourSet, QuadContourSet]
    assert [offsets(part) for part in axes.collections[-3:]] == [
        [[0.0, 0.5]], [[0.5, 0.5]], [[1.0, 0.5]]
    ]  # fmt: skip
    nothing = regions().assign(epoch=10, answer=np.nan)
    (empty,) = figure(nothing).axes
    assert not [part for part in empty.collections if isinstance(part, QuadMesh)]
