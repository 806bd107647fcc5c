"""How much ranks depend on each parameter, where trials are no balanced grid: ε²."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from study.spec.objective import Objective
from study.stats.scales import GROUPS, compared
from study.stats.summaries import measured, places

SHUFFLES = 999

QUANTILE = 0.95

COLUMNS = (*GROUPS, "metric", "term", "trials", "levels", "share", "null")


def importance(
    trials: pd.DataFrame, parameters: Sequence[str], *, metric: str, rng: np.random.Generator
) -> pd.DataFrame:
    """Return one row per dataset, implementation and parameter: ε², and the ε² of pure chance.

    `trials` has one row per configuration: dataset, implementation, the levels of `parameters` and
    `value` (less is better, ∞ is the worst). Let H be Kruskal & Wallis's statistic of the values'
    ranks over the parameter's levels, corrected for ties, in the trials where the parameter acts:

        ε² = H / (trials − 1),

    the share of the ranks' variance between levels (Kelley 1935; Tomczak & Tomczak 2014). `null` is
    the 95 % quantile of ε² when the values are shuffled over the trials. It describes what chance
    reaches for one parameter, and is no test of several. ε² is NaN where the values or the levels
    do not vary.

    Trials are shuffled whole, so repetitions are no extra evidence. The answer is one-dimensional
    and may be another parameter's where a search tried their levels together.
    """
    rows = [
        (*key, metric, *row)
        for key, group in trials.groupby(list(GROUPS))
        for row in _parameters(group, parameters, rng)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(GROUPS, "str"))


def _parameters(
    trials: pd.DataFrame, parameters: Sequence[str], rng: np.random.Generator
) -> Iterator[tuple[str, int, int, float, float]]:
    for name in parameters:
        acting = trials.dropna(subset=[name])
        levels = acting[name].nunique()
        if levels > 1:
            place = np.unique(acting[name].astype(str).to_numpy(), return_inverse=True)[1]
            yield name, len(acting), levels, *epsilon_squared(acting["value"], place, rng=rng)


def epsilon_squared(
    values: ArrayLike, place: "np.typing.NDArray[np.intp]", *, rng: np.random.Generator
) -> tuple[float, float]:
    """Return ε² of values over groups, and its 95 % quantile under shuffling.

    `place` gives each value's group, 0 to k − 1; each shuffle draws from `rng`. NaN and NaN where
    all values are equal or each is alone.
    """
    ranks = pd.Series(values).rank().to_numpy()
    counts = np.bincount(place)
    spread = float(np.sum((ranks - ranks.mean()) ** 2))
    if spread == 0 or len(counts) == len(ranks):
        return math.nan, math.nan
    shuffled = rng.permuted(np.tile(ranks, (SHUFFLES, 1)), axis=1)
    everything = np.vstack([ranks, shuffled])
    member = np.eye(len(counts))[place]
    deviations = everything @ member - counts * ranks.mean()
    shares = np.sum(deviations**2 / counts, axis=1) / spread
    return float(shares[0]), float(np.quantile(shares[1:], QUANTILE))


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
