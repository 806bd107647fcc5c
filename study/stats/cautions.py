"""What a careful colleague would warn of before the results are used, as a table."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from study.metrics import METRICS, OF_RUNS, Goal
from study.stats import slices
from study.stats.constant import collapsed
from study.stats.scales import GROUPS, compared
from study.stats.winners import DECIDABLE_FROM

FALL = 0.05
"""In log₁₀: a loss that falls by more than 11 % in the last fifth of the epochs still improves."""

RISE = 0.01
"""So does an accuracy that rises by more than one percentage point."""

PAYS = 0.1
"""Below this correlation, pairing takes away less than a tenth of a difference's variance."""

HALF = 0.5

COLUMNS = (
    "caution", *GROUPS, "parameter", "level", "reference", "other", "other_level", "metric",
    "value", "beside", "n", "after",
)  # fmt: skip

Row: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the warnings are looked for in.

    `edges`, the table of `edges.edges`; `runs` with the columns of `late.late`; `tested`, those
    that no result chose; `ranked`, the configurations, best first; `noise`, its table;
    `references`, as in `contrasts.pairings`; the objective's `metric` and `goal`; `labelled`, the
    datasets of two classes; `learned` and `overfit`, their tables; `constant`, by configuration.
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


def cautions(grounds: Grounds) -> pd.DataFrame:
    """Return one row per warning, in the order of `CAUTIONS`; columns that do not apply are null.

    trivial: none of the `n` configurations beats the trivial predictor, `beside`, in the `metric`:
    the best has `value`.
    stuck: of the `n` runs of the best configuration, `value` are no better than that.
    constant: most runs of `value` configurations, of `n`, give one constant answer.
    few: `value` repetitions of most configurations, fewer than 6.
    edge: the best configuration has the first or last `level` of `n` that were tried.
    overfits: the best one's median held-out loss is lowest, `value`, after the epoch `after`, and
    ends at `beside`; see `overfitting`, which has looked at `n` repetitions.
    improving: the best one's `metric` still gets better, by `value` (in log₁₀ of a loss) over the
    last fifth of the epochs; so does the share `beside` of all `n` configurations.
    reversal: see `slices.reversals`; `value` in general, `beside` inside the slice.
    separates: see `slices.separations`; `value` is the effect on the share of diverged runs.
    never: `metric` is reached by the share `value` of the `n` runs, less than half; never in a
    pruned search, whose remaining trials were chosen by their results, or diverged.
    unpaired: the realised correlation `value` of configurations over repetitions is below 0.1.
    """
    rows = [{"caution": name, **row} for name, find in CAUTIONS.items() for row in find(grounds)]
    numbers = ("value", "beside", "n", "after")
    kinds = {name: float if name in numbers else object for name in COLUMNS}
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)


def _trivial(grounds: Grounds) -> Iterator[Row]:
    for row in grounds.learned[grounds.learned["better"] == 0].to_dict("records"):
        yield {
            "dataset": row["dataset"], "metric": row["metric"], "value": row["value"],
            "beside": row["trivial"], "n": row["configurations"],
        }  # fmt: skip


def _stuck(grounds: Grounds) -> Iterator[Row]:
    known = grounds.learned[(grounds.learned["better"] > 0) & (grounds.learned["stuck"] > 0)]
    for row in known.to_dict("records"):
        yield {
            "dataset": row["dataset"], "metric": row["metric"], "value": row["stuck"],
            "beside": row["trivial"], "n": row["runs"],
        }  # fmt: skip


def _constant(grounds: Grounds) -> Iterator[Row]:
    for dataset, table in grounds.constant.groupby("dataset", sort=False):
        if mostly := int(collapsed(table).sum()):
            yield {"dataset": str(dataset), "value": mostly, "n": len(table)}


def _few(grounds: Grounds) -> Iterator[Row]:
    for dataset, runs in compared(grounds.runs).groupby("dataset"):
        counts = runs.groupby("configuration")["repetition"].nunique()
        usual = int(counts.median())
        if usual < DECIDABLE_FROM:
            yield {"dataset": str(dataset), "value": usual, "n": len(counts)}


def _edge(grounds: Grounds) -> Iterator[Row]:
    for row in grounds.edges.to_dict("records"):
        same = {name: row[name] for name in ("dataset", "parameter", "level")}
        yield {**same, "n": row["tried"]}


def _improving(grounds: Grounds) -> Iterator[Row]:
    completed = grounds.runs[grounds.runs["status"] == "completed"]
    known = completed.dropna(subset=["late_fall"])
    falls = known.groupby(["dataset", "configuration"])["late_fall"]
    fall = falls.median().rename("fall").reset_index()
    best = grounds.ranked.loc[grounds.ranked["rank"] == 1, ["dataset", "configuration"]]
    of_best = fall.astype({"dataset": "str"}).merge(best.astype({"dataset": "str"}))
    least = FALL if METRICS[grounds.metric].is_loss else RISE
    for row in of_best[of_best["fall"] > least].to_dict("records"):
        here = fall.loc[fall["dataset"] == row["dataset"], "fall"]
        yield {
            "dataset": row["dataset"], "metric": grounds.metric, "value": row["fall"],
            "beside": float((here > least).mean()), "n": len(here),
        }  # fmt: skip


def _overfits(grounds: Grounds) -> Iterator[Row]:
    for row in grounds.overfit[grounds.overfit["overfits"]].to_dict("records"):
        yield {
            "dataset": row["dataset"], "metric": "test_loss", "value": row["lowest"],
            "beside": row["end"], "n": row["repetitions"], "after": row["epoch"],
        }  # fmt: skip


def _reversal(grounds: Grounds) -> Iterator[Row]:
    if METRICS[grounds.metric].timed:
        return
    table = slices.reversals(
        grounds.tested, grounds.parameters, grounds.references,
        metric=grounds.metric, goal=grounds.goal,
    )  # fmt: skip
    renamed = table.rename(columns={"marginal": "value", "inside": "beside", "repetitions": "n"})
    for row in renamed.to_dict("records"):
        yield {**{str(key): value for key, value in row.items()}, "metric": grounds.metric}


def _separates(grounds: Grounds) -> Iterator[Row]:
    if METRICS[grounds.metric].timed:
        return
    table = slices.separations(
        grounds.tested, grounds.parameters, grounds.references,
        metric=grounds.metric, goal=grounds.goal,
    )  # fmt: skip
    renamed = table.rename(columns={"diverged": "value", "pairs": "n"})
    for row in renamed.to_dict("records"):
        yield {**{str(key): value for key, value in row.items()}, "metric": grounds.metric}


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
    for row in table[table["correlation"] < PAYS].to_dict("records"):
        yield {
            **{name: row[name] for name in GROUPS}, "metric": row["metric"],
            "value": row["correlation"], "n": row["repetitions"],
        }  # fmt: skip


CAUTIONS = {
    "trivial": _trivial,
    "stuck": _stuck,
    "constant": _constant,
    "few": _few,
    "edge": _edge,
    "overfits": _overfits,
    "improving": _improving,
    "reversal": _reversal,
    "separates": _separates,
    "never": _never,
    "unpaired": _unpaired,
}
"""Name → what finds it."""
