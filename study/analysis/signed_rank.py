"""The exact signed-rank test: whether paired differences lean to one side."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from study.analysis.intervals import CONFIDENCE, Array


def tails(differences: ArrayLike) -> tuple[float, float]:
    """Return P(W ≤ w) and P(W ≥ w): both p values of a one-sided test, for lower and for higher.

    W is the sum of the ranks of the positive differences, w what it is here. The null hypothesis
    is that each difference might as well have had the other sign. Sizes are ranked from the
    smallest, equal ones sharing their mean rank and infinite ones being the largest; zeros take
    the lowest ranks and are then left out (Pratt 1959). The distribution is enumerated, whatever
    the ties, and never approximated. Source: Conover 1999, section 5.7.

    >>> tails([-1.0, -2.0, -float("inf")]), tails([0.0, 0.0])
    ((0.125, 1.0), (1.0, 1.0))
    """
    d = np.asarray(differences, dtype=np.float64)
    ranks = _doubled_ranks(np.abs(d))
    chances = _chances(ranks[d != 0])
    w = int(ranks[d > 0].sum())
    return min(1.0, float(chances[: w + 1].sum())), min(1.0, float(chances[w:].sum()))


def _doubled_ranks(sizes: Array) -> NDArray[np.int64]:
    """Return twice the rank of each size: mean ranks are halves, so these are whole numbers."""
    _, inverse, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    doubled: NDArray[np.int64] = (2 * np.cumsum(counts) - counts + 1)[inverse]
    return doubled


def _chances(ranks: NDArray[np.int64]) -> Array:
    """Return the probability of each sum of a random half of the ranks, from 0 up to all."""
    chances = np.zeros(int(ranks.sum()) + 1)
    chances[0] = 1.0
    for rank in ranks:
        taken = np.zeros_like(chances)
        taken[rank:] = chances[:-rank]
        chances = 0.5 * chances + 0.5 * taken
    return chances


def walsh_rank(n: int, *, confidence: float = CONFIDENCE) -> tuple[int, float]:
    """Return the k for which the k-th smallest and largest Walsh average make an interval.

    They hold the centre of a symmetric distribution with probability 1 − 2 · P(W < k), the second
    number returned: at least `confidence` where n is large enough, else that of the range (k = 1).

    >>> walsh_rank(10), walsh_rank(3)
    ((9, 0.951171875), (1, 0.75))
    """
    chances = _chances(np.arange(1, n + 1))
    levels = 1 - 2 * np.cumsum(chances)  # of k = 1, 2, …
    k = max(1, int((levels >= confidence).sum()))
    return k, max(0.0, float(levels[k - 1]))


def smallest_p(n: int) -> float:
    """Return the smallest two-sided p that n differences can reach: all have one sign.

    >>> smallest_p(5), smallest_p(6)
    (0.0625, 0.03125)
    """
    return min(1.0, 2.0 ** (1 - n))
