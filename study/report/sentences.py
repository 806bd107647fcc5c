"""What the report says in words: sentences made from its tables, and from nothing else."""

import pandas as pd

from study.plot.theme import words
from study.report.wording import at, count, listing, share


def studied(parameters: pd.DataFrame, size: pd.DataFrame) -> list[str]:
    """Say what was studied, from the tables `parameters` and `size`."""
    row = size.iloc[0]
    varied = [words(name) for name in parameters.loc[parameters["studied"], "parameter"]]
    verb = "varies" if len(varied) < 2 else "vary"  # noqa: PLR2004  # one, or more
    datasets = count(row["datasets"], "dataset")
    factors = f"{count(row['configurations'], 'configuration')} × {datasets}"
    if row["method"] != "grid":
        factors = f"{count(row['trials'], 'configuration')}, each on one dataset,"
    product = row["trials"] * row["repetitions"]
    confirmed = "" if product >= row["planned"] else " (those that were confirmed: twice as many)"
    size_of_study = (
        f"Small neural networks learn {datasets}. {listing(varied or ['nothing']).capitalize()} "
        f"{verb}; everything else is the same for all. {factors} × "
        f"{count(row['repetitions'], 'repetition')}{confirmed} make "
        f"{count(row['planned'], 'run')}, each of up to {count(row['epochs'], 'epoch')}."
        f"{added(row)}"
    )
    fairness = (
        "The repetitions of a configuration differ in their random draws alone. Repetition 0 has "
        "the same data in every configuration, and the same initial weights where their shapes "
        "agree, as have 1, 2 and so on: comparisons are fair."
    )
    return [size_of_study, fairness] if row["repetitions"] > 1 else [size_of_study]


def added(size: "pd.Series[int]") -> str:
    """Count the runs that were added to decide hypotheses, from the row of `size`; "" without."""
    if not size["added"]:
        return ""
    runs = f"{count(size['added'], 'more run')} {'was' if size['added'] == 1 else 'were'}"
    return f" To decide hypotheses, {runs} added, which verdicts alone use."


def outcomes(counts: pd.DataFrame) -> list[str]:
    """Say how many runs ended how, from the table `outcomes`, and what is missing."""
    total = _all(counts)
    known = int(total["planned"] - total["missing"])
    names = {
        "completed": "completed",
        "diverged": "diverged",
        "pruned": "were pruned",
        "failed": "failed",
    }
    ended = [
        f"{f'{int(total[status]):,}' if total[status] else 'none'} {says}"
        for status, says in names.items()
        if total[status] or status != "pruned"
    ]
    first = f"Of {count(known, 'run')} {listing(ended)}."
    if total["completed"] == known > 1:
        first = f"All {known:,} runs completed."
    found = [first + _most_diverged(counts)]
    if total["pruned"]:
        found.append(
            "A pruned run stopped at an earlier epoch than the others. Comparisons of last epochs "
            "leave out all runs of its trial, also the runs that diverged earlier."
        )
    return [*found, *unfinished(counts)]


def _most_diverged(counts: pd.DataFrame) -> str:
    """Say at which level most runs diverged, of all levels of all parameters."""
    of_levels = counts[(counts["parameter"] != "all") & (counts["diverged"] > 0)]
    if of_levels.empty:
        return ""
    if _all(counts)["diverged"] == _all(counts)["planned"] - _all(counts)["missing"]:
        return " Nothing below can say which setting is good: none of these ends with a loss."
    pairs = of_levels[["parameter", "level"]].drop_duplicates()
    sums = counts.merge(pairs).groupby(["parameter", "level"], sort=False).sum(numeric_only=True)
    stored = sums["planned"] - sums["missing"]
    rows = sums.assign(stored=stored, share=sums["diverged"] / stored).reset_index()
    row = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
    only = row["diverged"] == _all(counts)["diverged"]
    where = f"with {at(row['parameter'], row['level'])}"
    return (
        f" Divergence {'occurs only' if only else 'is most frequent'} {where}: "
        f"{row['diverged']:,} of {count(row['stored'], 'run')} ({share(row['share'])})."
    )


def open_end(size: pd.DataFrame) -> list[str]:
    """Say how far a search has come that has not ended, from the table `size`; else nothing."""
    row = size.iloc[0]
    if row["planned"] == row["at_most"]:
        return []
    stored = f"{row['planned']:,} of at most {count(row['at_most'], 'run')} are stored"
    return [f"{stored}. What is asked of the search as a whole is answered when it has ended."]


def _all(counts: pd.DataFrame) -> "pd.Series[int]":
    """Return the counts of all runs of all datasets together."""
    return (
        counts[counts["parameter"] == "all"].drop(columns=["dataset", "parameter", "level"]).sum()
    )


def unfinished(counts: pd.DataFrame) -> list[str]:
    """Say how many planned runs are not stored, and what has no run at all; nothing if all are."""
    total = _all(counts)
    if not total["missing"]:
        return []
    everything = counts[counts["parameter"] == "all"]
    absent = everything.loc[everything["missing"] == everything["planned"], "dataset"]
    rest = counts[(counts["parameter"] != "all") & ~counts["dataset"].isin(absent)]
    levels = rest.groupby(["parameter", "level"], sort=False)[["planned", "missing"]].sum()
    gone = levels[levels["missing"] == levels["planned"]].index
    named = [f"every run on {dataset}" for dataset in absent]
    named += [f"every run with {at(parameter, level)}" for parameter, level in gone]
    among = f", among them {listing(named)}" if named else ""
    stored, planned = total["planned"] - total["missing"], count(int(total["planned"]), "run")
    return [f"{stored:,} of {planned} are stored; missing: {total['missing']:,}{among}."]
