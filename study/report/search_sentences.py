"""What the report says of a search, each sentence a function of a table."""

import math

import pandas as pd

from study.plot.theme import words
from study.report.wording import (
    at,
    count,
    listing,
    number,
    ordinal,
    share,
)
from study.space import PARAMETERS


def history(trials: pd.DataFrame, size: pd.DataFrame, ended: pd.DataFrame) -> list[str]:
    """Report what was tried and how, how much pruning spared, and where the best of each arm came.

    `ended` has a row for each search that ended before its last trial: dataset, arm (empty where
    the method's own) and why, in words.
    """
    about = size.iloc[0]
    method = str(about["method"])
    names = {"search": method, "random": "random"}
    arms = trials.groupby(["dataset", "arm"], sort=False).size()
    own = arms.xs("search", level="arm") if len(arms) else arms
    beside = "random" in arms.index.get_level_values("arm")
    drawn = arms.xs("random", level="arm").reindex(own.index) if beside else own
    many = "as many" if drawn.equals(own) else listing([f"{n:g} ({d!s})" for d, n in drawn.items()])
    chance = f", beside {many} that were drawn at random" if beside else ""
    tried = sorted({int(n) for n in own})
    each = "" if len(tried) == 1 else f"{tried[0]:,} to "
    each += count(tried[-1], "configuration")
    found = [f"On each dataset, {method} tried {each}{chance}. {_choosing(about)}"]
    found += [
        f"On {dataset}, {arm or method} ended {why}. Declared were {int(about['trials']):,} trials."
        for dataset, arm, why in ended[["dataset", "arm", "ended"]].itertuples(index=False)
    ]
    if about["pruned"]:
        found.append(
            f"Of {count(about['runs'], 'run')} {about['pruned']:,} were given up on the way, which "
            f"spared {share(about['spared'] / about['epochs'])} of all epochs."
        )
    metric = words(str(about["metric"]))
    for dataset, rows in trials.groupby("dataset", sort=False):
        bests = {str(arm): _best(of_arm) for arm, of_arm in rows.groupby("arm", sort=False)}
        parts = [
            f"{names[arm]} found its best, {number(best[0]['objective'])}, as its "
            f"{ordinal(int(best[0]['order']))} trial"
            if best
            else f"{names[arm]} found no finite {metric}"
            for arm, best in bests.items()
        ]
        says = listing(parts) if any(bests.values()) else f"no trial came to a finite {metric}"
        found.append(f"On {dataset}, {says}.")
    return found


TEN = 10
"""So many are the best trials."""


def _choosing(about: "pd.Series[float]") -> str:
    """Say which parameters the method moved, how, and which it drew at random."""
    moved, drawn = (
        [words(name) for name in str(about[key]).split(", ") if name] for key in ("moved", "drawn")
    )
    rest = f", and drew {listing(drawn)} at random" if drawn else ""
    if about["learns"]:
        return f"Once it knew some, it moved {listing(moved)} by what it was told{rest}."
    spread = f"It spread {listing(moved)} evenly{rest}. " if moved else ""
    return f"{spread}It learns nothing from what it is told."


def _best(trials: pd.DataFrame) -> list["pd.Series[float]"]:
    """Return the row of the best completed trial, if there is one that is finite."""
    last = float(trials["best"].iloc[-1])
    if not math.isfinite(last):
        return []
    done = trials[(trials["state"] == "completed") & (trials["objective"] == last)]
    return [done.iloc[0]]


def where(density: pd.DataFrame, edges: pd.DataFrame) -> list[str]:
    """Say which levels the search came to prefer, and where its best lies at an edge."""
    found = []
    learnt = density[(density["arm"] == "search") & density["learns"]]
    for dataset, rows in learnt.groupby("dataset", sort=False):
        preferred = []
        for parameter, of_parameter in rows.groupby("parameter", sort=False):
            late = of_parameter.sort_values("second", ascending=False, kind="stable")
            most, total = int(late["second"].iloc[0]), int(late["second"].sum())
            if most and (late["second"] == most).sum() == 1 and len(late) > 1:
                level = late["level"].iloc[0]
                preferred.append(f"{at(str(parameter), level)} ({most:,} of {total:,})")
        if preferred:
            found.append(
                f"On {dataset}, the second half of the search tried most often "
                f"{listing(preferred)}."
            )
    return [*found, *(_edge(row) for _, row in edges.iterrows())]


_ENDS = {"low": "smallest", "high": "largest"}


def _edge(row: "pd.Series[float]") -> str:
    beyond = (
        ""
        if pd.isna(row["line"])
        else (f": to search further, write {row['line']} in a pipeline with another name")
    )
    return (
        f"On {row['dataset']}, the best configuration has the {_ENDS[str(row['edge'])]} "
        f"{words(str(row['parameter']))} of {row['tried']} tried ({row['level']}){beyond}."
    )


def common(paths: pd.DataFrame) -> list[str]:
    """Say which values the ten best trials of each dataset have in common, from `paths`."""
    found = []
    for dataset, rows in paths[paths["rank"] <= TEN].groupby("dataset", sort=False):
        have, lie, n = [], [], int(rows["rank"].max())
        for name, of in rows.groupby("parameter", sort=False):
            known, parameter = of["value"].dropna(), PARAMETERS[str(name)]
            if not parameter.ordered and len(known):
                counts = known.value_counts()
                have.append(f"{counts.iloc[0]} have {words(parameter.name)} {counts.index[0]}")
            elif parameter.numeric and len(known):
                numbers = known.astype(float)
                low, high = number(numbers.min()), number(numbers.max())
                ends = f"is {low}" if low == high else f"lies between {low} and {high}"
                some = "" if len(known) == n else f" in {len(known)}"
                lie.append(f"{words(parameter.name)} {ends}{some}")
        says = "; ".join(listing(part) for part in (have, lie) if part)
        if says:
            found.append(f"On {dataset}, of the {n} best trials, as they were searched: {says}.")
    return found
