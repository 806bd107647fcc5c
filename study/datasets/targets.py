"""A column → a target of classes or of numbers, or the reason why it cannot be one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.datasets.columns import Look
from study.datasets.dataset import BINARY, Array
from study.datasets.faults import Fault, absent, gaps, measured, too_large
from study.datasets.tables import Table
from study.datasets.writing import MISSING, Convention
from study.errors import cut, quoted

SHOWN = 8
"""The number of classes that a sentence names."""

MOST_CLASSES = 20
"""A target of more texts is not a target of classes."""

EXACT = 1e15
"""Smaller whole numbers have a float64 each, and are written without a point."""


@dataclass(frozen=True, slots=True)
class Target:
    """y (samples, 1): a number, or the index of a class, whose names are `labels`.

    `unsure` are classes whose name means "no value" elsewhere.
    """

    labels: tuple[str, ...] | None
    y: Array
    unsure: tuple[str, ...] = ()


def target_of(
    name: str, of: Look, table: Table, convention: Convention, task: str | None
) -> "Target | Fault":
    """Return the target in a column, or its errors.

    `task` is classes or number, or None if the values decide.
    """
    of = _unquoted(_named(of), table)
    if problem := gaps(of.missing, table):
        return Fault(problem, () if of.missing.all() else absent(of))
    numbers = None if of.kind == "texts" else of.values(convention)
    if of.kind == "texts" and task != "classes" and (wrong := measured(name, of, table)):
        return replace(wrong, problem=f"{wrong.problem}; or add task = 'classes'")
    if numbers is not None and (problem := too_large(numbers, table)):
        return Fault(problem)
    levels, level = _levels(of, numbers)
    if problem := _unlearnable(levels, task):
        return Fault(problem)
    if numbers is not None and task != "classes" and (task or len(levels) > BINARY):
        return Target(None, numbers[:, None])
    labels = [_shown(bool(v) if of.kind == "booleans" else v) for v in levels]
    unsure = tuple(label for label in levels if label in MISSING) if numbers is None else ()
    return Target(_distinct(labels), level.astype(float)[:, None], unsure)


def _named(of: Look) -> Look:
    """Return a column of texts in which several markers such as None and NA must be classes."""
    if of.kind != "nothing" or of.texts is None:
        return of
    empty = np.array([not text for text in of.texts.to_pylist()], np.bool_)
    if (~empty).sum() < BINARY:
        return of
    return replace(of, kind="texts", absent=empty, strange=~empty)


def _unquoted(of: Look, table: Table) -> Look:
    """Return a column in which NA is missing because only the other texts are quoted, as by R.

    R quotes a class that is called NA.
    """
    if of.kind != "texts":
        return of
    texts = [text for text in of.texts.to_pylist() if text]
    nothing = [text for text in texts if text in MISSING]
    words = [text for text in texts if text not in MISSING]
    if not nothing or not words or len(words) > MOST_CLASSES:
        return of
    if any(map(table.in_quotes, nothing)) or not all(map(table.in_quotes, words)):
        return of
    absent = np.array([text in MISSING for text in of.texts.to_pylist()], np.bool_)
    return replace(of, absent=of.absent | absent)


def _levels(of: Look, numbers: Array | None) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return a target's different values in order, and the index of each row's among them."""
    if numbers is not None:
        levels, level = np.unique(numbers, return_inverse=True)
        return levels, level
    texts = np.array(of.texts.to_pylist(), dtype=object)
    used = np.unique(of.codes)
    levels, place = np.unique(texts[used], return_inverse=True)
    at = np.zeros(len(texts), np.intp)
    at[used] = place
    return levels, at[of.codes]


def _unlearnable(levels: NDArray[Any], task: str | None) -> str:
    """Return why a target of these values cannot be learned; "" if it can."""
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


def _list(words: Sequence[str]) -> str:
    return ", ".join([*words[:SHOWN], *["…"] * (len(words) > SHOWN)])


def _ambiguous(levels: NDArray[Any]) -> bool:
    """Return whether numbers may also be names of classes: few, and whole."""
    return len(levels) <= MOST_CLASSES and bool((levels == np.round(levels)).all())


def _shown(level: object) -> str:
    """Write a value of the target as a class's name: 1, not 1.0."""
    if isinstance(level, float) and abs(level) < EXACT and level == round(level):
        return str(round(level))
    return cut(level) or "''" if isinstance(level, str) else quoted(level)


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the classes, numbered if long ones were cut to the same text."""
    alike = Counter(labels)
    return tuple(f"{label} ({i})" if alike[label] > 1 else label for i, label in enumerate(labels))
