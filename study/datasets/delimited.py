"""A CSV file → its named columns, by pandas; a row is named by its line in an editor."""

import warnings
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from study.datasets.layout import Layout, layout
from study.datasets.lines import rows
from study.datasets.sources import Source, UndecodableError, in_quotes, source_of
from study.datasets.tables import Reader, Table
from study.datasets.writing import Convention
from study.units import amount

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
"""The names of separators in a sentence."""


def csv_reader(separator: str | None, allowed: Sequence[Convention]) -> Reader:
    """Return how a CSV file is read: its first row is the header; every cell is kept as text.

    By default the separator is the one of `SEPARATORS` that fits the first rows. Text is UTF-8, or
    UTF-16 if the file shows it, and may be packed by gzip. A byte-order mark and blanks around
    names are dropped.
    """

    def read_csv(path: Path, _: Sequence[str] | None) -> Table:
        source = source_of(path)
        try:
            checked = _checked(source, separator)
        except UndecodableError as error:
            like = layout(error.likely, separator)  # its own error, if there is one, comes first
            raise ValueError(f"{error}; {like.origin(error.likely).advice}") from None
        frame = _frame(source, checked)
        times = Counter(checked.names)
        named = zip(checked.names, frame.items(), strict=True)
        columns = {name: column for name, (_, column) in named if times[name] == 1}
        between = f"separator {NAMES.get(checked.separator, checked.separator)}"
        return Table(
            checked.names,
            len(frame),
            columns,
            checked.origin(source),
            line=partial(_line, source, checked.separator),
            in_quotes=partial(in_quotes, source),
            described=f"{source.described}, {between}",
            allowed=allowed,
        )

    return read_csv


def _checked(source: Source, separator: str | None) -> Layout:
    """Return the layout of a text whose size has been checked."""
    try:
        header = layout(source, separator)
    except UnicodeDecodeError:
        source.check(",", 0)
        raise AssertionError from None  # `measure` finds the same bytes
    source.check(header.separator, len(header.names))
    return header


def _frame(source: Source, header: Layout) -> pd.DataFrame:
    """Return the rows below the header as texts."""
    try:
        with source.text() as file, warnings.catch_warnings():
            file.read(header.length)  # the time of pandas grows as the header's square
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows beyond the header
            return pd.read_csv(
                file, sep=header.separator, header=None, names=list(range(len(header.names))),
                index_col=False, skipinitialspace=True, low_memory=False, dtype="str",
                keep_default_na=False, na_values=[""],
            )  # fmt: skip
    except (pd.errors.ParserWarning, ValueError):  # a ParserError is a ValueError
        problem = _misshapen(source, header) or "cannot be read as rows of columns: save it as CSV"
        raise ValueError(problem) from None


def _line(source: Source, between: str, row: int) -> str:
    """Name the line of a row that is counted from 0 below the header."""
    for number, (line, _, _) in enumerate(rows(source, between)):
        if number == row + 1:
            return f"line {amount(line)}"
    return f"row {amount(row + 1)}"  # the file has changed since it was read


def _misshapen(source: Source, header: Layout) -> str:
    """Report the line of a row longer than the header, or of a quote that is never closed."""
    columns, count, longer = len(header.names), 0, []
    for line, fields, is_open in rows(source, header.separator):
        if is_open:
            return f"has a quote in line {amount(line)} that is never closed"
        count += 1
        if fields > columns:
            longer.append((line, fields))
    if not longer:
        return ""
    line, fields = longer[0]
    problem = f"has {amount(fields)} values in line {amount(line)}, and its header has "
    problem += f"{amount(columns)}: is `separator` right?"
    if 2 * len(longer) >= count:
        return problem
    origin = header.origin(source, on_bad_lines="skip")
    return f"{problem} If the row is wrong, this line leaves it out: {origin.line()}"
