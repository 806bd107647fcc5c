"""A frame's columns → the samples that they hold, or all that is wrong with them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.datasets.content import Content
from study.datasets.dataset import Array
from study.errors import did_you_mean, quoted
from study.space import Place, mistakes

Column: TypeAlias = "pd.Series[Any]"

LARGEST = 1e30
"""The square of a larger number may be beyond what a float32 holds, and so may a mean."""

SHOWN = 8
"""So many columns or classes are named in a sentence."""

FEWEST = 2
"""Of one sample nothing can be held out, and nothing told apart."""

CLASSES = 2
"""So many are told apart by one output."""

TARGET: Place = ("target",)


def samples(
    frame: pd.DataFrame, features: Sequence[str], target: str, *, comma: bool = False
) -> Content:
    """Return what the named columns hold; with `comma`, text such as 0,5 is a number too.

    Raises one error with every mistake: a column that is not there or stands twice, values that are
    missing, no numbers or too large, a target that is neither of two classes nor a number.
    """
    names = [str(name) for name in frame.columns]
    places: dict[Place, str] = {("features", i): name for i, name in enumerate(features)}
    places[TARGET] = target
    _raise({place: _lacks(name, names) for place, name in places.items()})
    if (n := len(frame)) < FEWEST:
        _raise({("path",): f"needs at least {FEWEST} samples, one a row, got {n}"})
    columns = {place: frame.iloc[:, names.index(name)] for place, name in places.items()}
    numbers = {place: _numbers(column, comma=comma) for place, column in columns.items()}
    wrong = {place: _gaps(column) for place, column in columns.items()}
    for place, column in columns.items():
        found = numbers[place]
        if found is not None:
            wrong[place] = wrong[place] or _size(found)
        elif place != TARGET:
            wrong[place] = wrong[place] or _no_numbers(column, comma=comma)
    targets = numbers[TARGET]
    values = _text(columns[TARGET]).to_numpy() if targets is None else targets
    levels = np.unique(np.asarray(values[columns[TARGET].notna().to_numpy()]))
    wrong[TARGET] = wrong[TARGET] or _unlearnable(levels)
    _raise(wrong)
    x = np.stack([found for place, found in numbers.items() if place != TARGET], axis=-1)  # type: ignore[misc]  # none is None here
    if targets is not None and len(levels) > CLASSES:
        return Content(None, x, targets[:, None])
    booleans = columns[TARGET].dtype == bool
    first, second = (_shown(bool(v) if booleans else v) for v in levels)
    return Content((first, second), x, (values == levels[1]).astype(float)[:, None])


def _raise(wrong: Mapping[Place, str]) -> None:
    """Raise the mistakes, if any sentence says one."""
    if found := [(place, says) for place, says in wrong.items() if says]:
        raise mistakes(found)


def _lacks(name: str, names: Sequence[str]) -> str:
    """Say that a column is not there or not one alone, or nothing."""
    if names.count(name) > 1:
        return f"{names.count(name)} columns have the header {quoted(name)}; give each its own"
    if name in names:
        return ""
    there = f"; there are {_list([quoted(other) for other in names])}"
    return f"there is no column {quoted(name)}{did_you_mean(name, names) or there}"


def _list(words: Sequence[str]) -> str:
    return ", ".join([*words[:SHOWN], *["…"] * (len(words) > SHOWN)])


def _text(column: Column) -> Column:
    return column.astype(str).str.strip()


def _numbers(column: Column, *, comma: bool) -> Array | None:
    """Return a column as float64, NaN where it is missing; None where it holds other things."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    found = _parsed(column, comma=comma)
    return found if (~np.isnan(found) | column.isna().to_numpy()).all() else None


def _parsed(column: Column, *, comma: bool) -> Array:
    text = _text(column)
    text = text.str.replace(",", ".", regex=False) if comma else text
    return pd.to_numeric(text.where(column.notna()), errors="coerce").to_numpy(
        float, na_value=np.nan
    )


def _gaps(column: Column) -> str:
    """Say where values are missing, or nothing."""
    return _rows(column.isna().to_numpy(), "has no value in {}: fill or remove what is missing")


def _size(numbers: Array) -> str:
    """Say where numbers are not finite, or too large, or nothing."""
    small = np.abs(numbers) <= LARGEST
    return _rows(~small, f"must be finite, and within ±{LARGEST:g}, which fails in {{}}")


def _no_numbers(column: Column, *, comma: bool) -> str:
    """Say what else than a number a feature holds, and where."""
    where = np.isnan(_parsed(column, comma=comma)) & column.notna().to_numpy()
    first = quoted(str(column[where].iloc[0]))
    return _rows(where, f"must hold numbers alone, got {first} and the like in {{}}")


def _rows(where: NDArray[np.bool_], says: str) -> str:
    """Say which row is so, or how many and the first, counted from 1 below the header."""
    count, first = int(where.sum()), int(where.argmax()) + 1
    rows = f"row {first}" if count == 1 else f"{count:,} rows, first in row {first}"
    return says.format(rows) if count else ""


def _unlearnable(levels: NDArray[Any]) -> str:
    """Say why a target of these values cannot be learned, or nothing."""
    shown = [_shown(level) for level in levels[: SHOWN + 1]]
    if len(levels) == 1:
        return f"is {shown[0]} in every row: there is nothing to learn"
    if levels.dtype.kind == "f" or len(levels) == CLASSES:
        return ""
    return f"must be a number, or of two classes, got {len(levels):,} classes: {_list(shown)}"


def _shown(level: object) -> str:
    """Write a value of the target as a class's name: 1, not 1.0."""
    return level if isinstance(level, str) else quoted(level)
