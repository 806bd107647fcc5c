"""Two parameters together: what a best level depends on, and every cell in its map."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh

from study.report.questions.pairs import MOST, caption, figure, finding
from tests.words import has, only


def of_two(medians: list[float], dataset: str = "a", *, place: int = 1) -> pd.DataFrame:
    """Return lr 1 and 10, each with sgd and adam, in this order."""
    return pd.DataFrame({
        "dataset": dataset, "first": "lr", "second": "optimizer",
        "first_level": ["1", "1", "10", "10"], "second_level": ["sgd", "adam"] * 2, "diverged": 0,
        "median": medians, "state": "measured", "metric": "final_train_loss", "goal": "minimize",
        "place": place,
    })  # fmt: skip


TURNED, SAME = [0.1, 0.6, 0.4, 0.3], [0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize("medians", [TURNED, [0.1, 0.4, 0.4, 0.2], [0.1, math.inf, 0.4, 0.3]])
def test_the_best_level_of_one_parameter_may_depend_on_another(medians: list[float]) -> None:
    """Lowest is lr 1 with sgd; with adam lr 10 is best, by more than a tenth."""
    assert only(
        finding(of_two(medians)), "best level of learning rate", "1 with optimizer sgd",
        "10 with adam", "a",
    )  # fmt: skip


@pytest.mark.parametrize("medians", [SAME, [0.1, 0.4, 0.3, 0.39], [0.1, math.inf, 0.2, math.inf]])
def test_a_level_that_is_best_everywhere_or_within_a_tenth_depends_on_nothing(
    medians: list[float],
) -> None:
    assert only(finding(of_two(medians)), "No parameter's best level", "a")


def test_without_a_finite_median_nothing_is_best() -> None:
    (sentence,) = finding(of_two([math.inf] * 4))
    assert has(sentence, "finite median", "a")
    assert "best" not in sentence
    assert finding(of_two(SAME)[:0]) == []


def test_datasets_that_differ_are_named_separately() -> None:
    both = pd.concat([of_two(TURNED, "a"), of_two(TURNED, "b")])
    assert only(finding(both), "1 with optimizer sgd", "10 with adam", "both datasets")
    mixed = pd.concat([of_two(TURNED, "a"), of_two(SAME, "b")])
    assert only(finding(mixed), "best level of learning rate depends on optimizer on a", "on b")


def test_the_strongest_interaction_that_moves_a_best_level_is_named() -> None:
    strong = of_two(SAME).assign(second="hidden", second_level=["4", "8"] * 2)
    named = finding(pd.concat([of_two(TURNED, place=2), strong]))
    assert only(named, "optimizer sgd")
    assert not has(named[0], "hidden")
    assert only(finding(pd.concat([of_two(TURNED, place=MOST + 1), strong])), "No parameter")
    other = of_two(TURNED).assign(metric="final_test_loss")
    assert only(finding(pd.concat([of_two(SAME), other])), "No parameter")


def test_of_an_accuracy_the_highest_cell_is_best_and_differences_count() -> None:
    def sentence_of(medians: list[float]) -> str:
        about = {"metric": "final_test_accuracy", "goal": "maximize"}
        (sentence,) = finding(of_two(medians).assign(**about))
        return sentence

    assert has(sentence_of([1.0, 0.55, 0.99, 0.98]), "1 with optimizer sgd", "10 with adam")
    for medians in ([0.99, 0.55, 1.0, 0.98], [1.0, 0.55, 1.0, 0.98], [1.0, 0.98, 1.0, 0.55]):
        assert has(sentence_of(medians), "No parameter's best level")


def test_parameters_that_always_change_together_are_named_together() -> None:
    rows = of_two(TURNED)
    names = {"1": "none", "10": "4@3x3"}
    other = rows.assign(first="convolution", first_level=rows["first_level"].map(names))
    assert only(
        finding(pd.concat([rows, other])), "best level of learning rate and convolution",
        "1 and none with optimizer sgd", "10 and 4@3x3 with adam",
    )  # fmt: skip


def six() -> pd.DataFrame:
    """Return the six kinds of cells of one pair of parameters."""
    rows = [
        ("sgd", "0.1", 4, 0, 0.25, "measured"),
        ("sgd", "1", 0, 0, math.nan, "missing"),
        ("adam", "0.1", 4, 1, 0.0, "measured"),
        ("adam", "1", 0, 0, math.nan, "excluded"),
        ("rmsprop", "0.1", 4, 3, math.inf, "measured"),
        ("rmsprop", "1", 0, 0, math.nan, "impossible"),
    ]
    columns = ["first_level", "second_level", "runs", "diverged", "median", "state"]
    table = pd.DataFrame(rows, columns=columns)
    about = {"metric": "final_train_loss", "goal": "minimize"}
    return table.assign(dataset="a", first="optimizer", second="lr", place=1, **about)


def shown(axes: Axes) -> list[list[float | None]]:
    """Return the numbers whose colours a map has, row by row."""
    (mesh,) = (part for part in axes.collections if isinstance(part, QuadMesh))
    values = np.ma.masked_invalid(np.asarray(mesh.get_array()))
    rows: list[list[float | None]] = values.reshape(len(axes.get_yticks()), -1).tolist()
    return rows


def test_every_cell_has_its_median_and_its_divergence_or_is_hatched() -> None:
    axes = figure(six()).axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["0.25", "", "0\n25% div.", "", "∞\n75% div.", "–"]
    assert [patch.get_hatch() for patch in axes.patches] == ["////", "////", None]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("learning rate", "optimizer")


def test_the_colours_of_a_map_are_its_medians() -> None:
    assert shown(figure(six()).axes[0]) == [[0.25, None], [1e-12, None], [None, None]]


def test_the_parameter_with_more_levels_has_the_rows() -> None:
    names = {"first": "second", "first_level": "second_level"}
    wide = six().rename(columns={**names, **{other: one for one, other in names.items()}})
    wide = wide.sort_values("first_level", kind="stable")
    assert wide["second_level"].tolist() == ["sgd", "adam", "rmsprop"] * 2
    axes = figure(wide).axes[0]
    assert shown(axes) == [[0.25, None], [1e-12, None], [None, None]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("learning rate", "optimizer")


def test_of_an_accuracy_the_highest_is_bright_and_the_first_metric_alone_is_drawn() -> None:
    first = six().assign(metric="final_test_accuracy", goal="maximize")
    first["median"] = [0.55, math.nan, 0.99, math.nan, -math.inf, math.nan]
    axes, bar = figure(pd.concat([first, six()])).axes
    assert shown(axes) == [[0.55, None], [0.99, None], [None, None]]
    (mesh,) = (part for part in axes.collections if isinstance(part, QuadMesh))
    assert mesh.get_cmap().name == "viridis"
    assert [text.get_text() for text in axes.texts][::2] == [
        "0.55",
        "0.99\n25% div.",
        "−∞\n75% div.",
    ]
    assert [text.get_color() for text in axes.texts][::2][:2] == ["white", "#222222"]
    assert bar.get_xlabel() == "median final test accuracy (bright is good)"


def test_a_small_median_is_a_power_of_ten() -> None:
    axes = figure(six().assign(median=[7.5e-5, *[math.nan] * 5])).axes[0]
    assert axes.texts[0].get_text() == "7.5·10⁻⁵"


def test_the_strongest_pairs_are_drawn_with_a_row_for_each_dataset() -> None:
    parts = [
        six().assign(dataset=name, place=place, second=second)
        for name in ("a", "b")
        for place, second in ((3, "hidden"), (2, "momentum"), (1, "lr"))
    ]
    maps = figure(pd.concat(parts)).axes[:-1]
    assert [axes.get_xlabel() for axes in maps] == ["learning rate", "momentum"] * 2


def test_a_caption_explains_the_cells_that_are_drawn() -> None:
    every = caption(six())
    assert has(every, "div.", "Hatched", "–")
    assert len(every.split()) <= 40
    assert not any(mark in caption(of_two(SAME)) for mark in ("div.", "Hatched", "–"))
