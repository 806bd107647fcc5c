"""Predictions draw samples, boundary and mistakes."""

import math

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.contour import QuadContourSet

from study.plot.predictions import beside_truth, boundary, truths


def points() -> pd.DataFrame:
    """Return two samples, one of which is answered wrongly, and a grid split by x0 = 0.5."""
    samples = pd.DataFrame(
        {"part": "train", "x0": [0.0, 1.0], "x1": 0.5, "target": 1.0, "prediction": [0.1, 0.9]}
    )
    x0, x1 = (side.ravel() for side in np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 5)))
    grid = pd.DataFrame(
        {"part": "grid", "x0": x0, "x1": x1, "target": np.nan, "prediction": x0 * 0.98 + 0.02}
    )
    table = pd.concat([samples, grid], ignore_index=True)
    return table.assign(dataset="a", role="base", configuration="p", accuracy=0.5, loss=0.41)


def offsets(part: object) -> list[list[float]]:
    """Return where a collection of marks stands."""
    assert isinstance(part, PathCollection)
    return [list(map(float, xy)) for xy in np.asarray(part.get_offsets())]


def test_of_many_datasets_the_first_have_a_row() -> None:
    many = pd.concat([points().assign(dataset=name) for name in "abcdefgh"])
    titles = [axes.get_title(loc="left") for axes in beside_truth(many).axes[::3]]
    assert titles == [f"{name}: the truth\n" for name in "abcdef"]


def test_where_a_number_is_learned_truth_and_answer_have_one_scale_of_colours() -> None:
    table = points()
    is_sample = table["part"] == "train"
    table = table.assign(
        target=table["target"].where(~is_sample, [-1.0, 3.0] + [math.nan] * 25), accuracy=math.nan
    )
    truth, answer, nothing, bar = beside_truth(table).axes
    assert answer.get_title(loc="left") == "a: base setup\nloss 0.41"
    assert not nothing.axison
    (samples,) = truth.collections
    plane, same = answer.collections
    assert [type(part) for part in (plane, same)] == [QuadMesh, PathCollection]
    assert {part.get_clim() for part in (samples, plane, same)} == {(-1.0, 3.0)}
    np.testing.assert_array_equal(np.asarray(same.get_array()), [-1.0, 3.0])
    assert bar.get_ylim() == (-1.0, 3.0)
    alone, *_ = truths(table[is_sample]).axes
    np.testing.assert_array_equal(np.asarray(alone.collections[0].get_array()), [-1.0, 3.0])


def test_predictions_stand_beside_the_truth_with_accuracy_and_loss_in_the_title() -> None:
    truth, answer, nothing = beside_truth(points()).axes
    assert truth.get_title(loc="left") == "a: the truth\n"
    assert answer.get_title(loc="left") == "a: base setup\naccuracy 50.0%, loss 0.41"
    assert not nothing.axison
    zero, one = truth.collections
    assert (offsets(zero), offsets(one)) == ([], [[0.0, 0.5], [1.0, 0.5]])
    kinds = [type(part) for part in answer.collections]
    assert kinds[:2] == [QuadMesh, QuadContourSet]
    rings, zero, one = answer.collections[2:]
    assert offsets(rings) == [[0.0, 0.5]]
    assert (offsets(zero), offsets(one)) == ([[0.0, 0.5]], [[1.0, 0.5]])


def test_the_boundary_runs_where_the_output_is_one_half() -> None:
    answer = beside_truth(points()).axes[1]
    boundary = answer.collections[1]
    across = np.asarray(boundary.get_paths()[0].vertices)[:, 0]
    np.testing.assert_allclose(across, 0.48 / 0.98)


def test_an_output_on_one_side_of_one_half_has_no_boundary() -> None:
    answer = beside_truth(points().assign(prediction=0.2)).axes[1]
    assert not [part for part in answer.collections if isinstance(part, QuadContourSet)]


def test_samples_without_a_grid_are_drawn_alone() -> None:
    table = points()
    answer = beside_truth(table[table["part"] != "grid"]).axes[1]
    assert not [part for part in answer.collections if isinstance(part, QuadMesh)]


def test_a_boundary_is_drawn_after_each_stored_epoch_and_none_where_there_is_none() -> None:
    last = points().assign(epoch=10)
    first = last[last["part"] == "grid"].assign(epoch=1, prediction=0.2)
    one, ten = boundary(pd.concat([last, first])).axes
    titles = [axes.get_title(loc="left") for axes in (one, ten)]
    assert titles == ["after 1 epoch", "after 10 epochs"]
    assert one.get_ylabel() == "a"
    lines = [[p for p in axes.collections if isinstance(p, QuadContourSet)] for axes in (one, ten)]
    assert list(map(len, lines)) == [0, 1]
    for axes in (one, ten):
        assert offsets(axes.collections[-1]) == [[0.0, 0.5], [1.0, 0.5]]


def test_a_network_that_ended_earlier_or_overflowed_has_an_empty_plane() -> None:
    other = points().assign(dataset="b", epoch=3)
    grid = other["part"] == "grid"
    other.loc[grid, "prediction"] = np.nan
    there = points().assign(epoch=10)
    axes = boundary(pd.concat([there, other])).axes
    assert [a.axison for a in axes] == [False, True, True, False]
    assert not [p for p in axes[2].collections if isinstance(p, QuadContourSet)]


def test_the_truth_of_every_dataset_has_a_panel_and_one_legend() -> None:
    table = points()
    samples = pd.concat([table, table.assign(dataset="b", target=0.0)])
    first, second, nothing = truths(samples[samples["part"] == "train"]).axes
    assert (first.get_title(loc="left"), second.get_title(loc="left")) == ("a", "b")
    assert first.get_legend() is None
    assert second.get_legend() is not None
    assert not nothing.axison
