"""Files of earlier releases: which columns they lack, and what those read as."""

import functools
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from study.columns import TABLES
from study.errors import PipelineError, ResultsError
from study.space import PARAMETERS, Condition, Value
from study.store.kinds import content
from study.store.names import PIPELINE
from study.store.schema import Precision, arrow_schema

UNMEASURED = "unmeasured"
"""The metadata of a column, not a parameter's, that was added to runs which had been trained."""

_INDISPENSABLE = {"status", "epochs", "state", "runs", "objective", "verdict"}


def indispensable(table: str) -> set[str]:
    """Return the columns that the rows of a table need: their identity, and how they ended."""
    return {c.name for c in TABLES[table] if c.role == "identity" or c.name in _INDISPENSABLE}


def lacking(schema: pa.Schema, table: str) -> list[str]:
    """Return the columns of today that a file of a table lacks."""
    held = set(schema.names)
    return [column.name for column in TABLES[table] if column.name not in held]


def unmeasured(schema: pa.Schema, table: str) -> set[str]:
    """Return the columns of today that were not measured when these runs were trained."""
    marked = {f.name for f in schema if UNMEASURED.encode() in (f.metadata or {})}
    return marked | {name for name in lacking(schema, table) if name not in PARAMETERS}


def precision(schema: pa.Schema, table: str, path: Path) -> Precision:
    """Return the precision of a part's metrics; columns that earlier releases lack may be absent.

    OSError where its columns have other types, ResultsError where they are of a later release, or
    where one is absent without which the part cannot be read.
    """
    precisions: tuple[Precision, ...] = ("float32", "float64")
    for each in precisions:  # a part of this version, as nearly all are
        if schema.equals(arrow_schema(table, each)):
            return each
    today = arrow_schema(table, "float64")
    lacks = [name for name in lacking(schema, table) if name in indispensable(table)]
    more = [name for name in schema.names if name not in today.names]
    if lacks or more:
        unlike = [f"without {', '.join(lacks)}"] * bool(lacks)
        unlike += [f"with {', '.join(more)}"] * bool(more)
        raise ResultsError(
            f"{path} was written by another version, {' and '.join(unlike)}; `study run --fresh` "
            "sets these results aside and trains them again"
        )
    for each in precisions:
        if alike(schema, arrow_schema(table, each)):
            return each
    raise OSError("its columns have other types")


def alike(schema: pa.Schema, today: pa.Schema) -> bool:
    """Return whether all columns of a file, each once, have the types of today."""
    if not set(schema.names) <= set(today.names) or len({*schema.names}) < len(schema.names):
        return False
    return all(field.type == today.field(field.name).type for field in schema)


def completed(rows: pa.Table, schema: pa.Schema, folder: Path) -> pa.Table:
    """Return rows of a study's folder with all columns of `schema`, in its order.

    A parameter that is absent has the value that the folder's pipeline file fixes, else its neutral
    default, and null where it does not act. Any other column that is absent is null, and marked as
    `UNMEASURED`. `schema` holds with a parameter the one on which it depends.
    """
    held = rows.schema.names
    if held == schema.names:
        return rows
    absent = [name for name in schema.names if name not in held]
    fixed = _fixed(folder) if any(name in PARAMETERS for name in absent) else {}
    columns = {name: rows[name] for name in schema.names if name not in absent}
    for name in sorted(absent, key=lambda name: len(depends(name))):
        columns[name] = _column(schema.field(name), columns, fixed, len(rows))
    old = {field.name: field for field in rows.schema}
    fields = [_marked(field, old.get(field.name)) for field in schema]
    return pa.Table.from_arrays([columns[f.name] for f in fields], schema=pa.schema(fields))


def depends(name: str) -> list[str]:
    """Return the columns that decide whether a column's parameter acts, the nearest first."""
    conditions = PARAMETERS[name].acts_with if name in PARAMETERS else ()
    others = [c.parameter for c in conditions]
    return [*others, *(further for other in others for further in depends(other))]


def _column(
    field: pa.Field, columns: Mapping[str, pa.Array], fixed: Mapping[str, Value], length: int
) -> pa.Array:
    """Return the values of a column that is absent."""
    parameter = PARAMETERS.get(field.name)
    value = parameter and fixed.get(field.name, parameter.neutral)
    if parameter is None or value is None:
        return pa.nulls(length, field.type)
    values = pa.repeat(pa.scalar(value, pa.float64() if parameter.numeric else pa.string()), length)
    if parameter.acts_with:
        acts = [
            _holds(condition, columns[condition.parameter]) for condition in parameter.acts_with
        ]
        values = pc.if_else(functools.reduce(pc.or_, acts), values, None)
    return values if parameter.numeric else pc.dictionary_encode(values)


def _holds(condition: Condition, column: pa.Array) -> pa.Array:
    """Return in which rows a condition holds."""
    among = pc.is_in(column.cast(pa.string()), pa.array(sorted(condition.values)))
    return pc.and_(column.is_valid(), pc.xor(among, condition.excluded))


def _marked(field: pa.Field, old: pa.Field | None) -> pa.Field:
    """Return a field; of a column that is absent or was added, with the mark `UNMEASURED`."""
    before = {} if old is None else old.metadata or {}
    new = old is None and field.name not in PARAMETERS
    if not new and UNMEASURED.encode() not in before:
        return field
    return field.with_metadata({**(field.metadata or {}), UNMEASURED: "added after the training"})


def _fixed(folder: Path) -> Mapping[str, Value]:
    """Return the parameters that a folder's pipeline fixes; none where it cannot be read."""
    path = folder / PIPELINE
    try:
        return _fixed_by(path, content(path))
    except (OSError, PipelineError):
        return {}


@lru_cache(maxsize=4)
def _fixed_by(path: Path, _: bytes) -> Mapping[str, Value]:
    """Return what a pipeline file of this content fixes; there may be a hundred parts."""
    from study.spec.load import load_pipeline  # what is of today needs no pipeline

    return load_pipeline(path).fixed


def closed(names: Collection[str]) -> list[str]:
    """Return columns, and those on which their parameters depend."""
    return [*dict.fromkeys([*names, *(other for name in names for other in depends(name))])]
