"""A pruner decides on a trial by earlier values only; ∞ is always pruned."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.samplers.pruners import PRUNERS, Pruner

values = st.lists(st.floats(0, 10) | st.just(math.inf), min_size=1, max_size=30)
pruners = pytest.mark.parametrize("pruner", PRUNERS.values(), ids=list(PRUNERS))


@pruners
@given(seen=values)
def test_infinity_is_always_pruned_and_a_new_best_never(pruner: Pruner, seen: list[float]) -> None:
    assert not pruner.rule([*seen, math.inf], 3)
    assert pruner.rule([*seen, -1.0], 3)


@pruners
@given(seen=values, own=st.floats(0, 10), factor=st.integers(2, 5))
def test_the_order_of_earlier_trials_does_not_matter(
    pruner: Pruner, seen: list[float], own: float, factor: int
) -> None:
    assert pruner.rule([*seen, own], factor) == pruner.rule([*sorted(seen), own], factor)


@given(seen=values, own=st.floats(0, 10), factor=st.integers(2, 5))
def test_at_most_one_in_factor_is_as_good_as_a_continued_trial(
    seen: list[float], own: float, factor: int
) -> None:
    everyone = [*seen, own]
    better = sum(value < own for value in everyone)
    goes_on = PRUNERS["successive_halving"].rule(everyone, factor)
    assert goes_on == (better < max(len(everyone) // factor, 1))


@given(seen=values, own=st.floats(0, 10))
def test_half_are_at_least_as_good_as_a_trial_pruned_by_the_median(
    seen: list[float], own: float
) -> None:
    everyone = [*seen, own]
    better = sum(value < own for value in everyone)
    assert PRUNERS["median"].rule(everyone, 0) == (better <= (len(everyone) - 1) // 2)
