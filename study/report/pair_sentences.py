"""What the report says of two parameters: whether the best of one hangs on the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.plot.theme import words
from study.report.wording import at, count, listing, number

WORTH, APART = 1.1, 0.02
"""A level counts as another best one if its median is more than `WORTH` times as good, or for a
share by more than `APART`."""


def pairs(cells: pd.DataFrame) -> list[str]:
    """Name the best pair of levels, and where the best level of one depends on the other.

    A sentence for each dataset and metric, the objective's first. Also where runs diverged, and
    the excluded cells.
    """
    measured = cells[cells["state"] == "measured"]
    sentences = [
        f"{_best(str(key[0]), rows)}{_hangs(rows)}{_depends(rows)}"
        for key, rows in measured.groupby(["dataset", "metric"], sort=False)
    ]
    out = cells[(cells["state"] == "excluded") & cells["metric"].isin(cells["metric"].head(1))]
    sentences += [
        f"{count(n, 'cell')} excluded beforehand: {str(reason).rstrip('.')}."
        for reason, n in out.groupby("reason", sort=False).size().items()
    ]
    return sentences


def _best(dataset: str, cells: pd.DataFrame) -> str:
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    best = cells.sort_values("median", kind="stable", ascending=goal == "minimize").iloc[0]
    diverged = int((cells["diverged"] > 0).sum())
    where = f"in {diverged:,} of {count(len(cells), 'cell')}" if diverged else "in no cell"
    if not np.isfinite(best["median"]):
        return f"On {dataset}, no cell has a finite median. Runs diverged {where}."
    return (
        f"On {dataset}, the {'lowest' if goal == 'minimize' else 'highest'} cell is "
        f"{at(best['first'], best['first_level'])} with "
        f"{at(best['second'], best['second_level'])}: median {words(metric)} "
        f"{number(best['median'])}. Runs diverged {where}."
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the level of one parameter that is best beside `of` = `there` is not so elsewhere.

    Beside `elsewhere`, `other` is best, and `best` has another median: `times` the other's, or so
    far from it where ratios do not count; ∞ where it is infinite.
    """

    parameter: str
    of: str
    best: str
    there: str
    other: str
    elsewhere: str
    times: float


def _hangs(cells: pd.DataFrame) -> str:
    """Say where it costs most to take the level that is best beside another one."""
    if not np.isfinite(cells["median"]).any():
        return ""
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    ratios = METRICS[metric].logarithmic and goal == "minimize"
    worth = WORTH if ratios else APART
    turns = [turn for turn in _turns(cells, goal, ratios=ratios) if turn.times > worth]
    if not turns:
        return " Each parameter's best level is the same at every level of each other."
    most = max(turns, key=lambda turn: turn.times)
    alike = (most.of, most.there, most.elsewhere, most.times)
    same = [t for t in turns if (t.of, t.there, t.elsewhere, t.times) == alike]  # always together
    what, best, another = (
        listing(list(dict.fromkeys(of)))
        for of in zip(*((words(t.parameter), t.best, t.other) for t in same), strict=True)
    )
    which = f" The best {what} depends most on {words(most.of)}"
    ends = (
        f"ends {number(most.times)} {'times as high' if ratios else _way(goal)}"
        if np.isfinite(most.times)
        else "has an infinite median"
    )
    other = f"{another} with {most.elsewhere}, where {best} {ends}"
    return f"{which}: {best} with {most.there}, but {other}."


def _way(goal: str) -> str:
    return "higher" if goal == "minimize" else "lower"


def _turns(cells: pd.DataFrame, goal: str, *, ratios: bool) -> Iterator[Turn]:
    """Yield, for the best cell of each pair of parameters, where its levels are not the best."""
    sign = 1.0 if goal == "minimize" else -1.0
    for (first, second), rows in cells.groupby(["first", "second"], sort=False):
        names = str(first), str(second)
        table = sign * rows.pivot_table(
            index="first_level", columns="second_level", values="median", dropna=False
        )
        for (parameter, of), levels in ((names, table), (names[::-1], table.T)):
            finite = levels.where(np.isfinite(levels)).dropna(axis="columns", how="all")
            if finite.empty:
                continue
            there = str(finite.min().idxmin())
            tied = finite.index[finite[there] == finite[there].min()]  # the best of them elsewhere
            best = str(levels.loc[tied].max(axis="columns").idxmin())
            for elsewhere in map(str, finite.columns):
                low, here = float(finite[elsewhere].min()), float(levels[elsewhere][best])
                if not np.isnan(here) and (low > 0 or not ratios):
                    other = str(finite[elsewhere].idxmin())
                    times = here / low if ratios else here - low
                    yield Turn(parameter, of, best, there, other, elsewhere, times)


@dataclass(frozen=True, slots=True)
class Dependence:
    """How far a parameter moves the median at the level of another that matters most, or least.

    Each end has the other parameter's level, then a level and its median, twice.
    """

    parameter: str
    of: str
    gap: float
    most: tuple[str, str, float, str, float]
    least: tuple[str, str, float, str, float]


def _depends(cells: pd.DataFrame) -> str:
    """Say beside which level of another parameter one matters most, and beside which least."""
    found = list(_dependences(cells, ratios=METRICS[str(cells["metric"].iloc[0])].logarithmic))
    if not found or max(one.gap for one in found) <= 0:
        return ""
    top = max(found, key=lambda one: one.gap)
    numbers = [top.most[0], top.most[2], top.most[4], top.least[0], top.least[2], top.least[4]]
    same = [
        one for one in found
        if one.of == top.of and one.gap == top.gap
        and [*(one.most[i] for i in (0, 2, 4)), *(one.least[i] for i in (0, 2, 4))] == numbers
    ]  # fmt: skip
    names = list(dict.fromkeys(words(one.parameter) for one in same))
    what, verb = listing(names), "matters" if len(names) == 1 else "matter"

    def ends(side: str) -> str:
        of = [getattr(one, side) for one in same]
        low, high = (listing(list(dict.fromkeys(end[i] for end in of))) for i in (1, 3))
        return f"{number(of[0][2])} at {low} to {number(of[0][4])} at {high}"

    most = f"most with {at(top.of, top.most[0])}, from {ends('most')}"
    return (
        f" {what.capitalize()} {verb} {most}, and least with {top.least[0]}, from {ends('least')}."
    )


def _dependences(cells: pd.DataFrame, *, ratios: bool) -> Iterator[Dependence]:
    for (first, second), rows in cells.groupby(["first", "second"], sort=False):
        for parameter, of in ((first, second), (second, first)):
            names = {first: "first_level", second: "second_level"}
            ends = []
            for level, here in rows.groupby(names[of], sort=False):
                known = here[np.isfinite(here["median"])].sort_values("median", kind="stable")
                low, high = (known["median"].iloc[i] for i in (0, -1)) if len(known) > 1 else (0, 0)
                if len(known) > 1 and (low > 0 or not ratios):
                    worst, best = known.iloc[0][names[parameter]], known.iloc[-1][names[parameter]]
                    size = float(np.log10(high / low) if ratios else high - low)
                    ends.append((size, (str(level), str(worst), low, str(best), high)))
            if len(ends) > 1:
                most, least = max(ends, key=lambda end: end[0]), min(ends, key=lambda end: end[0])
                yield Dependence(str(parameter), str(of), most[0] - least[0], most[1], least[1])
