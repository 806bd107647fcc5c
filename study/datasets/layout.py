"""The start of a text's columns: its separator, its header, and lines above the header."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from study.datasets.lines import long_fields
from study.datasets.pasting import KEPT, Origin
from study.datasets.sources import Source
from study.units import amount

SEPARATORS = ",;\t|"
"""Possible separators of the columns of a CSV file, if none is given."""

HEADER = 4_000_000
"""The largest number of characters in a header: a hundred thousand columns with long names."""

COLUMNS = 100_000
"""The limit for a CSV file: pandas takes seconds for this number."""

LOOKED = 100
"""The number of rows, and of values in each, that show the separator and the columns."""

COMMENTS = ("#", "%", "//", "--", "!", "/*")
"""The start of a comment line."""

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Layout:
    """A separator, the names of the columns, and the number of characters of the header.

    `spaced`: whether a blank precedes some name or value.
    """

    separator: str
    names: Sequence[str]
    length: int
    spaced: bool

    def origin(self, source: Source, **more: object) -> Origin:
        """Return how pandas reads the file with every cell as text."""
        comma = self.separator == ","
        separator: dict[str, object] = {} if comma else {"sep": self.separator}
        spaced = {"skipinitialspace": True} if self.spaced else {}
        arguments = {**separator, **source.arguments, **spaced, **more, **KEPT}
        return Origin(source.path, arguments=arguments, written=separator)


def layout(source: Source, separator: str | None) -> Layout:
    """Return where the columns of a text begin.

    Raises ValueError, with the line of pandas that fixes the file, if there are other lines
    above the header, or if rows have names of their own.
    """
    with source.text() as file:
        start = file.read(HEADER)
        ended = not file.read(1)
    between = separator or _separator(start)
    header = _header(start, between)
    if not ended and header.length >= HEADER:
        raise ValueError(
            f"has a header of more than {amount(HEADER)} characters: the first line must contain "
            "the names of the columns"
        )
    if not 0 < len(header.names) <= COLUMNS:
        raise ValueError(
            f"has {amount(len(header.names))} columns, and at most {amount(COLUMNS)} can be read: "
            "save only the columns that you need"
            if header.names
            else "has no header: the first line must contain the names of the columns"
        )
    if problem := _above(start, header, source) or _unnamed(start, header, source):
        raise ValueError(problem)
    return header


def _header(start: str, between: str) -> Layout:
    lines = io.StringIO(start, newline="")
    with long_fields():
        rows = csv.reader(lines, delimiter=between, skipinitialspace=True)
        names = next((row for row in rows if any(row)), [])  # an empty line is not a header
    spaced = f"{between} " in start or any(name != name.strip() for name in names)
    return Layout(between, [name.strip() for name in names], lines.tell(), spaced)


def _separator(start: str) -> str:
    """Return the separator for which most rows have as many values as the header has names.

    Ties go to the one between numbers, and then to the most frequent. A header with fewer
    names counts less: there may be other lines above it.
    """

    def fits(between: str) -> tuple[bool, bool, float, float, int]:
        (_, names), *below = _some(start, between) or [(1, [""])]
        typical = _typical(below) or len(names)
        same = [len(row) == typical for _, row in below]
        numbers = [
            bool(_NUMBER.fullmatch(value.strip())) for _, row in below for value in row[:LOOKED]
        ]
        return typical > 1, len(names) == typical, _share(same), _share(numbers), typical

    return max(SEPARATORS, key=fits)


def _share(of: Sequence[bool]) -> float:
    return sum(of) / max(len(of), 1)


def _typical(rows: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Return the number of values in most rows; 0 without rows."""
    counts = Counter(len(row) for _, row in rows)
    return max(counts, key=lambda count: (counts[count], count), default=0)


def _some(start: str, between: str) -> list[tuple[int, list[str]]]:
    """Return some rows with their first lines, without the last row, which may be truncated."""
    lines = io.StringIO(start, newline="")
    reader = csv.reader(lines, delimiter=between, skipinitialspace=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    with long_fields():
        for row in reader:
            if any(row):
                rows.append((line, row))
            line = reader.line_num + 1
            if len(rows) > LOOKED:
                break
    return rows


def _above(start: str, header: Layout, source: Source) -> str:
    """Report other lines above the header; "" if there are none."""
    rows = _some(start, header.separator)
    (first, names), typical = rows[0], _typical(rows[1:])
    declared = re.fullmatch(
        r"\s*\"?sep=(.)\"?[;,\s]*", start.splitlines()[first - 1], re.IGNORECASE
    )
    if declared:
        between = declared[1]
        rest = _some(start, between)
        line = rest[1][0] if len(rest) > 1 else first + 1
        what = f"has the line 'sep={between}' above its header, which only Excel understands"
        return _skipping(what, line, Layout(between, names, 0, header.spaced), start, source)
    comment = names[0].startswith(COMMENTS)
    if len(names) >= typical or (len(names) == typical - 1 and not comment and not _title(rows)):
        return ""
    counts = [len(row) for _, row in rows]
    at = counts.index(typical)
    if at < len(counts) - 1 and max(counts[:at]) < typical and set(counts[at:]) == {typical}:
        line = rows[at][0]
    else:  # rows of any length
        return ""
    lines = "another line" if line == first + 1 else f"{line - first} other lines"
    what = f"has {'comments' if comment else lines} above its header, which is line {line}"
    return _skipping(what, line, header, start, source)


def _title(rows: Sequence[tuple[int, Sequence[str]]]) -> bool:
    """Return whether a header of one name is a title: the row below contains no number."""
    return len(rows[0][1]) == 1 and not any(map(_NUMBER.fullmatch, rows[1][1]))


def _skipping(what: str, line: int, header: Layout, start: str, source: Source) -> str:
    """Return the line that skips the lines above a header; pandas counts empty rows too."""
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=header.separator)
    above = 0
    with long_fields():
        for _ in reader:
            if reader.line_num >= line:
                break
            above += 1
    return f"{what}; {header.origin(source, skiprows=above).advice}"


def _unnamed(start: str, header: Layout, source: Source) -> str:
    """Report that every row has a name without a header, as R writes them; "" if not."""
    rows = _some(start, header.separator)
    below = [row for _, row in rows[1:]]
    longer = bool(below) and {len(row) for row in below} == {len(header.names) + 1}
    if longer and len({row[0] for row in below}) == len(below) and any(row[-1] for row in below):
        what = f"has {len(header.names)} names in its header and one more value in every row, as R "
        return f"{what}writes row names; {header.origin(source).advice}"
    if len(header.names) > 1 or any(sign in start for sign in SEPARATORS):
        return ""
    counts = [len(line.split()) for line in start.splitlines()[:LOOKED] if line.strip()][:-1]
    if len(counts) > 1 and counts[0] > 1 and set(counts[1:]) <= {counts[0], counts[0] + 1}:
        origin = Origin(source.path, arguments={"sep": r"\s+", **source.arguments, **KEPT})
        return f"separates its columns by blanks, which is not supported; {origin.advice}"
    return ""
