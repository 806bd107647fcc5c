"""What a careful colleague would warn of, or note, before results are used: a table."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from study.metrics import METRICS, OF_RUNS, Goal
from study.stats import feasible, slices
from study.stats.constant import collapsed
from study.stats.mixture import surely
from study.stats.reach import fewest
from study.stats.scales import GROUPS, compared

FALL = 0.05
"""In log₁₀: a loss that falls by more than 11 % in the last fifth of the epochs still improves."""

RISE = 0.01
"""So does an accuracy that rises by more than one percentage point."""

PAYS = 0.1
"""Below this correlation, pairing takes away less than a tenth of a difference's variance."""

HALF = 0.5

COLUMNS = (
    "caution", "severity", *GROUPS, "parameter", "level", "reference", "other", "other_level",
    "metric", "value", "beside", "n", "after",
)  # fmt: skip
Row: TypeAlias = Mapping[str, object]

WARNING, NOTE = "warning", "note"
"""A warning is a fact about runs that failed to learn, or it has passed the verdicts' test, so that
a study without its cause has it with a probability of at most 5 %. Anything else is a note."""

NOTES = ("unheld", "undecided", "shared", "identical", "few", "never", "unpaired")
"""What is never tested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the warnings are looked for in.

    `edges`, the table of `edges.edges`; `runs` with the columns of `late.late`; `tested`, those
    that no result chose; `ranked`, the configurations, best first; `noise`, its table;
    `references`, as in `contrasts.pairings`; the objective's `metric` and `goal`; `labelled`, the
    datasets of classes; `learned` and `overfit`, their tables; `constant`, by configuration;
    `unheld`, the datasets without a held-out part; `claims`, the tested hypotheses; `identical`,
    the table of `identical.identical`.
    """

    edges: pd.DataFrame
    runs: pd.DataFrame
    tested: pd.DataFrame
    ranked: pd.DataFrame
    noise: pd.DataFrame
    parameters: Sequence[str]
    references: Mapping[str, Sequence[str]]
    metric: str
    goal: Goal
    labelled: Collection[str]
    learned: pd.DataFrame
    constant: pd.DataFrame
    overfit: pd.DataFrame
    unheld: Collection[str]
    claims: pd.DataFrame
    identical: pd.DataFrame


def cautions(grounds: Grounds) -> pd.DataFrame:
    """Return one row per warning or note, in the order of `CAUTIONS`; what does not apply is null.

    trivial: none of the `n` configurations (with constraints, of the feasible ones) beats the
    trivial predictor, `beside`, in the `metric`: the best has `value`; `level` names them.
    stuck: of the `n` runs of the best configuration, `value` are no better than that.
    constant: most runs of `value` configurations, of `n`, predict a constant.
    edge: the best configuration has the first or last `level` of `n` that were tried, which beats
    its inner neighbour, `reference`, in `value` of `beside` repetitions (see `edges`).
    overfits: the best one's median held-out loss is lowest, `value`, after the epoch `after`, and
    ends at `beside`; see `overfitting`, which has looked at `n` repetitions.
    improving: the best one's `metric` still gets better, by `value` (in log₁₀ of a loss) over the
    last fifth of the epochs; so does the share `beside` of all `n` configurations.
    reversal: see `slices.reversals`; `value` in general, `beside` inside the slice.
    separates: see `slices.separations`; `value` is the effect on the share of diverged runs.
    unheld: the dataset has no held-out part.
    undecided: of `n` verdicts on a dataset, `value` are undecided.
    shared: all repetitions of verdicts on a dataset use the rows named in `level`.
    identical: the repetitions of `value` of `n` configurations are the same run.
    few: `value` repetitions of most configurations, where one comparison takes `beside`.
    never: `metric` is reached by the share `value` of the `n` runs, less than half; never in a
    pruned search, whose remaining trials were chosen by their results, or diverged.
    unpaired: the realised correlation `value` of configurations over repetitions is below 0.1.

    `severity` is `WARNING` or `NOTE`.
    """
    rows = [
        {"caution": name, "severity": _severity(name, row), **row}
        for name, find in CAUTIONS.items()
        for row in find(grounds)
    ]
    numbers = ("value", "beside", "n", "after")
    kinds = {name: float if name in numbers else object for name in COLUMNS}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def _severity(name: str, row: Row) -> str:
    return NOTE if name in NOTES or not row.get("sure", True) else WARNING


def _rows(table: pd.DataFrame, *same: str, **columns: str) -> Iterator[Row]:
    """Yield a warning for each row: columns that keep their names, and others by new ones."""
    taken = {**dict(zip(same, same, strict=True)), **columns}
    for row in table.to_dict("records"):
        yield {new: row[old] for new, old in taken.items()}


def _trivial(grounds: Grounds) -> Iterator[Row]:
    rows = grounds.learned[grounds.learned["better"] == 0]
    limited = "feasible" in rows
    rows = rows.assign(level="feasible configuration" if limited else "configuration")
    counted = "feasible" if limited else "configurations"
    return _rows(rows, "dataset", "metric", "value", "level", beside="trivial", n=counted)


def _stuck(grounds: Grounds) -> Iterator[Row]:
    """Describe best configurations alone: a dataset without a feasible one has none."""
    best = set(feasible.best(grounds.ranked)["dataset"].astype(str))
    learned = grounds.learned[grounds.learned["dataset"].astype(str).isin(best)]
    rows = learned[(learned["better"] > 0) & (learned["stuck"] > 0)]
    return _rows(rows, "dataset", "metric", value="stuck", beside="trivial", n="runs")


