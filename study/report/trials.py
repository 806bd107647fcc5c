"""All trials as the page's own table: written values, and the columns to choose by."""

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
    """Every trial, a row of texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
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
        tuple(map(written, row)) for row in values[columns].itertuples(index=False, name=None)
    )
    choices = []
    for i, name in enumerate(columns):
        found = tuple(dict.fromkeys(row[i] for row in rows))
        if name in ("dataset", "phase", "state", *parameters) and 1 < len(found) <= FEW:
            choices.append(Choice(name, i, found))
    return Listed(tuple(columns), rows, tuple(choices))


def _texts(levels: pd.Series) -> pd.Series:
    """Return the levels of a parameter; a dash where it does not act."""
    return levels.astype(object).fillna("–")
