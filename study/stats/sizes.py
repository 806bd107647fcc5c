"""How large an effect is: its median over repetitions, an interval, the worst repetition."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from study.columns import TABLES
from study.metrics import DIVERGED
from study.spec.hypotheses import Hypothesis, Level
from study.stats.agreement import Agreement, by_ratio
from study.stats.differences import combined
from study.stats.intervals import median_interval

RATIO, DIFFERENCE = "ratio", "difference"

_UNITS = {column.name: column.unit for column in TABLES["runs"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """The median effect and the order statistics around it, with the level that they have.

    `worst` is the repetition that goes furthest against what most show. `opposed` says that the
    mean goes against the median: a few repetitions differ far more than the others, the other way.
    What is unknown is NaN. `sizes` are those of the repetitions, on the scale that is compared.
    """

    effect: float = math.nan
    unit: str = ""
    low: float = math.nan
    high: float = math.nan
    level: float = math.nan
    worst: float = math.nan
    opposed: bool = False
    sizes: tuple[float, ...] = ()


def size(hypothesis: Hypothesis, found: Agreement) -> Size:
    """Return the size of an effect: a ratio, a difference, or the metric of a level.

    The interval is of order statistics, and may hold "no effect" where there is a verdict; the
    effect itself is NaN where it is infinite.
    """
    if hypothesis.metric == DIVERGED:
        return Size()
    sizes = found.sizes
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
