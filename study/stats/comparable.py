"""Comparable runs: runs of complete trials, in settings that occur with every level."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TRIAL = ("dataset", "configuration")
"""What the runs of one trial have in common, in a frame that names configurations."""


def pruned(runs: pd.DataFrame, by: Sequence[Hashable] = TRIAL) -> NDArray[np.bool_]:
    """Return for each run whether a run of its trial was pruned; `by` tells trials apart.

    A pruned trial was trained for fewer epochs than others. If only its pruned runs were left out,
    the runs that diverged earlier would remain alone. So all runs of a trial are left out, or none.
    """
    trial = runs.groupby(list(by), dropna=False, observed=True).ngroup()
    return np.isin(trial, trial[runs["status"] == "pruned"])


def whole(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of all trials without a pruned run."""
    return runs[~pruned(runs)]


def matched(runs: pd.DataFrame, parameters: Sequence[str], studied: Sequence[str]) -> pd.DataFrame:
    """Return the runs at which the levels of `parameters` can be compared, dataset by dataset.

    A setting is a value for each other studied parameter that acts in all of these runs. In a study
    without some combinations, two levels may occur in different settings, and would differ because
    of these. So only settings are kept that occur with every level (for two parameters, with every
    pair of levels that occurs). If there is no such setting, all are kept.
    """
    acting = runs.dropna(subset=list(parameters))
    others = [n for n in studied if n not in parameters and not acting[n].isna().any()]
    datasets = acting.groupby("dataset", sort=False)
    parts = [_of_one_dataset(part, parameters, others) for _, part in datasets]
    return pd.concat(parts) if parts else acting


def _of_one_dataset(
    runs: pd.DataFrame, parameters: Sequence[str], others: Sequence[str]
) -> pd.DataFrame:
    if not others:
        return runs
    cell = runs.groupby(list(parameters)).ngroup()
    setting = runs.groupby(list(others)).ngroup()
    met = cell.groupby(setting).transform("nunique")
    everywhere = met == cell.nunique()
    return runs[everywhere] if everywhere.any() else runs
