"""Order statistics: medians, intervals with their actual level, and quartiles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.stats.intervals import level, median, median_interval, ordered, quartiles, rank

numbers = st.lists(
    st.floats(allow_nan=False, allow_infinity=False, width=32) | st.just(math.inf), min_size=1
)


@pytest.mark.parametrize(
    ("n", "k", "expected"),
    [(1, 1, 0.0), (2, 1, 0.5), (3, 1, 0.75), (5, 1, 0.9375), (6, 1, 0.96875), (10, 2, 0.978515625)],
)
def test_an_interval_has_the_level_of_the_binomial_distribution(
    n: int, k: int, expected: float
) -> None:
    assert rank(n) == k
    assert level(n, k) == expected


@pytest.mark.parametrize("n", range(1, 40))
def test_no_narrower_interval_reaches_the_confidence(n: int) -> None:
    k = rank(n)
    assert level(n, k) >= 0.95 or k == 1
    assert 2 * (k + 1) > n or level(n, k + 1) < 0.95


def test_a_level_is_right_for_very_many_values() -> None:
    assert 0.95 <= level(1600, rank(1600)) < 0.96


def test_intervals_cover_the_median_as_often_as_their_level() -> None:
    """Of 4,000 samples of 10 exponential numbers, 97.9 % of the intervals hold ln 2."""
    values = np.random.default_rng(0).exponential(size=(10, 4000))
    interval = median_interval(values)
    covered = np.mean((interval.low <= math.log(2)) & (math.log(2) <= interval.high))
    assert covered == pytest.approx(interval.level, abs=3 * math.sqrt(0.021 * 0.979 / 4000))


@given(numbers)
def test_the_interval_and_the_quartiles_are_values_around_the_median(values: list[float]) -> None:
    middle, interval, (low, high) = median(values), median_interval(values), quartiles(values)
    assert interval.low <= middle <= interval.high
    assert low <= middle <= high
    assert {float(interval.low), float(interval.high), float(low), float(high)} <= set(values)


@given(numbers)
def test_the_quartiles_hold_at_least_half_of_the_values(values: list[float]) -> None:
    low, high = quartiles(values)
    assert sum(bool(low <= value <= high) for value in values) >= len(values) / 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 3.0], 2.0),
        ([1.0, 2.0, math.inf], 2.0),
        ([1.0, math.inf], math.inf),
        ([math.inf, math.inf], math.inf),
        ([1.0, 2.0, math.nan], 2.0),
        ([math.nan, 1.0], math.inf),
        ([1e308, 1e308], 1e308),
    ],
)
def test_infinity_and_nan_are_the_worst_values(values: list[float], expected: float) -> None:
    assert median(values) == expected


def test_many_medians_of_nothing_are_many() -> None:
    nothing = np.empty((0, 2, 3))
    assert np.isnan(median(nothing)).tolist() == [[True] * 3] * 2
    assert np.isnan(median_interval(nothing).low).tolist() == [[True] * 3] * 2


def test_nan_is_worst_in_the_other_direction_too() -> None:
    assert median([1.0, 2.0, math.nan], worst=-math.inf) == 1.0


def test_nothing_has_no_median_and_an_interval_of_no_confidence() -> None:
    interval = median_interval([])
    assert math.isnan(median([]))
    assert math.isnan(interval.low)
    assert interval.level == 0.0


def test_sorting_leaves_the_given_array_alone() -> None:
    given_array = np.array([2.0, math.nan, 1.0])
    ordered(given_array)
    np.testing.assert_array_equal(given_array, [2.0, math.nan, 1.0])


def test_columns_are_treated_each_by_itself() -> None:
    np.testing.assert_array_equal(median([[1, 30], [2, 10], [3, 20]]), [2, 20])


@pytest.mark.parametrize("n", [2, 7, 30])
def test_the_rank_of_a_level_is_the_one_that_has_it(n: int) -> None:
    ranks = range(1, n // 2 + 1)
    assert [rank(n, confidence=level(n, k)) for k in ranks] == [*ranks]
    assert [rank(n, confidence=math.nextafter(level(n, k), 1)) + 1 for k in ranks[1:]] == [
        *ranks[1:]
    ]
