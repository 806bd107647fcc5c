"""Rows of many part files, filtered inside Parquet: other rows are not read."""

import functools
import operator
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from study.errors import ResultsError, not_one_of, quoted
from study.store.schema import arrow_schema
from study.store.sound import sound
from study.store.stored import damaged, mark, part_path, read_runs_of
from study.store.versions import closed, completed, precision

Where: TypeAlias = Mapping[str, object]
"""Column → the value it must have, or a list of allowed values; None is null."""

_PART = "part"
"""The column of runs that names their part."""

_WORDS = {"string": "text", "int32": "a whole number", "double": "a number", "float": "a number"}

_VERIFIED = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)


def read_filtered(
    folder: Path,
    table: str,
    parts: Collection[str],
    *,
    where: Sequence[Where],
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """Return the rows of these parts that satisfy each `where`; a part gone by now has none.

    ResultsError where a column does not exist, a value does not suit it, or a part is damaged.
    """
    schema = arrow_schema(table, "float64")
    names = schema.names if columns is None else list(columns)
    wanted = [item for each in where for item in each.items()]
    for name in (*names, *dict(wanted)):
        if name not in schema.names:
            raise ResultsError(f"column of {table}: {not_one_of(name, schema.names)}")
    condition = _all(schema, wanted)
    try:
        asked = {part: _columns(folder, table, part) for part in _asked(folder, parts, wanted)}
        held = {part_path(folder, table, part): own for part, own in asked.items() if own}
        if not held:
            return schema.empty_table().select(names)
        needed = {*closed([*names, *dict(wanted)])}
        ages = groupby(held, lambda path: needed <= held[path])
        return pa.concat_tables(
            [
                _rows(own, names, condition)
                if whole
                else _completed_rows(folder, table, own, names, wanted)
                for whole, own in ((whole, [*own]) for whole, own in ages)
            ]
        )
    except FileNotFoundError:  # a part went away after it was listed
        return read_filtered(folder, table, parts, where=where, columns=columns)


def _rows(paths: Sequence[Path], names: Sequence[str], condition: ds.Expression | None) -> pa.Table:
    return ds.dataset([*map(str, paths)], format=_VERIFIED).to_table(names, filter=condition)


def _completed_rows(
    folder: Path,
    table: str,
    paths: Sequence[Path],
    names: Sequence[str],
    wanted: Sequence[tuple[str, object]],
) -> pa.Table:
    """Return the rows of parts that lack columns: what these have is filtered while reading."""
    numbers = []
    for path in paths:
        held = pq.read_schema(path)
        today = arrow_schema(table, precision(held, table, path))
        schema = pa.schema([today.field(n) for n in closed([*names, *dict(wanted)])])
        present = [name for name in schema.names if name in held.names]
        inside = _all(schema, [item for item in wanted if item[0] in present])
        rows = completed(_rows([path], present, inside), schema, folder)
        outside = _all(schema, [item for item in wanted if item[0] not in present])
        numbers.append((rows if outside is None else rows.filter(outside)).select(names))
    return pa.concat_tables(numbers)


def _asked(
    folder: Path, parts: Collection[str], wanted: Sequence[tuple[str, object]]
) -> Collection[str]:
    """Return the parts that may hold a wanted run; no other part is opened."""
    schema = arrow_schema("runs", "float64")
    condition = _all(schema, own := [item for item in wanted if item[0] in schema.names])
    if condition is None:
        return parts
    tables, asked = [], set()
    for part in parts:
        try:
            rows = read_runs_of(folder, part).select([*dict(own)])
            tables.append(rows.append_column(_PART, pa.repeat(part, len(rows))))
        except OSError:  # its metrics or predictions raise the error
            asked.add(part)
    if tables:
        asked |= {*pa.concat_tables(tables).filter(condition)[_PART].to_pylist()}
    return [part for part in parts if part in asked]


def _columns(folder: Path, table: str, part: str) -> frozenset[str] | None:
    """Return the columns of a part, None if it is gone; ResultsError where it is damaged.

    A process checks a file once: of the next reading the checksums of its pages are verified.
    """
    path = part_path(folder, table, part)
    files = mark(path), mark(part_path(folder, "runs", part))
    try:
        return (
            _check(folder, table, part) if None in files else _checked(folder, table, part, files)
        )
    except OSError as error:
        raise damaged(path, error) from error


def _check(folder: Path, table: str, part: str) -> frozenset[str] | None:
    checked = sound(folder, part, [table])
    return None if checked is None else checked.columns[table]


@lru_cache(maxsize=4096)
def _checked(folder: Path, table: str, part: str, _: object) -> frozenset[str] | None:
    return _check(folder, table, part)


def _all(schema: pa.Schema, wanted: Sequence[tuple[str, object]]) -> ds.Expression | None:
    """Return the condition that all these columns have what is wanted; None where that is none."""
    conditions = [_condition(schema.field(name), value) for name, value in wanted]
    return functools.reduce(operator.and_, conditions) if conditions else None


def _condition(field: pa.Field, value: object) -> ds.Expression:
    """Return the condition that a column's value is `value`, or is in it."""
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    values = list(value) if isinstance(value, list | tuple) else [value]
    try:
        allowed = pa.array(values, type=kind)
    except (pa.ArrowException, TypeError) as error:
        raise ResultsError(f"{field.name} is {_WORDS[str(kind)]}, not {quoted(value)}") from error
    if pa.types.is_integer(kind) and allowed.to_pylist() != values:  # Arrow cuts 2.5 down to 2
        raise ResultsError(f"{field.name} is {_WORDS[str(kind)]}, not {quoted(value)}")
    return ds.field(field.name).isin(allowed)
