"""All trials as the page's own table: written values, and the columns to choose by."""

import math
from dataclasses import dataclass

import pandas as pd

from study.report.material import Material
from study.report.wording import written

FEW = 12
"""A column with at most so many different values can be chosen by."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that rows can be chosen by."""

    name: str
    column: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Every trial, a row of texts; beside a rounded number stands its value, to sort by."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    choices: tuple[Choice, ...]


def trials(material: Material) -> Listed:
    """Return the trials of a study; none before it has ended."""
    frame = material.trials
    parameters = material.studied
    objectives = [name for name in frame.columns if name.startswith("objective")]
    counts = ["state", "runs", "diverged", "failed"]
    if len(objectives) > 1:
        objectives.remove("objective")
    columns = ["dataset", "phase", "number", *parameters, *counts, *objectives]
    values = frame.assign(**{name: _texts(frame[name]) for name in parameters})
    rows = tuple(
        tuple((written(cell), _exact(cell)) for cell in row)
        for row in values[columns].itertuples(index=False, name=None)
    )
    choices = []
    for i, name in enumerate(columns):
        found = tuple(dict.fromkeys(row[i][0] for row in rows))
        if name in ("dataset", "phase", "state", *parameters) and 1 < len(found) <= FEW:
            choices.append(Choice(name, i, found))
    return Listed(tuple(columns), rows, tuple(choices))


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
