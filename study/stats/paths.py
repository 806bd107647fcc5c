"""Every trial as a path through its parameters, to see what the good ones have in common."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from study.metrics import Goal
from study.space import PARAMETERS
from study.stats.search import ARMS, best_first

COLUMNS = ("dataset", "number", "rank", "parameter", "value", "place")


def paths(trials: pd.DataFrame, parameters: Sequence[str], goal: Goal) -> pd.DataFrame:
    """Return one row per completed trial with a finite objective and each of its parameters.

    `trials` has dataset, phase, number, state, objective, and of each parameter the level ("lr")
    and the value ("lr value"), null where it is not searched. `rank` is 1 for the best of a
    dataset; `place` is where the value lies among the values that its dataset's trials tried: from
    0 to 1, numbers in their own scale, all else in the order of the values. NaN and null where the
    parameter is not searched.
    """
    known = trials[trials["phase"].isin(list(ARMS)) & (trials["state"] == "completed")]
    known = best_first(known[np.isfinite(known["objective"])], "objective", goal)
    known["rank"] = known.groupby("dataset", sort=False).cumcount() + 1
    parts = []
    for _, rows in known.groupby("dataset", sort=False):
        for name in parameters:
            part = rows[["dataset", "number", "rank"]].assign(
                parameter=name,
                value=rows[name].astype(object),
                place=_places(rows[f"{name} value"], name),
            )
            parts.append(part)
    return (
        pd.concat(parts, ignore_index=True)[list(COLUMNS)]
        if parts
        else pd.DataFrame(columns=list(COLUMNS))
    )


def _places(values: pd.Series, name: str) -> pd.Series:
    parameter = PARAMETERS[name]
    present = values.dropna()
    if parameter.numeric:
        numbers = present.astype(float)
        scaled = pd.Series(np.log(numbers)) if parameter.scale == "log" else numbers
    else:
        order = sorted(set(present), key=parameter.order)
        scaled = present.map(order.index).astype(float)
    width = float(scaled.max() - scaled.min()) if len(scaled) else 0.0
    places = (scaled - scaled.min()) / width if width else scaled * 0 + 0.5
    return places.reindex(values.index)
