"""Datasets on which nothing was learned: the sentence, and the others' rows."""

import pandas as pd

from study.plot.theme import words
from study.report.wording import listing, number

MANY = 3
"""The most datasets that the sentence names."""


def announced(ranked: pd.DataFrame, learned: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the datasets where some configuration may be called best."""
    return ranked[~ranked["dataset"].isin(learned.loc[learned["better"] == 0, "dataset"])]


def nothing(learned: pd.DataFrame) -> list[str]:
    """Name the datasets on which no configuration beats the trivial predictor, in one sentence."""
    rows = learned[learned["better"] == 0]
    if rows.empty:
        return []
    found = []
    for row in rows.head(MANY).to_dict("records"):
        value, trivial = (number(float(row[name]), 3) for name in ("value", "trivial"))
        found.append(f"{value} on {row['dataset']} (trivial: {trivial})")
    found += [f"{len(rows) - MANY} more"] * (len(rows) > MANY)
    metric = words(str(rows["metric"].iloc[0]))
    first = "No configuration beats the trivial predictor, which always answers the mean label."
    return [f"{first} The first ranked has a median {metric} of {listing(found)}."]
