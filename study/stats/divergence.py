"""Where runs diverge: how often, how soon, and up to which value none did."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from study.space import PARAMETERS
from study.stats.intervals import CONFIDENCE, Array
from study.stats.scales import GROUPS

CELLS = (
    *GROUPS, "parameter", "level", "other", "other_level",
    "configurations", "runs", "repetitions", "diverged", "share", "low", "high", "first",
    "median_epoch",
)  # fmt: skip

STABLE = (
    *GROUPS, "parameter", "combination", "runs", "constant", "largest_stable", "smallest_unstable",
)  # fmt: skip


def scaled(parameters: Sequence[str]) -> list[str]:
    """Return the parameters with a logarithmic scale.

    >>> scaled(["activation", "lr"])
    ['lr']
    """
    return [name for name in parameters if PARAMETERS[name].scale == "log"]


def cells(runs: pd.DataFrame, parameters: Sequence[str]) -> pd.DataFrame:
    """Return the share of runs that diverged, over two parameters, one on a logarithmic scale.

    One row per dataset, implementation, level of `parameter` and level of an `other`: `runs` (a
    pruned one had not diverged by then; failed ones do not say) of so many `configurations` and
    `repetitions`, `diverged`, `share` with its interval over repetitions, `low` to `high` (at least
    95 %, see `share_interval`), and the `first` and median epoch at which one diverged, NaN where
    none did. Where it is the only parameter, `other` is
    `none`.
    """
    rows = []
    for key, group in _ended(runs).groupby(list(GROUPS)):
        varied = _varied(group, parameters)
        for parameter in scaled(varied):
            others = [name for name in varied if name != parameter]
            for other in others or ["none"]:
                rows += [(*key, parameter, *row) for row in _cells(group, parameter, other)]
    return pd.DataFrame(rows, columns=list(CELLS)).astype(dict.fromkeys(GROUPS, "str"))


def _ended(runs: pd.DataFrame) -> pd.DataFrame:
    return runs[runs["status"].isin(["completed", "diverged", "pruned"])]


def _varied(runs: pd.DataFrame, parameters: Sequence[str]) -> list[str]:
    return [name for name in parameters if len(runs[name].dropna().unique()) > 1]


def _cells(runs: pd.DataFrame, parameter: str, other: str) -> Iterator[tuple[object, ...]]:
    table = runs.assign(none="all") if other == "none" else runs
    for (level, other_level), group in table.groupby([parameter, other]):
        bad = group.loc[group["status"] == "diverged", "diverged_at"].astype(float)
        repetitions = group["repetition"].nunique()
        low, high = map(float, share_interval(len(bad) / len(group), repetitions))
        first, middle = (bad.min(), bad.median()) if len(bad) else (math.nan, math.nan)
        yield (
            str(level), other, str(other_level),
            group["configuration"].nunique(), len(group), repetitions, len(bad),
            len(bad) / len(group), low, high, float(first), float(middle),
        )  # fmt: skip


def share_interval(
    share: ArrayLike, repetitions: ArrayLike, *, confidence: float = CONFIDENCE
) -> tuple[Array, Array]:
    """Return the interval for a share, counting as many draws as there are repetitions.

    Runs of one repetition share its draws, so they are no independent draws themselves. Clopper &
    Pearson's interval (1934) has k hits of n draws; here k is share × repetitions, which need not
    be whole. It holds where all runs of a repetition end alike, and is wide where they do not.

    >>> [round(float(end), 3) for end in share_interval(0.0, 10)]
    [0.0, 0.308]
    """
    from scipy.special import betaincinv  # drawing does without SciPy

    n = np.asarray(repetitions, dtype=float)
    hits, tail = np.asarray(share, dtype=float) * n, (1 - confidence) / 2
    low = np.where(hits > 0, betaincinv(np.where(hits > 0, hits, 1), n - hits + 1, tail), 0.0)
    rest = np.where(hits < n, n - hits, 1)
    return low, np.where(hits < n, betaincinv(hits + 1, rest, 1 - tail), 1.0)


def stable(runs: pd.DataFrame, parameters: Sequence[str]) -> pd.DataFrame:
    """Return up to which level of a parameter on a logarithmic scale no run diverged.

    One row per dataset, implementation, `parameter` and `combination` of the others: of its levels
    tried there, `largest_stable` is the one up to which none of the `runs` diverged, null where
    some did at the smallest, and `smallest_unstable` the next, null where none diverged. Of the
    runs, `constant` give one answer to all of their samples.
    """
    rows = []
    for key, group in _ended(runs).groupby(list(GROUPS)):
        varied = _varied(group, parameters)
        for parameter in scaled(varied):
            acting = group.dropna(subset=[parameter])
            others = [name for name in varied if name != parameter]
            texts = acting[others].astype(object).agg(_combination, axis=1) if others else "all"
            for name, of in acting.assign(combination=texts).groupby("combination", sort=False):
                collapsed = int(of["constant"].sum())
                rows.append((*key, parameter, name, len(of), collapsed, *_edge(of, parameter)))
    return pd.DataFrame(rows, columns=list(STABLE)).astype(dict.fromkeys(GROUPS, "str"))


def _combination(levels: "pd.Series[str]") -> str:
    return " · ".join(
        PARAMETERS[str(name)].called(str(level)) for name, level in levels.dropna().items()
    )


def _edge(runs: pd.DataFrame, parameter: str) -> tuple[str | None, str | None]:
    bad = (runs["status"] == "diverged").groupby(runs[parameter]).any()
    levels = [str(level) for level in bad.index]
    unstable = next((i for i, one in enumerate(bad) if one), len(levels))
    return (
        levels[unstable - 1] if unstable else None,
        levels[unstable] if unstable < len(levels) else None,
    )
