"""Remarks on a table's columns for the reader of a plan: constant or repeated columns."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from study.datasets.dataset import Array
from study.errors import quoted

SHOWN = 8
"""The number of columns that a note names."""

SAME, COUNTS = "the same in every row", "numbers the rows"
"""Values of a column that carry no information on its row."""


def nameless(name: str) -> bool:
    """Return whether a column has no name, or only the default name of pandas or Arrow.

    >>> [nameless(name) for name in ("", "Unnamed: 0", "__index_level_0__", "Unnamed")]
    [True, True, True, False]
    """
    return re.fullmatch(r"|Unnamed: \d+|__index_level_\d+__", name) is not None


def unusual(names: Sequence[str], x: Array) -> dict[str, str]:
    """Return the names of columns of x (samples, features) without new information, and why."""
    first: dict[bytes, str] = {}
    kinds: dict[str, str] = {}
    counts = np.arange(len(x))
    for i, name in enumerate(names):
        column = x[:, i] + 0.0  # −0 is 0
        digest = hashlib.sha256(np.ascontiguousarray(column).tobytes()).digest()
        if (column == column[0]).all():
            kinds[name] = SAME
        elif (other := first.setdefault(digest, name)) != name:
            kinds[name] = f"repeats {quoted(other)}"
        elif np.array_equal(column - column[0], counts):
            kinds[name] = COUNTS
    return kinds


def notes(
    names: Sequence[str], x: Array, header: Sequence[str], unsure: Sequence[str], *, whole: bool
) -> tuple[str, ...]:
    """Return sentences on the columns of x (samples, features), which have these names.

    `unsure` are classes whose name means "no value" elsewhere, and `whole` is true if the columns
    are all possible inputs.
    """
    sentences: list[str] = []
    if unnamed := sum(map(nameless, header)) if whole else 0:
        sentences.append(f"left out {_of(unnamed)} without a name")
    kinds = unusual(names, x)
    for kind in (SAME, COUNTS):
        alike = [quoted(name) for name, why in kinds.items() if why == kind]
        sentences += [f"{kind}: {_list(alike)}"] * bool(alike)
    others = [(quoted(name), why) for name, why in kinds.items() if why not in (SAME, COUNTS)]
    if others:
        sentences.append(_list([f"{name} {why}" for name, why in others]))
    if unsure:
        sentences.append(f"the target's {_list([quoted(text) for text in unsure])} is a class")
    return tuple(sentences)


def _list(words: Sequence[str]) -> str:
    more = len(words) - SHOWN
    return ", ".join([*words[:SHOWN], *([f"and {more:,} more"] if more > 0 else [])])


def _of(count: int) -> str:
    return "a column" if count == 1 else f"{count:,} columns"
