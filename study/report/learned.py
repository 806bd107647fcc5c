"""Datasets on which nothing was learned: the sentence, and the others' rows."""

import pandas as pd

from study.plot.theme import words
from study.report.wording import listing, number


def announced(ranked: pd.DataFrame, learned: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the datasets where some configuration may be called best."""
    return ranked[~ranked["dataset"].isin(learned.loc[learned["better"] == 0, "dataset"])]


def nothing(learned: pd.DataFrame) -> list[str]:
    """Name the datasets on which no configuration beats the trivial predictor, in one sentence."""
    found = []
    for row in learned[learned["better"] == 0].to_dict("records"):
        value, trivial = (number(float(row[name]), 3) for name in ("value", "trivial"))
        metric = words(str(row["metric"]))
        found.append(
            f"on {row['dataset']} (the first ranked has a median {metric} of {value}, the trivial "
            f"predictor {trivial})"
        )
    if not found:
        return []
    first = "No configuration beats the trivial predictor, which always answers the mean label:"
    return [f"{first} {listing(found)}."]
