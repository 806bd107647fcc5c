"""Files that appear whole: written beside their place, synced to disk, then renamed."""

import io
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from study.columns import TABLES, Column, added_to_trials
from study.store.checksum import KEY, UNSIGNED, signed
from study.store.names import UNFINISHED
from study.store.schema import ROW_GROUP, arrow_field, packing

Rows: TypeAlias = Sequence[Mapping[str, object]]
"""One mapping for each row, column → plain Python value; None is null."""


class Frame(Protocol):
    """A pandas frame; typed by what Arrow takes from one, since pandas is slow to load."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the columns as a stream in Arrow's C interface."""


def write_table(table: Rows | Frame, path: Path, *, derived: bool = False) -> None:
    """Write a table as one Parquet file, whole or not at all.

    Rows take the columns of `TABLES[path.stem]`, also without any row; the columns
    of `added_to_trials` may follow. A frame keeps its own columns, without its index. ValueError
    where a row has another column, KeyError where it lacks one.
    """
    if isinstance(table, Sequence):
        columns = TABLES[path.stem] + _added(path.stem, table)
        schema = pa.schema([arrow_field(column, "float64") for column in columns])
        arrow = rows_table(table, schema)
    else:
        arrow = pa.Table.from_pandas(table, preserve_index=False)
    write_whole(path, lambda file: write_parquet(arrow, file), derived=derived)


def write_csv(table: Frame, path: Path) -> None:
    """Write a frame as one derived CSV file with a header; null is an empty cell."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    plain = pa.schema(
        (name, kind.value_type if pa.types.is_dictionary(kind) else kind)
        for name, kind in zip(arrow.schema.names, arrow.schema.types, strict=True)
    )
    write_whole(path, lambda file: csv.write_csv(arrow.cast(plain), file), derived=True)


def _added(table: str, rows: Rows) -> tuple[Column, ...]:
    """Return the columns that several objectives and constraints add."""
    names = {column.name for column in TABLES[table]}
    extra = [name for name in (rows[0] if rows else ()) if name not in names]
    columns = []
    for name in extra:
        if (column := added_to_trials(name)) is None:
            raise ValueError(f"{table} has no column {name!r}")
        columns.append(column)
    return tuple(columns)


def rows_table(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Return rows as an Arrow table: None is null, NaN stays NaN. KeyError where a column lacks."""
    arrays = [pa.array([row[field.name] for row in rows], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_text(text: str, path: Path, *, derived: bool = False) -> None:
    """Write a text as one UTF-8 file, whole or not at all."""
    write_whole(path, lambda file: file.write(text.encode()), derived=derived)


def write_parquet(table: pa.Table, file: IO[bytes]) -> None:
    """Write a table as Parquet, packed as this project packs it, with a checksum of the whole."""
    content = io.BytesIO()
    with pq.ParquetWriter(content, table.schema, **packing(table.schema)) as writer:
        writer.write_table(table, ROW_GROUP)
        writer.add_key_value_metadata({KEY: UNSIGNED})
    file.write(signed(content.getvalue()))


def write_whole(
    path: Path,
    write: Callable[[IO[bytes]], object],
    *,
    incoming: Path | None = None,
    derived: bool = False,
) -> None:
    """Make a file in `incoming` (default: a hidden neighbour), sync it, and rename it to `path`.

    A reader sees the old file or the new one, at any moment, and so does the next start after a
    power cut. A `derived` file is not synced: it is made of others, and what uses it compares its
    checksum first, so that a power cut costs no more than to make it again. `incoming` must be on
    the same file system.
    """
    make_folder(path.parent)
    if incoming is None:
        temporary = path.with_name(f".{path.name}.{os.getpid()}{UNFINISHED}")  # each writer's own
    else:
        temporary = incoming / f"{path.parent.name}-{path.name}"
    try:
        with temporary.open("wb") as file:
            write(file)
            file.flush()
            if not derived:
                os.fsync(file.fileno())
    except OSError as error:  # a full disk, for example: the system does not name the file
        raise OSError(error.errno, error.strerror, str(path)) from error
    temporary.replace(path)
    if not derived:
        sync(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each synced to disk in its parent."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def sync(folder: Path) -> None:
    """Sync a folder's names to disk: a rename or removal in it then outlives a power cut."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder, and writes its names down by itself
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
