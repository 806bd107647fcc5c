"""Which parameter's levels differ most, by ratios or by differences as the metric asks."""

import math

import numpy as np
import pandas as pd

from study.metrics import METRICS


def widest(table: pd.DataFrame, value: str, metric: str) -> str | None:
    """Return the parameter with the largest distance between two levels; None if all are equal.

    `table` has a row for each parameter and level. The distance is a ratio where the metric's scale
    is logarithmic, and infinite between a finite value and an infinite one.

    >>> table = pd.DataFrame({"parameter": ["lr", "lr", "hidden", "hidden"]})
    >>> widest(table.assign(loss=[0.1, 0.2, 0.5, 0.9]), "loss", "final_train_loss")
    'lr'
    >>> widest(table.assign(share=[0.1, 0.2, 0.5, 0.9]), "share", "final_train_accuracy")
    'hidden'
    """
    ends = table.groupby("parameter", sort=False)[value].agg(["min", "max"]).astype(float)
    ratios = METRICS[metric].logarithmic
    apart = [_distance(low, high, ratios=ratios) for low, high in ends.to_numpy()]
    return str(ends.index[int(np.argmax(apart))]) if max(apart, default=0) > 0 else None


def _distance(low: float, high: float, *, ratios: bool) -> float:
    """Return the difference of two values, or of their logarithms."""
    if low == high:
        return 0.0
    if ratios:
        return math.log(high / low) if low > 0 else math.inf
    return high - low
