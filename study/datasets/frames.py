"""A table's columns → the samples that they hold, or all that is wrong with them."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.datasets.dataset import BINARY, Array
from study.datasets.tables import Column, Table
from study.errors import cut, did_you_mean, quoted
from study.space import Place, mistakes

LARGEST = 1e30
"""The square of a larger number may be beyond what a float32 holds, and so may a mean."""

SHOWN = 8
"""So many columns or classes are named in a sentence."""

COMPARED = 10_000
"""A name that is not there is compared with so many, since each takes a moment."""

FEWEST = 2
"""Of one sample nothing can be held out, and nothing told apart."""

MOST_CLASSES = 20
"""A target of more texts is no target of classes."""

EXACT = 1e15
"""Whole numbers below it have a float64 each, and are written without a point."""

TARGET: Place = ("target",)


@dataclass(frozen=True, slots=True)
class Content:
    """Inputs x (samples, *shape) and y (samples, 1), float64: a number, or a class's index.

    `labels` are the names of the classes, by index; None where the target is a number.
    """

    labels: tuple[str, ...] | None
    x: Array = field(compare=False, repr=False)
    y: Array = field(compare=False, repr=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        """Hash all that a network is given: the same from a file of any format, place or name."""
        found = hashlib.sha256(repr((self.x.shape, self.labels is None)).encode())
        for array in (self.x, self.y):
            found.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
        object.__setattr__(self, "digest", found.hexdigest()[:16])


def samples(table: Table, features: Sequence[str], target: str, task: str | None = None) -> Content:
    """Return what the named columns of a file's table hold.

    `task` is classes or number, or None where the values of the target decide. Raises one error
    with every mistake: a column that is not there or stands twice, values that are missing, no
    numbers or too large, a target that is neither of classes nor a number, or may be either.
    """
    places: dict[Place, str] = {("features", i): name for i, name in enumerate(features)}
    places[TARGET] = target
    counts, unreadable = Counter(table.names), table.unreadable
    lacks = {place: _lacks(name, counts) for place, name in places.items()}
    _raise({place: lacks[place] or unreadable.get(name, "") for place, name in places.items()})
    if table.rows < FEWEST:
        _raise({("path",): f"needs at least {FEWEST} samples, one a row, got {table.rows}"})
    columns = {place: table.columns[name] for place, name in places.items()}
    numbers = {place: _numbers(column, comma=table.comma) for place, column in columns.items()}
    wrong = {place: _gaps(column, table) for place, column in columns.items()}
    for place, column in columns.items():
        found = numbers[place]
        if found is not None:
            wrong[place] = wrong[place] or _size(found, table)
        elif place != TARGET:
            wrong[place] = wrong[place] or _no_numbers(column, table)
    levels, level = _levels(columns[TARGET], numbers[TARGET])
    wrong[TARGET] = wrong[TARGET] or _unlearnable(levels, task)
    _raise(wrong)
    x = np.stack([found for place, found in numbers.items() if place != TARGET], axis=-1)  # type: ignore[misc]  # none is None here
    targets = numbers[TARGET]
    if targets is not None and task != "classes" and (task or len(levels) > BINARY):
        return Content(None, x, targets[:, None])
    booleans = columns[TARGET].dtype == bool
    labels = [_shown(bool(v) if booleans else v) for v in levels]
    return Content(_distinct(labels), x, level.astype(float)[:, None])


def _raise(wrong: Mapping[Place, str]) -> None:
    """Raise the mistakes, if any sentence says one."""
    if found := [(place, says) for place, says in wrong.items() if says]:
        raise mistakes(found)


def _lacks(name: str, counts: Mapping[str, int]) -> str:
    """Say that a column is not there or not one alone, or nothing."""
    if counts.get(name, 0) > 1:
        return f"{counts[name]} columns have the header {quoted(name)}; give each its own"
    if name in counts:
        return ""
    if not counts:
        return f"there is no column {quoted(name)}, nor any other"
    there = f"; there are {_list([quoted(other) for other in islice(counts, SHOWN + 1)])}"
    meant = did_you_mean(name, islice(counts, COMPARED))
    return f"there is no column {quoted(name)}{meant or there}"


def _list(words: Sequence[str]) -> str:
    return ", ".join([*words[:SHOWN], *["…"] * (len(words) > SHOWN)])


def _coded(column: Column) -> tuple[NDArray[np.intp], Column]:
    """Return a column's different values as text, and which of them each row has; −1 is missing.

    A few long texts in millions of rows take little time and memory so.
    """
    codes, different = pd.factorize(column)
    return codes, pd.Series(different).astype(str).str.strip()


def _levels(column: Column, numbers: Array | None) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return a target's different values in order, and the place of each row's among them."""
    if numbers is not None:
        levels, level = np.unique(numbers, return_inverse=True)
        return levels, level
    codes, texts = _coded(column)
    levels, place = np.unique(texts.to_numpy(dtype=object), return_inverse=True)
    return levels, np.append(place, -1)[codes]


