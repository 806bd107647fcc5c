"""What is committed: the parts that a results folder holds, and the runs in them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from study.columns import added_to_trials
from study.errors import ResultsError
from study.store.checksum import verified
from study.store.format import require_format
from study.store.kinds import content, own_file, within
from study.store.schema import arrow_field, arrow_schema
from study.store.versions import alike, completed, indispensable, lacking, precision

_PART = re.compile(r"part-(\d{6}|[1-9]\d{6,})\.parquet")
"""The names of parts; no other file is a part."""


def part_path(folder: Path, table: str, part: str) -> Path:
    """Return where a part's rows of a table lie.

    >>> part_path(Path("results/lab"), "runs", "part-000007.parquet").as_posix()
    'results/lab/runs.parquet/part-000007.parquet'
    """
    return folder / f"{table}.parquet" / part


def is_part(path: Path) -> bool:
    """Return whether a file is a part by its name, and not a link to one."""
    return _PART.fullmatch(path.name) is not None and own_file(path)


def part_names(folder: Path, table: str = "runs") -> list[str]:
    """Return a table's parts in the order of writing; for `runs`, the committed parts."""
    names = [path.name for path in within(folder / f"{table}.parquet") if is_part(path)]
    return sorted(names, key=_number)


def next_part(folder: Path) -> int:
    """Return a number that no part has or had, including the parts in `damaged/`."""
    paths = folder.rglob("part-*.parquet*")
    return max((_number(path.name) for path in paths), default=-1) + 1


def _number(name: str) -> int:
    match = _PART.match(name)
    return -1 if match is None else int(match[1])


def read_part(path: Path) -> pa.Table:
    """Return all rows of one file, its checksums verified; OSError where it is damaged."""
    try:
        with opened(path)[0] as file:
            return file.read(use_threads=False)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error


def opened(path: Path) -> tuple[pq.ParquetFile, str]:
    """Open a file to read it; return its checksum too. OSError where that is missing or wrong."""
    held = content(path)
    checksum = verified(held)
    return pq.ParquetFile(pa.BufferReader(held), page_checksum_verification=True), checksum


def read_whole(folder: Path, table: str) -> pa.Table:
    """Return a table that is one file, such as trials, `completed`.

    OSError where it is missing or damaged. It may have the columns of `added_to_trials` too.
    """
    stored, today = read_part(folder / f"{table}.parquet"), arrow_schema(table, "float64")
    more = [field for field in stored.schema if field.name not in today.names]
    for field in more:
        column = added_to_trials(field.name)
        if column is None or arrow_field(column, "float64").type != field.type:
            raise OSError(f"it has a column {field.name!r}")
    whole = pa.schema([*today, *more])
    if indispensable(table) & {*lacking(stored.schema, table)} or not alike(stored.schema, whole):
        raise OSError("its columns are not this table's")
    return completed(stored, whole, folder)


def outdated(folder: Path, table: str) -> bool:
    """Return whether a table that is one file is absent, or lacks columns of today."""
    try:
        return bool(lacking(read_part(folder / f"{table}.parquet").schema, table))
    except FileNotFoundError:
        return True
    except OSError:  # it is damaged, which its readers say
        return False


def stored_rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table that is one file; none where it is missing or damaged."""
    try:
        rows: list[dict[str, Any]] = read_whole(folder, table).to_pylist()
    except OSError:
        return []
    return rows


def read_runs_of(folder: Path, part: str) -> pa.Table:
    """Return a part's rows of runs, `completed`; a process reads a file once.

    OSError where it is damaged, ResultsError as `precision`.
    """
    path = part_path(folder, "runs", part)
    now = mark(path)
    rows = read_part(path) if now is None else _read_once(path, now)
    return completed(rows, arrow_schema("runs", precision(rows.schema, "runs", path)), folder)


def mark(path: Path) -> tuple[int, ...] | None:
    """Return what no file keeps that is written again, in its place or in another's.

    None if there is no file, or it may not be read.
    """
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


@lru_cache(maxsize=4096)
def _read_once(path: Path, _: object) -> pa.Table:
    return read_part(path)


def read_runs(folder: Path, parts: Iterable[str]) -> pa.Table:
    """Return the rows of `runs` in these parts; of none where a part is gone by now.

    ResultsError where one is damaged, has other columns than runs have today, or repeats a run.
    """
    tables: dict[str, pa.Table] = {}
    for part in parts:
        try:
            tables[part] = read_runs_of(folder, part)
        except FileNotFoundError:
            continue  # its runs are being trained again
        except OSError as error:
            raise damaged(part_path(folder, "runs", part), error) from error
    if not tables:
        return arrow_schema("runs", "float64").empty_table()
    try:
        runs = pa.concat_tables(tables.values())
    except pa.ArrowInvalid:
        raise ResultsError(f"{folder}: some of its parts are in float32, some in float64") from None
    if len(runs["run_id"].unique()) < len(runs):
        raise ResultsError(_twice(folder, tables))
    return runs


def _twice(folder: Path, tables: Mapping[str, pa.Table]) -> str:
    """Return the message about a run that is stored twice."""
    held = [
        (run_id, part) for part, rows in tables.items() for run_id in rows["run_id"].to_pylist()
    ]
    again = next(run_id for run_id, n in Counter(run_id for run_id, _ in held).items() if n > 1)
    places = " and ".join(dict.fromkeys(part for run_id, part in held if run_id == again))
    return (
        f"{folder / 'runs.parquet'} holds run {again} twice, in {places}; `study run` removes the "
        "surplus rows"
    )


def damaged(path: Path, error: OSError) -> ResultsError:
    """Return the error for a part that cannot be read."""
    return ResultsError(
        f"{path} is damaged ({error}); `study run` sets it aside and trains its runs again"
    )


def stored_runs(folder: Path) -> dict[str, dict[str, object]]:
    """Return the committed runs: run_id → its row of `runs`, None for null; {} without a folder."""
    parts = part_names(folder)
    if not parts:
        return {}  # before an empty Arrow table, which would load pandas
    require_format(folder)
    return by_id(read_runs(folder, parts))


def by_id(runs: pa.Table) -> dict[str, dict[str, object]]:
    """Return rows of runs by their ids, None for null."""
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
    values = whole.dictionary.to_pylist()
    return [None if i is None else values[i] for i in whole.indices.to_pylist()]
