"""What the report says in words: sentences made from its tables, and from nothing else."""

import math

import numpy as np
import pandas as pd

from study.figures.theme import words
from study.report.wording import count, interval, listing, number, share


def studied(parameters: pd.DataFrame, size: pd.DataFrame) -> str:
    """Say what was studied, from the tables `parameters` and `size`."""
    (row,) = size.to_dict("records")
    varied = parameters[parameters["studied"]]["parameter"].map(words).tolist()
    what = f"{listing(varied)} vary" if len(varied) > 1 else f"{listing(varied)} varies"
    if not varied:
        what = "no parameter varies"
    return (
        f"Small neural networks are trained on {count(row['datasets'], 'dataset')}; {what}, and "
        f"everything else stays fixed. {count(row['configurations'], 'configuration')} × "
        f"{count(row['datasets'], 'dataset')} × {count(row['repetitions'], 'repetition')} make "
        f"{count(row['planned'], 'run')} of up to {count(row['epochs'], 'epoch')} each. Repetitions of one "
        "configuration differ in their data and initial weights alone, and all configurations share those draws."
    )


def outcomes(counts: pd.DataFrame) -> str:
    """Say how many runs ended how, from the table `outcomes`, and what is missing."""
    everything = counts[counts["parameter"] == "all"]
    total, missing = int(everything["planned"].sum()), int(everything["missing"].sum())
    ended = [
        f"{int(everything[status].sum()):,} {status}"
        for status in ("completed", "diverged", "pruned", "failed")
        if everything[status].any() or status in {"completed", "diverged"}
    ]
    known = total - missing
    first = (
        f"Of {count(known, 'stored run')} {listing(ended)}." if known else "No run is stored yet."
    )
    if not everything["failed"].any():
        first = first.removesuffix(".") + "; none failed." if known else first
    return first + unfinished(counts)


def unfinished(counts: pd.DataFrame) -> str:
    """Say how many planned runs are not stored, and which levels have none at all; else nothing.

    Leading space, so that it follows another sentence.
    """
    everything = counts[counts["parameter"] == "all"]
    total, missing = int(everything["planned"].sum()), int(everything["missing"].sum())
    if not missing:
        return ""
    absent = [
        row["dataset"] for row in everything.to_dict("records") if row["missing"] == row["planned"]
    ]
    rest = counts[(counts["parameter"] != "all") & ~counts["dataset"].isin(absent)]
    levels = (
        rest.groupby(["parameter", "level"], sort=False)[["planned", "missing"]].sum().reset_index()
    )
    gone = levels[levels["missing"] == levels["planned"]]
    named = [f"every run on {dataset}" for dataset in absent]
    named += [
        f"every run with {words(p)} {level}"
        for p, level in zip(gone["parameter"], gone["level"], strict=True)
    ]
    among = f", among them {listing(named)}" if named else ""
    return f" {total - missing:,} of {count(total, 'run')} are stored; missing: {missing:,}{among}."


def best(ranked: pd.DataFrame) -> str:
    """Say which configuration is best on each dataset, and how sure that is, from `configurations`."""
    parts = []
    for dataset, rows in ranked.groupby("dataset", sort=False):
        first = rows.iloc[0]
        metric = words(str(first["metric"]))
        if not math.isfinite(first["median"]):
            parts.append(f"On {dataset}, the median {metric} is infinite in every configuration.")
            continue
        overlap = int(((rows["low"] <= first["high"]) & (rows["high"] >= first["low"])).sum()) - 1
        parts.append(
            f"On {dataset}, {first['configuration']} has the best median {metric}: "
            f"{number(first['median'])} ({number(first['low'])} to {number(first['high'])}; "
            f"{interval(int(first['runs']))}). {_overlapping(overlap)}"
        )
    return " ".join(parts)


def _overlapping(n: int) -> str:
    if n == 0:
        return "No other configuration's interval overlaps with it."
    if n == 1:
        return "The interval of 1 other configuration overlaps with it: the two are not distinguishable here."
    return (
        f"The intervals of {n} others overlap with it: these are not distinguishable from it here."
    )


def base_setup(base: pd.DataFrame) -> str:
    """Name the base setup, from the table `base_setup`: the defaults, or what is nearest to them."""
    names = base["configuration"].unique()
    if len(names) == 1 and not base["differs"].any():
        return f"The base setup is the default of every parameter ({names[0]})."
    nearest = [
        f"{row['configuration']} on {row['dataset']}" if len(names) > 1 else row["configuration"]
        for row in (base if len(names) > 1 else base.iloc[:1]).to_dict("records")
    ]
    differing = sorted(
        {words(name) for text in base["differs"] for name in text.split(", ") if name}
    )
    away = f", which differ in {listing(differing)}" if differing else ""
    return f"The study does not contain the default of every parameter; nearest to the defaults{away}, is {listing(nearest)}."


