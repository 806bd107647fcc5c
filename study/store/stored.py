"""What is committed: the parts that a results folder holds, and the runs in them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from study.errors import ResultsError
from study.store.checksum import intact
from study.store.schema import arrow_schema


def part_path(folder: Path, table: str, part: str) -> Path:
    """Return where a part's rows of a table lie.

    >>> part_path(Path("results/lab"), "runs", "part-000007.parquet").as_posix()
    'results/lab/runs.parquet/part-000007.parquet'
    """
    return folder / f"{table}.parquet" / part


def part_names(folder: Path, table: str = "runs") -> list[str]:
    """Return a table's parts in the order of writing; those of `runs` are the committed ones."""
    return sorted(path.name for path in (folder / f"{table}.parquet").glob("part-*.parquet"))


def read_part(path: Path) -> pa.Table:
    """Return all rows of one file, its checksums verified; OSError where it is damaged."""
    try:
        with _opened(path)[0] as file:
            return file.read(use_threads=False)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error


def count_rows(path: Path) -> int:
    """Return how many rows a file has, its checksums verified; OSError where one is wrong.

    Of a file that an older version wrote, every page is unpacked for that.
    """
    try:
        file, signed = _opened(path)
        with file:
            rows: int = file.metadata.num_rows
            return rows if signed else sum(len(batch) for batch in file.iter_batches())
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error


def verify(path: Path) -> None:
    """Raise OSError where a file has a checksum of the whole that is wrong."""
    if intact(path.read_bytes()) is False:
        raise OSError(_WRONG)


_WRONG = "its checksum is wrong"


def _opened(path: Path) -> tuple[pq.ParquetFile, bool]:
    """Open a file to read it; say whether its checksum as a whole was right, or there was none."""
    content = path.read_bytes()
    signed = intact(content)
    if signed is False:
        raise OSError(_WRONG)
    file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
    return file, bool(signed)


def read_runs(folder: Path, parts: Iterable[str]) -> pa.Table:
    """Return the rows of `runs` in these parts; of none where a part is gone by now.

    ResultsError where one is damaged, or lacks a column that runs have today.
    """
    today = arrow_schema("runs", "float64")
    tables = []
    for part in parts:
        path = part_path(folder, "runs", part)
        try:
            tables.append(read_part(path))
        except FileNotFoundError:
            continue  # its runs are being trained again
        except OSError as error:
            raise ResultsError(
                f"{path} is damaged ({error}); `study run` sets it aside and trains its runs again"
            ) from error
        if missing := [name for name in today.names if name not in tables[-1].column_names]:
            raise ResultsError(
                f"the results in {folder} were written by an older version, without "
                f"{', '.join(missing)}; `study run --fresh` sets them aside and trains anew"
            )
    return pa.concat_tables(tables) if tables else today.empty_table()


def stored_runs(folder: Path) -> dict[str, dict[str, object]]:
    """Return the committed runs: run_id → its row of `runs`, None for null; {} without a folder."""
    parts = part_names(folder)
    if not parts:
        return {}  # before an empty Arrow table, which would load pandas
    runs = read_runs(folder, parts)
    names, columns = runs.column_names, [_values(column) for column in runs.columns]
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    return {row["run_id"]: row for row in rows}


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return a column's values, None for null; all that are equal are one where it is a choice.

    Arrow's own `to_pylist` makes a text of each, and takes twice as long.
    """
    if not pa.types.is_dictionary(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]  # pyarrow has no types
    whole = column.unify_dictionaries().combine_chunks()
    values = [*whole.dictionary.to_pylist(), None]
    return [values[i] for i in whole.indices.fill_null(-1).to_pylist()]
