"""Trials instead of runs: one value a configuration, the median over its repetitions."""

from collections.abc import Sequence

import pandas as pd

from study.analysis.intervals import median
from study.analysis.scales import GROUPS, compared
from study.analysis.summaries import Goal, measured


def medians(
    runs: pd.DataFrame, parameters: Sequence[str], *, metric: str, goal: Goal
) -> pd.DataFrame:
    """Return one row per dataset and configuration: its levels, its value, and its runs.

    `value` is the median of `metric` over repetitions, signed so that less is better; diverged and
    failed runs are ∞. `runs` and `diverged` count. Pruned runs are left out, and with them the
    configurations that have no others.
    """
    names = list(dict.fromkeys([*GROUPS, *parameters]))
    kept = compared(runs)
    sign = 1.0 if goal == "minimize" else -1.0
    values = sign * measured(kept, metric, goal)
    table = kept[["configuration", *names]].assign(
        value=values, diverged=kept["status"] == "diverged"
    )
    rows = [
        {
            **group.iloc[0][["configuration", *names]].to_dict(),
            "value": float(median(group["value"])),
            "runs": len(group),
            "diverged": int(group["diverged"].sum()),
        }
        for _, group in table.groupby(["dataset", "configuration"], observed=True, sort=False)
    ]
    frame = pd.DataFrame(rows, columns=["configuration", *names, "value", "runs", "diverged"])
    return frame.astype({name: runs[name].dtype for name in names})
