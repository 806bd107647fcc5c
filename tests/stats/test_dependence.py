"""Where the best level turns, and where an effect is largest: by hand, from four cells."""

import math

import pandas as pd
import pytest

from study.stats.dependence import End, Turn, dependences, turns


def cells(medians: list[float], metric: str = "final_train_loss") -> pd.DataFrame:
    """Return lr 1 and 10, each with sgd and adam, in this order."""
    return pd.DataFrame({
        "first": "lr", "second": "optimizer", "first_level": ["1", "1", "10", "10"],
        "second_level": ["sgd", "adam"] * 2, "median": medians, "metric": metric,
        "goal": "maximize" if metric.endswith("accuracy") else "minimize",
    })  # fmt: skip


def test_a_turn_says_what_is_best_on_either_side_and_what_it_costs_to_stay() -> None:
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


def test_what_diverges_elsewhere_costs_without_end() -> None:
    (turn,) = turns(cells([0.1, math.inf, 0.4, 0.3]))
    assert math.isinf(turn.times)


def test_a_dependence_has_the_effect_where_it_is_largest_and_where_it_is_least() -> None:
    """From lr 10 to 1 the loss rises 100-fold with adam and 2-fold with sgd."""
    (found,) = dependences(cells([0.2, 1.0, 0.1, 0.01]))
    assert (found.parameter, found.of) == ("lr", "optimizer")
    assert found.most == End("adam", "10", 0.01, "1", 1.0, 2.0)
    assert found.least == End("sgd", "10", 0.1, "1", 0.2, math.log10(2))
    assert found.gap == pytest.approx(math.log10(50))


def test_nothing_depends_where_effects_are_equal_or_only_one_level_is_finite() -> None:
    assert dependences(cells([0.5, 0.5, 0.5, 0.5])) == []
    assert dependences(cells([0.5, math.inf, 0.25, math.inf])) == []
