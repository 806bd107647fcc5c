"""Which repetitions agree with a claim, by a difference or a level, and how large it is.

A repetition agrees, disagrees, or ties. Diverged, failed and "never" are ∞, or −∞ of accuracy; ∞
loses to every number.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.columns import TABLES
from study.metrics import DIVERGED, METRICS
from study.spec.hypotheses import Comparison, Hypothesis, Level, Threshold
from study.stats.intervals import Array, combined, median_interval

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


RATIO, DIFFERENCE = "ratio", "difference"

_UNITS = {column.name: column.unit for column in TABLES["runs"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The median effect and the order statistics around it, with their confidence level.

    `worst` is the repetition with the largest effect opposite to the median. `opposed` is true if
    the mean has the opposite sign of the median: a few repetitions differ far more than the others,
    in the other direction. Unknown numbers are NaN. `sizes` are the effects of all repetitions, on
    the scale of the comparison.
    """

    effect: float = math.nan
    unit: str = ""
    low: float = math.nan
    high: float = math.nan
    level: float = math.nan
    worst: float = math.nan
    opposed: bool = False
    sizes: tuple[float, ...] = ()


def size(hypothesis: Hypothesis, agreement: Agreement) -> Size:
    """Return the size of an effect: a ratio, a difference, or the metric of a level.

    The interval is of order statistics, and may hold "no effect" where there is a verdict; the
    effect itself is NaN where it is infinite.
    """
    if hypothesis.metric == DIVERGED:
        return Size()
    sizes = agreement.sizes
    if isinstance(hypothesis, Level):
        unit, toward, log = _UNITS[hypothesis.metric], _claimed(hypothesis), False
    else:
        log = by_ratio(hypothesis)
        unit = RATIO if log else _UNITS[hypothesis.metric] or DIFFERENCE
        side = 0.0 if hypothesis.margin is not None else np.sign(sizes).sum()
        toward = float(np.sign(side))
    interval = median_interval(sizes)
    middle = float(combined(sizes))
    with np.errstate(invalid="ignore"):
        mean = float(sizes.mean())
    worst = sizes[np.argmin(toward * sizes)] if toward else sizes[np.argmax(np.abs(sizes))]
    low, middle, high, worst = (
        _ratio(end) if log else end
        for end in (float(interval.low), middle, float(interval.high), float(worst))
    )
    return Size(
        effect=middle if math.isfinite(middle) and (middle or not log) else math.nan,
        unit=unit,
        low=low,
        high=high,
        level=interval.level,
        worst=worst,
        sizes=tuple(sizes.tolist()),
        opposed=not isinstance(hypothesis, Level) and toward * mean < 0,
    )


def _claimed(hypothesis: Level) -> float:
    """Return the direction of a level: 1 where it is at least, −1 where it is at most."""
    return 1.0 if hypothesis.expect.at_least is not None else -1.0


def _ratio(difference: float) -> float:
    """Return 10 to the power of this: 0 for −∞, and ∞ where it is too large."""
    return 10.0**difference if difference < 308 else math.inf  # noqa: PLR2004  # float64


def resampled(
    sizes: Sequence[float], ratio: float, *, log: bool = False
) -> tuple[float, float] | None:
    """Return the corrected resampled t interval, 95 %, where repetitions re-split the same rows.

    Splits overlap, so the variance of their mean is s² (1/n + n_test/n_train), `ratio` being the
    latter. None where it has no size. Source: Nadeau & Bengio 2003, Inference for the
    generalization error.

    >>> [round(end, 3) for end in resampled([1.0, 2.0, 3.0], 0.25)]
    [-1.286, 5.286]
    """
    from scipy.special import stdtrit  # `study plan` does without SciPy

    n = len(sizes)
    if n < 2 or not np.isfinite(sizes).all():  # noqa: PLR2004  # one value has no spread
        return None
    mean = float(np.mean(sizes))
    half = float(stdtrit(n - 1, 0.975)) * math.sqrt(float(np.var(sizes, ddof=1)) * (1 / n + ratio))
    return (_ratio(mean - half), _ratio(mean + half)) if log else (mean - half, mean + half)
