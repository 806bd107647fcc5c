"""Parts of earlier releases, written again with the columns that were added since."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from study.store.parts import PARTED, write_part
from study.store.schema import arrow_schema
from study.store.stored import part_names, part_path, read_part
from study.store.versions import completed, lacking, precision


def renewed(folder: Path) -> Iterator[str]:
    """Write all parts again that lack columns, and say in a sentence how many there were.

    Readers of plain Parquet take the columns of the first part for all parts. In each part `runs`
    is last, as when it was first written. The pipeline file must still be the one of these parts.
    """
    count = 0
    for part in part_names(folder):
        paths = {name: part_path(folder, name, part) for name in PARTED}
        older = {name: path for name, path in paths.items() if _lacks(name, path)}
        if older:
            write_part(folder, part, {n: _complete(folder, n, path) for n, path in older.items()})
            count += 1
    if count:
        parts = f"{count} older parts" if count > 1 else "an older part"
        yield f"added to {parts} the columns that this version has more"


def renewal_begun(folder: Path) -> Iterator[str]:
    """Resume `renewed` after an interruption: parts of one table have different columns then."""
    parts = part_names(folder)
    if any(len({_lacks(n, part_path(folder, n, part)) for part in parts}) > 1 for n in PARTED):
        yield from renewed(folder)


def _lacks(table: str, path: Path) -> bool:
    return bool(lacking(pq.read_schema(path), table))


def _complete(folder: Path, table: str, path: Path) -> pa.Table:
    rows = read_part(path)
    return completed(rows, arrow_schema(table, precision(rows.schema, table, path)), folder)
