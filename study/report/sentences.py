"""What the report says in words: sentences made from its tables, and from nothing else."""

import math

import pandas as pd

from study.analysis.summaries import MIDDLE
from study.figures.theme import words
from study.report.wording import count, interval, listing, number, ordinal, share


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
    )
    fairness = (
        "The repetitions of a configuration differ in their random draws alone, and repetition 0 "
        "has the same draws in every configuration, as have 1, 2 and so on: comparisons are fair."
    )
    return [size_of_study, fairness] if row["repetitions"] > 1 else [size_of_study]


def outcomes(counts: pd.DataFrame) -> list[str]:
    """Say how many runs ended how, from the table `outcomes`, and what is missing."""
    total = _all(counts)
    known = int(total["planned"] - total["missing"])
    shown = [s for s in ("completed", "diverged", "pruned") if total[s] or s != "pruned"]
    ended = [f"{int(total[status]):,} {status}" for status in shown]
    failed = f"{int(total['failed']):,} failed" if total["failed"] else "none failed"
    first = f"Of {count(known, 'stored run')} {listing([*ended, failed])}."
    found = [first + _most_diverged(counts)]
    if total["pruned"]:
        found.append(
            "Runs that were pruned stand at an earlier epoch than the others, and are left out "
            "wherever last epochs are compared."
        )
    return [*found, *unfinished(counts)]


def _most_diverged(counts: pd.DataFrame) -> str:
    """Say at which level most runs diverged, of all levels of all parameters."""
    of_levels = counts[(counts["parameter"] != "all") & (counts["diverged"] > 0)]
    if of_levels.empty:
        return ""
    pairs = of_levels[["parameter", "level"]].drop_duplicates()
    sums = counts.merge(pairs).groupby(["parameter", "level"], sort=False).sum(numeric_only=True)
    stored = sums["planned"] - sums["missing"]
    rows = sums.assign(stored=stored, share=sums["diverged"] / stored).reset_index()
    row = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
    return (
        f" Divergence is most frequent with {words(row['parameter'])} {row['level']}: "
        f"{row['diverged']:,} of {count(row['stored'], 'run')} ({share(row['share'])})."
    )


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
    named += [f"every run with {words(parameter)} {level}" for parameter, level in gone]
    among = f", among them {listing(named)}" if named else ""
    stored, planned = total["planned"] - total["missing"], count(int(total["planned"]), "run")
    return [f"{stored:,} of {planned} are stored; missing: {total['missing']:,}{among}."]


def best(ranked: pd.DataFrame, luck: pd.DataFrame) -> list[str]:
    """Say which configuration is best on each dataset, and how sure that is."""
    lucky = {str(row["dataset"]): row for _, row in luck.iterrows()}
    return [
        _best(str(dataset), rows, lucky.get(str(dataset)))
        for dataset, rows in ranked.groupby("dataset", sort=False)
    ]


def _best(dataset: str, rows: pd.DataFrame, luck: "pd.Series[float] | None") -> str:
    first = rows.iloc[0]
    metric = words(str(first["metric"]))
    if not math.isfinite(first["value"]):
        return f"On {dataset}, no configuration has a finite {metric}."
    runs = int(first["runs"])
    ends = f"{number(first['low'])} to {number(first['high'])}: " if runs > 1 else ""
    base = "".join(
        f" The base setup is {ordinal(place)} of {len(rows):,}."
        for place in rows.loc[rows["base"], "rank"]
    )
    middle = f"{number(first['median'])} ({ends}{interval(runs)})"
    what = f"best median {metric}, {middle}"
    if first["quantile"] != MIDDLE:
        of = {0.0: "best", 1.0: "worst"}.get(first["quantile"], f"{first['quantile']:g} quantile")
        what = f"best {metric} at the {of} of its repetitions, {number(first['value'])}, and the "
        what += f"median {middle}"
    found = (
        f"On {dataset}, {first['configuration']} has the {what}. {_told(rows)}"
        f"{base or ' The base setup is not among those that are ranked.'}"
    )
    return found if luck is None else found + _luck(luck, metric)


_ALONE = "A single run says nothing of how far repetitions differ."


