"""Trials instead of runs: one value a configuration, the objective over its repetitions."""

from collections.abc import Sequence

import pandas as pd

from study.spec.objective import Objective
from study.stats.scales import GROUPS, compared
from study.stats.summaries import measured, places


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
