"""Predictions draw samples, boundary and wrong answers, and each shown run is named."""

import math

import numpy as np
import pandas as pd
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.contour import QuadContourSet

from study.plot.plane import FINE, TINT
from study.plot.theme import CLASSES
from study.report.questions.predictions import caption, figure, finding
from tests.artists import offsets, points, regions
from tests.words import has, only


def test_typical_runs_are_reported_with_their_accuracies_or_losses() -> None:
    shown = pd.DataFrame(
        {"dataset": ["a", "a", "b"], "role": ["base", "best", "base and best"], "learned": True,
         "accuracy": [0.5, 1.0, 0.905], "loss": [0.3, 0.0123, 0.02]}
    )  # fmt: skip
    assert only(finding(shown), "best", "90 % to 100 %", "training accuracy", "base setup", "50 %")
    assert only(finding(shown[2:]), "base setup", "90 %")
    number = finding(shown.assign(accuracy=math.nan))
    assert only(number, "best", "0.012 to 0.02", "training loss", "base setup", "0.3")
    assert finding(shown.assign(learned=False)) == []


def test_a_caption_explains_classes_or_numbers_where_they_are_drawn() -> None:
    two, three = points(), regions()
    number = two.assign(dataset="c", target=two["target"] * 3)
    assert has(caption({"shown_predictions": two}), "ringed", "0.5")
    assert "0.5" not in caption({"shown_predictions": three})
    assert "ringed" not in caption({"shown_predictions": number})
    every = caption({"shown_predictions": pd.concat([two.assign(dataset="b"), number])})
    assert has(every, "ringed", "0.5", "scale")
    runs = pd.DataFrame({"most_frequent_class": [0.52, math.nan]})
    assert has(caption({"shown_predictions": two, "shown_runs": runs}), "most frequent class", "52")


def test_of_many_datasets_the_first_have_a_row() -> None:
    many = pd.concat([points().assign(dataset=name) for name in "abcdefgh"])
    titles = [axes.get_title(loc="left") for axes in figure(many).axes[::3]]
    assert titles == ["the truth\n"] * 6


def test_where_a_number_is_learned_truth_and_answer_have_one_scale_of_colours() -> None:
    table = points()
    is_sample = table["part"] == "train"
    table = table.assign(
        target=table["target"].where(~is_sample, [-1.0, 3.0] + [math.nan] * 25), accuracy=math.nan
    )
    truth, answer, nothing, bar = figure(table).axes
    assert answer.get_title(loc="left") == "base setup\nloss 0.41"
    assert not nothing.axison
    (samples,) = truth.collections
    plane, same = answer.collections
    assert [type(part) for part in (plane, same)] == [QuadMesh, PathCollection]
    assert {part.get_clim() for part in (samples, plane, same)} == {(-1.0, 3.0)}
    np.testing.assert_array_equal(np.asarray(same.get_array()), [-1.0, 3.0])
    assert bar.get_ylim() == (-1.0, 3.0)


def test_predictions_are_next_to_the_truth_with_accuracy_and_loss_in_the_title() -> None:
    truth, answer, nothing = figure(points()).axes
    assert truth.get_title(loc="left") == "the truth\n"
    assert answer.get_title(loc="left") == "base setup\naccuracy 50.0%, loss 0.41"
    assert not nothing.axison
    zero, one = truth.collections
    assert (offsets(zero), offsets(one)) == ([], [[0.0, 0.5], [1.0, 0.5]])
    kinds = [type(part) for part in answer.collections]
    assert kinds[:2] == [QuadMesh, QuadContourSet]
    rings, zero, one = answer.collections[2:]
    assert offsets(rings) == [[0.0, 0.5]]
    assert (offsets(zero), offsets(one)) == ([[0.0, 0.5]], [[1.0, 0.5]])


def test_the_boundary_runs_where_the_output_is_one_half() -> None:
    answer = figure(points()).axes[1]
    boundary = answer.collections[1]
    across = np.asarray(boundary.get_paths()[0].vertices)[:, 0]
    np.testing.assert_allclose(across, 0.48 / 0.98)


def test_an_output_on_one_side_of_one_half_has_no_boundary() -> None:
    answer = figure(points().assign(prediction=0.2)).axes[1]
    assert not [part for part in answer.collections if isinstance(part, QuadContourSet)]


def test_samples_without_a_grid_are_drawn_alone() -> None:
    table = points()
    answer = figure(table[table["part"] != "grid"]).axes[1]
    assert not [part for part in answer.collections if isinstance(part, QuadMesh)]


def colours(part: QuadMesh) -> np.ndarray:
    """Return the colours of the grid's own points, those in between left out."""
    return np.asarray(part.get_array(), float).reshape(4 * FINE + 1, 4 * FINE + 1, 3)[
        ::FINE, ::FINE
    ]


def test_regions_have_the_colour_of_their_class_stronger_with_higher_probability() -> None:
    """A probability of 2/3 among three classes is half way from chance, 1/3, to 1."""
    truth, answer, _ = figure(regions()).axes
    assert answer.get_title(loc="left") == "base setup\naccuracy 66.7%, loss 0.41"
    mesh, *_, rings, zero, one, two = answer.collections
    assert isinstance(mesh, QuadMesh)
    strength = {0: TINT, 1: TINT / 2, 2: TINT}
    strips = [[1 - strength[c] * (1 - of) for of in to_rgb(CLASSES[c])] for c in (0, 0, 1, 2, 2)]
    np.testing.assert_allclose(colours(mesh), [strips] * 5)
    assert offsets(rings) == [[0.0, 0.5]]
    assert [*map(offsets, (zero, one, two))] == [[], [[0.0, 0.5], [0.5, 0.5]], [[1.0, 0.5]]]
    assert [*map(offsets, truth.collections)] == [[[0.0, 0.5]], [[0.5, 0.5]], [[1.0, 0.5]]]


def test_without_probabilities_regions_are_equally_strong_and_what_overflowed_is_white() -> None:
    table = regions().assign(confidence=np.nan)
    table["answer"] = table["answer"].mask((table["part"] == "grid") & (table["x0"] == 1))
    mesh = figure(table).axes[1].collections[0]
    assert isinstance(mesh, QuadMesh)
    strips = [[1 - TINT * (1 - of) for of in to_rgb(CLASSES[c])] for c in (0, 0, 1, 2)]
    np.testing.assert_allclose(colours(mesh), np.array([[*strips, [1.0, 1.0, 1.0]]] * 5))


def test_lines_between_regions_run_nearer_to_the_answer_that_is_less_sure() -> None:
    lines = [p for p in figure(regions()).axes[1].collections if isinstance(p, QuadContourSet)]
    across = {
        round(float(x), 2)
        for line in lines for path in line.get_paths() for x in np.asarray(path.vertices)[:, 0]
    }  # fmt: skip
    assert across == {0.42, 0.58}  # sure 1 at 0.25, and ½ at 0.5: two thirds of the way
