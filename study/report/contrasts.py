"""Sentences about levels: the best, where they differ most, and who arrives."""

import math

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.plot.theme import words
from study.report.wording import at, listing, number, share


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


def spread(medians: pd.DataFrame) -> list[str]:
    """Say across which parameter the median differs most, from `final_loss`.

    A sentence for each dataset and metric, the objective's first.
    """
    by = ["dataset", "metric"]
    return [_spread(str(key[0]), rows) for key, rows in medians.groupby(by, sort=False)]


def _spread(dataset: str, rows: pd.DataFrame) -> str:
    metric = str(rows["metric"].iloc[0])
    apart = _ratio if METRICS[metric].logarithmic else _difference
    each = {str(name): apart(of) for name, of in rows.groupby("parameter", sort=False)}
    name = max(each, key=lambda parameter: each[parameter])
    what = f"On {dataset}, the median {words(metric)}"
    if np.isinf(rows["median"]).all():
        return f"{what} is infinite at every level: {_why(metric)}."
    if each[name] == apart(rows.iloc[:1]):
        return f"{what} is the same at every level."
    of = rows[rows["parameter"] == name].sort_values("median", kind="stable")
    low, high = of.iloc[0], of.iloc[-1]
    return (
        f"{what} differs most across {words(name)}: from {number(low['median'])} at "
        f"{low['level']} to {number(high['median'])} at {high['level']}."
    )


def _why(metric: str) -> str:
    """Explain an infinite median."""
    reached = " or never got there" * (METRICS[metric].summary == "first")
    return f"at least half of its runs diverged or failed{reached}"


def _ratio(rows: pd.DataFrame) -> float:
    """Return how many times the smallest median the largest is, 1 where they are equal."""
    low, high = float(rows["median"].min()), float(rows["median"].max())
    if low == high:
        return 1.0
    return high / low if low > 0 else math.inf


def _difference(rows: pd.DataFrame) -> float:
    """Return how much larger the largest median is than the smallest."""
    low, high = float(rows["median"].min()), float(rows["median"].max())
    return 0.0 if low == high else high - low
