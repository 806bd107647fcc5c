"""All trials as the page's own table, the best first, and the columns to choose by."""

import math
from dataclasses import dataclass

import pandas as pd

from study.report.material import Material
from study.report.wording import written
from study.stats import summaries
from study.stats.feasible import flags
from study.stats.leading import KEYS

FEW = 12
"""A column with at most this number of different values can be chosen by."""

MEDIAN = ("median", "low", "high")


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that rows can be chosen by."""

    name: str
    column: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Every trial, a row of texts; next to a rounded number is its full value, to sort by."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    choices: tuple[Choice, ...]


def trials(material: Material) -> Listed:
    """Return the trials of a study, the best of each dataset first; none before it has ended."""
    frame, parameters = placed(material), material.studied
    objectives = [name for name in frame.columns if name.startswith("objective")]
    if len(objectives) > 1:
        objectives.remove("objective")
    differ = [name for name in ("phase", "diverged", "failed") if len(set(frame[name])) > 1]
    ended = ["state", "runs", *differ, "number"]
    ended[1:1] = frame.columns.intersection(["feasible"])
    columns = ["dataset", "rank", *parameters, *objectives, *MEDIAN, *ended]
    values = frame.assign(**{name: _texts(frame[name]) for name in parameters})
    rows = tuple(
        tuple((written(cell), _exact(cell)) for cell in row)
        for row in values[columns].itertuples(index=False, name=None)
    )
    choices = []
    for i, name in enumerate(columns):
        names = tuple(dict.fromkeys(row[i][0] for row in rows))
        if name in ("dataset", "phase", "state", "feasible", *parameters) and 1 < len(names) <= FEW:
            choices.append(Choice(name, i, names))
    return Listed(tuple(columns), rows, tuple(choices))


def placed(material: Material) -> pd.DataFrame:
    """Return the trials with the median of the objective's metric, its interval and their `rank`.

    Trials that are not ranked have no rank: pruned ones, and where the winners of a search were
    confirmed, the trials of the search, whose median is of the repetitions that searched.
    """
    every, aim = material.trials, material.pipeline.search.aims[0]
    completed, confirmed = every["state"] == "completed", every["phase"] == "confirm"
    fresh = every["dataset"].isin(every.loc[completed & confirmed, "dataset"])
    ranks = completed & (every["phase"] != "decide") & (confirmed == fresh)
    searched = completed & ~confirmed & ~ranks
    declared = material.runs[material.runs["repetition"] < material.pipeline.search.repetitions]
    others = summaries.configurations(declared, (), aim)
    parts = [
        every[ranks].merge(material.ranked[[*KEYS, "rank", *MEDIAN]], on=KEYS, how="left"),
        every[searched].merge(others[[*KEYS, *MEDIAN]], on=KEYS, how="left"),
        every[~ranks & ~searched],
    ]
    order = list(dict.fromkeys(every["dataset"]))
    table = pd.concat([part for part in parts if len(part)] or [every.iloc[:0]])
    table = table.reindex(columns=[*every.columns, "rank", *MEDIAN]).astype({"rank": "Int64"})
    keys = {
        "place": table["dataset"].map(order.index),
        "ranked": table["rank"],
        "last": ~flags(table),
        "badness": aim.sign * table["objective"].astype(float),
    }
    table = table.assign(**keys).sort_values([*keys, "number"], kind="stable")
    return table.drop(columns=list(keys))


def _exact(cell: object) -> str:
    """Write a number in full, as JavaScript reads it; nothing where the text is no rounded number.

    >>> _exact(0.1234567), _exact(float("-inf")), _exact(3), _exact("tanh")
    ('0.1234567', '-Infinity', '', '')
    """
    if not isinstance(cell, float) or math.isnan(cell):
        return ""
    return repr(float(cell)).replace("inf", "Infinity")


def _texts(levels: pd.Series) -> pd.Series:
    """Return the levels of a parameter; a dash where it does not act."""
    return levels.astype(object).fillna("–")
