"""Holm's correction: several hypotheses at once, and still at most α of a false decision."""

from collections.abc import Sequence


def holm(p: Sequence[float]) -> list[float]:
    """Return each p after Holm's correction for all of them, in their order.

    The i-th smallest of m is multiplied by m + 1 − i; none is less than one before it, nor more
    than 1. Source: Holm 1979, A simple sequentially rejective multiple test procedure.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p)), key=lambda i: p[i])
    corrected, largest = [0.0] * len(p), 0.0
    for place, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - place) * p[i]))
        corrected[i] = largest
    return corrected
