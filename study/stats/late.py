"""How a run behaves in its last fifth: still improving, unsteady, spiking."""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.metrics import METRICS, Goal
from study.stats.intervals import Array
from study.stats.scales import FLOOR

SHARE = 0.2
"""The last fifth of the epochs counts as late."""

POINTS = 51
"""The number of late epochs that are read, evenly spaced, with the last one."""

SPIKE = 2.0
"""A loss above this multiple of its trend is a spike."""

COLUMNS = ("run_id", "late_fall", "late_spread", "late_spikes")


def epochs(last: int) -> list[int]:
    """Return the late epochs that are looked at, of a study of `last` epochs.

    >>> epochs(10), len(epochs(5000)), epochs(5000)[:2]
    ([8, 9, 10], 51, [4000, 4020])
    """
    first = max(1, round((1 - SHARE) * last))
    return sorted({int(epoch) for epoch in np.linspace(first, last, POINTS).round()})


def late(
    metrics: pd.DataFrame, metric: str | None = "train_loss", goal: Goal = "minimize"
) -> pd.DataFrame:
    """Return one row per run that lasted: what it does in the last fifth.

    `metrics` has one row per run and late epoch: run_id, epoch, train_loss and `metric`, the
    objective's (None if it has no value before the last epoch). Lines are fitted by least
    squares: to log₁₀ of a loss, to an accuracy as it is. `late_fall` is how much better `metric`
    gets along its line from the first of these epochs to the last (negative where it gets worse,
    NaN where it is infinite or None). `late_spread` is the standard deviation of the training loss
    around its line, in log₁₀, and `late_spikes` the share of these epochs whose loss is more than
    twice the line's; both are ∞ where a loss is. A run without a training loss at one of the epochs
    is left out: it ended before. No row where there are fewer than 3 epochs.
    """
    losses = _wide(metrics, "train_loss").dropna()
    if losses.shape[1] < 3 or losses.empty:  # noqa: PLR2004  # a line goes through two points
        return pd.DataFrame(columns=list(COLUMNS)).astype({"run_id": str})
    lasted, away, _ = _lines(losses, "train_loss")
    spread = np.sqrt(np.sum(away**2, axis=1) / (losses.shape[1] - 2))
    spikes = np.mean(away > math.log10(SPIKE), axis=1)
    columns = {
        "run_id": losses.index.astype(str),
        "late_fall": np.nan if metric is None else _falls(metrics, metric, goal, losses.index),
        "late_spread": np.where(lasted, spread, np.inf),
        "late_spikes": np.where(lasted, spikes, np.inf),
    }
    return pd.DataFrame(columns)


def _wide(metrics: pd.DataFrame, metric: str) -> pd.DataFrame:
    return metrics.pivot_table(index="run_id", columns="epoch", values=metric, dropna=False)


def _falls(metrics: pd.DataFrame, metric: str, goal: Goal, runs: pd.Index) -> Array:
    """Return how much better each of the runs gets, in the order of `runs`."""
    values = _wide(metrics, metric).reindex(runs)
    lasted, _, rise = _lines(values, metric)
    return np.where(lasted, -rise if goal == "minimize" else rise, np.nan)


def _lines(values: pd.DataFrame, metric: str) -> tuple[NDArray[np.bool_], Array, Array]:
    """Return which rows are finite, how far they are from their line, and how far that rises."""
    at = values.columns.to_numpy(dtype=float)
    numbers = values.to_numpy(dtype=float)
    lasted = np.isfinite(numbers).all(axis=1)
    filled = np.where(lasted[:, None], numbers, 1.0)
    scaled = np.log10(np.maximum(filled, FLOOR)) if METRICS[metric].is_loss else filled
    centred = at - at.mean()
    slope = scaled @ centred / np.sum(centred**2)
    away = scaled - scaled.mean(axis=1, keepdims=True) - np.outer(slope, centred)
    return lasted, away, slope * np.ptp(at)
