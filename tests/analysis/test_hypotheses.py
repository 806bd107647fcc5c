"""Claims and verdicts on made-up runs: what decides, what counts, and what never does."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from scipy import stats

from study.analysis.hypotheses import EXTRA, hypotheses
from study.columns import TABLES
from tests.claims import (
    DIVERGED,
    comparison,
    made,
    one,
    two,
)

TEN = [0.1 * i for i in range(1, 11)]


def test_the_columns_are_those_of_the_file_and_how_many_agreed() -> None:
    table = hypotheses(made({}, TEN, metric="final_train_loss"), [], ["xor"])
    assert list(table.columns) == [*(column.name for column in TABLES["hypotheses"]), *EXTRA]
    assert table.empty


@pytest.mark.parametrize("seed", range(5))
def test_a_comparison_is_scipys_permutation_test_of_the_rank_sum(seed: int) -> None:
    """The differences are made by hand, and all 1,024 sign flips by SciPy."""
    rng = np.random.default_rng(seed)
    first, second = rng.exponential(size=(2, 10)).round(1)
    differences = (first - second).round(6)
    ranks = dict(zip(np.abs(differences), stats.rankdata(np.abs(differences)), strict=True))

    def rank_sum(values: np.ndarray, axis: int) -> np.ndarray:
        signed = np.vectorize(ranks.get)(np.abs(values)) * np.sign(values)
        return np.asarray(signed.sum(axis=axis))

    theirs = stats.permutation_test(
        (differences,), rank_sum, permutation_type="samples", n_resamples=1024
    )
    row = two(list(first), list(second))
    assert row["p"] == pytest.approx(theirs.pvalue)
    assert row["estimate"] == pytest.approx(
        np.median([(a + b) / 2 for a, b in itertools.combinations_with_replacement(differences, 2)])
    )


@pytest.mark.parametrize(
    ("expect", "verdict"), [("lower", "supported"), ("higher", "contradicted")]
)
def test_one_direction_in_all_repetitions_supports_it_and_contradicts_the_other(
    expect: str, verdict: str
) -> None:
    row = two(TEN, [x + 1 for x in TEN], expect=expect)
    assert (row["verdict"], row["n"], row["p"], row["p_holm"]) == (verdict, 10, 2**-9, 2**-9)
    assert (row["estimate"], row["low"], row["high"]) == (-1.0, -1.0, -1.0)
    assert row["agreeing"] == (10 if expect == "lower" else 0)
    assert row["kind"] == "comparison"


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6])
def test_fewer_than_six_repetitions_decide_no_comparison_and_say_so(n: int) -> None:
    row = two([0.0] * n, [1.0] * n)
    assert row["p"] == min(1.0, 2.0 ** (1 - n))
    assert row["verdict"] == ("supported" if n == 6 else "undecided")
    says = f"too few repetitions to decide: {n} can reach p = {row['p']:.2f} at best"
    assert row["reason"].startswith(says) == (n < 6)


def test_never_and_diverged_are_infinite_and_decide_like_any_large_number() -> None:
    metric = "epochs_to_full_accuracy"
    row = two([30, 40, 50, 60, 70, 80], [None, DIVERGED, 900, None, None, 950], metric=metric)
    assert (row["verdict"], row["estimate"], row["low"]) == ("supported", -math.inf, -math.inf)
    assert row["reason"].startswith(
        "lower in 6 of 6 repetitions (never reached: sgd alone in 4); p = 0.031"
    )
    assert row["unit"] == "epochs"


def test_where_both_diverge_it_is_a_tie() -> None:
    row = two([DIVERGED] * 10, [DIVERGED] * 10)
    assert (row["verdict"], row["p"], row["estimate"], row["ties"]) == ("undecided", 1, 0, 10)
    assert row["reason"] == (
        "lower in 0 of 10 repetitions, equal in 10 (diverged: both in 10); "
        "p = 1: not distinguishable"
    )


def test_a_diverged_accuracy_is_the_lowest_and_a_cost_is_a_fact_of_any_run() -> None:
    metric = "final_train_accuracy"
    worse = two([DIVERGED] * 8, [0.1] * 8, metric=metric)
    assert (worse["verdict"], worse["estimate"]) == ("supported", -math.inf)
    runs = pd.concat(
        made({"optimizer": name}, [size] * 8, metric="parameters").assign(status=DIVERGED)
        for name, size in (("adam", 5.0), ("sgd", 9.0))
    )
    assert one(runs, comparison(metric="parameters"))["estimate"] == -4


def test_matched_configurations_are_one_number_a_repetition() -> None:
    """Forty pairs that agree are five repetitions: too few."""
    runs = [
        made({"optimizer": name, "lr": lr}, [loss] * 5, metric="final_train_loss")
        for name, loss in (("adam", 0.1), ("sgd", 0.2))
        for lr in np.geomspace(1e-4, 1, 8).tolist()
    ]
    row = one(pd.concat(runs), comparison())
    assert (row["n"], row["verdict"]) == (5, "undecided")
    assert row["method"].endswith("; each repetition the median of 8 matched cases")


@few(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_number_of_a_repetition_is_the_median_over_what_matches(seed: int) -> None:
    rng = np.random.default_rng(seed)
    losses = rng.exponential(size=(2, 3, 7)).round(2)
    runs = [
        made({"optimizer": name, "lr": lr}, list(losses[i, j]), metric="final_train_loss")
        for i, name in enumerate(("adam", "sgd"))
        for j, lr in enumerate((0.1, 0.01, 1.0))
    ]
    row = one(pd.concat(runs), comparison())
    by_hand = np.median(losses[0] - losses[1], axis=0).round(6)
    assert row["p"] == two(list(by_hand), [0.0] * 7)["p"]


def test_a_parameter_that_does_not_act_on_one_side_is_not_matched() -> None:
    """Momentum is null under Adam: Adam stands against SGD with either."""
    sgd: list[dict[str, float | str]] = [
        {"optimizer": "sgd", "momentum": momentum, "lr": 0.1} for momentum in (0.0, 0.9)
    ]
    adam: dict[str, float | str] = {"optimizer": "adam", "lr": 0.1}
    other: dict[str, float | str] = {"optimizer": "adam", "lr": 0.2}
    values: list[tuple[dict[str, float | str], float]] = [
        (adam, 1.0),
        (other, 100.0),
        *((values, 3.0) for values in sgd),
    ]
    runs = [made(value, [loss] * 6, metric="final_train_loss") for value, loss in values]
    row = one(pd.concat(runs), comparison())
    assert (row["estimate"], row["verdict"]) == (-2.0, "supported")
    assert "median of 2 matched cases" in row["method"]


def test_what_differs_in_more_than_the_compared_is_no_pair() -> None:
    runs = pd.concat([
        made({"optimizer": "adam", "lr": 0.1}, TEN, metric="final_train_loss"),
        made({"optimizer": "sgd", "lr": 0.2}, TEN, metric="final_train_loss"),
    ])  # fmt: skip
    row = one(runs, comparison())
    assert (row["verdict"], row["n"]) == ("undecided", 0)
    assert row["reason"] == "not tested: no configurations differ in optimizer alone"
    assert math.isnan(row["p"])
    assert math.isnan(row["p_holm"])


@pytest.mark.parametrize(
    ("distance", "verdict"), [(0.0, "supported"), (0.4, "supported"), (3.0, "contradicted"),
                              (-3.0, "contradicted"), (1.0, "undecided")],
)  # fmt: skip
def test_equal_is_within_the_margin_and_a_difference_beyond_it_contradicts(
    distance: float, verdict: str
) -> None:
    noise = np.linspace(-0.3, 0.3, 10)
    row = two(list(5 + distance + noise), [5.0] * 10, expect="equal", margin=1.0)
    assert row["verdict"] == verdict
    inside = max(-row["low"], row["high"]) <= 1
    assert inside == (verdict == "supported")
    unsure = "neither a difference within ±1 nor one beyond it is shown"
    assert row["reason"].endswith(unsure) == (verdict == "undecided")


def test_equal_needs_six_repetitions_like_every_comparison() -> None:
    for n in (5, 6):
        row = two([5.0] * n, [5.0] * n, expect="equal", margin=1.0)
        assert row["verdict"] == ("supported" if n == 6 else "undecided")
