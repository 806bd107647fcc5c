"""Runs that can be compared fairly: at every level, the same settings of all the rest."""

from collections.abc import Sequence

import pandas as pd


def matched(runs: pd.DataFrame, parameters: Sequence[str], studied: Sequence[str]) -> pd.DataFrame:
    """Return the runs at which the levels of `parameters` can be compared, dataset by dataset.

    A setting is a value for each other studied parameter that acts in all of these runs. Where a
    study leaves some combinations out, a level may stand beside settings that another level never
    met, and their difference would be the settings'. So only settings are kept that occur at every
    level (at every pair of levels that occurs, for two parameters); where there is none, all.
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