def _constant(grounds: Grounds) -> Iterator[Row]:
    for dataset, table in grounds.constant.groupby("dataset", sort=False):
        if mostly := int(collapsed(table).sum()):
            yield {"dataset": str(dataset), "value": mostly, "n": len(table)}


def _unheld(grounds: Grounds) -> Iterator[Row]:
    return ({"dataset": name} for name in grounds.unheld)


def _undecided(grounds: Grounds) -> Iterator[Row]:
    for dataset, rows in grounds.claims.groupby("dataset", sort=False):
        if n := int((rows["verdict"] == "undecided").sum()):
            yield {"dataset": str(dataset), "value": n, "n": len(rows)}


def _shared(grounds: Grounds) -> Iterator[Row]:
    rows = grounds.claims[grounds.claims["rows"] != ""].drop_duplicates("dataset")
    return _rows(rows, "dataset", level="rows")


def _identical(grounds: Grounds) -> Iterator[Row]:
    return _rows(grounds.identical, "dataset", value="same", n="configurations")


def _few(grounds: Grounds) -> Iterator[Row]:
    least = fewest(HALF, 1) or 0
    for dataset, runs in compared(grounds.runs).groupby("dataset"):
        counts = runs.groupby("configuration")["repetition"].nunique()
        usual = int(counts.median())
        if usual < least:
            yield {"dataset": str(dataset), "value": usual, "beside": least, "n": len(counts)}


def _edge(grounds: Grounds) -> Iterator[Row]:
    columns = {"reference": "inner", "value": "better", "beside": "repetitions", "n": "tried"}
    return _rows(grounds.edges, "dataset", "parameter", "level", **columns)


def _improving(grounds: Grounds) -> Iterator[Row]:
    completed = grounds.runs[grounds.runs["status"] == "completed"]
    runs = completed.dropna(subset=["late_fall"]).astype({"dataset": "str"})
    least = FALL if METRICS[grounds.metric].is_loss else RISE
    keys = ["dataset", "configuration"]
    falls = runs.assign(falls=runs["late_fall"] > least).groupby(keys)
    fall = falls.agg(fall=("late_fall", "median"), falling=("falls", "sum"), n=("falls", "size"))
    best = feasible.best(grounds.ranked)[keys].astype({"dataset": "str"})
    of_best = fall.reset_index().merge(best)
    for row in of_best[of_best["fall"] > least].to_dict("records"):
        falls_of = fall.loc[row["dataset"], "fall"]
        yield {
            "dataset": row["dataset"], "metric": grounds.metric, "value": row["fall"],
            "beside": float((falls_of > least).mean()), "n": len(falls_of),
            "sure": surely(int(row["falling"]), int(row["n"]), len(of_best)),
        }  # fmt: skip


def _overfits(grounds: Grounds) -> Iterator[Row]:
    rows = grounds.overfit[grounds.overfit["overfits"]].assign(metric="test_loss")
    columns = {"value": "lowest", "beside": "end", "n": "repetitions", "after": "epoch"}
    return _rows(rows, "dataset", "metric", "sure", **columns)


def _reversal(grounds: Grounds) -> Iterator[Row]:
    columns = {"value": "marginal", "beside": "inside", "n": "repetitions"}
    names = "level", "reference", "other", "other_level", "sure"
    return _rows(_sliced(grounds, slices.reversals), *SLICED, *names, **columns)


def _separates(grounds: Grounds) -> Iterator[Row]:
    columns = {"value": "diverged", "n": "pairs"}
    return _rows(_sliced(grounds, slices.separations), *SLICED, "sure", **columns)


SLICED = (*GROUPS, "parameter", "metric")


def _sliced(grounds: Grounds, find: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Return what is found inside of slices; nothing of a metric that is measured by a clock."""
    if METRICS[grounds.metric].timed:
        return pd.DataFrame()
    given = grounds.tested, grounds.parameters, grounds.references
    return find(*given, metric=grounds.metric, goal=grounds.goal).assign(metric=grounds.metric)


def _never(grounds: Grounds) -> Iterator[Row]:
    if (grounds.runs["status"] == "pruned").any():
        return
    kept = compared(grounds.runs)
    for key, runs in kept.groupby(list(GROUPS)):
        if str(runs["dataset"].iloc[0]) not in grounds.labelled:  # a number is learned: there is
            continue  # no accuracy, and the loss has the target's unit, in which 0.05 means nothing
        for metric in (name for name in OF_RUNS if METRICS[name].summary == "first"):
            share = float(runs[metric].notna().mean())
            if share < HALF:
                yield {
                    **dict(zip(GROUPS, map(str, key), strict=True)),
                    "metric": metric, "value": share, "n": len(runs),
                }  # fmt: skip


def _unpaired(grounds: Grounds) -> Iterator[Row]:
    table = grounds.noise[grounds.noise["metric"] == grounds.metric]
    rows = table[table["correlation"] < PAYS]
    return _rows(rows, *GROUPS, "metric", value="correlation", n="repetitions")


CAUTIONS = {
    "trivial": _trivial,
    "stuck": _stuck,
    "constant": _constant,
    "edge": _edge,
    "overfits": _overfits,
    "improving": _improving,
    "reversal": _reversal,
    "separates": _separates,
    "unheld": _unheld,
    "undecided": _undecided,
    "shared": _shared,
    "identical": _identical,
    "few": _few,
    "never": _never,
    "unpaired": _unpaired,
}
"""Name → what finds it."""
