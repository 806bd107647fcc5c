"""How a run behaves in its last fifth: still falling, unsteady, spiking."""

import math

import numpy as np
import pandas as pd

from study.analysis.scales import FLOOR

SHARE = 0.2
"""The last fifth of the epochs counts as late."""

POINTS = 51
"""So many of those epochs are looked at, evenly spaced, the last included."""

SPIKE = 2.0
"""A loss of more than so many times its trend is a spike."""

COLUMNS = ("run_id", "late_fall", "late_spread", "late_spikes")


def epochs(last: int) -> list[int]:
    """Return the late epochs that are looked at, of a study of `last` epochs.

    >>> epochs(10), len(epochs(5000)), epochs(5000)[:2]
    ([8, 9, 10], 51, [4000, 4020])
    """
    first = max(1, round((1 - SHARE) * last))
    return sorted({int(epoch) for epoch in np.linspace(first, last, POINTS).round()})


def late(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per run that lasted: what its training loss does in the last fifth.

    `metrics` has one row per run and late epoch: run_id, epoch, train_loss. A line is fitted to
    log₁₀ of the loss by least squares. `late_fall` is how far it falls from the first of these
    epochs to the last (negative where it rises), `late_spread` the standard deviation around it,
    in log₁₀, and `late_spikes` the share of these epochs whose loss is more than twice the line's.
    A run without a loss at one of the epochs is left out: it ended before. An infinite loss makes
    all three ∞, but for the fall, which is NaN. No row where there are fewer than 3 epochs.
    """
    wide = metrics.pivot_table(
        index="run_id", columns="epoch", values="train_loss", dropna=False
    ).dropna()
    at = wide.columns.to_numpy(dtype=float)
    if len(at) < 3 or wide.empty:  # noqa: PLR2004  # a line goes through two points
        return pd.DataFrame(columns=list(COLUMNS)).astype({"run_id": str})
    losses = wide.to_numpy(dtype=float)
    lasted = np.isfinite(losses).all(axis=1)
    logs = np.log10(np.maximum(np.where(lasted[:, None], losses, 1.0), FLOOR))
    centred = at - at.mean()
    slope = logs @ centred / np.sum(centred**2)
    away = logs - logs.mean(axis=1, keepdims=True) - np.outer(slope, centred)
    spread = np.sqrt(np.sum(away**2, axis=1) / (len(at) - 2))
    spikes = np.mean(away > math.log10(SPIKE), axis=1)
    columns = {
        "run_id": wide.index.astype(str),
        "late_fall": np.where(lasted, -slope * np.ptp(at), np.nan),
        "late_spread": np.where(lasted, spread, np.inf),
        "late_spikes": np.where(lasted, spikes, np.inf),
    }
    return pd.DataFrame(columns)
