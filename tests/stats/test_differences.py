"""Differences in which ∞ is a value: ties and medians."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.stats.intervals import combined, subtract

INF = math.inf
finite = st.floats(-1e6, 1e6, width=32)
results = st.lists(st.tuples(finite | st.just(INF), finite | st.just(INF)), min_size=1, max_size=8)


@given(results)
def test_exchanging_the_sides_changes_the_sign_and_nothing_else(
    pairs: list[tuple[float, float]],
) -> None:
    a, b = np.array(pairs).T
    assert np.array_equal(subtract(a, b), -subtract(b, a))
    assert combined(subtract(a, b)) == -combined(subtract(b, a))


def test_infinite_against_infinite_is_a_tie_and_against_a_number_the_largest_difference() -> None:
    there = subtract(np.array([INF, INF, 1.0, -INF]), np.array([INF, 1e30, INF, -INF]))
    assert there.tolist() == [0.0, INF, -INF, 0.0]


@pytest.mark.parametrize("size", [1e-30, 1e-7, 1.0, 12345.0, 1e30])
def test_what_differs_in_the_last_digits_of_single_precision_is_equal(size: float) -> None:
    near = np.array([np.nextafter(np.float32(size), np.float32(0))], dtype=np.float64)
    assert subtract(near, np.array([float(np.float32(size))])).tolist() == [0.0]
    assert subtract(np.array([1.01 * size]), np.array([size])) == pytest.approx(
        0.01 * size, rel=1e-3
    )


def test_accuracies_of_single_precision_differ_by_whole_samples() -> None:
    """0.96 − 0.95 and 0.95 − 0.94 are the same size, so they share a rank."""
    a = np.array([1.0, 0.96, 0.95], dtype=np.float32).astype(np.float64)
    b = np.array([0.99, 0.95, 0.94], dtype=np.float32).astype(np.float64)
    assert len(set(subtract(a, b))) == 1


def test_the_median_over_cases_is_the_mean_of_the_middle_two_and_survives_infinities() -> None:
    cases = np.array([[1.0, -INF, INF, INF], [3.0, INF, INF, 2.0]])
    assert combined(cases).tolist() == [2.0, 0.0, INF, INF]
    assert combined(cases[:1]).tolist() == cases[0].tolist()
