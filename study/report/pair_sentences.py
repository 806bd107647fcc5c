"""What the report says of two parameters: whether the best of one hangs on the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.figures.theme import words
from study.report.wording import at, count, number

WORTH = 1.1
"""A level that ends at most so many times as high as the best is not said to be another."""


def pairs(cells: pd.DataFrame) -> list[str]:
    """Say which pair of levels is lowest, where the best of one parameter hangs on another.

    Also where runs diverged, and what was left out.
    """
    measured = cells[cells["state"] == "measured"]
    sentences = [
        f"{_lowest(str(dataset), rows)}{_hangs(rows)}"
        for dataset, rows in measured.groupby("dataset", sort=False)
    ]
    excluded = cells[cells["state"] == "excluded"].groupby("reason", sort=False).size()
    sentences += [
        f"{count(n, 'cell')} excluded beforehand: {str(reason).rstrip('.')}."
        for reason, n in excluded.items()
    ]
    return sentences


def _lowest(dataset: str, cells: pd.DataFrame) -> str:
    lowest = cells.sort_values("median", kind="stable").iloc[0]
    diverged = int((cells["diverged"] > 0).sum())
    where = f"in {diverged:,} of {count(len(cells), 'cell')}" if diverged else "in no cell"
    if not np.isfinite(lowest["median"]):
        return f"On {dataset}, no cell has a finite median. Runs diverged {where}."
    return (
        f"On {dataset}, the lowest cell is {at(lowest['first'], lowest['first_level'])} with "
        f"{at(lowest['second'], lowest['second_level'])}: median {number(lowest['median'])}. "
        f"Runs diverged {where}."
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the level of one parameter that is best beside `of` = `there` is not so elsewhere.

    Beside `elsewhere`, `other` is best, and `best` ends `times` as high: ∞ where its median is.
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
    turns = [turn for turn in _turns(cells) if turn.times > WORTH]
    if not turns:
        return " Each parameter's best level is the same at every level of each other."
    most = max(turns, key=lambda turn: turn.times)
    which = f" The best choice of {words(most.parameter)} hangs most on {words(most.of)}"
    ends = (
        f"ends {number(most.times)} times as high"
        if np.isfinite(most.times)
        else "has an infinite median"
    )
    other = f"{most.other} with {most.elsewhere}, where {most.best} {ends}"
    return f"{which}: {most.best} with {most.there}, but {other}."


def _turns(cells: pd.DataFrame) -> Iterator[Turn]:
    """Yield what the lowest cell of each pair of parameters says of each of them elsewhere."""
    for (first, second), rows in cells.groupby(["first", "second"], sort=False):
        names = str(first), str(second)
        table = rows.pivot_table(
            index="first_level", columns="second_level", values="median", dropna=False
        )
        for (parameter, of), levels in ((names, table), (names[::-1], table.T)):
            finite = levels.where(np.isfinite(levels)).dropna(axis="columns", how="all")
            if finite.empty:
                continue
            there = str(finite.min().idxmin())
            best = str(finite[there].idxmin())
            for elsewhere in map(str, finite.columns):
                low, here = float(finite[elsewhere].min()), float(levels[elsewhere][best])
                if not np.isnan(here) and low > 0:
                    other = str(finite[elsewhere].idxmin())
                    yield Turn(parameter, of, best, there, other, elsewhere, here / low)
