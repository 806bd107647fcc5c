"""What the runs say of one hypothesis: counts, an estimate with its interval, two p values."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of one hypothesis on one dataset and network.

    Of `n` repetitions, `agreeing` came out as claimed and `ties` on neither side. `supporting` and
    `contradicting` are the p values of one-sided tests: of what is claimed, and of its opposite.
    Where there is an `obstacle`, a sentence, nothing was tested, and the rest is NaN. `incomplete`
    repetitions lack a run, `together` were timed in stacks that others count for, and `infinite`
    counts those with ∞ for each side alone, and for both.
    """

    n: int = 0
    agreeing: int = 0
    ties: int = 0
    estimate: float = np.nan
    low: float = np.nan
    high: float = np.nan
    level: float = np.nan
    supporting: float = np.nan
    contradicting: float = np.nan
    unit: str = ""
    method: str = ""
    obstacle: str = ""
    incomplete: int = 0
    pruned: int = 0
    together: int = 0
    infinite: tuple[int, ...] = ()

    @property
    def p(self) -> float:
        """The two-sided p value: twice the smaller of the two; NaN where nothing was tested."""
        return np.nan if self.obstacle else min(1.0, 2 * min(self.supporting, self.contradicting))


def medians(matched: int) -> str:
    """Say, after a method, that several matched cases were combined within each repetition.

    >>> medians(4), medians(1)
    ('; each repetition the median of 4 matched cases', '')
    """
    return f"; each repetition the median of {matched} matched cases" if matched > 1 else ""
