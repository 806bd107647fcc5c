"""How far repetitions of one configuration differ: to be known before all else."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from study.metrics import METRICS, OF_RUNS
from study.stats.scales import GROUPS, compared, finite

SUMMARIES = tuple(name for name in OF_RUNS if METRICS[name].summary)

COLUMNS = (
    *GROUPS, "metric", "scale", "configurations", "repetitions", "sd", "share", "correlation",
)  # fmt: skip


def noise(
    runs: pd.DataFrame, trivial: Mapping[str, float], *, metrics: Sequence[str] = SUMMARIES
) -> pd.DataFrame:
    """Return one row per dataset, implementation and metric: what repetitions alone change.

    `sd` is the standard deviation over repetitions of one configuration, pooled over the
    `configurations`: the root of the mean square within. `scale` is log10 or raw: see
    `scales.finite`. `share` is that variance's share of all variance, 1 − ω² of the configuration:
    with SSw within C configurations and SSt in all, ω² = (SSt − SSw − (C − 1) MSe) / (SSt + MSe),
    cut to [0, 1] (Hays 1963). MSe is the mean square of configuration × repetition, so that the
    share equals the noise of `decomposition.decomposition`; where a configuration lacks repetitions
    it is the mean square within. `correlation` is what the common draws of a repetition
    bring: the intraclass correlation of those configurations whose runs differ, over the
    repetitions that all of them have (Shrout & Fleiss 1979, the two-way ICC(2,1)). Epochs to a
    threshold enter where every repetition of the configuration reached it; pruned trials are left
    out. All three are NaN where nothing can be said: one repetition, or nothing varies.
    """
    rows = [
        (*key, *row)
        for key, group in compared(runs).groupby(list(GROUPS))
        for row in _metrics(group, trivial, metrics)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(GROUPS, "str"))


def _metrics(
    runs: pd.DataFrame, trivial: Mapping[str, float], metrics: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    for metric in metrics:
        if runs[metric].isna().all():
            continue
        kept = runs
        if METRICS[metric].summary in {"first", "at_best"}:
            reached = runs[metric].notna() & (runs["status"] == "completed")
            kept = runs[reached.groupby(runs["configuration"]).transform("all")]
        if kept.empty:
            continue
        table = kept.assign(value=finite(kept, metric, trivial)).pivot_table(
            index="configuration", columns="repetition", values="value"
        )
        scale = "log10" if METRICS[metric].logarithmic else "raw"
        repetitions = int(table.count(axis=1).min())
        differ = table[table.max(axis=1) > table.min(axis=1)]
        yield metric, scale, len(table), repetitions, *_shares(table), correlation(differ)


def _shares(table: pd.DataFrame) -> tuple[float, float]:
    """Return the pooled standard deviation within the rows, and its share of all variance."""
    values = table.to_numpy()
    defined = ~np.isnan(values)
    total, rows = int(defined.sum()), len(values)
    if total == rows:
        return math.nan, math.nan
    numbers = values[defined]
    inside = float(np.nansum((values - np.nanmean(values, axis=1, keepdims=True)) ** 2))
    mean_square = inside / (total - rows)
    everything = float(np.sum((numbers - numbers.mean()) ** 2))
    if np.ptp(numbers) == 0:
        return 0.0, math.nan
    error = mean_square
    if defined.all() and rows > 1:
        common = rows * float(np.sum((values.mean(axis=0) - values.mean()) ** 2))
        error = (inside - common) / ((rows - 1) * (values.shape[1] - 1))
    omega = (everything - inside - (rows - 1) * error) / (everything + error)
    return math.sqrt(mean_square), float(np.clip(1 - omega, 0, 1))


def correlation(table: pd.DataFrame) -> float:
    """Return the mean correlation of a table's C rows over its n columns without missing values.

    ρ = (MSr − MSe) / (MSr + (C − 1) MSe), with MSr the mean square between the columns and MSe the
    residual of rows and columns: the correlation of any two configurations over repetitions, if it
    is the same for all pairs.

    >>> correlation(pd.DataFrame([[0.0, 1.0, 2.0], [5.0, 6.0, 7.0]]))
    1.0
    """
    values = table.dropna(axis=1).to_numpy()
    rows, columns = values.shape
    if rows < 2 or columns < 2:  # noqa: PLR2004  # nothing to correlate
        return math.nan
    means = values.mean(axis=0)
    between = rows * np.sum((means - means.mean()) ** 2) / (columns - 1)
    inside = values - values.mean(axis=1, keepdims=True) - means + means.mean()
    residual = np.sum(inside**2) / ((columns - 1) * (rows - 1))
    spread = between + (rows - 1) * residual
    if spread <= np.finfo(float).eps * np.ptp(values) ** 2:
        return math.nan
    return float(np.round((between - residual) / spread, 9))