def _numbers(column: Column, *, comma: bool) -> Array | None:
    """Return a column as float64, NaN where it is missing; None where it holds other things."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=float, na_value=np.nan)
    found = _parsed(column, comma=comma)
    return found if (~np.isnan(found) | column.isna().to_numpy()).all() else None


def _parsed(column: Column, *, comma: bool) -> Array:
    """Return text as float64, NaN where it is none or no number."""
    codes, text = _coded(column)
    text = text.str.replace(",", ".", regex=False) if comma else text
    numbers = pd.to_numeric(text, errors="coerce").to_numpy(float, na_value=np.nan)
    return np.append(numbers, np.nan)[codes]


def _gaps(column: Column, table: Table) -> str:
    """Say where values are missing, or nothing."""
    where = _rows(column.isna().to_numpy(), table)
    return where and f"has no value in {where}: fill or remove missing values"


def _size(numbers: Array, table: Table) -> str:
    """Say where numbers are not finite, or too large, or nothing."""
    where = _rows(~(np.abs(numbers) <= LARGEST), table)
    return where and f"must be finite, and within ±{LARGEST:g}, which fails in {where}"


def _no_numbers(column: Column, table: Table) -> str:
    """Say what else than a number a feature holds, and where."""
    wrong = np.isnan(_parsed(column, comma=table.comma)) & column.notna().to_numpy()
    first = quoted(str(column[wrong].iloc[0]))
    return f"must hold numbers alone, got {first} or similar in {_rows(wrong, table)}"


def _rows(where: NDArray[np.bool_], table: Table) -> str:
    """Name the only such row, or count such rows and name the first; empty without any."""
    count = int(where.sum())
    if not count:
        return ""
    first = table.line(int(where.argmax()))
    return first if count == 1 else f"{count:,} rows, first in {first}"


def _unlearnable(levels: NDArray[Any], task: str | None) -> str:
    """Return why a target of these values cannot be learned, or nothing."""
    shown = _list([_shown(level) for level in levels[: SHOWN + 1]])
    values, numbers = f"{len(levels):,} values: {shown}", levels.dtype.kind == "f"
    if len(levels) == 1:
        return f"is {shown} in every row: there is nothing to learn"
    if task == "number":
        return "" if numbers else f"must be a number with task = 'number', got {values}"
    if len(levels) == BINARY or (numbers and task is None and not _ambiguous(levels)):
        return ""
    if len(levels) > MOST_CLASSES:
        kind = "classes" if task else "a number, or classes"
        return f"must be {kind} (at most {MOST_CLASSES}), got {values}"
    if task is None and numbers:
        return (
            f"has {len(levels)} whole numbers ({shown}), which may be classes or a number: add "
            "task = 'classes' or task = 'number'"
        )
    return ""


def _ambiguous(levels: NDArray[Any]) -> bool:
    """Return whether numbers may as well be names of classes: few, and whole."""
    return len(levels) <= MOST_CLASSES and bool((levels == np.round(levels)).all())


def _shown(level: object) -> str:
    """Write a value of the target as a class's name: 1, not 1.0."""
    if isinstance(level, float) and abs(level) < EXACT and level == round(level):
        return str(round(level))
    return cut(level) or "''" if isinstance(level, str) else quoted(level)


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the classes, numbered where long ones were cut to the same text."""
    alike = Counter(labels)
    return tuple(f"{label} ({i})" if alike[label] > 1 else label for i, label in enumerate(labels))
