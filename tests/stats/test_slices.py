"""Where an average misleads: reversals and separations, planted and by chance."""

import math

import numpy as np
import pandas as pd
import pytest

from study.metrics import Goal
from study.stats import slices
from study.stats.intervals import Array
from tests.grids import Choices, accuracies, grid, normal

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"

CHOICES: Choices = {"lr": [0.01, 0.1, 1.0], "activation": ["sigmoid", "tanh"]}

THREE: Choices = {"lr": [0.1, 1.0], "activation": ["relu", "sigmoid", "tanh"]}


def reversals(runs: pd.DataFrame, metric: str = LOSS, goal: Goal = "minimize") -> pd.DataFrame:
    """Return the reversals of lr, 1 against 0.1."""
    names = ["lr", "activation"]
    return slices.reversals(
        runs, names, {"lr": ["0.1"], "activation": []}, metric=metric, goal=goal
    )


def turned(runs: pd.DataFrame, effects: list[float]) -> pd.Series:
    """Return log losses in which lr 1 has these effects, an activation each."""
    by_activation = np.array(effects)[runs["activation"].cat.codes]
    logs: Array = np.where(runs["lr"] == "1", by_activation, 0.0) - 4
    return normal(runs, 5, 0.05) + logs


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (3, 0), (5, 0), (6, 1), (10, 1)])
def test_a_reversal_needs_six_repetitions_of_one_mind(n: int, expected: int) -> None:
    runs = grid(THREE, n)
    table = reversals(runs.assign(final_train_loss=10 ** turned(runs, [1.0, 1.0, -1.0])))
    assert table["other_level"].tolist() == ["tanh"] * expected
    mixed = turned(runs, [1.0, 1.0, -1.0]).where(runs["repetition"] > 0, -4)
    assert reversals(runs.assign(final_train_loss=10**mixed)).empty


@pytest.mark.parametrize(("n", "sure"), [(6, False), (11, False), (12, True)])
def test_a_reversal_is_sure_where_the_test_finds_it_among_all_that_was_looked_at(
    n: int, *, sure: bool
) -> None:
    """One comparison in general and three inside need p ≤ 0.0125: 10 of 10 have 0.0107.

    The activations are compared too, with tanh: two in general, and two inside each, at both lr.
    So ten are looked at, and 11 of 11 have 0.0059, 12 of 12 have 0.0032.
    """
    runs = grid(THREE, n)
    table = slices.reversals(
        runs.assign(final_train_loss=10 ** turned(runs, [1.0, 1.0, -1.0])),
        ["lr", "activation"], {"lr": ["0.1"], "activation": ["tanh"]},
        metric=LOSS, goal="minimize",
    )  # fmt: skip
    assert table.loc[table["parameter"] == "lr", "sure"].tolist() == [sure]


def test_a_slice_that_lacks_a_repetition_reverses_nothing() -> None:
    runs = grid(THREE, 7)
    runs = runs.assign(final_train_loss=10 ** turned(runs, [1.0, 1.0, -1.0]))
    lacks = (runs["activation"] == "tanh") & (runs["repetition"] == 0)
    assert reversals(runs)["repetitions"].tolist() == [7]
    assert reversals(runs[~lacks]).empty


def test_the_clearest_reversal_comes_first_and_infinity_is_one() -> None:
    runs = grid({**THREE, "activation": ["none", "relu", "sigmoid", "softsign", "tanh"]}, 6)
    logs = turned(runs, [-0.5, 1.0, 1.0, 1.0, -2.0])
    table = reversals(runs.assign(final_train_loss=10**logs))
    assert table["other_level"].tolist() == ["tanh", "none"]
    bad = (runs["activation"] == "tanh") & (runs["lr"] == "0.1")
    table = reversals(
        runs.assign(final_train_loss=10**logs, status=runs["status"].mask(bad, "diverged"))
    )
    assert table["inside"].iloc[0] == -math.inf


def test_noise_reverses_nothing() -> None:
    runs = grid(THREE, 6)
    result = [
        len(reversals(runs.assign(final_train_loss=10 ** normal(runs, seed)))) for seed in range(20)
    ]
    assert sum(result) == 0


def test_higher_accuracies_reverse_too() -> None:
    runs = grid(THREE, 6)
    table = reversals(
        accuracies(runs, (-turned(runs, [1.0, 1.0, -1.0])).tolist()), ACCURACY, "maximize"
    )
    assert table["other_level"].tolist() == ["tanh"]
    assert table["marginal"].tolist() == pytest.approx([1], abs=0.1)


def separated(runs: pd.DataFrame, effect: float) -> pd.DataFrame:
    """Return runs that diverge at lr 1 with tanh, and differ by `effect` where they do not."""
    bad = (runs["lr"] == "1") & (runs["activation"] == "tanh")
    high = runs["lr"] == "1"
    logs = -4 + normal(runs, 6, 0.3) + np.where(high, effect, 0.0)
    return runs.assign(final_train_loss=10**logs, status=runs["status"].mask(bad, "diverged"))


def separations(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters that only separate what diverged."""
    return slices.separations(
        runs, ["lr", "activation"], {"lr": ["0.1"], "activation": ["relu"]},
        metric=LOSS, goal="minimize",
    )  # fmt: skip


@pytest.mark.parametrize(("n", "expected"), [(3, []), (5, []), (6, ["lr"]), (10, ["lr"])])
def test_a_parameter_that_only_separates_diverged_runs_is_reported(
    n: int, expected: list[str]
) -> None:
    runs = grid(THREE, n)
    table = separations(separated(runs, 0.0))
    assert [name for name in table["parameter"] if name == "lr"] == expected
    of_lr = table[table["parameter"] == "lr"]
    assert of_lr["diverged"].tolist() == [pytest.approx(1 / 3)] * len(expected)
    assert of_lr["pairs"].tolist() == [2] * len(expected)


@pytest.mark.parametrize(("n", "sure"), [(8, False), (9, False), (10, True)])
def test_a_separation_is_sure_where_the_test_finds_it(n: int, *, sure: bool) -> None:
    """Of three levels that are compared, one needs p ≤ 0.0167: 10 of 10 have 0.0107, 9 0.0195."""
    table = separations(separated(grid(THREE, n), 0.0))
    assert table.loc[table["parameter"] == "lr", "sure"].tolist() == [sure]


def test_a_parameter_that_acts_on_finite_runs_does_not_only_separate() -> None:
    table = separations(separated(grid(THREE, 6), 3.0))
    assert "lr" not in table["parameter"].tolist()


def test_what_diverged_in_some_repetitions_alone_separates_nothing() -> None:
    runs = separated(grid(THREE, 6), 0.0)
    once = runs["status"].mask(runs["repetition"] == 0, "completed")
    assert separations(runs.assign(status=once)).empty


def test_nothing_separates_where_none_or_all_diverge() -> None:
    runs = separated(grid(THREE, 6), 0.0)
    assert separations(runs.assign(status="completed")).empty
    assert separations(runs.assign(status="diverged")).empty


def test_references_begin_with_the_base_setup() -> None:
    result = slices.references(grid(CHOICES, 1), {"lr": "0.1", "activation": "tanh", "seed": 1})
    assert result == {"lr": ["0.1", "0.01", "0.1", "1"], "activation": ["tanh", "sigmoid", "tanh"]}
