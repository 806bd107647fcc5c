"""The first configurations of each ranking: size, training and held-out medians, ties."""

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.stats.intervals import median
from study.stats.summaries import measured

KEYS = ["dataset", "configuration"]

COLUMNS = [*KEYS, "rank", "setup", "tied", "value", "low", "high", "runs", "parameters"]


def leading(ranked: pd.DataFrame, runs: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the ranked configurations as a short table.

    `ranked` also has `base` and `near` (whether a configuration is the base setup, or the nearest
    one to it), and `separable` and `tied` of `winners.tied`; `runs` has the runs that rank them by
    `metric`. `setup` names the base setup. `tied` is null where the repetitions cannot separate
    configurations, and left out if they can on no dataset. Two more columns have the medians of the
    metric on training samples and on held-out samples, or of the final losses; the second is left
    out if no sample is held out.
    """
    setup = np.select([ranked["base"], ranked["near"]], ["base setup", "nearest to base setup"], "")
    tied = ranked["tied"].astype("boolean").where(ranked["separable"].eq(other=True))
    table = ranked.assign(setup=setup, tied=tied)
    table = table[[*COLUMNS[:3], *table.columns.intersection(["feasible"]), *COLUMNS[3:]]]
    for name in _parts(metric):
        counts = runs.groupby("dataset")[name].count()
        comparable = runs[runs["dataset"].isin(counts.index[counts > 0])]
        values = measured(comparable, name, METRICS[name].goal)
        medians = values.groupby([comparable[key] for key in KEYS]).agg(median)
        if len(medians):
            table = table.merge(medians.rename(name).reset_index(), on=KEYS, how="left")
    return table.drop(columns="tied") if tied.isna().all() else table


def _parts(metric: str) -> tuple[str, str]:
    """Return the metric on training and on held-out samples; else the final losses."""
    m = METRICS[metric]
    if m.counterpart is None:
        return "final_train_loss", "final_test_loss"
    return (m.counterpart, metric) if m.held_out else (metric, m.counterpart)
