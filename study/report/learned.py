"""Datasets on which nothing was learned: the sentence, and the others' rows."""

import pandas as pd

from study.plot.theme import words
from study.report.question import Tables
from study.report.wording import listing, number
from study.stats.feasible import feasible

MANY = 3
"""The most datasets that the sentence names."""


def announced(ranked: pd.DataFrame, learned: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the datasets where some configuration may be called best.

    One must beat the trivial predictor, and one must be feasible.
    """
    learned_on = ~ranked["dataset"].isin(learned.loc[learned["better"] == 0, "dataset"])
    return ranked[learned_on & ranked["dataset"].isin(feasible(ranked)["dataset"])]


def limited(tables: Tables) -> list[str]:
    """Name the datasets on which no ranked configuration meets all constraints, in one sentence.

    The table `constraints` counts the configurations that meet each constraint, and all.
    """
    constraints = tables.get("constraints")
    if constraints is None or (rows := constraints[constraints["all"] == 0]).empty:
        return []
    names = list(dict.fromkeys(rows["dataset"].astype(str)))
    everywhere = len(names) == constraints["dataset"].nunique()
    on = "" if everywhere else f" on {listing(names[:MANY])}"
    on += f" and {len(names) - MANY} more" * (not everywhere and len(names) > MANY)
    limits = listing(list(dict.fromkeys(rows["constraint"])))
    ranked = tables["configurations"]
    fresh = ranked.loc[ranked["dataset"].isin(names), "fresh"].any()
    what = "confirmed configuration" if fresh else "configuration"
    return [f"No {what} is feasible{on}, so none is called best: {limits}."]


def which(table: pd.DataFrame) -> str:
    """Return what may be called best: with constraints, the table has a column `feasible`."""
    return "feasible configuration" if "feasible" in table else "configuration"


def nothing(learned: pd.DataFrame) -> list[str]:
    """Name the datasets on which no configuration beats the trivial predictor, in one sentence."""
    rows = learned[learned["better"] == 0]
    if rows.empty:
        return []
    parts = []
    for row in rows.head(MANY).to_dict("records"):
        value, trivial = (number(float(row[name]), 3) for name in ("value", "trivial"))
        parts.append(f"{value} on {row['dataset']} (trivial: {trivial})")
    parts += [f"{len(rows) - MANY} more"] * (len(rows) > MANY)
    metric = words(str(rows["metric"].iloc[0]))
    answer = listing(list(dict.fromkeys(rows["answer"])))
    first = f"No {which(rows)} beats the trivial predictor, which always predicts {answer}."
    return [f"{first} The first ranked has a {metric} of {listing(parts)}."]
