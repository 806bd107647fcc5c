"""Learning curves of many runs as one: the median at each epoch, and a band around it."""

import math
from collections.abc import Sequence

import pandas as pd

from study.metrics import METRICS
from study.stats.intervals import median, median_interval

COLUMNS = ("epoch", "runs", "median", "low", "high", "confidence")


def curves(metrics: pd.DataFrame, *, by: Sequence[str], metric: str) -> pd.DataFrame:
    """Return the median of `metric` at each epoch, and a band around it.

    `metrics` has one row per run and epoch: run_id, epoch, `metric` and the columns of `by`. A run
    without a row at an epoch that others have reached has diverged, and counts as the worst limit
    of the metric: ∞ of a loss, 0 of an accuracy. The runs of a group are the repetitions of one
    configuration, and the band is an order-statistic interval for their median, `confidence` its
    actual level.
    """
    wide = metrics.pivot_table(index="run_id", columns="epoch", values=metric, dropna=False)
    wide = wide.where(wide.abs() < math.inf).fillna(METRICS[metric].quantity.worst_limit)
    identity = metrics.drop_duplicates("run_id")
    frames = []
    for key, group in identity.groupby(list(by)):
        values = wide.loc[group["run_id"]].to_numpy(dtype=float)
        interval = median_interval(values)
        curve = pd.DataFrame(
            {
                **{name: str(part) for name, part in zip(by, key, strict=True)},
                "epoch": wide.columns.to_numpy(),
                "runs": len(group),
                "median": median(values),
                "low": interval.low,
                "high": interval.high,
                "confidence": interval.level,
            }
        )
        frames.append(curve)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*by, *COLUMNS])


def together(parts: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return the curves of all parts; without any, an empty table with these columns."""
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))
