"""The axis of a metric: logarithmic if ratios count, with the trivial loss next to losses."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from study.metrics import METRICS
from study.plot.axes import (
    HIGHEST,
    LOWEST,
    limits,
    linear_limits,
    logarithmic,
    loss_limits,
    trivial_line,
)

Ends: TypeAlias = tuple[float, float]
"""The two ends of an axis."""


def ends(metric: str, parts: Iterable[ArrayLike], trivial: Mapping[str, float]) -> Ends:
    """Return the ends of an axis that shows these values of a metric."""
    if METRICS[metric].is_loss:
        return loss_limits(parts, trivial)
    return limits(parts) if METRICS[metric].logarithmic else linear_limits(parts)


def ends_of(metric: str, parts: Iterable[ArrayLike], trivial: float | None) -> Ends:
    """Return the ends of an axis that shows all of these values, and the trivial loss."""
    every = [*parts, [] if trivial is None else [trivial]]
    return limits(every) if METRICS[metric].logarithmic else linear_limits(every)


def measure(
    axes: Axes, which: Literal["x", "y"], metric: str, between: Ends, trivial: float | None
) -> None:
    """Give an axis the scale of a metric, and draw the trivial loss, if known, on it."""
    if METRICS[metric].logarithmic:
        logarithmic(axes, which, *between)
    else:
        axes.set(**{f"{which}lim": between})
    if METRICS[metric].is_loss:
        trivial_line(axes, trivial, which)


def drawn(metric: str, values: ArrayLike) -> np.ndarray:
    """Return the drawn values: infinite ones beyond the axis, and 0 at its bottom."""
    lowest = LOWEST if METRICS[metric].logarithmic else -HIGHEST
    return np.clip(np.asarray(values, dtype=np.float64), lowest, HIGHEST)
