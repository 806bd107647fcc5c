"""Sentences about levels: the best, where they differ most, and who arrives."""

import numpy as np
import pandas as pd

from study.plot.theme import words
from study.report.wording import at, listing, share


def levels(curves: pd.DataFrame) -> list[str]:
    """Name the level of each parameter that ends with the best median, from `curves`.

    By the first metric of the table, which is the objective's.
    """
    last = curves[curves["epoch"] == curves["epoch"].max()]
    last = last[last["metric"] == last["metric"].iloc[0]] if len(last) else last
    return [
        _best_level(str(dataset), rows) for dataset, rows in last.groupby("dataset", sort=False)
    ]


def _best_level(dataset: str, rows: pd.DataFrame) -> str:
    metric, goal = rows["metric"].iloc[0], rows["goal"].iloc[0]
    finite = rows[np.isfinite(rows["median"])]
    finite = finite.sort_values("median", kind="stable", ascending=goal == "minimize")
    best = finite.drop_duplicates("parameter").sort_index()
    named = [
        at(str(name), level) for name, level in zip(best["parameter"], best["level"], strict=True)
    ]
    if not named:
        return f"On {dataset}, every level's median is infinite at the end."
    each = " (each taken alone, over all settings of the others)" if len(named) > 1 else ""
    which = "lowest" if goal == "minimize" else "highest"
    return (
        f"On {dataset}, the {which} median {words(metric)} at the end belongs to "
        f"{listing(named)}{each}."
    )


def arriving(arrivals: pd.DataFrame) -> list[str]:
    """Say of which parameter's levels the most and the fewest runs arrive, from `arrivals`."""
    last = arrivals.groupby(["dataset", "parameter", "level"], sort=False).last().reset_index()
    found = []
    for dataset, rows in last.groupby("dataset", sort=False):
        shares = rows.groupby("parameter", sort=False)["share"]
        apart = shares.max() - shares.min()
        if not apart.max() > 0:
            says = {1.0: "every run comes", 0.0: "no run comes"}.get(
                float(rows["share"].max()), "as many runs come at every level"
            )
            found.append(f"On {dataset}, {says} to full training accuracy.")
            continue
        name = str(apart.index[int(apart.to_numpy().argmax())])
        of = rows[rows["parameter"] == name].sort_values("share", kind="stable")
        most, least = of.iloc[-1], of.iloc[0]
        found.append(
            f"On {dataset}, {share(most['share'])} of the runs with {at(name, most['level'])} "
            f"come to full training accuracy, and {share(least['share'])} of those with "
            f"{least['level']}: no parameter makes a larger difference."
        )
    return found