def learning(base: pd.DataFrame, curves: pd.DataFrame) -> str:
    """Say how the base setup learns on each dataset, from `base_setup` and `base_curves`."""
    parts = [base_setup(base)]
    losses = curves[curves["metric"] == "train_loss"]
    accuracies = curves[curves["metric"] == "train_accuracy"]
    for dataset, rows in losses.groupby("dataset", sort=False):
        start, end = rows.iloc[0], rows.iloc[-1]
        accuracy = accuracies[accuracies["dataset"] == dataset].iloc[-1]
        parts.append(
            f"On {dataset} its median training loss goes from {number(start['median'])} after epoch "
            f"{int(start['epoch'])} to {number(end['median'])} after epoch {int(end['epoch']):,}, "
            f"where the median accuracy is {share(accuracy['median'])} ({interval(int(end['runs']))} shown as a band)."
        )
    return " ".join(parts)


def levels(curves: pd.DataFrame) -> str:
    """Say which level of each parameter ends with the lowest median loss, from `curves`."""
    last = curves[curves["epoch"] == curves["epoch"].max()]
    parts = []
    for dataset, rows in last.groupby("dataset", sort=False):
        lowest = [
            f"{words(str(parameter))} {of.loc[of['median'].idxmin(), 'level']}"
            for parameter, of in rows.groupby("parameter", sort=False)
            if np.isfinite(of["median"]).any()
        ]
        if lowest:
            parts.append(f"On {dataset} the lowest median at the end belongs to {listing(lowest)}.")
    return " ".join(parts)


def spread(summary: pd.DataFrame) -> str:
    """Say across which parameter the median final loss differs most, from `final_loss`."""
    parts = []
    for dataset, rows in summary.groupby("dataset", sort=False):
        ratios = {str(p): _ratio(of) for p, of in rows.groupby("parameter", sort=False)}
        name = max(ratios, key=lambda p: ratios[p])
        of = rows[rows["parameter"] == name]
        low, high = of.loc[of["median"].idxmin()], of.loc[of["median"].idxmax()]
        if ratios[name] <= 1:
            parts.append(f"On {dataset} the median final loss is the same at every level.")
            continue
        parts.append(
            f"On {dataset} the median final loss differs most across {words(name)}: from {number(low['median'])} "
            f"at {low['level']} to {number(high['median'])} at {high['level']}."
        )
    return " ".join(parts)


def _ratio(of: pd.DataFrame) -> float:
    """Return how many times the largest median is the smallest: ∞ where one is ∞, and another not."""
    low, high = float(of["median"].min()), float(of["median"].max())
    if low == high:
        return 1.0
    return high / low if low > 0 else math.inf


def together(cells: pd.DataFrame) -> str:
    """Say which pair of levels is lowest, and where runs diverged, from the table `pairs`."""
    parts = []
    measured = cells[cells["state"] == "measured"]
    for dataset, rows in measured.groupby("dataset", sort=False):
        lowest = rows.loc[rows["median"].idxmin()]
        bad = rows[rows["diverged"] > 0]
        text = (
            f"On {dataset} the lowest cell is {words(str(lowest['first']))} {lowest['first_level']} with "
            f"{words(str(lowest['second']))} {lowest['second_level']} (median {number(lowest['median'])})"
        )
        parts.append(f"{text}; runs diverged in {len(bad)} of {count(len(rows), 'cell')}.")
    excluded = cells[cells["state"] == "excluded"]
    for reason in excluded["reason"].unique():
        n = int((excluded["reason"] == reason).sum())
        parts.append(f"{count(n, 'cell')} left out beforehand: {reason}.".capitalize())
    return " ".join(parts)


def answers(shown: pd.DataFrame) -> str:
    """Say how right the shown networks are, from the table `shown_runs`."""
    names = {
        "base": "the base setup",
        "best": "the best configuration",
        "base and best": "the base setup, which is also the best,",
    }
    parts = []
    for dataset, rows in shown.groupby("dataset", sort=False):
        each = [
            f"{names[row['role']]} gets {share(row['accuracy'])} of the training samples right"
            for row in rows.to_dict("records")
        ]
        parts.append(f"On {dataset} {listing(each)}.")
    return " ".join(parts)
