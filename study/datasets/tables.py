"""A user's CSV or Parquet file → its named columns, or one sentence about its first error."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd

from study.datasets.pasting import Origin
from study.datasets.writing import PLAIN, Convention
from study.space import invalid
from study.units import amount, size

CELLS = 50_000_000
"""The most values of a table: 0.4 GB as numbers, and a multiple while they are read."""

BYTES = 1_000_000_000
"""The most bytes that they take, unpacked."""

Column: TypeAlias = "pd.Series[Any]"


def row_number(row: int) -> str:
    """Name a row by its number, counted from 1."""
    return f"row {row + 1}"


@dataclass(frozen=True, slots=True)
class Table:
    """The requested columns, and the context that error messages need.

    `names` has all column names of the file; `columns` the requested columns that occur once and
    can be read, or more; `unreadable` gives the reason for others. `origin` is how pandas reads the
    file, `described` how it was read, and `allowed` how its numbers may be written. `line` names a
    row's place in the file; `in_quotes`: whether a text occurs there in quotes.
    """

    names: Sequence[str]
    rows: int
    columns: Mapping[str, Column]
    origin: Origin
    unreadable: Mapping[str, str] = field(default_factory=dict)
    line: Callable[[int], str] = row_number
    in_quotes: Callable[[str], bool] = lambda _: False
    described: str = ""
    allowed: Sequence[Convention] = (PLAIN,)


Reader: TypeAlias = Callable[[Path, Sequence[str] | None], Table]
"""(file, names of columns or all) → their content; ValueError if the file is not a table."""


def read(path: Path, names: Sequence[str] | None, reader: Reader) -> Table:
    """Return a file's columns, or raise why it cannot be read and where it was looked for."""
    wrong = _no_file(path)
    if not wrong:
        try:
            return reader(path, names)
        except MemoryError:
            wrong = "does not fit into memory, or is damaged: save fewer rows, or save it again"
        except OSError as error:
            wrong = f"cannot be read: {line_of(error.strerror or error)}"
        except csv.Error:  # the parser's own message is about its internals
            wrong = "cannot be read as rows of columns: save it again as CSV"
        except ValueError as error:
            wrong = str(error)
    raise invalid([(("path",), f"{path}: {wrong}")])


def _no_file(path: Path) -> str:
    """Return why a path is not a readable file, or ""; a pipe or a device may have no end."""
    try:
        if not path.exists():
            if path.is_symlink():
                return "is a broken link"
            names = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
            close = get_close_matches(path.name, names, n=1)
            return "no such file" + (f" (did you mean {close[0]!r}?)" if close else "")
        if not path.is_file():
            return "is not a file; the samples must be in one file"
        return "" if path.stat().st_size else "is empty"
    except (OSError, ValueError) as error:  # a name that is too long, a closed folder, \0
        return f"cannot be read: {line_of(getattr(error, 'strerror', None) or error)}"


def line_of(error: object) -> str:
    """Write a library's message in one short line."""
    return " ".join(str(error).split())[:120]


class TooLargeError(ValueError):
    """A table is larger than this project can learn from."""


def check_size(cells: int, count: int, columns: int) -> None:
    """Raise TooLargeError if a table has too many values, or takes too many bytes."""
    if cells > CELLS:
        raise TooLargeError(
            f"has {amount(cells)} values ({amount(columns)} columns), and at most {amount(CELLS)} "
            "can be read: save fewer rows or columns"
        )
    if count > BYTES:
        raise TooLargeError(
            f"holds {size(count)}, and at most {size(BYTES)} can be read: save fewer rows or "
            "columns"
        )
