"""Trials instead of runs: one value a configuration, the median over its repetitions."""

from collections.abc import Sequence

import pandas as pd

from study.analysis.intervals import median
from study.analysis.scales import GROUPS, compared
from study.analysis.summaries import Goal, measured, places


def medians(
    runs: pd.DataFrame, parameters: Sequence[str], *, metric: str, goal: Goal
) -> pd.DataFrame:
    """Return one row per dataset and configuration: its levels, its value, and its runs.

    `value` is the median of `metric` over repetitions, signed so that less is better; diverged and
    failed runs are ∞. `runs` and `diverged` count. Pruned trials are left out.
    """
    names = list(dict.fromkeys([*GROUPS, *parameters]))
    kept = compared(runs)
    sign = 1.0 if goal == "minimize" else -1.0
    values = sign * measured(kept, metric, goal)
    table = kept[["configuration", *names]].assign(
        value=values, diverged=kept["status"] == "diverged"
    )
    every, diverged = table["value"].to_numpy(), table["diverged"].to_numpy()
    groups = [at for _, at in places(table)]
    first = table[["configuration", *names]].iloc[[at[0] for at in groups]]
    return first.reset_index(drop=True).assign(
        value=[float(median(every[at])) for at in groups],
        runs=[len(at) for at in groups],
        diverged=[int(diverged[at].sum()) for at in groups],
    )
