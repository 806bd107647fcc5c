"""What the report says of levels: the lowest, where they differ most, and who arrives."""

import math

import numpy as np
import pandas as pd

from study.figures.theme import words
from study.report.wording import at, listing, number, share


def levels(curves: pd.DataFrame) -> list[str]:
    """Say which level of each parameter ends with the lowest median loss, from `curves`."""
    last = curves[curves["epoch"] == curves["epoch"].max()]
    return [
        _lowest_level(str(dataset), rows) for dataset, rows in last.groupby("dataset", sort=False)
    ]


def _lowest_level(dataset: str, rows: pd.DataFrame) -> str:
    finite = rows[np.isfinite(rows["median"])].sort_values("median", kind="stable")
    lowest = finite.drop_duplicates("parameter").sort_index()
    named = [
        at(str(name), level)
        for name, level in zip(lowest["parameter"], lowest["level"], strict=True)
    ]
    if not named:
        return f"On {dataset}, every level's median is infinite at the end."
    each = " (each taken alone, over all settings of the others)" if len(named) > 1 else ""
    return f"On {dataset}, the lowest median at the end belongs to {listing(named)}{each}."


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


def spread(medians: pd.DataFrame) -> list[str]:
    """Say across which parameter the median final loss differs most, from `final_loss`."""
    return [_spread(str(dataset), rows) for dataset, rows in medians.groupby("dataset", sort=False)]


def _spread(dataset: str, rows: pd.DataFrame) -> str:
    ratios = {str(name): _ratio(of) for name, of in rows.groupby("parameter", sort=False)}
    name = max(ratios, key=lambda parameter: ratios[parameter])
    if np.isinf(rows["median"]).all():
        return (
            f"On {dataset}, the median final training loss is infinite at every level: at least "
            "half of its runs diverged or failed."
        )
    if ratios[name] == 1:
        return f"On {dataset}, the median final training loss is the same at every level."
    of = rows[rows["parameter"] == name].sort_values("median", kind="stable")
    low, high = of.iloc[0], of.iloc[-1]
    return (
        f"On {dataset}, the median final training loss differs most across {words(name)}: from "
        f"{number(low['median'])} at {low['level']} to {number(high['median'])} at {high['level']}."
    )


def _ratio(rows: pd.DataFrame) -> float:
    """Return how many times the smallest median the largest is, 1 where they are equal."""
    low, high = float(rows["median"].min()), float(rows["median"].max())
    if low == high:
        return 1.0
    return high / low if low > 0 else math.inf
