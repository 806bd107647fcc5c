"""Pruners: which trials of a batch go on at a rung, as pure functions of the rung's values."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

Pruner: TypeAlias = Callable[[Sequence[float], int, int], list[bool]]
"""(values at the rung in trial order, how many of the last are the batch's, factor) → who stays."""


def median(values: Sequence[float], batch: int, factor: int) -> list[bool]:
    """Let a trial go on that is no worse than the median of all that have come to this rung.

    Less is better, and ∞ is last: a trial that stands at ∞ never goes on. Golovin et al. 2017,
    Google Vizier, section 3.2.2, with the values at the rung in the place of running averages.

    >>> median([3.0, 1.0, 2.0, math.inf], 3, 0)
    [True, True, False]
    """
    del factor
    ordered = sorted(values)
    return _at_most(values, batch, ordered[(len(ordered) - 1) // 2])


def successive_halving(values: Sequence[float], batch: int, factor: int) -> list[bool]:
    """Let a trial go on that is among the best 1/`factor` of all that have come to this rung.

    At least one of them counts as such, and ties stay together; ∞ never goes on. Li et al. 2020,
    A System for Massively Parallel Hyperparameter Tuning, algorithm 2.

    >>> successive_halving([3.0, 1.0, 2.0, 5.0], 2, 4)
    [False, False]
    """
    best = max(len(values) // factor, 1)
    return _at_most(values, batch, sorted(values)[best - 1])


def _at_most(values: Sequence[float], batch: int, bound: float) -> list[bool]:
    return [value <= bound and value < math.inf for value in values[len(values) - batch :]]


PRUNERS: dict[str, Pruner] = {"median": median, "successive_halving": successive_halving}
