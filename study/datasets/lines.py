"""The rows of a CSV text, each with its first line, as an editor counts lines."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager

from study.datasets.sources import Source


@contextmanager
def long_fields() -> Iterator[None]:
    """Let the standard library's reader accept fields of any length."""
    before = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def rows(source: Source, between: str) -> Iterator[tuple[int, int, bool]]:
    """Yield each row's line, the number of its fields, and whether its last quote is open.

    The first is the header. Lines are counted as an editor does, also those within quotes; empty
    lines are not rows, as in pandas.
    """
    blank = " \t\r\n".replace(between, "")
    taken: list[str] = []

    def lines() -> Iterator[str]:
        with source.text() as file:
            for line in file:
                taken.append(line)
                yield line

    reader = csv.reader(lines(), delimiter=between, skipinitialspace=True)
    first = 1
    with long_fields():
        for row in reader:
            if len(taken) > 1 or taken[0].strip(blank):
                yield first, len(row), "".join(taken).count('"') % 2 == 1
            first, taken[:] = reader.line_num + 1, []
