"""By which runs a search ranks its configurations, and the order of equal ones."""

import numpy as np
import pandas as pd

from study.stats.comparable import whole


def as_asked(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Return a search's runs in the order in which its trials were asked for, as a plan's are.

    Equal configurations are ranked in this order.
    """
    keys = ["dataset", "configuration"]
    numbers = trials.astype({"dataset": "str"}).groupby(keys)["number"].min()
    asked = pd.MultiIndex.from_frame(runs[keys].astype({"dataset": "str"}))
    order = runs.assign(number=numbers.reindex(asked).to_numpy())
    by = ["dataset", "number", "repetition", "run_id"]
    return order.sort_values(by, ignore_index=True).drop(columns="number")


def rankable(runs: pd.DataFrame, trials: pd.DataFrame) -> pd.DataFrame:
    """Return the runs by which the configurations of a search are ranked.

    On each dataset these are the fresh repetitions of the confirmed configurations or, without
    any, the runs that were not pruned, also before the search has ended.
    """
    if trials.empty:
        return whole(runs)
    pairs = list(zip(runs["dataset"].astype(str), runs["configuration"], strict=True))
    completed = trials[trials["state"] == "completed"]
    fresh = completed[completed["phase"] == "confirm"]
    rest = completed[~completed["dataset"].isin(fresh["dataset"])]
    keys = ["dataset", "configuration"]
    least = dict.fromkeys(rest[keys].itertuples(index=False, name=None), 0)
    confirmed = fresh[keys].itertuples(index=False, name=None)
    least |= dict(zip(confirmed, fresh["runs"].astype(int), strict=True))
    first = np.array([least.get(pair, np.inf) for pair in pairs])
    return runs[runs["repetition"].to_numpy() >= first]
