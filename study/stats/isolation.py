"""How good each value of a parameter can be: the best found with all others free."""

from collections.abc import Mapping, Sequence

import pandas as pd

COLUMNS = (
    "dataset", "parameter", "level", "tried", "rank", "configuration", "metric",
    "goal", "quantile", "value", "median", "low", "high", "confidence", "runs",
)  # fmt: skip


def isolation(ranked: pd.DataFrame, levels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return one row per dataset, parameter and level: the best configuration at that level.

    `ranked` is `summaries.configurations`, best first; `levels` has those of each parameter, in
    order. `tried` counts the configurations at the level: the best of more is better by luck alone,
    so levels that were tried unequally often cannot be compared so. `rank`, `value`, `median`,
    `low`, `high` and `confidence` are the best one's. Source: Godbole et al. 2023, Deep Learning
    Tuning Playbook, "isolation plots".
    """
    rows = [
        (dataset, parameter, level, len(here), *here.iloc[0][list(COLUMNS[4:])])
        for dataset, group in ranked.groupby("dataset", sort=False)
        for parameter, names in levels.items()
        for level in names
        if len(here := group[group[parameter] == level])
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))
