"""Which configurations and trials meet the constraints, and so may be called best."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from study.spec.constraints import Constraint, described
from study.spec.objective import Objective
from study.stats.intervals import Array

KEYS = ["dataset", "configuration"]

COLUMNS = (
    "dataset", "constraint", "metric", "key", "limit", "feasible", "all", "configurations",
)  # fmt: skip


def flags(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each row is feasible; without constraints, all rows are."""
    if "feasible" in frame:
        return frame["feasible"].eq(other=True)
    return pd.Series(data=True, index=frame.index, dtype=bool)


def feasible(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the feasible rows of configurations or trials."""
    return frame[flags(frame)]


def best(ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the best configuration of each dataset: its first, if feasible with a finite value."""
    return feasible(ranked[(ranked["rank"] == 1) & np.isfinite(ranked["value"])])


def competing(runs: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of feasible configurations."""
    if "feasible" not in ranked:
        return runs
    configurations = pd.MultiIndex.from_frame(feasible(ranked)[KEYS].astype("str"))
    return runs[pd.MultiIndex.from_frame(runs[KEYS].astype("str")).isin(configurations)]


def values_of(runs: pd.DataFrame, constraint: Constraint) -> Array:
    """Return each run's value of a constraint's metric, NaN where it has none."""
    counted = np.array([constraint.counts(status) for status in runs["status"]], np.bool_)
    values = runs[constraint.metric].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(counted, values, np.nan)


def met(values: Sequence[Array], constraints: Sequence[Constraint], aim: Objective) -> bool:
    """Return whether a configuration meets all constraints; `values` are its runs', of each."""
    pairs = zip(constraints, values, strict=True)
    return all(limit.excess(of.tolist(), aim.quantile) <= 0 for limit, of in pairs)


def counts(runs: pd.DataFrame, constraints: Sequence[Constraint], aim: Objective) -> pd.DataFrame:
    """Count the configurations that meet each constraint, a row for each of them and dataset.

    `feasible` meet this one, and `all` meet every constraint, of so many `configurations`.
    """
    rows = []
    for dataset, own in runs.groupby("dataset", observed=True, sort=False) if constraints else ():
        names = own["configuration"].to_numpy()
        each = [pd.Series(values_of(own, limit)).groupby(names) for limit in constraints]
        ok = [
            np.array([met([np.asarray(of, np.float64)], [limit], aim) for _, of in values])
            for limit, values in zip(constraints, each, strict=True)
        ]
        every = int(np.all(ok, axis=0).sum())
        for limit, flagged in zip(constraints, ok, strict=True):
            about = str(dataset), described(limit), limit.metric, limit.key, limit.limit
            rows.append((*about, int(flagged.sum()), every, len(flagged)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
