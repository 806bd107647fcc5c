"""The signed-rank test beside an enumeration, and beside SciPy's own."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from study.analysis.signed_rank import smallest_p, tails, walsh_rank

differences = st.lists(st.integers(-4, 4) | st.sampled_from([math.inf, -math.inf]), max_size=8)


def enumerated(values: list[float]) -> tuple[float, float]:
    """Flip every sign in turn, and count."""
    ranks = [float(rank) for rank in stats.rankdata(np.abs(values))]
    moving = [(rank, value > 0) for rank, value in zip(ranks, values, strict=True) if value]
    here = sum(rank for rank, positive in moving if positive)
    sums = [
        sum(rank for (rank, _), positive in zip(moving, signs, strict=True) if positive)
        for signs in itertools.product([False, True], repeat=len(moving))
    ]
    return float(np.mean([s <= here for s in sums])), float(np.mean([s >= here for s in sums]))


@given(differences)
def test_p_is_the_share_of_all_sign_flips_whatever_the_ties_zeros_and_infinities(
    values: list[float],
) -> None:
    if values:
        assert tails(values) == pytest.approx(enumerated(values), abs=1e-12)


@given(differences.filter(bool))
def test_the_other_sign_exchanges_the_two_tails(values: list[float]) -> None:
    assert tails([-value for value in values]) == tails(values)[::-1]


@pytest.mark.parametrize("n", [3, 5, 6, 10, 30])
def test_p_is_scipys_where_scipy_has_an_exact_one(n: int) -> None:
    values = np.random.default_rng(n).standard_normal(n) + 0.4
    for tail, side in zip(tails(values), ("less", "greater"), strict=True):
        assert tail == pytest.approx(
            stats.wilcoxon(values, alternative=side, method="exact").pvalue
        )


@pytest.mark.parametrize("n", range(1, 12))
def test_the_smallest_p_is_that_of_differences_of_one_sign(n: int) -> None:
    assert min(1.0, 2 * min(tails(-np.arange(1.0, n + 1)))) == smallest_p(n)


def test_nothing_but_ties_says_nothing() -> None:
    assert tails([0.0] * 10) == (1.0, 1.0)


@pytest.mark.parametrize(("n", "rank", "level"), [(5, 1, 0.9375), (6, 1, 0.96875), (8, 4, 0.9609)])
def test_walsh_ranks_are_those_of_the_printed_tables(n: int, rank: int, level: float) -> None:
    """Hollander, Wolfe & Chicken 2014, table A.4: P(W ≤ 3) = 0.0195 for n = 8."""
    found, sure = walsh_rank(n)
    assert found == rank
    assert sure == pytest.approx(level, abs=1e-4)
