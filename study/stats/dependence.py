"""Whether the best level of one parameter, or its effect, depends on another parameter."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.metrics import METRICS

WORTH, APART = 1.1, 0.02
"""A level counts as another best one if its median is more than `WORTH` times as good, or for a
share by more than `APART`."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the level of one parameter that is best at `of` = `there` is not best elsewhere.

    At `of` = `elsewhere`, `other` is best, and the median of `best` is `times` that of `other`; or,
    unless `ratios` count, differs from it by so much. `times` is ∞ where that median is infinite.
    """

    parameter: str
    of: str
    best: str
    there: str
    other: str
    elsewhere: str
    times: float
    ratios: bool


def turns(cells: pd.DataFrame) -> list[Turn]:
    """Return where it costs most to take the level that is best at another one.

    `cells` are the measured ones of one dataset and metric. Several turns are returned where
    parameters always change together, and none where each best level is the same everywhere.
    """
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    ratios = METRICS[metric].logarithmic and goal == "minimize"
    worth = WORTH if ratios else APART
    found = [turn for turn in _turns(cells, goal, ratios=ratios) if turn.times > worth]
    most = max(found, key=lambda turn: turn.times, default=None)
    return [
        turn for turn in found if most
        and (turn.of, turn.there, turn.elsewhere, turn.times)
        == (most.of, most.there, most.elsewhere, most.times)
    ]  # fmt: skip


def _turns(cells: pd.DataFrame, goal: str, *, ratios: bool) -> Iterator[Turn]:
    """Yield, for the best cell of each pair of parameters, where its levels are not the best."""
    sign = 1.0 if goal == "minimize" else -1.0
    for (first, second), rows in cells.groupby(["first", "second"], sort=False):
        names = str(first), str(second)
        table = sign * rows.pivot_table(
            index="first_level", columns="second_level", values="median", dropna=False
        )
        for (parameter, of), medians in ((names, table), (names[::-1], table.T)):
            finite = medians.where(np.isfinite(medians)).dropna(axis="columns", how="all")
            if finite.empty:
                continue
            there = str(finite.min().idxmin())
            tied = finite.index[finite[there] == finite[there].min()]  # the best of them elsewhere
            best = str(medians.loc[tied].max(axis="columns").idxmin())
            for elsewhere in map(str, finite.columns):
                low, here = float(finite[elsewhere].min()), float(medians[elsewhere][best])
                if not np.isnan(here) and (low > 0 or not ratios):
                    other = str(finite[elsewhere].idxmin())
                    times = here / low if ratios else here - low
                    yield Turn(parameter, of, best, there, other, elsewhere, times, ratios)


@dataclass(frozen=True, slots=True)
class End:
    """At one level of another parameter: the least and the greatest median, and their distance."""

    at: str
    low_level: str
    low: float
    high_level: str
    high: float
    size: float


@dataclass(frozen=True, slots=True)
class Dependence:
    """At which level of `of` a parameter changes the median most, and at which least."""

    parameter: str
    of: str
    most: End
    least: End

    @property
    def numbers(self) -> tuple[object, ...]:
        """The place and the size, which parameters that always change together share."""
        ends = [(end.at, end.low, end.high) for end in (self.most, self.least)]
        return (self.of, self.gap, *ends)

    @property
    def gap(self) -> float:
        """How much more it changes the median at the one level than at the other."""
        return self.most.size - self.least.size


def dependences(cells: pd.DataFrame) -> list[Dependence]:
    """Return the parameter whose effect differs most between levels of another one, if any does.

    `cells` are the measured ones of one dataset and metric. Effects are ratios where the metric's
    scale is logarithmic. Several are returned where parameters always change together.
    """
    ratios = METRICS[str(cells["metric"].iloc[0])].logarithmic
    found = list(_dependences(cells, ratios=ratios))
    top = max(found, key=lambda one: one.gap, default=None)
    return [one for one in found if top and top.gap > 0 and one.numbers == top.numbers]


def _dependences(cells: pd.DataFrame, *, ratios: bool) -> Iterator[Dependence]:
    for (first, second), rows in cells.groupby(["first", "second"], sort=False):
        names = {first: "first_level", second: "second_level"}
        for parameter, of in ((first, second), (second, first)):
            ends = []
            for level, here in rows.groupby(names[of], sort=False):
                known = here[np.isfinite(here["median"])].sort_values("median", kind="stable")
                if len(known) < 2:  # noqa: PLR2004  # nothing moves
                    continue
                low, high = (float(known["median"].iloc[i]) for i in (0, -1))
                if low > 0 or not ratios:
                    one, other = (str(known[names[parameter]].iloc[i]) for i in (0, -1))
                    size = float(np.log10(high / low) if ratios else high - low)
                    ends.append(End(str(level), one, low, other, high, size))
            if len(ends) > 1:
                most = max(ends, key=lambda end: end.size)
                least = min(ends, key=lambda end: end.size)
                yield Dependence(str(parameter), str(of), most, least)
