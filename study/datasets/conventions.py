"""The convention in which a file writes numbers, inferred from all columns together."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from study.datasets.columns import Look, look, readings
from study.datasets.tables import Table
from study.datasets.writing import CONVENTIONS, PLAIN, Convention
from study.errors import quoted
from study.space import Mistake, Place

PLACE: Place = ("decimal",)


def settled(
    looks: Mapping[str, Look], wanted: Collection[str], table: Table
) -> tuple[Convention, list[Mistake]]:
    """Return how a table's numbers are written, or why that is ambiguous.

    Columns that are not `wanted` count too, unless they contradict the others.
    """
    own = {name: of for name, of in looks.items() if name in wanted and of.kind == "numbers"}
    others = [of.fits for name, of in looks.items() if name not in own and of.fits]
    common = _common(of.fits for of in own.values()) & set(table.allowed)
    if not common:
        return PLAIN, [_clash([*own], table)]
    common = _common([common, *others]) or common
    one, *other = _by_decimal(common)
    unclear = [name for name, of in own.items() if of.marked]
    return one, [_unclear(unclear[0], one, other[0], table)] if other and unclear else []


def _common(fits: Iterable[frozenset[Convention]]) -> frozenset[Convention]:
    common = frozenset(CONVENTIONS)
    return common.intersection(*fits)


def _by_decimal(fits: Collection[Convention]) -> Sequence[Convention]:
    """Return the simplest convention of each decimal sign."""
    by_decimal: dict[str, Convention] = {}
    for convention in CONVENTIONS:
        if convention in fits:
            by_decimal.setdefault(convention.decimal, convention)
    return sorted(
        by_decimal.values(), key=lambda c: (bool(c.thousands), c.decimal != PLAIN.decimal)
    )


def _unclear(name: str, one: Convention, other: Convention, table: Table) -> Mistake:
    """Report that the file allows two readings, and which key decides."""
    row, cell, _ = next(readings(table.columns[name], table.allowed))
    read = " or ".join(
        f"{_read(cell, convention)} with {convention}" for convention in (one, other)
    )
    problem = f"{quoted(cell)} in column {quoted(name)}, {table.line(row)}, is {read}"
    return PLACE, f"must be given: {problem}, and nothing else in the file decides"


def _read(cell: str, convention: Convention) -> str:
    """Return a cell's number under a convention, in TOML's notation."""
    (number,) = look(pd.Series([cell], dtype="str"), [convention]).values(convention)
    return f"{number:.15g}"


def _clash(names: Sequence[str], table: Table) -> Mistake:
    """Name cells that no single convention can read."""
    cells = [
        (fits, name, row, cell)
        for name in names
        for row, cell, fits in readings(table.columns[name], table.allowed)
    ]
    left, clashing = frozenset(CONVENTIONS), []
    for fits, name, row, cell in sorted(cells, key=lambda of: len(of[0])):
        if left and not left <= fits:
            clashing.append(f"{quoted(cell)} in column {quoted(name)}, {table.line(row)}")
            left &= fits
    problem = "the whole table must use one decimal sign and one sign between thousands, got "
    return PLACE, f"{problem}{' and '.join(clashing)}: write them alike"
