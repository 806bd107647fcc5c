"""Two parameters together: the best cell, what depends on what, and every cell in its map."""

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import QuadMesh

from study.report.questions.pairs import figure, finding
from tests.words import has, only


def cells(diverged: int) -> pd.DataFrame:
    """Return two measured cells and an excluded one."""
    return pd.DataFrame(
        {
            "dataset": "a", "metric": "final_train_loss", "goal": "minimize",
            "first": "lr", "second": "optimizer",
            "first_level": ["0.1", "1", "1"], "second_level": ["sgd", "sgd", "adam"],
            "diverged": [0, diverged, 0], "median": [0.2, 0.1, math.nan],
            "state": ["measured", "measured", "excluded"], "reason": [None, None, "overflows"],
        }
    )  # fmt: skip


def test_the_lowest_cell_is_named_and_exclusions_give_their_reason() -> None:
    lowest = ["On a", "lowest", "learning rate 1 with optimizer sgd", "final training loss 0.1"]
    best, excluded = finding(cells(0))
    assert has(best, *lowest, "diverged in no cell")
    assert has(excluded, "1 cell excluded", "overflows")
    assert has(finding(cells(2))[0], *lowest, "diverged in 1 of 2 cells")


def of_two(medians: list[float]) -> pd.DataFrame:
    """Return lr 1 and 10, each with sgd and adam, in this order."""
    return pd.DataFrame({
        "dataset": "a", "first": "lr", "second": "optimizer", "first_level": ["1", "1", "10", "10"],
        "second_level": ["sgd", "adam"] * 2, "diverged": 0, "median": medians, "state": "measured",
        "reason": None, "metric": "final_train_loss", "goal": "minimize",
    })  # fmt: skip


SAME = "best level is the same at every level"


@pytest.mark.parametrize(
    ("medians", "costs"),
    [
        ([0.1, 0.6, 0.4, 0.3], "2 times as high"),
        ([0.1, 0.4, 0.4, 0.2], "2 times as high"),
        ([0.1, math.inf, 0.4, 0.3], "infinite median"),
    ],
)
def test_what_is_best_of_one_parameter_may_depend_on_another(
    medians: list[float], costs: str
) -> None:
    """Lowest is lr 1 with sgd; beside adam lr 10 is best, by more than a tenth."""
    (sentence,) = finding(of_two(medians))
    assert has(sentence, "best learning rate", "optimizer", "1 with sgd", "10 with adam", costs)
    assert SAME not in sentence


@pytest.mark.parametrize(
    "medians", [[0.1, 0.2, 0.3, 0.4], [0.1, 0.4, 0.3, 0.39], [0.1, math.inf, 0.2, math.inf]]
)
def test_what_is_best_everywhere_or_within_a_tenth_depends_on_nothing(
    medians: list[float],
) -> None:
    assert only(finding(of_two(medians)), SAME)


def test_nothing_depends_on_anything_where_no_cell_is_finite() -> None:
    sentence, _ = finding(cells(1).assign(median=math.inf))
    assert has(sentence, "On a", "no cell has a finite median", "diverged in 1 of 2 cells")
    assert "best" not in sentence


def of_accuracies(medians: list[float]) -> str:
    """Return the sentence on two parameters of two levels, whose cells have these accuracies."""
    table = pd.DataFrame({
        "dataset": "a", "first": "convolution", "second": "activation",
        "first_level": ["none", "none", "4@3x3", "4@3x3"], "second_level": ["relu", "tanh"] * 2,
        "diverged": 0, "median": medians, "state": "measured", "reason": None,
        "metric": "final_test_accuracy", "goal": "maximize",
    })  # fmt: skip
    (sentence,) = finding(table)
    return sentence


def test_of_an_accuracy_the_highest_cell_is_best_and_differences_count() -> None:
    sentence = of_accuracies([0.99, 0.55, 1.0, 0.98])
    assert has(
        sentence, "highest", "convolution 4@3x3 with activation relu", "final test accuracy 1.",
        SAME, "Convolution", "most with activation tanh", "0.55 at none to 0.98 at 4@3x3",
        "least with relu", "0.99 at none to 1 at 4@3x3",
    )  # fmt: skip
    turned = of_accuracies([1.0, 0.55, 0.99, 0.98])
    assert has(
        turned, "best convolution", "activation", "none with relu", "4@3x3 with tanh", "none",
        "0.43 lower",
    )  # fmt: skip


