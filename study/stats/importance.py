"""Which parameters a search can tell from noise, its trials being no balanced grid."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from study.spec.objective import Objective
from study.stats.intervals import Array
from study.stats.mixture import ALPHA
from study.stats.scales import GROUPS, compared
from study.stats.summaries import measured, places

SHUFFLES = 999

COLUMNS = (*GROUPS, "metric", "term", "trials", "levels", "share", "null", "p", "p_holm", "told")


def importance(
    trials: pd.DataFrame, parameters: Sequence[str], *, metric: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per dataset, implementation and parameter: ε² beside what chance reaches.

    `trials` has one row per configuration: dataset, implementation, the levels of `parameters` and
    `value`, of which less is better and ∞ the worst. Among those in which the parameter acts, H
    being Kruskal & Wallis's statistic of the values' ranks over its levels, corrected for ties,

        ε² = H / (trials − 1),

    the share of the ranks' variance between levels (Kelley 1935; Tomczak & Tomczak 2014). `null` is
    the 95 % quantile of ε² when the values are shuffled over the trials, p the share of shuffles
    (999, and the trials as they are) that reach it, `p_holm` p after Holm's correction over the
    parameters of one dataset and implementation; `told` is whether that is at most 0.05: else the
    parameter cannot be told from noise. ε² is NaN where the values or the levels do not vary.

    Trials are shuffled whole, so repetitions are no extra evidence. The answer is one-dimensional
    and may be another parameter's where a search tried their levels together.
    """
    rows = []
    for key, group in trials.groupby(list(GROUPS)):
        found = list(_parameters(group, parameters, rng))
        adjusted = holm([row[-1] for row in found])
        rows += [
            (*key, metric, *row, p, p <= ALPHA) for row, p in zip(found, adjusted, strict=True)
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(GROUPS, "str"))


def _parameters(
    trials: pd.DataFrame, parameters: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[str, int, int, float, float, float]]:
    for name in parameters:
        acting = trials.dropna(subset=[name])
        levels = acting[name].nunique()
        if levels > 1:
            place = np.unique(acting[name].astype(str).to_numpy(), return_inverse=True)[1]
            share, null, p = epsilon_squared(acting["value"].to_numpy(), place, rng=rng)
            yield name, len(acting), levels, share, null, p


def epsilon_squared(
    values: Array, place: "np.typing.NDArray[np.intp]", *, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Return ε² of values over groups, its 95 % quantile under shuffling, and p.

    `place` gives each value's group, 0 to k − 1; each shuffle draws from `rng`. NaN, NaN and 1
    where all values are equal or each is alone.
    """
    ranks = stats.rankdata(values)
    counts = np.bincount(place)
    spread = float(np.sum((ranks - ranks.mean()) ** 2))
    if spread == 0 or len(counts) == len(values):
        return math.nan, math.nan, 1.0
    shuffled = rng.permuted(np.tile(ranks, (SHUFFLES, 1)), axis=1)
    everything = np.vstack([ranks, shuffled])
    member = np.eye(len(counts))[place]
    deviations = everything @ member - counts * ranks.mean()
    shares = np.sum(deviations**2 / counts, axis=1) / spread
    p = float(np.mean(shares >= shares[0] * (1 - 1e-9)))
    return float(shares[0]), float(np.quantile(shares[1:], 1 - ALPHA)), p


def holm(p: Sequence[float]) -> list[float]:
    """Return each p after Holm's correction for all of them, in their order.

    The i-th smallest of m is multiplied by m + 1 − i; none is less than one before it, nor more
    than 1. Source: Holm 1979, A simple sequentially rejective multiple test procedure.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p)), key=lambda i: p[i])
    corrected, largest = [0.0] * len(p), 0.0
    for place, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - place) * p[i]))
        corrected[i] = largest
    return corrected


def objectives(runs: pd.DataFrame, parameters: Sequence[str], aim: Objective) -> pd.DataFrame:
    """Return one row per dataset and configuration: its levels, its value, and its runs.

    `value` is the objective, signed so that less is better; diverged and failed runs are ∞. `runs`
    and `diverged` count. Pruned trials are left out.
    """
    names = list(dict.fromkeys([*GROUPS, *parameters]))
    kept = compared(runs)
    values = measured(kept, aim.metric, aim.goal)
    table = kept[["configuration", *names]].assign(
        value=values, diverged=kept["status"] == "diverged"
    )
    every, diverged = table["value"].to_numpy(), table["diverged"].to_numpy()
    groups = [at for _, at in places(table)]
    first = table[["configuration", *names]].iloc[[at[0] for at in groups]]
    return first.reset_index(drop=True).assign(
        value=[aim.sign * aim.of(every[at].tolist()) for at in groups],
        runs=[len(at) for at in groups],
        diverged=[int(diverged[at].sum()) for at in groups],
    )
