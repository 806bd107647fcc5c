"""What the report says of two parameters together, asserted as text, from hand-made tables."""

import math

import pandas as pd
import pytest

from study.report import pair_sentences as says

SAME = " Each parameter's best level is the same at every level of each other."


def cells(diverged: int) -> pd.DataFrame:
    """Return two measured cells and an excluded one."""
    return pd.DataFrame(
        {
            "dataset": "a",
            "metric": "final_train_loss",
            "goal": "minimize",
            "first": "lr",
            "second": "optimizer",
            "first_level": ["0.1", "1", "1"],
            "second_level": ["sgd", "sgd", "adam"],
            "diverged": [0, diverged, 0],
            "median": [0.2, 0.1, math.nan],
            "state": ["measured", "measured", "excluded"],
            "reason": [None, None, "overflows"],
        }
    )


def test_the_lowest_cell_is_named_and_exclusions_give_their_reason() -> None:
    lowest = "On a, the lowest cell is learning rate 1 with optimizer sgd: median "
    lowest += "final training loss 0.1. "
    assert says.pairs(cells(0)) == [
        f"{lowest}Runs diverged in no cell.{SAME}",
        "1 cell excluded beforehand: overflows.",
    ]
    assert says.pairs(cells(2))[0].startswith(f"{lowest}Runs diverged in 1 of 2 cells. ")


@pytest.mark.parametrize(
    ("medians", "hangs"),
    [
        ([0.1, 0.2, 0.3, 0.4], None),
        ([0.1, 0.4, 0.3, 0.39], None),
        ([0.1, 0.6, 0.4, 0.3], ("learning rate", "optimizer: 1 with sgd, but 10 with adam, where 1",
                                "ends 2 times as high")),
        ([0.1, math.inf, 0.4, 0.3],
         ("learning rate", "optimizer: 1 with sgd, but 10 with adam, where 1",
          "has an infinite median")),
        ([0.1, 0.4, 0.4, 0.2], ("learning rate", "optimizer: 1 with sgd, but 10 with adam, where 1",
                                "ends 2 times as high")),
        ([0.1, math.inf, 0.2, math.inf], None),
    ],
)  # fmt: skip
def test_what_is_best_of_one_parameter_may_hang_on_another(
    medians: list[float], hangs: tuple[str, str, str] | None
) -> None:
    """Lowest is lr 1 with sgd; beside adam another lr may be best, by more than a tenth."""
    table = pd.DataFrame({
        "dataset": "a", "first": "lr", "second": "optimizer", "first_level": ["1", "1", "10", "10"],
        "second_level": ["sgd", "adam"] * 2, "diverged": 0, "median": medians, "state": "measured",
        "reason": None, "metric": "final_train_loss", "goal": "minimize",
    })  # fmt: skip
    (sentence,) = says.pairs(table)
    if hangs is None:
        assert "best level is the same at every level of each other." in sentence
    else:
        parameter, where, ends = hangs
        assert f" The best {parameter} depends most on {where} {ends}." in sentence


def test_nothing_hangs_on_anything_where_no_cell_is_finite() -> None:
    table = cells(1).assign(median=math.inf)
    assert says.pairs(table)[0] == (
        "On a, no cell has a finite median. Runs diverged in 1 of 2 cells."
    )


def together(medians: list[float], metric: str, goal: str) -> str:
    """Return the sentence about two parameters of two levels, whose cells have these medians."""
    table = pd.DataFrame({
        "dataset": "a", "first": "convolution", "second": "activation",
        "first_level": ["none", "none", "4@3x3", "4@3x3"], "second_level": ["relu", "tanh"] * 2,
        "diverged": 0, "median": medians, "state": "measured", "reason": None, "metric": metric,
        "goal": goal,
    })  # fmt: skip
    (sentence,) = says.pairs(table)
    return sentence


def test_of_an_accuracy_the_highest_cell_is_best_and_differences_count() -> None:
    sentence = together([0.99, 0.55, 1.0, 0.98], "final_test_accuracy", "maximize")
    assert sentence.startswith(
        "On a, the highest cell is convolution 4@3x3 with activation relu: median final test "
        "accuracy 1. Runs diverged in no cell. Each parameter's best level is the same"
    )
    assert sentence.endswith(
        " Convolution matters most with activation tanh, from 0.55 at none to 0.98 at 4@3x3, and "
        "least with relu, from 0.99 at none to 1 at 4@3x3."
    )
    turned = together([1.0, 0.55, 0.99, 0.98], "final_test_accuracy", "maximize")
    assert (
        "The best convolution depends most on activation: none with relu, but 4@3x3 with "
        "tanh, where none ends 0.43 lower." in turned
    )


def test_what_is_as_good_as_the_best_is_not_said_to_hang_on_anything() -> None:
    """With relu both are equally good, and with tanh one of these two is the best."""
    for medians in ([1.0, 0.55, 1.0, 0.98], [1.0, 0.98, 1.0, 0.55]):
        sentence = together(medians, "final_test_accuracy", "maximize")
        assert "Each parameter's best level is the same at every level of each other." in sentence


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
    (sentence,) = says.pairs(table)
    assert (
        "Hidden layers and convolution matter most with activation tanh, from 0.55 at 18 and none "
        "to 0.99 at 8 and 4@3x3, and least with relu" in sentence
    )
