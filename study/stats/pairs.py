"""Two parameters at a time: the median of a metric at every pair of levels."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from study.metrics import Goal
from study.stats import levels
from study.stats.comparable import matched
from study.stats.intervals import median
from study.stats.ranges import binned, ranges
from study.stats.summaries import measured

Exclusion = tuple[Mapping[str, str], str]
"""Levels that are left out together, as texts, and the reason."""

COLUMNS = (
    "dataset", "metric", "goal", "first", "second", "first_level", "second_level",
    "planned", "runs", "diverged", "median", "state", "reason",
)  # fmt: skip


def pairs(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    exclusions: Sequence[Exclusion] = (),
    *,
    metric: str = "final_train_loss",
    goal: Goal = "minimize",
) -> pd.DataFrame:
    """Return one row per dataset, pair of parameters and pair of levels.

    `planned`, `runs` (stored), `diverged` and `median` (of the metric; diverged and failed runs are
    the worst; NaN without runs) over the matched settings of the other parameters, and all
    repetitions. `state` is
    `measured`, `missing` (planned, and nothing stored), `excluded` (with its `reason`),
    `impossible` (one parameter never acts at the other's level) or `untried`. The levels of the
    pair are binned where they are many.
    """
    rows = []
    runs = runs.assign(value=measured(runs, metric, goal))
    for pair in itertools.combinations(parameters, 2):
        shown, excluded = binned(runs, pair), _on_axes(exclusions, runs, pair)
        for dataset in runs["dataset"].cat.categories:
            of_dataset = shown[shown["dataset"] == dataset]
            cells = _cells(of_dataset, pair, parameters, excluded)
            rows += [(dataset, metric, goal, *pair, *cell) for cell in cells]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"reason": "str"})


def _on_axes(
    exclusions: Sequence[Exclusion], runs: pd.DataFrame, pair: tuple[str, str]
) -> list[Exclusion]:
    """Write the exclusions' levels of a pair as its axes show them."""
    shown = {name: ranges(levels.of(runs, name), name) for name in pair}
    return [
        ({name: shown.get(name, {}).get(text, text) for name, text in where.items()}, reason)
        for where, reason in exclusions
    ]


def _cells(
    runs: pd.DataFrame,
    pair: tuple[str, str],
    parameters: Sequence[str],
    exclusions: Sequence[Exclusion],
) -> Iterator[tuple[object, ...]]:
    first, second = pair
    comparable = matched(runs, pair, parameters)
    groups = {(str(a), str(b)): group for (a, b), group in comparable.groupby([first, second])}
    for a, b in itertools.product(levels.of(runs, first), levels.of(runs, second)):
        planned = groups.get((a, b), runs.iloc[:0])
        kept = planned[planned["status"] != "missing"]
        diverged = int((kept["status"] == "diverged").sum())
        state, reason = "measured" if len(kept) else "missing", None
        if planned.empty:
            state, reason = _absent(runs, {first: a, second: b}, exclusions)
        yield (
            a, b, len(planned), len(kept), diverged, float(median(kept["value"])), state, reason,
        )  # fmt: skip


def _absent(
    runs: pd.DataFrame, cell: Mapping[str, str], exclusions: Sequence[Exclusion]
) -> tuple[str, str | None]:
    """Return why a cell has no run: a parameter that never acts there, an exclusion, or nothing."""
    for one, other in itertools.permutations(cell):
        there = runs.loc[runs[one] == cell[one], other]
        if len(there) and there.isna().all():
            return "impossible", None
    for where, reason in exclusions:
        common = where.keys() & cell.keys()
        if common and all(where[name] == cell[name] for name in common):
            return "excluded", reason
    return "untried", None


def upright(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with the parameter of more levels first: as rows they need less room.

    `cells` has the columns of `pairs` and the `place` of each pair, by which it is ordered.
    """
    counts = cells.groupby("place")[["first_level", "second_level"]].transform("nunique")
    turn = counts["second_level"] > counts["first_level"]
    parts = [cells[~turn]]
    for _, of in cells[turn].groupby("place"):
        names = {"first": "second", "first_level": "second_level"}
        swapped = of.rename(columns={**names, **{other: one for one, other in names.items()}})
        order = list(dict.fromkeys(swapped["first_level"]))
        places = swapped["first_level"].map(order.index)
        parts.append(swapped.loc[places.sort_values(kind="stable").index])
    return pd.concat(parts).sort_values("place", kind="stable")