def test_what_is_as_good_as_the_best_is_not_said_to_depend_on_anything() -> None:
    """With relu both are equally good, and with tanh one of these two is the best."""
    for medians in ([1.0, 0.55, 1.0, 0.98], [1.0, 0.98, 1.0, 0.55]):
        assert SAME in of_accuracies(medians)


def test_parameters_that_always_change_together_are_named_together() -> None:
    rows = [
        ("hidden", "activation", "18", "tanh", 0.55), ("hidden", "activation", "8", "tanh", 0.99),
        ("hidden", "activation", "18", "relu", 1.0), ("hidden", "activation", "8", "relu", 1.0),
        ("convolution", "activation", "none", "tanh", 0.55),
        ("convolution", "activation", "4@3x3", "tanh", 0.99),
        ("convolution", "activation", "none", "relu", 1.0),
        ("convolution", "activation", "4@3x3", "relu", 1.0),
    ]  # fmt: skip
    columns = ["first", "second", "first_level", "second_level", "median"]
    table = pd.DataFrame(rows, columns=columns).assign(
        dataset="a", diverged=0, state="measured", reason=None, metric="final_test_accuracy",
        goal="maximize",
    )  # fmt: skip
    assert only(
        finding(table), "Hidden layers and convolution matter", "activation tanh",
        "0.55 at 18 and none to 0.99 at 8 and 4@3x3", "relu",
    )  # fmt: skip


def six() -> pd.DataFrame:
    """Return the six kinds of cells of one pair of parameters."""
    rows = [
        ("0.1", "sgd", 4, 0, 0.25, "measured"),
        ("0.1", "adam", 4, 1, 0.0, "measured"),
        ("0.1", "rmsprop", 4, 3, math.inf, "measured"),
        ("1", "sgd", 0, 0, math.nan, "missing"),
        ("1", "adam", 0, 0, math.nan, "excluded"),
        ("1", "rmsprop", 0, 0, math.nan, "impossible"),
    ]
    columns = ["first_level", "second_level", "runs", "diverged", "median", "state"]
    table = pd.DataFrame(rows, columns=columns)
    about = {"metric": "final_train_loss", "goal": "minimize"}
    return table.assign(dataset="a", first="lr", second="optimizer", **about)


def test_every_cell_says_its_median_its_divergence_or_why_it_is_empty() -> None:
    axes = figure(six()).axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["0.25", "0\n25% div.", "∞\n75% div.", "not stored", "", "–"]
    assert [patch.get_hatch() for patch in axes.patches] == [None, "////"]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("optimizer", "learning rate")


def test_the_colours_of_a_map_are_its_medians() -> None:
    axes = figure(six()).axes[0]
    (mesh,) = (part for part in axes.collections if isinstance(part, QuadMesh))
    drawn = np.ma.masked_invalid(np.asarray(mesh.get_array())).reshape(2, 3)
    np.testing.assert_array_equal(drawn, [[0.25, 1e-12, np.nan], [np.nan] * 3])


def test_of_an_accuracy_the_highest_is_bright_and_the_first_metric_alone_is_drawn() -> None:
    first = six().assign(metric="final_test_accuracy", goal="maximize")
    first["median"] = [0.55, 0.99, -math.inf, math.nan, math.nan, math.nan]
    axes, bar = figure(pd.concat([first, six()])).axes
    (mesh,) = (part for part in axes.collections if isinstance(part, QuadMesh))
    drawn = np.ma.masked_invalid(np.asarray(mesh.get_array())).reshape(2, 3)
    np.testing.assert_array_equal(drawn, [[0.55, 0.99, np.nan], [np.nan] * 3])
    assert mesh.get_cmap().name == "viridis"
    assert [text.get_text() for text in axes.texts][:3] == [
        "0.55",
        "0.99\n25% div.",
        "−∞\n75% div.",
    ]
    assert [text.get_color() for text in axes.texts][:2] == ["white", "#222222"]
    assert bar.get_xlabel() == "median final test accuracy (bright is good)"
