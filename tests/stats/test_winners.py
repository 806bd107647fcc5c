"""What cannot be told from the best: by hand, by simulation, and what luck gave it."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from study.metrics import Goal
from study.spec.objective import Objective
from study.stats.intervals import Array
from study.stats.winners import CANDIDATES, candidates, contest, optimism
from tests.grids import TRIVIAL, accuracies, code, grid, normal

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"

THREE = {"lr": [0.01, 0.1, 1.0]}


def chosen(runs: pd.DataFrame, metric: str = LOSS) -> pd.DataFrame:
    """Return the candidates of one dataset, by configuration."""
    goal: Goal = "minimize" if metric == LOSS else "maximize"
    aim = Objective(metric=metric, goal=goal)
    table = candidates(runs, TRIVIAL, aim, rng=np.random.default_rng(0))
    return table.set_index("configuration")


def test_two_configurations_with_two_repetitions_are_as_computed_by_hand(
    rng: np.random.Generator,
) -> None:
    """Differences 1 and 2 sum to 3, 1, −1 or −3: one of four reaches 3, all reach −3."""
    assert contest(np.array([[0.0, 0.0], [1.0, 2.0]]), rng=rng).tolist() == [1.0, 0.25]


def test_the_greatest_of_many_differences_is_compared_with_its_own_chance(
    rng: np.random.Generator,
) -> None:
    """Against all signs, one after the other, of the first row of four over six repetitions."""
    values = rng.normal(size=(4, 6))
    behind = values[0] - values[1:]

    def greatest(signs: Sequence[float]) -> float:
        each = (behind * np.array(signs)).sum(axis=1) / np.sqrt((behind**2).sum(axis=1))
        return float(each.max())

    every = [greatest(signs) for signs in itertools.product((1, -1), repeat=6)]
    p = np.mean([one >= greatest([1] * 6) - 1e-9 for one in every])
    assert contest(values, rng=rng)[0] == pytest.approx(p)


@pytest.mark.parametrize("n", [6, 10, 30])
@pytest.mark.parametrize("gap", [0.0, 0.5])
def test_the_true_best_stays_in_the_set_as_often_as_it_should(n: int, gap: float) -> None:
    rng = np.random.default_rng([n, int(10 * gap)])
    rounds, means = 200 if n < 30 else 40, np.array([0.0, gap, gap, 2 * gap, 1.0])
    spread = np.array([1.0, 0.2, 1.0, 3.0, 1.0])
    held = 0
    for _ in range(rounds):
        common = rng.normal(0, 1, n)
        values = means[:, None] + spread[:, None] * rng.standard_t(4, (5, n)) + common
        held += bool(contest(values, rng=rng)[0] > 0.05)
    assert held / rounds >= 0.95 - 3 * math.sqrt(0.05 * 0.95 / rounds)


@pytest.mark.parametrize("n", [6, 10, 13])
def test_what_is_clearly_worse_is_told_from_the_best_and_nothing_else(n: int) -> None:
    runs = grid(THREE, n)
    logs = -3 + normal(runs, n, 0.05) + np.where(code(runs, "lr") == 2, 1.0, 0.0)
    table = chosen(runs.assign(final_train_loss=10**logs))
    assert table["candidate"].tolist() == [True, True, False]
    assert float(table["p"]["lr 1"]) <= 0.05
    assert set(table["repetitions"]) == {n}


@pytest.mark.parametrize("n", [1, 3, 5])
def test_fewer_than_six_repetitions_exclude_nothing(n: int) -> None:
    runs = grid(THREE, n)
    table = chosen(runs.assign(final_train_loss=10.0 ** (code(runs, "lr") - 5)))
    assert table["candidate"].all()
    assert table["p"].isna().all()
    assert table["cheapest"].sum() == 1


@pytest.mark.parametrize("status", ["completed", "diverged", "failed"])
@pytest.mark.parametrize("n", [1, 3, 5, 6, 10])
def test_equal_configurations_are_all_candidates(status: str, n: int) -> None:
    table = chosen(grid(THREE, n).assign(final_train_loss=0.1, status=status))
    assert table["candidate"].all()
    assert set(table["p"].dropna()) == (set() if n < 6 else {1.0})


def test_what_diverges_is_no_better_than_what_learns_nothing() -> None:
    runs = grid(THREE, 6).assign(final_train_loss=0.001)
    runs.loc[runs["lr"] == "0.1", "final_train_loss"] = 0.25
    table = chosen(runs.assign(status=runs["status"].mask(runs["lr"] == "1", "diverged")))
    assert table["candidate"].tolist() == [True, False, False]
    assert table["p"].tolist() == [1.0, 2**-6, 2**-6]


def test_accuracy_is_better_where_it_is_higher() -> None:
    runs = grid(THREE, 6)
    table = chosen(accuracies(runs, (code(runs, "lr") / 2).tolist()), metric=ACCURACY)
    assert table["candidate"].tolist() == [False, False, True]


def test_the_cheapest_candidate_has_the_fewest_parameters_then_epochs() -> None:
    runs = grid({"lr": [0.001, *THREE["lr"], 10.0]}, 6).assign(final_train_loss=0.01)
    runs["final_train_loss"] = runs["final_train_loss"].mask(runs["lr"] == "10", 0.2)
    sizes = {"0.001": 9, "0.01": 5, "0.1": 5, "1": 5, "10": 1}
    runs["parameters"] = runs["lr"].astype(str).map(sizes)
    epochs = {"0.001": 1.0, "0.01": math.nan, "0.1": 30.0, "1": 20.0, "10": 1.0}
    runs["epochs_to_loss_05"] = runs["lr"].astype(str).map(epochs)
    table = chosen(runs)
    assert table.index[table["cheapest"]].tolist() == ["lr 1"]
    assert table["epochs_to_loss_05"].tolist() == [1.0, math.inf, 30.0, 20.0, 1.0]


def test_pruned_and_incomplete_configurations_do_not_compete() -> None:
    runs = grid(THREE, 6).assign(final_train_loss=0.01)
    runs.loc[0, "status"] = "missing"
    runs.loc[runs["lr"] == "1", "status"] = "pruned"
    table = chosen(runs)
    assert table.index.tolist() == ["lr 0.1"]
    nothing = candidates(runs[:0], TRIVIAL, Objective(), rng=np.random.default_rng(0))
    assert nothing.empty
    assert tuple(nothing.columns) == CANDIDATES


def test_where_no_configuration_is_complete_none_competes() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 6).assign(final_train_loss=0.01).drop(index=[0, 7])
    assert chosen(runs).empty
    (row,) = optimism(runs, Objective()).to_dict("records")
    assert (row["configurations"], row["left_out"]) == (0, 2)
    assert row["apparent"] == math.inf
    assert math.isnan(row["held_out"])


def drawn(values: Array, seed: int) -> list[float]:
    """Return p over more repetitions than can be enumerated."""
    return [float(p) for p in contest(values, rng=np.random.default_rng(seed))]


def test_signs_come_from_the_given_generator_alone(rng: np.random.Generator) -> None:
    before = repr(np.random.get_state())  # noqa: NPY002  # the state that must not move
    values = rng.normal(size=(3, 13))
    assert drawn(values, 1) == drawn(values, 1)
    assert drawn(values, 1) != drawn(values, 2)
    assert drawn(values, 1) == pytest.approx(drawn(values, 2), abs=0.05)
    assert drawn(values[:, :6], 1) == drawn(values[:, :6], 2), "all signs are enumerated"
    assert before == repr(np.random.get_state())  # noqa: NPY002


def test_luck_is_what_a_repetition_that_did_not_choose_says() -> None:
    """Configurations a: 1, 1, 5, and b: 2, 3, ½; without one repetition, b, b and a are chosen."""
    runs = grid({"lr": [0.1, 1.0]}, 3).assign(final_train_loss=[1.0, 1.0, 5.0, 2.0, 3.0, 0.5])
    (row,) = optimism(runs, Objective()).to_dict("records")
    assert row["apparent"] == 1.0, "the median of a"
    assert row["held_out"] == 3.0, "the median of 2 and 3 by b, and 5 by a"


def test_pure_noise_makes_the_best_look_better_than_it_is() -> None:
    runs = grid({"lr": [10.0**-i for i in range(10)]}, 5)
    gaps = []
    for seed in range(30):
        luck = optimism(runs.assign(final_train_loss=10 ** normal(runs, seed, 1.0)), Objective())
        (row,) = luck.to_dict("records")
        gaps.append(math.log10(row["held_out"]) - math.log10(row["apparent"]))
    assert np.mean(gaps) > 0.3


def test_luck_with_accuracies_and_with_few_repetitions() -> None:
    runs = accuracies(grid({"lr": [0.1, 1.0]}, 2), [0.5, 0.7, 0.9, 0.8])
    (row,) = optimism(runs, Objective(metric=ACCURACY, goal="maximize")).to_dict("records")
    assert row["apparent"] == 0.8, "the worse of 0.9 and 0.8"
    assert math.isnan(row["held_out"])
    assert (row["configurations"], row["left_out"], row["repetitions"]) == (2, 0, 2)
