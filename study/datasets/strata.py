"""How many samples of each class are held out, so that both parts have all classes."""

from collections.abc import Sequence

import numpy as np


def apportioned(counts: Sequence[int], total: int) -> list[int]:
    """Divide `total` among classes of these counts in proportion, by the largest remainders.

    Of each class with two samples or more, one at least is taken and one at least is left, where
    `total` and the rest are large enough for that; of a class with a single sample none is taken.

    >>> apportioned([50, 50], 25), apportioned([98, 2], 10), apportioned([9, 1], 5)
    ([13, 12], [9, 1], [5, 0])
    """
    there = np.array(counts)
    share = total * there / there.sum()
    least, most = np.minimum(there // 2, 1), there - 1
    if least.sum() > total:
        least = np.zeros_like(there)
    if most.sum() < total:
        most = there
    taken = np.clip(share.astype(int), least, most)
    while left := total - int(taken.sum()):
        step = 1 if left > 0 else -1
        free = taken < most if step > 0 else taken > least
        taken[np.argmax(np.where(free, step * (share - taken), -np.inf))] += step
    return [int(count) for count in taken]
