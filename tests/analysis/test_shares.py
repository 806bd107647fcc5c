"""Shares: exact intervals and p values that agree with each other and with SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from study.analysis.shares import binomial_tails, clopper_pearson, superiority

counts = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_interval_is_scipys(count: tuple[int, int]) -> None:
    hits, n = count
    theirs = stats.binomtest(hits, n).proportion_ci(0.95, method="exact")
    assert clopper_pearson(hits, n) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(counts, st.floats(0.01, 0.99))
def test_p_is_at_most_005_where_the_interval_leaves_the_share_out(
    count: tuple[int, int], share: float
) -> None:
    low, high = clopper_pearson(*count)
    p = 2 * min(binomial_tails(*count, share))
    if abs(p - 0.05) > 1e-9:
        assert (p < 0.05) == (not low <= share <= high)


@pytest.mark.parametrize("n", [3, 5, 6, 10, 30])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.9, 1.0])
def test_the_interval_holds_the_share_with_its_level_at_least(n: int, share: float) -> None:
    """The probability is summed over all counts, and not simulated."""
    held = [low <= share <= high for low, high in (clopper_pearson(x, n) for x in range(n + 1))]
    assert stats.binom.pmf(np.arange(n + 1), n, share) @ held >= 0.95


def test_one_that_fails_refutes_a_share_of_one_and_none_proves_it() -> None:
    assert binomial_tails(9, 10, 1.0) == (0.0, 1.0)
    assert binomial_tails(10, 10, 1.0) == (1.0, 1.0)


@pytest.mark.parametrize("ties", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("n", [3, 10])
def test_superiority_is_held_whatever_share_are_ties(n: int, ties: float) -> None:
    wins = 0.6 * (1 - ties)
    held = 0.0
    for w in range(n + 1):
        for t in range(n + 1 - w):
            chance = stats.multinomial.pmf([w, t, n - w - t], n, [wins, ties, 1 - wins - ties])
            _, low, high = superiority(w, t, n)
            held += float(chance) * (low <= wins + ties / 2 <= high)
    assert held >= 0.95
