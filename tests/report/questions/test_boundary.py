"""The boundary is drawn after each stored epoch, and reported by its share of the plane."""

import math

import numpy as np
import pandas as pd
from matplotlib.collections import QuadMesh
from matplotlib.contour import QuadContourSet

from study.report.questions.boundary import caption, figure, finding, regions
from tests.artists import offsets, points
from tests.artists import regions as regions_of_three
from tests.words import only

NAMES = pd.DataFrame({"dataset": "a", "class": range(2), "label": ["no", "yes"]})


def plane(predictions: dict[int, list[float]], column: str) -> pd.DataFrame:
    """Return the points of a grid: what is predicted at x0 = 0, 1, … after each epoch."""
    rows = [
        (epoch, "grid", float(x), 0.0, value)
        for epoch, of in predictions.items()
        for x, value in enumerate(of)
    ]
    table = pd.DataFrame(rows, columns=["epoch", "part", "x0", "x1", column])
    return table.assign(dataset="a")


def test_regions_count_classes_and_what_still_changes() -> None:
    table = plane(
        {1: [0.9] * 4, 10: [0.9, 0.1, 0.1, 0.9], 1000: [0.9, 0.1, 0.1, 0.5]}, "prediction"
    )
    samples = table[:1].assign(part="train", prediction=0.1)
    result = regions(pd.concat([table, samples]), NAMES)
    assert result.to_numpy().tolist() == [
        ["a", 1, 1, "yes", 1.0, 0.75], ["a", 10, 2, "no", 0.5, 0.25], ["a", 1000, 2, "no", 0.75, 0]
    ]  # fmt: skip
    assert only(finding(result), "75 %", "plane")
    other = result.assign(dataset="b", changes=0.2)
    assert only(finding(pd.concat([result, other])), "20 % to 75 %")
    overflowed = plane({1: [math.nan] * 2}, "prediction")
    assert regions(overflowed, NAMES).empty
    assert finding(result[:0]) == finding(result[1:2]) == []


def test_one_class_everywhere_after_the_last_epoch_comes_first() -> None:
    result = regions(plane({1: [0.9, 0.1], 1000: [0.1, 0.2]}, "prediction"), NAMES)
    assert only(finding(result), "On a,", "one class")
    other = result.assign(dataset="b", predicted=2)
    assert only(finding(pd.concat([result, other])), "On a,", "one class")


def test_a_boundary_is_drawn_after_each_stored_epoch_if_the_classes_have_one() -> None:
    last = points().assign(epoch=10)
    first = last[last["part"] == "grid"].assign(epoch=1, prediction=0.2)
    one, ten = figure(pd.concat([last, first])).axes
    titles = [axes.get_title(loc="left") for axes in (one, ten)]
    assert titles == ["epoch 1", "epoch 10"]
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
    names = pd.DataFrame({"dataset": "a", "class": range(3), "label": ["rose", "tulip", "iris"]})
    table = plane({1: [2.0] * 4, 1000: [0.0, 1.0, 1.0, 2.0]}, "answer")
    table = table.assign(classes=3, prediction=math.nan)
    assert regions(table, names).to_numpy().tolist() == [
        ["a", 1, 1, "iris", 1.0, 0.75], ["a", 1000, 3, "tulip", 0.5, 0.0]
    ]  # fmt: skip
    assert regions(table.assign(answer=math.nan), names).empty


def test_a_caption_explains_outputs_or_classes_where_they_are_drawn() -> None:
    two, three = points(), regions_of_three()
    assert "0.5" in caption({"boundary": two})
    assert "0.5" not in caption({"boundary": three})
    assert "0.5" in caption({"boundary": pd.concat([two.assign(classes=2, dataset="b"), three])})


def test_regions_of_several_classes_have_their_samples_and_lines_between_them() -> None:
    (axes,) = figure(regions_of_three().assign(epoch=10)).axes
    kinds = [type(part) for part in axes.collections]
    assert kinds[:4] == [QuadMesh, QuadContourSet, QuadContourSet, QuadContourSet]
    assert [offsets(part) for part in axes.collections[-3:]] == [
        [[0.0, 0.5]], [[0.5, 0.5]], [[1.0, 0.5]]
    ]  # fmt: skip
    nothing = regions_of_three().assign(epoch=10, answer=np.nan)
    (empty,) = figure(nothing).axes
    assert not [part for part in empty.collections if isinstance(part, QuadMesh)]
