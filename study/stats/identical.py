"""Repetitions that are one and the same run: neither data nor weights are drawn at random."""

from collections.abc import Collection

import pandas as pd

from study.space import PARAMETERS
from study.stats.summaries import stored


def identical(runs: pd.DataFrame, fixed: Collection[str]) -> pd.DataFrame:
    """Return one row per dataset with such configurations: dataset, same, configurations.

    `runs` has the value of each parameter, and `fixed` are the datasets whose samples are the same
    in each repetition. There, a configuration that begins with zeros everywhere, and takes all
    samples at once, trains the same network in each repetition: so do `same` of `configurations`.
    """
    kept = stored(runs).astype({"dataset": str})
    kept = kept[kept["dataset"].isin(fixed)]
    by = ["dataset", *PARAMETERS]
    each = kept.groupby(by, dropna=False, observed=True)["repetition"].nunique().reset_index()
    zero = each["initializer"].eq("zeros") & each["bias_initializer"].eq("zeros")
    each["same"] = zero & each["batch_size"].eq("full") & (each["repetition"] > 1)
    table = each.groupby("dataset")["same"].agg(same="sum", configurations="size")
    order = [name for name in fixed if name in table.index[table["same"] > 0]]
    listed: pd.DataFrame = table.loc[order].rename_axis("dataset").reset_index()
    return listed
