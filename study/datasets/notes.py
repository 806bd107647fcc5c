"""What the reader of a plan should know of a table's columns: constant or repeated ones."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from study.datasets.dataset import Array
from study.errors import quoted

SHOWN = 8
"""So many columns are named."""


def notes(
    names: Sequence[str], x: Array, header: Sequence[str], unsure: Sequence[str], *, whole: bool
) -> tuple[str, ...]:
    """Return sentences on the columns of x (samples, features), which have these names.

    `unsure` are classes whose name means "no value" elsewhere, and `whole` says that the columns
    are all that may be inputs.
    """
    constant = (x == x[0]).all(0)
    found: list[str] = []
    if unnamed := sum(not name for name in header) if whole else 0:
        found.append(f"left out {_of(unnamed)} without a name")
    if constant.any():
        same = [quoted(name) for name, of in zip(names, constant, strict=True) if of]
        found.append(f"the same in every row: {_list(same)}")
    found += _repeated(names, x, constant)
    counting = [
        quoted(name)
        for i, name in enumerate(names)
        if np.array_equal(x[:, i] - x[0, i], np.arange(len(x)))
    ]
    if counting:
        found.append(f"numbers the rows: {_list(counting)}")
    if unsure:
        found.append(f"the target's {_list([quoted(text) for text in unsure])} is a class")
    return tuple(found)


def _repeated(names: Sequence[str], x: Array, constant: Sequence[bool]) -> Iterator[str]:
    """Yield which columns have the values of an earlier one."""
    first: dict[bytes, str] = {}
    found: list[str] = []
    for i, name in enumerate(names):
        digest = hashlib.sha256(np.ascontiguousarray(x[:, i] + 0.0).tobytes()).digest()
        other = first.setdefault(digest, name)
        if other != name and not constant[i]:
            found.append(f"{quoted(name)} repeats {quoted(other)}")
    if found:
        yield _list(found)


def _list(words: Sequence[str]) -> str:
    more = len(words) - SHOWN
    return ", ".join([*words[:SHOWN], *([f"and {more:,} more"] if more > 0 else [])])


def _of(count: int) -> str:
    return "a column" if count == 1 else f"{count:,} columns"
