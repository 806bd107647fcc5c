"""Interactions: the difference of two differences, and where it has no size."""

import math

import numpy as np
import pandas as pd
import pytest

from study.analysis import paired
from tests.claims import DIVERGED, interaction, made, one


def cells(values: dict[tuple[str, float], list[float | str]]) -> pd.DataFrame:
    return pd.concat(
        made({"optimizer": name, "lr": lr}, results, metric="final_train_loss")
        for (name, lr), results in values.items()
    )


def test_an_interaction_is_the_difference_of_two_differences() -> None:
    runs = cells({
        ("adam", 1.0): [9.0] * 6, ("sgd", 1.0): [4.0] * 6,
        ("adam", 0.01): [1.0] * 6, ("sgd", 0.01): [2.0] * 6,
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["estimate"], row["verdict"], row["kind"]) == (6.0, "supported", "interaction")


def test_an_interaction_with_one_infinite_side_is_infinite() -> None:
    runs = cells({
        ("adam", 1.0): [DIVERGED] * 6, ("sgd", 1.0): [4.0] * 6,
        ("adam", 0.01): [1.0] * 6, ("sgd", 0.01): [2.0] * 6,
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["estimate"], row["verdict"]) == (math.inf, "supported")


@pytest.mark.parametrize("also", [("sgd", 1.0), ("adam", 0.01)])
def test_an_interaction_that_needs_infinity_less_infinity_is_undecided_and_says_so(
    also: tuple[str, float],
) -> None:
    runs = cells({
        ("adam", 1.0): [DIVERGED] * 6, ("sgd", 1.0): [4.0] * 6,
        ("adam", 0.01): [1.0] * 6, ("sgd", 0.01): [2.0] * 6,
        also: [3.0] * 5 + [DIVERGED],
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["verdict"], row["n"]) == ("undecided", 6)
    assert math.isnan(row["p"])
    assert row["reason"] == (
        "not tested: it needs ∞ − ∞ in 1 of 6 repetitions, and that has no size"
    )


def test_an_interaction_is_combined_over_all_settings_that_match() -> None:
    """Two settings, whose differences of differences are 1 and 3 in each of six repetitions."""
    values = np.zeros((2, 4, 6))
    values[0, 0], values[1, 0] = 1.0, 3.0
    found = paired.interaction(interaction(), values)
    assert (found.n, found.estimate, found.obstacle) == (6, 2.0, "")
