"""Which repetitions agree with a claim: by a difference on its scale, or by a level.

A repetition agrees, disagrees, or ties. Diverged, failed and "never" are ∞, or −∞ of accuracy; ∞
loses to every number.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.metrics import METRICS
from study.spec.hypotheses import Comparison, Hypothesis, Level, Threshold
from study.stats.differences import combined
from study.stats.intervals import Array

TOLERANCE = 1e-6
"""Differences up to this, on their scale, are none: rounding of single precision is smaller."""

_SIGNS = {2: (1, -1), 4: (1, -1, -1, 1)}
"""What a comparison and an interaction add and subtract."""


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """For each repetition: whether it agrees, whether it ties, and the size that decided that.

    The size is a difference on the metric's scale, or the metric of a level.
    """

    agrees: NDArray[np.bool_]
    ties: NDArray[np.bool_]
    sizes: Array


def agreement(hypothesis: Hypothesis, values: Array, precision: np.dtype[Any]) -> Agreement:
    """Compare each repetition with the claim; `values` is (matched cases, sides, repetitions).

    Matched cases are combined within the repetition first, by the median.
    """
    if isinstance(hypothesis, Level):
        sizes = combined(values[:, 0])
        agrees = _meets(sizes, hypothesis.expect, precision)
        return Agreement(agrees, np.zeros_like(agrees), sizes)
    sizes = differences(values, log=by_ratio(hypothesis))
    if hypothesis.margin is not None:
        agrees = np.abs(sizes) <= hypothesis.margin + TOLERANCE
        return Agreement(agrees, np.zeros_like(agrees), sizes)
    ties = np.abs(sizes) <= TOLERANCE
    agrees = (sizes < 0 if hypothesis.expect == "lower" else sizes > 0) & ~ties
    return Agreement(agrees, ties, sizes)


def by_ratio(hypothesis: Comparison) -> bool:
    """Return whether a hypothesis compares by ratios: differences of log₁₀."""
    if hypothesis.scale is None:
        return METRICS[hypothesis.metric].logarithmic
    return hypothesis.scale == "log"


def differences(values: Array, *, log: bool) -> Array:
    """Return each repetition's difference, or difference of differences, on the metric's scale.

    One that needs ∞ − ∞ is 0, a tie.

    >>> values = np.array([[[10.0, np.inf, 0.0], [1.0, np.inf, 0.0]]])
    >>> differences(values, log=True), differences(values, log=False)
    (array([1., 0., 0.]), array([9., 0., 0.]))
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(np.isneginf(values), values, np.log10(values)) if log else values
        terms = scaled * np.array(_SIGNS[values.shape[1]])[:, None]
        sums = terms.sum(axis=1)
    unknown = np.isposinf(terms).any(axis=1) & np.isneginf(terms).any(axis=1)
    return combined(np.where(unknown, 0.0, sums))


def _meets(values: Array, expected: Threshold, precision: np.dtype[Any]) -> NDArray[np.bool_]:
    """Return which values meet the level, which is read in the metric's own precision.

    Of several configurations that diverged or not, most must have done what is claimed.
    """
    if expected.at_least is not None:
        return values >= float(precision.type(expected.at_least))
    if expected.at_most is not None:
        return values <= float(precision.type(expected.at_most))
    return values > 0.5 if expected.fact else values < 0.5  # noqa: PLR2004  # most of them
