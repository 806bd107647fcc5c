"""Medians, quartiles, exact intervals, paired differences: ∞ is a value like any other."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]

CONFIDENCE = 0.95
"""The level that an interval reaches where there are enough values."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Two order statistics, `low` and `high`, that hold the median with probability `level`."""

    low: Array
    high: Array
    level: float


DECIDABLE_FROM = 6
"""Fewer pairs of repetitions decide nothing: even if all agree, p is above 0.05 / 2."""


def ordered(values: ArrayLike, *, worst: float = math.inf) -> Array:
    """Return the values sorted along the first axis, NaN being `worst`: it is never best."""
    numbers: Array = np.array(values, dtype=np.float64)
    numbers[np.isnan(numbers)] = worst
    numbers.sort(axis=0)
    return numbers


def median(values: ArrayLike, *, worst: float = math.inf) -> Array:
    """Return the median along the first axis; of an even number, the mean of the middle two.

    ∞ stays ∞, NaN counts as `worst`, and the median of nothing is NaN.

    >>> float(median([1, 3, 2, float("inf")])), float(median([1, float("inf")]))
    (2.5, inf)
    """
    numbers = ordered(values, worst=worst)
    n = len(numbers)
    if n == 0:
        return np.full(numbers.shape[1:], np.nan)
    middle: Array = 0.5 * numbers[(n - 1) // 2] + 0.5 * numbers[n // 2]
    return middle


def median_interval(
    values: ArrayLike, *, confidence: float = CONFIDENCE, worst: float = math.inf
) -> Interval:
    """Return the narrowest symmetric interval of order statistics that reaches `confidence`.

    The k-th smallest and the k-th largest of n values hold the median of any distribution with
    probability at least 1 − 2 · P(B < k), B binomial(n, ½). Where even the range (k = 1) does not
    reach `confidence`, the range is returned with its actual level: 75 % for n = 3, and 0 for a
    single value. Source: Conover 1999, Practical Nonparametric Statistics, section 3.2.
    """
    numbers = ordered(values, worst=worst)
    n = len(numbers)
    if n == 0:
        nothing = np.full(numbers.shape[1:], np.nan)
        return Interval(nothing, nothing, 0.0)
    k = rank(n, confidence=confidence)
    return Interval(numbers[k - 1], numbers[n - k], level(n, k))


def rank(n: int, *, confidence: float = CONFIDENCE) -> int:
    """Return the largest k whose interval reaches `confidence`, or 1 where none does.

    >>> rank(10), rank(3)
    (2, 1)
    """
    k, below = 1, 1  # `below` is the sum of C(n, i) over i < k
    while 1 - 2 * (below + math.comb(n, k)) / (1 << n) >= confidence:
        below += math.comb(n, k)
        k += 1
    return k


def level(n: int, k: int) -> float:
    """Return 1 − 2 · P(B < k), B binomial(n, ½): the confidence of k-th smallest to k-th largest.

    >>> level(3, 1), round(level(10, 2), 4)
    (0.75, 0.9785)
    """
    below = sum(math.comb(n, i) for i in range(k))
    return max(0.0, 1 - 2 * below / (1 << n))


def quartiles(values: ArrayLike, *, worst: float = math.inf) -> tuple[Array, Array]:
    """Return the two values between which the middle half lies: the ⌈n/4⌉-th from either end.

    They describe the values and claim nothing about others; both are values, so ∞ is possible.

    >>> [float(q) for q in quartiles([1, 2, 3, 4, 5, 6, 7, 8])]
    [2.0, 7.0]
    """
    numbers = ordered(values, worst=worst)
    n = len(numbers)
    k = math.ceil(n / 4)
    return numbers[k - 1], numbers[n - k]


_DIGITS = 6
"""Decimal digits in which values of single precision are known: what differs beyond is equal."""


def subtract(values: Array, others: Array) -> Array:
    """Return `values` − `others`; ∞ − ∞ is 0, a tie, and so is a difference in the last digits.

    >>> import numpy as np
    >>> subtract(np.array([0.96, np.inf, np.inf]), np.array([0.95, np.inf, 3.0]))
    array([0.01, 0.  ,  inf])
    """
    size = np.maximum(np.abs(values), np.abs(others)).clip(1e-280, 1e280)
    scale = 10.0 ** (_DIGITS - np.floor(np.log10(size)))
    with np.errstate(invalid="ignore"):
        differences = values - others
        rounded = np.round(differences * scale) / scale
    either = np.where(np.isfinite(differences), rounded, differences)
    return np.where(values == others, 0.0, either)


def combined(differences: Array) -> Array:
    """Return the median along the first axis: of an even number, the mean of the middle two.

    Where those are −∞ and ∞, it is 0: as many are infinitely lower as are infinitely higher.
    """
    ordered = np.sort(differences, axis=0)
    n = len(ordered)
    below, above = ordered[(n - 1) // 2], ordered[n // 2]
    opposite = np.isneginf(below) & np.isposinf(above)
    with np.errstate(invalid="ignore"):
        middle: Array = np.where(opposite, 0.0, 0.5 * below + 0.5 * above)
    return middle
