"""The first configurations of each ranking: size, ties, and the other part of the data."""

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.spec.objective import Objective
from study.stats.summaries import measured

KEYS = ["dataset", "configuration"]

COLUMNS = [*KEYS, "rank", "value", "low", "high", "tied", "runs", "parameters"]


def leading(ranked: pd.DataFrame, runs: pd.DataFrame, aim: Objective) -> pd.DataFrame:
    """Return the ranked configurations as a short table.

    `ranked` also has `base` and `near` (whether a configuration is the base setup, or the nearest
    one to it), and `separable` and `tied` of `winners.tied`; `runs` has the runs that rank them.
    `setup` names the base setup. `tied` is null where the repetitions cannot separate
    configurations, and left out if they can on no dataset. `value` is the objective. One or two
    more columns have the same quantile of the metric's counterpart on the other part of the data,
    or of the final losses if it has none; a column is left out if no sample is held out.
    """
    setup = np.select([ranked["base"], ranked["near"]], ["base setup", "nearest to base setup"], "")
    tied = ranked["tied"].astype("boolean").where(ranked["separable"].eq(other=True))
    table = ranked.assign(tied=tied)
    table = table[[*COLUMNS[:3], *table.columns.intersection(["feasible"]), *COLUMNS[3:]]]
    for name in _others(aim.metric):
        counts = runs.groupby("dataset")[name].count()
        comparable = runs[runs["dataset"].isin(counts.index[counts > 0])]
        same = aim.model_copy(update={"metric": name, "goal": METRICS[name].goal})
        values = measured(comparable, name, same.goal)
        beside = values.groupby([comparable[key] for key in KEYS]).agg(same.of)
        if len(beside):
            table = table.merge(beside.rename(name).reset_index(), on=KEYS, how="left")
    table = table.assign(setup=setup)
    return table.drop(columns="tied") if tied.isna().all() else table


def _others(metric: str) -> list[str]:
    """Return the metric on the other part of the data, or the final losses: not the metric."""
    other = METRICS[metric].counterpart
    losses = ["final_train_loss", "final_test_loss"]
    return [other] if other else [name for name in losses if name != metric]
