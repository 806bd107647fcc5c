"""Sentences where nothing was learned, or some runs of the best learned nothing."""

import pandas as pd

from study.plot.theme import words
from study.report.wording import count, listing, number


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


def stuck(learned: pd.DataFrame) -> list[str]:
    """Count the runs of each dataset's best that are no better than the trivial predictor."""
    found = []
    rows = learned[(learned["better"] > 0) & (learned["stuck"] > 0)]
    for row in rows.to_dict("records"):
        n, runs, diverged = (int(row[name]) for name in ("stuck", "runs", "diverged"))
        found.append(
            f"On {row['dataset']}, {n:,} of {count(runs, 'run')} of the best configuration "
            f"{'is' if n == 1 else 'are'} no better than the trivial predictor in the "
            f"{words(str(row['metric']))}{_lost(diverged)}."
        )
    return found


def _lost(diverged: int) -> str:
    return f" ({diverged:,} diverged or failed)" if diverged else ""
