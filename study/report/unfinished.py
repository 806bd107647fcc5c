"""How much of a study is stored: missing runs, and whether its search has ended."""

import pandas as pd

from study.report.wording import at, count, listing


def unfinished(counts: pd.DataFrame) -> list[str]:
    """Count the planned runs that are not stored, and name levels without a run; else nothing."""
    everything = counts[counts["parameter"] == "all"]
    planned, missing = (int(everything[name].sum()) for name in ("planned", "missing"))
    if not missing:
        return []
    absent = everything.loc[everything["missing"] == everything["planned"], "dataset"]
    rest = counts[(counts["parameter"] != "all") & ~counts["dataset"].isin(absent)]
    levels = rest.groupby(["parameter", "level"], sort=False)[["planned", "missing"]].sum()
    gone = levels[levels["missing"] == levels["planned"]].index
    named = [f"every run on {dataset}" for dataset in absent]
    named += [f"every run with {at(parameter, level)}" for parameter, level in gone]
    among = f", among them {listing(named)}" if named else ""
    return [
        f"{planned - missing:,} of {count(planned, 'run')} are stored; missing: {missing:,}{among}."
    ]


def open_end(size: pd.DataFrame) -> list[str]:
    """Report how far a search has come that has not ended, from the table `size`; else nothing."""
    row = size.iloc[0]
    if row["planned"] == row["at_most"]:
        return []
    stored = f"{row['planned']:,} of at most {count(row['at_most'], 'run')} are stored"
    return [f"{stored}. Questions about the whole search are answered when it has ended."]
