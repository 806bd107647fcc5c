"""A CSV file → its named columns, by pandas; a row is named by its line in an editor."""

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from study.datasets.tables import Reader, Table, check_size, line_of
from study.units import amount

SEPARATORS = ",;\t|"
"""What may stand between the columns of a CSV file where nothing else is said."""

HEADER = 4_000_000
"""Characters that a header has at most: a hundred thousand columns with long names."""

COLUMNS = 100_000
"""The limit for a CSV file: pandas takes seconds for this number."""

_CHUNK = 1 << 20


def csv_reader(separator: str | None) -> Reader:
    """Return how a CSV file is read: its first row is the header, its text UTF-8.

    Without a separator it is the one of `SEPARATORS` that is most frequent in the header, outside
    quotes. A byte-order mark and blanks around names are dropped.
    """

    def read_csv(path: Path, wanted: Sequence[str]) -> Table:
        between, header, length = _header(path, separator)
        _check(path, between, len(header))
        try:
            with path.open(encoding="utf-8-sig", newline="") as file, warnings.catch_warnings():
                file.read(length)  # pandas would take a time that grows as the square of the header
                warnings.simplefilter("error", pd.errors.ParserWarning)  # rows beyond the header
                frame = pd.read_csv(
                    file, sep=between, header=None, names=list(range(len(header))),
                    index_col=False, skipinitialspace=True, low_memory=False,
                )  # fmt: skip
        except UnicodeDecodeError:
            raise
        except (pd.errors.ParserWarning, ValueError) as error:  # a ParserError is a ValueError
            says = _misshapen(path, between, len(header))
            raise ValueError(says or f"cannot be read as a table: {line_of(error)}") from None
        once = [name for name in wanted if header.count(name) == 1]
        columns = {name: frame.iloc[:, header.index(name)] for name in once}
        line = partial(_line, path, between)
        return Table(header, len(frame), columns, line=line, comma=between != ",")

    return read_csv


def _header(path: Path, separator: str | None) -> tuple[str, list[str], int]:
    """Return what stands between columns, their names, and how many characters those take."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        start = file.read(HEADER)
        ended = not file.read(1)
    lines = io.StringIO(start, newline="")
    first = next((line for line in lines if line.strip()), "")
    between = separator or sniffed(first)
    lines.seek(0)
    with _long_fields():
        rows = csv.reader(lines, delimiter=between, skipinitialspace=True)
        found = next((row for row in rows if row), [])  # an empty line is no header
    if not ended and lines.tell() >= HEADER:
        raise ValueError(
            f"has a header of more than {amount(HEADER)} characters: the first line must hold the "
            "names of the columns"
        )
    return between, [name.strip() for name in found], lines.tell()


def sniffed(header: str) -> str:
    r"""Return the separator that a header shows.

    >>> sniffed('"a, in m";b;c'), sniffed("a")
    (';', ',')
    """
    return max(SEPARATORS, key=re.sub(r'"[^"]*"', "", header).count)


def _check(path: Path, between: str, columns: int) -> None:
    """Raise ValueError where a file is too large, or no text; its values are counted first."""
    if not 0 < columns <= COLUMNS:
        raise ValueError(
            f"has {amount(columns)} columns, and at most {amount(COLUMNS)} can be read: save those "
            "that are named here"
            if columns
            else "has no header: the first line must hold the names of the columns"
        )
    check_size(0, path.stat().st_size, columns)
    cells = lines = 0
    sign = between.encode()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                at = lines + chunk[: chunk.index(b"\0")].count(b"\n") + 1
                raise ValueError(f"holds a zero byte in line {amount(at)}; save it as UTF-8 text")
            lines += chunk.count(b"\n")
            cells += chunk.count(sign) + chunk.count(b"\n")
            check_size(cells, 0, columns)


class _long_fields:  # noqa: N801  # used as a function, as `contextlib.suppress` is
    """Have the standard library's reader take fields of any length."""

    def __enter__(self) -> None:
        self._before = csv.field_size_limit(2**31 - 1)

    def __exit__(self, *_: object) -> None:
        csv.field_size_limit(self._before)


def _rows(path: Path, between: str) -> Iterator[tuple[int, int, bool]]:
    """Yield each row's line, the number of its fields, and whether its last quote is open.

    The first is the header. Lines are counted as an editor does, those within quotes too; empty
    ones are no rows, here as in pandas.
    """
    blank = " \t\r\n".replace(between, "")
    taken: list[str] = []

    def lines() -> Iterator[str]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in file:
                taken.append(line)
                yield line

    reader = csv.reader(lines(), delimiter=between, skipinitialspace=True)
    first = 1
    with _long_fields():
        for row in reader:
            if len(taken) > 1 or taken[0].strip(blank):
                yield first, len(row), "".join(taken).count('"') % 2 == 1
            first, taken[:] = reader.line_num + 1, []


def _line(path: Path, between: str, row: int) -> str:
    """Name the line of a row that is counted from 0 below the header."""
    for number, (line, _, _) in enumerate(_rows(path, between)):
        if number == row + 1:
            return f"line {amount(line)}"
    return f"row {amount(row + 1)}"  # the file has changed since it was read


def _misshapen(path: Path, between: str, columns: int) -> str:
    """Say in which line a row is longer than the header, or a quote is never closed."""
    for line, fields, is_open in _rows(path, between):
        if is_open:
            return f"has a quote in line {amount(line)} that is never closed"
        if fields > columns:
            return (
                f"has {amount(fields)} values in line {amount(line)}, and its header has "
                f"{amount(columns)}: is `separator` right?"
            )
    return ""