def _told(rows: pd.DataFrame) -> str:
    """Say what cannot be told from the best, and the cheapest of that."""
    others = len(rows) - 1
    if rows["runs"].iloc[0] == 1:
        return _ALONE
    if not others:
        return "It is the only configuration."
    known = rows[rows["p"].notna()]
    if known.empty:
        return (
            f"{count(int(rows['runs'].iloc[0]), 'repetition')} cannot tell it from any of the "
            f"{count(others, 'other')}: that takes 6."
        )
    alike = known[known["candidate"].astype(bool) & (known["rank"] > 1)]
    if alike.empty:
        return "It can be told from every other one (paired permutation of the greatest t)."
    cheapest = known[known["cheapest"].fillna(value=False).astype(bool)].iloc[0]
    cheap = "it is itself" if cheapest["rank"] == 1 else f"is {cheapest['configuration']}"
    return (
        f"{count(len(alike), 'other')} cannot be told from it (paired permutation of the greatest "
        f"t); the cheapest of them {cheap}, with {int(cheapest['parameters']):,} parameters."
    )


def _luck(luck: "pd.Series[float]", metric: str) -> str:
    """Say what the best has where it was not chosen by the repetition that measures it."""
    held = float(luck["held_out"])
    if math.isnan(held) or luck["configurations"] <= 1:
        return ""
    return (
        f" Chosen by all repetitions but one, and measured in that one, the best has a median "
        f"{metric} of {number(held)}."
    )


def base_setup(base: pd.DataFrame) -> str:
    """Name the base setup of each dataset: every parameter's default, or what is nearest to it."""
    names = base["configuration"].unique()
    if len(names) == 1 and not base["differs"].any():
        return f"The base setup has the default of every parameter: {names[0]}."
    setups = base.drop_duplicates("configuration")
    each = [_nearest(row["configuration"], row["differs"]) for _, row in setups.iterrows()]
    return (
        "The default of every parameter together is not stored, or diverged; the nearest "
        f"configuration stands for the base setup: {listing(each)}."
    )


def _nearest(configuration: str, differs: str) -> str:
    away = listing([words(name) for name in differs.split(", ") if name])
    return f"{configuration} (which differs in {away})" if away else configuration


def learning(base: pd.DataFrame, curves: pd.DataFrame) -> list[str]:
    """Say how the base setup learns on each dataset, from `base_setup` and `base_curves`."""
    sentences = [base_setup(base)]
    for dataset, rows in curves.groupby("dataset", sort=False):
        loss = rows[rows["metric"] == "train_loss"]
        start, end = loss.iloc[0], loss.iloc[-1]
        if math.isinf(start["median"]):
            sentences.append(
                f"On {dataset}, its median training loss is infinite from epoch "
                f"{start['epoch']:,} on."
            )
            continue
        accuracy = rows[rows["metric"] == "train_accuracy"].iloc[-1]
        sentences.append(
            f"On {dataset}, its median training loss goes from {number(start['median'])} after "
            f"epoch {start['epoch']:,} to {number(end['median'])} after epoch {end['epoch']:,}, "
            f"and its median accuracy to {share(accuracy['median'])}. {_band(int(end['runs']))}"
        )
    return sentences


def _band(runs: int) -> str:
    return (
        f"The band is the {interval(runs)}." if runs > 1 else "It is a single run without a band."
    )


def forming(points: pd.DataFrame) -> list[str]:
    """Say on how much of the plane the base setup answers 1, at first and at last."""
    sentences = []
    for dataset, plane in points[points["part"] == "grid"].groupby("dataset", sort=False):
        rows = plane[plane["prediction"].notna()]
        if rows.empty:
            sentences.append(f"On {dataset}, the network has no finite output at any stored epoch.")
            continue
        ones = (rows["prediction"] > 0.5).groupby(rows["epoch"]).mean()  # noqa: PLR2004  # label 1
        first, last = ones.index.min(), ones.index.max()
        then = f", and on {share(ones[last])} after {last:,}" if last > first else ""
        sentences.append(
            f"On {dataset}, the network answers 1 on {share(ones[first])} of the plane after "
            f"{count(first, 'epoch')}{then}."
        )
    return sentences


_SHOWN = {
    "base": "the base setup",
    "best": "the best configuration",
    "base and best": "the base setup, here also the best,",
}


def answers(shown: pd.DataFrame) -> list[str]:
    """Say how right the shown networks are, from the table `shown_runs`."""
    sentences = []
    for dataset, rows in shown.groupby("dataset", sort=False):
        each = [
            f"{_SHOWN[row['role']]} answers {share(row['accuracy'])} of the training samples right"
            for _, row in rows.iterrows()
        ]
        sentences.append(f"On {dataset}, {listing(each)}.")
    return sentences
