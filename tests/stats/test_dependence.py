"""Where the best level turns, and how strong an interaction is: by hand, from four cells."""

import math

import pandas as pd
import pytest

from study.stats.dependence import Turn, interactions, turns


def cells(medians: list[float], metric: str = "final_train_loss") -> pd.DataFrame:
    """Return lr 1 and 10, each with sgd and adam, in this order."""
    return pd.DataFrame({
        "first": "lr", "second": "optimizer", "first_level": ["1", "1", "10", "10"],
        "second_level": ["sgd", "adam"] * 2, "median": medians, "metric": metric,
        "goal": "maximize" if metric.endswith("accuracy") else "minimize",
    })  # fmt: skip


def test_a_turn_names_the_best_on_either_side_and_the_cost_of_staying() -> None:
    """Beside adam, lr 1 has 0.6 and lr 10 has 0.3; beside lr 10, sgd has 0.4 and adam 0.3."""
    (turn,) = turns(cells([0.1, 0.6, 0.4, 0.3]))
    assert turn == Turn("lr", "optimizer", "1", "sgd", "10", "adam", turn.times, ratios=True)
    assert turn.times == pytest.approx(2.0)
    (turn,) = turns(cells([1.0, 0.5, 0.9, 0.8], "final_test_accuracy"))
    assert (turn.best, turn.other, turn.ratios) == ("1", "10", False)
    assert turn.times == pytest.approx(0.3)


def test_a_difference_within_a_tenth_or_two_hundredths_is_no_turn() -> None:
    assert turns(cells([0.1, 0.4, 0.3, 0.37])) == []
    assert turns(cells([1.0, 0.78, 0.9, 0.79], "final_test_accuracy")) == []


def test_a_level_that_diverges_elsewhere_has_an_infinite_cost() -> None:
    (turn,) = turns(cells([0.1, math.inf, 0.4, 0.3]))
    assert math.isinf(turn.times)


def two_pairs(first: list[float], second: list[float]) -> pd.DataFrame:
    """Return two pairs of parameters on one dataset, the first of lr and optimizer."""
    one, other = cells(first), cells(second).assign(second="hidden")
    return pd.concat([one, other], ignore_index=True).assign(dataset="a")


def test_the_strength_of_an_interaction_is_the_residual_of_two_effects() -> None:
    """Residuals of a 2 × 2 table are ± a quarter of its interaction: here 2 and 1 decades."""
    result = interactions(two_pairs([0.1, 1.0, 1.0, 1000.0], [1.0, 1.0, 1.0, 1e4 / 10**3]))
    assert result["strength"].tolist() == pytest.approx([0.5] * 4 + [0.25] * 4)
    assert result["place"].tolist() == [1] * 4 + [2] * 4
    swapped = interactions(two_pairs([0.1, 1.0, 10.0, 100.0], [1.0, 1.0, 1.0, 10.0]))
    assert swapped["strength"].tolist() == pytest.approx([0.0] * 4 + [0.25] * 4, abs=1e-12)
    assert swapped["place"].tolist() == [2] * 4 + [1] * 4


def test_an_infinite_median_counts_as_the_worst_finite_one_and_an_absent_one_not() -> None:
    for medians in ([0.1, 1.0, 1.0, 1000.0], [0.1, 1.0, 1.0, math.inf]):
        expected = two_pairs(medians, [1000.0, 1.0, 1.0, 1.0])
        assert interactions(expected)["strength"].iloc[0] == pytest.approx(0.5)
    absent = interactions(two_pairs([0.1, 1.0, 1.0, math.nan], [1.0, math.nan, 1.0, math.nan]))
    assert absent["strength"].tolist() == pytest.approx([0.0] * 8, abs=1e-12)
    never = interactions(two_pairs([math.inf] * 4, [math.inf] * 4))
    assert never["strength"].tolist() == pytest.approx([0.0] * 8, abs=1e-12)


def test_accuracies_interact_by_differences_and_the_place_is_over_datasets() -> None:
    one = two_pairs([0.5, 0.9, 0.9, 0.9], [0.5] * 4).assign(metric="final_test_accuracy")
    other = two_pairs([0.5] * 4, [0.3, 0.9, 0.9, 0.3]).assign(metric="final_test_accuracy")
    table = interactions(pd.concat([one, other.assign(dataset="b")], ignore_index=True))
    once = table.drop_duplicates(["dataset", "second"])
    assert once["strength"].tolist() == pytest.approx([0.1, 0.0, 0.0, 0.3])
    assert once["place"].tolist() == [2, 1, 2, 1]
