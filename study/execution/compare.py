"""Where a run that was trained again first differs from its stored rows."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.metrics import OF_EPOCHS
from study.training.build import Array
from study.training.summary import Row, Trained

MEASURED = ("seconds", "reason")
"""Columns of a run's row that may change with each training."""


def unlike(
    again: Trained,
    row: Row,
    metrics: pd.DataFrame,
    predictions: pd.DataFrame,
    unmeasured: Collection[str] = (),
) -> tuple[int, str] | tuple[None, None]:
    """Return the first epoch and column in which a run differs from its stored rows.

    Metrics are compared first, epoch by epoch, then predictions, then the row of runs. The stored
    rows are in order. Columns that were `unmeasured` when it was stored are not compared.
    """
    epochs = len(again.metrics["epoch"]) if again.metrics["epoch"] is not None else 0
    nothing = np.full(epochs, np.nan)
    curves = {name: nothing if c is None else c for name, c in again.metrics.items()}
    at, column = first_difference(curves, metrics, unmeasured)
    if at is not None and column is not None:
        return at, column
    for name, now in again.predictions.items():
        if name in unmeasured:
            continue
        differs = np.flatnonzero(~_same(now, predictions[name]))
        if differs.size:
            return int(predictions["epoch"].iloc[differs[0]]), name
    for name, value in again.row.items():
        was = row[name]
        if name in {*MEASURED, *unmeasured}:
            continue
        if not (value == was or (value != value and was != was)):  # noqa: PLR0124  # NaN
            return epochs, name
    return None, None


def _same(now: Array, stored: "pd.Series[float]") -> NDArray[np.bool_]:
    """Compare a column value by value; all differ if the lengths differ."""
    if len(now) != len(stored):
        return np.zeros(len(stored), np.bool_)
    if now.dtype.kind != "f":
        pairs = zip(now.tolist(), stored.tolist(), strict=True)
        return np.array([a == b for a, b in pairs], np.bool_)
    before = stored.to_numpy(dtype=now.dtype, na_value=np.nan)
    return np.array((now == before) | (np.isnan(now) & np.isnan(before)), np.bool_)


def first_difference(
    again: Mapping[str, Array], stored: pd.DataFrame, unmeasured: Collection[str] = ()
) -> tuple[int, str] | tuple[None, None]:
    """Return where a run's metrics first differ from its stored ones, epoch by epoch.

    The stored rows are in order. An epoch that was not reached again differs.
    """
    names = [name for name in OF_EPOCHS if name not in unmeasured]
    same = np.zeros((len(stored), len(names)), np.bool_)
    for i, name in enumerate(names):
        now = again[name][: len(stored)]
        before = stored[name].to_numpy(dtype=now.dtype, na_value=np.nan)[: len(now)]
        same[: len(now), i] = (now == before) | (np.isnan(now) & np.isnan(before))
    differs = np.argwhere(~same)
    return (int(differs[0, 0]) + 1, names[differs[0, 1]]) if differs.size else (None, None)
