"""The runs of each dataset's base setup and best configuration, which figures show together."""

import pandas as pd

from study.report.material import Material
from study.stats import summaries

KEYS, OWN = ["dataset", "configuration"], ["dataset", "role", "configuration"]


def chosen(material: Material) -> pd.DataFrame:
    """Return the runs of both: run_id, repetition, dataset, role, configuration.

    Of the best configuration these are the runs by which it is ranked.
    """
    whole = summaries.stored(material.whole).astype({"dataset": str})
    parts = [
        (material.best_runs if "best" in row["role"] else whole).merge(pd.DataFrame([row]), on=KEYS)
        for row in material.roles.to_dict("records")
    ]
    columns = ["run_id", "repetition", *OWN]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def whose(roles: "pd.Series[str]") -> str:
    """Return what a sentence calls the best configuration, where the base setup may be it.

    >>> whose(pd.Series(["best", "base and best"])), whose(pd.Series(["base and best"]))
    ('the best configuration', 'the base setup')
    """
    return "the base setup" if roles.eq("base and best").all() else "the best configuration"
