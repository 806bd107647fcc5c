"""What is tied with the best: by hand, by simulation, and what luck gave the best."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from study.metrics import Goal
from study.spec.objective import Objective
from study.stats.winners import TIED, bounds, optimism, tied
from tests.grids import accuracies, code, grid, normal

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"

THREE = {"lr": [0.01, 0.1, 1.0]}


def chosen(runs: pd.DataFrame, metric: str = LOSS, quantile: float = 0.5) -> pd.DataFrame:
    """Return what is tied on one dataset, by configuration."""
    goal: Goal = "minimize" if metric == LOSS else "maximize"
    aim = Objective(metric=metric, goal=goal, quantile=quantile)
    return tied(runs, aim).set_index("configuration")


@pytest.mark.parametrize("n", [6, 10, 13, 30])
@pytest.mark.parametrize("rivals", [1, 3, 127])
@pytest.mark.parametrize("q", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_bounds_are_the_narrowest_order_statistics_that_err_seldom_enough(
    n: int, rivals: int, q: float
) -> None:
    """By the definition, place by place: k is above the quantile with P(B < k), below it else."""
    values = [np.arange(1.0, n + 1)] * (rivals + 1)
    low, high, comparable = bounds(values, q)
    below = [k for k in range(1, n + 1) if binom.cdf(k - 1, n, q) <= 0.025]
    above = [k for k in range(1, n + 1) if 1 - binom.cdf(k - 1, n, q) <= 0.025 / rivals]
    assert set(low) == {max(below, default=-math.inf)}
    assert set(high) == {min(above, default=math.inf)}
    assert comparable == bool(below and above)


@pytest.mark.parametrize(("rivals", "fewest"), [(1, 6), (3, 7), (127, 13)])
def test_the_fewest_repetitions_that_can_exclude_anything(rivals: int, fewest: int) -> None:
    for n in range(1, 20):
        assert bounds([np.arange(float(n))] * (rivals + 1), 0.5)[2] == (n >= fewest)


@pytest.mark.parametrize("n", [7, 10, 13])
def test_only_clearly_worse_configurations_are_separated_from_the_best(n: int) -> None:
    runs = grid(THREE, n)
    logs = -3 + normal(runs, n, 0.05) + np.where(code(runs, "lr") == 2, 1.0, 0.0)
    table = chosen(runs.assign(final_train_loss=10**logs))
    assert table["tied"].tolist() == [True, True, False]
    assert table["separable"].all()
    assert set(table["repetitions"]) == {n}
    assert float(table["at_best"]["lr 1"]) > float(table["at_worst"].min())


@pytest.mark.parametrize("n", [1, 3, 5, 6])
def test_fewer_than_seven_repetitions_exclude_none_of_three(n: int) -> None:
    runs = grid(THREE, n)
    table = chosen(runs.assign(final_train_loss=10.0 ** (code(runs, "lr") - 5)))
    assert table["tied"].all()
    assert not table["separable"].any()
    assert table["cheapest"].sum() == 1


def test_at_the_worst_of_all_repetitions_nothing_is_separated() -> None:
    runs = grid(THREE, 30)
    runs = runs.assign(final_train_loss=10.0 ** (code(runs, "lr") - 5))
    assert not chosen(runs, quantile=1.0)["separable"].any()
    assert chosen(runs, quantile=0.5)["tied"].tolist() == [True, False, False]


@pytest.mark.parametrize("status", ["completed", "diverged", "failed"])
@pytest.mark.parametrize("n", [1, 3, 6, 10])
def test_equal_configurations_are_all_tied(status: str, n: int) -> None:
    table = chosen(grid(THREE, n).assign(final_train_loss=0.1, status=status))
    assert table["tied"].all()


@pytest.mark.parametrize("quantile", [0.0, 0.25, 0.5, 0.75, 0.9, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_the_first_of_the_ranking_is_always_tied(quantile: float, seed: int) -> None:
    runs = grid({"lr": [10.0**-i for i in range(8)]}, 10)
    losses = 10 ** normal(runs, seed, 2.0)
    runs = runs.assign(final_train_loss=losses.where(losses < 100, math.inf))
    table = chosen(runs, quantile=quantile)
    aim = Objective(quantile=quantile)
    values = runs.groupby("configuration", sort=False)["final_train_loss"].agg(aim.of)
    assert bool(table.loc[str(values.idxmin()), "tied"])


def test_a_steady_best_is_not_tied_with_rivals_that_mostly_fail() -> None:
    runs = grid(THREE, 10).assign(final_train_loss=0.01)
    fails = (runs["lr"] != "0.01") & (runs["repetition"] < 9)
    table = chosen(runs.assign(status=runs["status"].mask(fails, "diverged")))
    assert table["tied"].tolist() == [True, False, False]
    assert table["at_best"].tolist()[1:] == [math.inf, math.inf]


def test_accuracy_is_better_where_it_is_higher() -> None:
    runs = grid(THREE, 8)
    table = chosen(accuracies(runs, (code(runs, "lr") / 2).tolist()), metric=ACCURACY)
    assert table["tied"].tolist() == [False, False, True]
    assert table["at_best"].tolist() == table["at_worst"].tolist() == [0.0, 0.5, 1.0]


def test_times_are_tied_since_a_stack_has_one() -> None:
    runs = grid(THREE, 20).assign(final_train_loss=0.1)
    runs = runs.assign(seconds=1.0 + code(runs, "lr"))
    table = tied(runs, Objective(metric="seconds"))
    assert table["tied"].all()
    assert not table["separable"].any()


def test_the_cheapest_of_the_tied_has_the_fewest_parameters_then_epochs() -> None:
    runs = grid({"lr": [0.001, *THREE["lr"], 10.0]}, 10).assign(final_train_loss=0.01)
    runs["final_train_loss"] = runs["final_train_loss"].mask(runs["lr"] == "10", 0.2)
    sizes = {"0.001": 9, "0.01": 5, "0.1": 5, "1": 5, "10": 1}
    runs["parameters"] = runs["lr"].astype(str).map(sizes)
    epochs = {"0.001": 1.0, "0.01": math.nan, "0.1": 30.0, "1": 20.0, "10": 1.0}
    runs["epochs_to_loss_05"] = runs["lr"].astype(str).map(epochs)
    table = chosen(runs)
    assert table.index[table["cheapest"]].tolist() == ["lr 1"]
    assert table["epochs_to_loss_05"].tolist() == [1.0, math.inf, 30.0, 20.0, 1.0]


def test_pruned_configurations_do_not_compete_and_unequal_repetitions_do() -> None:
    runs = grid(THREE, 6).assign(final_train_loss=0.01)
    runs.loc[0, "status"] = "missing"
    runs.loc[runs["lr"] == "1", "status"] = "pruned"
    table = chosen(runs)
    assert table["repetitions"].to_dict() == {"lr 0.01": 5, "lr 0.1": 6}
    nothing = tied(runs[:0], Objective())
    assert nothing.empty
    assert tuple(nothing.columns) == TIED
    assert nothing[nothing["tied"]].empty


def test_luck_is_estimated_by_the_repetition_that_did_not_choose() -> None:
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
