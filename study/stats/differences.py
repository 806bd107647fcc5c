"""Paired differences in which ∞ is a value: taken, and combined in a repetition."""

import numpy as np

from study.stats.intervals import Array

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
