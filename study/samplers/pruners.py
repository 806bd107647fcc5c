"""Pruners: whether a trial continues at a rung, as functions of the values there."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Rule: TypeAlias = Callable[[Sequence[float], int], bool]
"""(values at the rung in trial order, the trial's own last; factor) → whether it continues.

Less is better. A trial is compared with earlier trials alone, also in its own batch, so what
becomes of it does not depend on how many follow."""


@dataclass(frozen=True, slots=True)
class Pruner:
    """A row of PRUNERS: its rule, and the default of its factor, None if it takes none."""

    rule: Rule
    factor: int | None = None


def median(values: Sequence[float], _: int) -> bool:
    """Let a trial continue that is no worse than the median of all trials at this rung.

    Of an even number the median is the lower of the middle two; ∞ never continues. Golovin et al.
    2017, Google Vizier, section 3.2.2, with values at the rung in the place of running averages.

    >>> median([3.0, 1.0, 2.0], 0), median([1.0, 2.0], 0)
    (True, False)
    """
    return _at_most(values, sorted(values)[(len(values) - 1) // 2])


def successive_halving(values: Sequence[float], factor: int) -> bool:
    """Let a trial continue that is among the best 1/`factor` of all trials at this rung.

    At least one of them counts as such; ∞ never continues. Li et al. 2020, A System for Massively
    Parallel Hyperparameter Tuning, algorithm 2.

    >>> successive_halving([3.0, 1.0, 2.0], 3), successive_halving([3.0, 2.0, 1.0], 3)
    (False, True)
    """
    return _at_most(values, sorted(values)[max(len(values) // factor, 1) - 1])


def _at_most(values: Sequence[float], bound: float) -> bool:
    return values[-1] <= bound and values[-1] < math.inf


PRUNERS: dict[str, Pruner] = {
    "median": Pruner(median),
    "successive_halving": Pruner(successive_halving, factor=3),
}
