"""The typical run of a configuration: the repetition that has the objective's value."""

import numpy as np
import pandas as pd

from study.spec.objective import Objective, place
from study.stats.summaries import measured, places, stored

KEYS = ["dataset", "configuration"]


def typical(runs: pd.DataFrame, aim: Objective) -> pd.DataFrame:
    """Return one stored run of each configuration: run_id, dataset, configuration.

    Its metric is the objective's value, so it is the repetition at the objective's quantile, and of
    equal ones the first. Where that value is infinite it is the worst finite repetition, or else it
    is chosen by the final training loss. A configuration without a finite one has no row.
    """
    kept = stored(runs).sort_values("repetition", kind="stable")
    signed = (aim.sign * measured(kept, aim.metric, aim.goal)).to_numpy()
    losses = measured(kept).to_numpy()
    chosen = []
    for _, at in places(kept):
        orders = (np.sort(of[at][np.isfinite(of[at])]) for of in (signed, losses))
        for of, finite in zip((signed, losses), orders, strict=True):
            if len(finite):
                value = finite[min(place(aim.quantile, len(at)), len(finite) - 1)]
                chosen.append(at[np.argmax(of[at] == value)])
                break
    return kept[["run_id", *KEYS]].iloc[chosen]
