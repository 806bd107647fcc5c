"""Which of several objectives' values are not beaten by others: Pareto fronts."""

from collections.abc import Sequence

import numpy as np


def fronts(values: Sequence[Sequence[float]]) -> list[int]:
    """Return the front of each point: 0 if no other is better, 1 if only points of front 0 are, ….

    Less is better. A point is better than another that it equals or undercuts everywhere, and
    undercuts somewhere: Deb et al. 2002, NSGA-II, section III.A. Points are the rows of `values`.

    >>> fronts([(1, 5), (2, 2), (3, 3), (1, 5)])
    [0, 0, 1, 0]
    """
    points = np.array(values, dtype=float)
    better = np.all(points[:, None] <= points, axis=-1) & np.any(points[:, None] < points, axis=-1)
    front = np.full(len(points), -1)
    for number in range(len(points)):
        left = front < 0
        if not left.any():
            break
        front[left & ~np.any(better[left], axis=0)] = number
    return front.tolist()
