"""Learning curves of many runs as one: the median at each epoch, and a band around it."""

import math
from collections.abc import Sequence

import pandas as pd

from study.metrics import METRICS
from study.stats.intervals import Array, median, median_interval, quartiles

COLUMNS = ("epoch", "runs", "median", "low", "high", "confidence")


def over_repetitions(metrics: pd.DataFrame, *, by: Sequence[str], metric: str) -> pd.DataFrame:
    """Return the median of `metric` and its order-statistic interval at each epoch.

    `metrics` has one row per run and epoch: run_id, epoch, `metric` and the columns of `by`.
    The runs of a group are the repetitions of one configuration; `confidence` is the interval's
    actual level. A run without a row at an epoch that others have reached has diverged, and counts
    as the worst limit of the metric: ∞ of a loss, 0 of an accuracy.
    """
    return _curves(metrics, by, metric, intervals=True)


def middle_half(metrics: pd.DataFrame, *, by: Sequence[str], metric: str) -> pd.DataFrame:
    """Return the median of `metric` and its quartiles at each epoch, as `over_repetitions` does.

    The runs of a group may be of any configurations, so the band describes them and claims no
    confidence: it is NaN.
    """
    return _curves(metrics, by, metric, intervals=False)


def _curves(
    metrics: pd.DataFrame, by: Sequence[str], metric: str, *, intervals: bool
) -> pd.DataFrame:
    wide = metrics.pivot_table(index="run_id", columns="epoch", values=metric, dropna=False)
    wide = wide.where(wide.abs() < math.inf).fillna(METRICS[metric].quantity.worst_limit)
    identity = metrics.drop_duplicates("run_id")
    frames = []
    for key, group in identity.groupby(list(by)):
        values = wide.loc[group["run_id"]].to_numpy(dtype=float)
        low, high, confidence = _band(values, intervals=intervals)
        curve = pd.DataFrame(
            {
                **{name: str(part) for name, part in zip(by, key, strict=True)},
                "epoch": wide.columns.to_numpy(),
                "runs": len(group),
                "median": median(values),
                "low": low,
                "high": high,
                "confidence": confidence,
            }
        )
        frames.append(curve)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*by, *COLUMNS])


def _band(values: Array, *, intervals: bool) -> tuple[Array, Array, float]:
    if not intervals:
        return *quartiles(values), math.nan
    interval = median_interval(values)
    return interval.low, interval.high, interval.level
