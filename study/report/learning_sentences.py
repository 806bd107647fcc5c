"""What the report says of how networks learn: the base setup, its boundary, its answers."""

import math

import pandas as pd

from study.plot.theme import words
from study.report.wording import at, count, interval, listing, number, share
from study.stats.constant import collapsed


def base_setup(base: pd.DataFrame) -> str:
    """Name the base setup of each dataset: every parameter's default, or what is nearest to it."""
    names = base["configuration"].unique()
    if len(names) == 1 and not base["differs"].any():
        return f"The base setup has the default of every parameter: {names[0]}."
    setups = base.drop_duplicates("configuration")
    each = [
        _nearest(row["configuration"], row["differs"])
        + (f" on {row['dataset']}" * (len(names) > 1))
        for _, row in setups.iterrows()
    ]
    away, lost = base["differs"] != "", base["diverged"].astype(bool)
    why = [
        f"{reason} on {listing(where)}" if len(where) < len(base) else reason
        for reason, where in (
            ("is not stored", base.loc[away & ~lost, "dataset"].tolist()),
            ("diverged in every run", base.loc[away & lost, "dataset"].tolist()),
        )
        if where
    ]
    return (
        f"The default of every parameter together {listing(why)}; the nearest configuration stands "
        f"for the base setup: {listing(each)}."
    )


def _nearest(configuration: str, differs: str) -> str:
    away = listing([words(name) for name in differs.split(", ") if name])
    return f"{configuration} (which differs in {away})" if away else configuration


def learning(base: pd.DataFrame, curves: pd.DataFrame) -> list[str]:
    """Say how the base setup learns on each dataset, from `base_setup` and `base_curves`."""
    sentences = [base_setup(base)]
    for dataset, rows in curves.groupby("dataset", sort=False):
        sentences += _held_out(str(dataset), rows[rows["metric"] == rows["metric"].iloc[0]])
        loss = rows[rows["metric"] == "train_loss"]
        start, end = loss.iloc[0], loss.iloc[-1]
        if math.isinf(start["median"]):
            sentences.append(
                f"On {dataset}, its median training loss is infinite from epoch "
                f"{start['epoch']:,} on."
            )
            continue
        if len(loss) == 1:
            sentences.append(
                f"On {dataset}, its median training loss is {number(end['median'])} after epoch "
                f"{end['epoch']:,}, the last of it that is stored. {_band(int(end['runs']))}"
            )
            continue
        right = rows.loc[rows["metric"] == "train_accuracy", "median"]
        told = not right.empty and not math.isinf(end["median"])
        accuracy = f", and its median training accuracy to {share(right.iloc[-1])}" if told else ""
        sentences.append(
            f"On {dataset}, its median training loss goes from {number(start['median'])} after "
            f"epoch {start['epoch']:,} to {number(end['median'])} after epoch {end['epoch']:,}"
            f"{accuracy}. {_band(int(end['runs']))}"
        )
    return sentences


def _held_out(dataset: str, rows: pd.DataFrame) -> list[str]:
    """Report how the objective's metric changes, if it is of held-out samples and finite."""
    start, end, metric = rows.iloc[0], rows.iloc[-1], str(rows["metric"].iloc[0])
    if not metric.startswith("test_") or math.isinf(end["median"]) or len(rows) == 1:
        return []
    ends = (f"{number(row['median'])} after epoch {row['epoch']:,}" for row in (start, end))
    return [f"On {dataset}, its median {words(metric)} goes from {' to '.join(ends)}."]


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
    "base and best": "the base setup, also the best,",
    "near": "the configuration nearest to the base setup",
    "near and best": "the configuration nearest to the base setup, also the best,",
}


def answers(shown: pd.DataFrame) -> list[str]:
    """Name the runs whose answers are drawn, from the table `shown_runs`, and how right they are.

    Each is one repetition, whose numbers are not its configuration's. Where the target is a number
    there is no accuracy, and the training loss is given.
    """
    sentences = []
    for dataset, rows in shown.groupby("dataset", sort=False):
        each = [
            f"repetition {row['repetition']} of {_SHOWN[row['role']]} "
            + (
                f"(training loss {number(row['loss'])})"
                if math.isnan(row["accuracy"])
                else f"({share(row['accuracy'])} of its training samples correct)"
            )
            for _, row in rows.iterrows()
        ]
        sentences.append(f"The picture for {dataset} shows {listing(each)}.")
    return sentences


def crossing(curves: pd.DataFrame) -> list[str]:
    """Say at which two levels the median ends lowest and highest, from the table `multiples`.

    By the first metric of the table, which is the objective's.
    """
    last = curves[curves["epoch"] == curves["epoch"].max()]
    last = last[last["metric"].isin(curves["metric"].head(1))]
    sentences = []
    for dataset, rows in last.groupby("dataset", sort=False):
        ended = rows[rows["median"] < math.inf].sort_values("median", kind="stable")
        lost = len(rows) - len(ended)
        ends = [
            f"{number(row['median'])} with {at(row['first'], row['first_level'])} and "
            f"{at(row['second'], row['second_level'])}"
            for _, row in ended.iloc[[0, -1]].iterrows()
        ] if len(ended) > 1 else []  # fmt: skip
        if ends:
            sentences.append(
                f"On {dataset}, the median {words(str(rows['metric'].iloc[0]))} after epoch "
                f"{rows['epoch'].iloc[0]:,} goes from {ends[0]} to {ends[1]}."
            )
        if lost:
            sentences.append(
                f"On {dataset}, {lost} of {count(len(rows), 'configuration')} "
                f"{'has' if lost == 1 else 'have'} an infinite median: at least half of "
                f"{'its' if lost == 1 else 'their'} runs have diverged."
            )
    return [*sentences, f"The bands are {_bands(last)}."]


def _bands(last: pd.DataFrame) -> str:
    """Name the interval of each number of repetitions."""
    return listing([f"the {interval(int(n))}" for n in sorted(last["runs"].unique(), reverse=True)])


def _cell(row: "pd.Series[str]") -> str:
    return f"{at(row['first'], row['first_level'])} and {at(row['second'], row['second_level'])}"


def disagreeing(cells: pd.DataFrame) -> list[str]:
    """Report where repetitions answer most and least differently, from the table `disagreement`.

    Cells where most repetitions give one constant answer are listed, and never called least.
    """
    sentences = []
    for dataset, rows in cells[cells["disagreement"].notna()].groupby("dataset", sort=False):
        ordered = rows.sort_values("disagreement", kind="stable")
        constant = ordered[collapsed(ordered)]
        learned = ordered.drop(constant.index)
        if len(learned) and ordered["disagreement"].iloc[-1] > learned["disagreement"].iloc[0]:
            most, least = (
                f"{_cell(row)} ({share(row['disagreement'])} of the plane)"
                for row in (ordered.iloc[-1], learned.iloc[0])
            )
            sentences.append(
                f"On {dataset}, two repetitions differ most with {most}, and least with {least}."
            )
        if len(constant):
            each = listing([
                f"{_cell(row)} ({row['constant']} of {row['runs']})"
                for _, row in constant.sort_index().iterrows()
            ])  # fmt: skip
            sentences.append(
                f"On {dataset}, most repetitions give one constant answer with {each}: where they "
                "agree, that is no sign of stability."
            )
    return sentences or ["There is nothing to compare: one repetition, or all answer alike."]
