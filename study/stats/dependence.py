"""Whether the best level of one parameter depends on another one, and how strongly two act."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.metrics import METRICS

WORTH, APART = 1.1, 0.02
"""A level counts as another best one if its median is more than `WORTH` times as good, or for a
share by more than `APART`."""

LEAST = 1e-12
"""Smaller medians have this logarithm."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the level of one parameter that is best at `of` = `there` is not best elsewhere.

    At `of` = `elsewhere`, `other` is best, and the median of `best` is `times` the median of
    `other`; or, unless `ratios` count, `times` is their difference. It is ∞ where the median of
    `best` is infinite.
    """

    parameter: str
    of: str
    best: str
    there: str
    other: str
    elsewhere: str
    times: float
    ratios: bool


def turns(cells: pd.DataFrame) -> list[Turn]:
    """Return where it costs most to take the level that is best at another one.

    `cells` are the measured ones of one dataset and metric. Several turns are returned where
    parameters always change together, and none where each best level is the same everywhere.
    """
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    ratios = METRICS[metric].logarithmic and goal == "minimize"
    worth = WORTH if ratios else APART
    changes = [turn for turn in _turns(cells, goal, ratios=ratios) if turn.times > worth]
    most = max(changes, key=lambda turn: turn.times, default=None)
    return [
        turn for turn in changes if most
        and (turn.of, turn.there, turn.elsewhere, turn.times)
        == (most.of, most.there, most.elsewhere, most.times)
    ]  # fmt: skip


def _turns(cells: pd.DataFrame, goal: str, *, ratios: bool) -> Iterator[Turn]:
    """Yield, for the best cell of each pair of parameters, where its levels are not the best."""
    sign = 1.0 if goal == "minimize" else -1.0
    for (first, second), rows in cells.groupby(["first", "second"], sort=False):
        names = str(first), str(second)
        table = sign * rows.pivot_table(
            index="first_level", columns="second_level", values="median", dropna=False
        )
        for (parameter, of), medians in ((names, table), (names[::-1], table.T)):
            finite = medians.where(np.isfinite(medians)).dropna(axis="columns", how="all")
            if finite.empty:
                continue
            there = str(finite.min().idxmin())
            tied = finite.index[finite[there] == finite[there].min()]  # the best of them elsewhere
            best = str(medians.loc[tied].max(axis="columns").idxmin())
            for elsewhere in map(str, finite.columns):
                low, kept = float(finite[elsewhere].min()), float(medians[elsewhere][best])
                if not np.isnan(kept) and (low > 0 or not ratios):
                    other = str(finite[elsewhere].idxmin())
                    times = kept / low if ratios else kept - low
                    yield Turn(parameter, of, best, there, other, elsewhere, times, ratios)


def interactions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with the `strength` of their pair's interaction, and its `place`.

    `cells` have dataset, metric, first, second, their levels, and median. Cell medians that were a
    sum of an effect of each parameter would show no interaction: the strength is the root mean
    square of what such a sum leaves, for each dataset, in log₁₀ where ratios count; 0 without two
    levels of both. An infinite median counts as the worst finite one of its dataset. The place
    orders the pairs of a metric by their mean strength over datasets, 1 being the strongest.
    """
    if cells.empty:
        return cells.assign(strength=0.0, place=0)
    keys, pair = ["metric", "dataset", "first", "second"], ["metric", "first", "second"]
    defined = cells[cells["median"].notna()].assign(value=_capped(cells))
    strengths = {key: _strength(rows) for key, rows in defined.groupby(keys, sort=False)}
    each = [strengths.get(key, 0.0) for key in cells[keys].itertuples(index=False, name=None)]
    table = cells.assign(strength=np.array(each, dtype=float))
    once = table.drop_duplicates(keys)
    means = once.groupby(pair, sort=False)["strength"].mean().reset_index()
    means = means.sort_values("strength", ascending=False, kind="stable")
    means["place"] = means.groupby("metric").cumcount() + 1
    return table.merge(means[[*pair, "place"]], on=pair, how="left")


def _capped(cells: pd.DataFrame) -> pd.Series:
    """Return the medians on their metric's scale, infinite ones as the worst finite ones."""
    logs = cells["metric"].map(lambda name: METRICS[name].logarithmic).astype(bool)
    scaled = cells["median"].where(~logs, np.log10(cells["median"].clip(lower=LEAST)))
    finite = scaled.where(np.isfinite(scaled)).groupby([cells["metric"], cells["dataset"]])
    low, high = (finite.transform(end).fillna(0.0) for end in ("min", "max"))
    return scaled.clip(low, high)


def _strength(cells: pd.DataFrame) -> float:
    columns = [pd.get_dummies(cells[f"{side}_level"], dtype=float) for side in ("first", "second")]
    if min(column.shape[1] for column in columns) == 1:
        return 0.0
    values, design = cells["value"].to_numpy(), np.hstack(columns)
    fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(np.sqrt(np.mean((values - fitted) ** 2)))
