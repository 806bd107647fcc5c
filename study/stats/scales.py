"""Metrics on scales whose differences mean something: log₁₀ of losses and epochs, with caps."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.stats.comparable import whole
from study.stats.summaries import measured

GROUPS = ("dataset", "implementation")
"""Runs are analysed within one dataset and one implementation of the network."""

FLOOR = 1e-12
"""A loss of 0 counts as this number, whose logarithm is finite."""


def finite(runs: pd.DataFrame, metric: str, trivial: Mapping[str, float]) -> pd.Series:
    """Return each run's metric as a finite number whose differences can be averaged.

    `runs` has dataset, status, epochs and `metric`. A loss is log₁₀ of itself, at most the trivial
    predictor's of its dataset in `trivial` (if that is unknown, the greatest finite loss). So a run
    that diverged or failed counts as one that learned nothing. Epochs to a threshold
    or to the best loss are log₁₀ too; never reached is one epoch more than the longest run's. Of
    other metrics on a logarithmic scale, ∞ counts as the greatest finite value. The rest is
    unchanged; a missing accuracy is 0.
    """
    if METRICS[metric].is_loss:
        losses = measured(runs, metric)
        greatest = losses[np.isfinite(losses)].max() if np.isfinite(losses).any() else 1.0
        caps = (
            runs["dataset"].astype(str).map(lambda name: trivial.get(name, greatest)).astype(float)
        )
        return log10(losses.clip(upper=caps))
    if METRICS[metric].summary in {"first", "at_best"}:
        never = float(runs["epochs"].max()) + 1
        return log10(measured(runs, metric).clip(upper=never))
    values = runs[metric].astype(float)
    if METRICS[metric].logarithmic:
        kept = values[np.isfinite(values)]
        return log10(values.clip(upper=kept.max() if len(kept) else 1.0))
    return values.replace([math.inf, -math.inf], np.nan).fillna(0.0)


def log10(values: pd.Series) -> pd.Series:
    """Return log₁₀ of values, those below `FLOOR` counting as it; ∞ stays ∞ and NaN NaN.

    >>> log10(pd.Series([100.0, 0.0, math.inf])).tolist()
    [2.0, -12.0, inf]
    """
    return pd.Series(np.log10(values.to_numpy(dtype=float).clip(FLOOR)), index=values.index)


def compared(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs whose final values may be compared: stored, and of no pruned trial.

    A pruned run's final values are an earlier epoch's, so all runs of its trial are left out.
    """
    return whole(runs[runs["status"] != "missing"])
