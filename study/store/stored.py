"""What is committed: the parts of a results folder, read at any moment, also while one is added."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from study.errors import ResultsError
from study.store.schema import arrow_schema

_FORMAT = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)


def part_path(folder: Path, table: str, part: str) -> Path:
    """Return where a part's rows of a table lie.

    >>> part_path(Path("results/lab"), "runs", "part-000007.parquet").as_posix()
    'results/lab/runs.parquet/part-000007.parquet'
    """
    return folder / f"{table}.parquet" / part


def part_names(folder: Path, table: str = "runs") -> list[str]:
    """Return a table's parts in the order of writing; those of `runs` are the committed ones."""
    return sorted(path.name for path in (folder / f"{table}.parquet").glob("part-*.parquet"))


def read_parts(
    folder: Path,
    table: str,
    parts: Iterable[str],
    *,
    columns: Sequence[str] | None = None,
    where: pc.Expression | None = None,
) -> pa.Table:
    """Return the rows of these parts that satisfy `where`, filtered inside Parquet.

    A part that vanished is left out: its runs are being trained again. ResultsError where a part
    cannot be read or its checksums are wrong.
    """
    paths = [path for part in parts if (path := part_path(folder, table, part)).exists()]
    if not paths:
        return arrow_schema(table, "float32").empty_table().select(columns or [])
    try:
        return ds.dataset([*map(str, paths)], format=_FORMAT).to_table(columns, where)
    except FileNotFoundError:
        return read_parts(folder, table, parts, columns=columns, where=where)
    except (OSError, pa.ArrowException) as error:
        raise ResultsError(f"{folder / table}.parquet cannot be read: {error}") from error


def stored_runs(folder: Path) -> dict[str, dict[str, object]]:
    """Return the committed runs: run_id → its row of `runs`, None for null; {} without a folder."""
    rows = read_parts(folder, "runs", part_names(folder)).to_pylist()
    return {row["run_id"]: row for row in rows}
