"""Check a part: its three files are intact, and have rows of the same runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from study.store.checksum import verified
from study.store.kinds import content
from study.store.schema import Precision
from study.store.stored import (
    by_id,
    opened,
    part_names,
    part_path,
    read_runs_of,
)
from study.store.versions import precision, unmeasured

BESIDE = ("metrics", "predictions")
"""The tables with rows of the runs of their part."""

Spans: TypeAlias = Mapping[str, tuple[int, int]]
"""run_id → its number of rows in a table, and its last epoch there."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sound part: its rows of runs, and the ids of the runs that did not fail.

    `more`: metrics or predictions have rows of further runs, which an interrupted `forget` leaves.
    `columns`: those of each other table.
    """

    runs: pa.Table
    trained: tuple[str, ...]
    more: bool
    columns: Mapping[str, frozenset[str]]


def sound(folder: Path, part: str, tables: Sequence[str] = BESIDE) -> Part | None:
    """Return a part whose runs have all their rows in `tables`, or None if it was removed.

    OSError if it is damaged. `runs` is read last: a study that replaces runs removes them from
    `runs` first, so a concurrent reader never misses a row.
    """
    spans: dict[str, _Rows] = {}
    wrong: OSError | None = None
    for name in tables:
        try:
            spans[name] = _spans(part_path(folder, name, part), name)
        except FileNotFoundError:
            wrong = wrong or OSError(f"its {name} are missing")
        except OSError as error:
            wrong = wrong or OSError(f"its {name}: {error}")
    try:
        runs = read_runs_of(folder, part)
    except FileNotFoundError:
        return None
    if wrong is not None:
        raise wrong
    if len(runs["run_id"].unique()) < len(runs):
        raise OSError("its runs: one of them is stored twice")
    ends = _ends(runs)
    of = precision(runs.schema, "runs", part_path(folder, "runs", part))
    for name, rows in spans.items():
        lacking = sum(
            not _complete(name, rows.spans.get(run_id), end) for run_id, end in ends.items()
        )
        if lacking:
            raise OSError(f"{lacking} of its {len(ends)} trained runs lack rows of {name}")
        if rows.precision != of:
            raise OSError(f"its {name} are in {rows.precision}, its runs in {of}")
    return Part(
        runs=runs,
        trained=tuple(ends),
        more=any(rows.spans.keys() - ends for rows in spans.values()),
        columns={name: rows.columns for name, rows in spans.items()},
    )


def sound_runs(folder: Path) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Return the runs that `study run` would keep, and a message for each damaged part.

    Of a run in several parts, the last one counts.
    """
    rows: dict[str, dict[str, object]] = {}
    wrong: list[str] = []
    for part in part_names(folder):
        links = [name for name in BESIDE if part_path(folder, name, part).is_symlink()]
        if links:  # `study run` sets them aside, as it does all that is not its own
            wrong.append(f"{part} is damaged: its {links[0]} are a link")
            continue
        try:
            checked = sound(folder, part)
        except OSError as error:
            wrong.append(f"{part} is damaged: {error}")
        else:
            rows |= {} if checked is None else by_id(checked.runs)
    return rows, wrong


def places(folder: Path, run_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the part of each of these runs, and the checksums of that part's files.

    OSError if one of the files is damaged.
    """
    held_in: dict[str, tuple[str, str]] = {}
    for part in part_names(folder):
        held = [i for i in read_runs_of(folder, part)["run_id"].to_pylist() if i in run_ids]
        if held:
            files = [part_path(folder, name, part) for name in (*BESIDE, "runs")]
            checksums = " ".join(verified(content(file)) for file in files)
            held_in |= dict.fromkeys(held, (part, checksums))
    return held_in


def added_since(folder: Path, part: str) -> frozenset[str]:
    """Return the columns that were not measured when a part's runs were trained.

    OSError if one of its files is damaged.
    """
    names: set[str] = set()
    for name in (*BESIDE, "runs"):
        with opened(part_path(folder, name, part))[0] as file:
            names |= unmeasured(file.schema_arrow, name)
    return frozenset(names)


def _ends(runs: pa.Table) -> dict[str, object]:
    """Return the last epoch of each run that did not fail; a failed run has no epochs."""
    rows = by_id(runs.select(["run_id", "status", "epochs"])).values()
    return {str(row["run_id"]): row["epochs"] for row in rows if row["status"] != "failed"}


def _complete(table: str, span: tuple[int, int] | None, end: object) -> bool:
    """Return whether a table has a run's rows: metrics of every epoch, predictions of the last."""
    if span is None:
        return False
    rows, last = span
    return last == end and (table != "metrics" or rows == end)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is known of a file: its precision, its columns, and the span of each run."""

    precision: Precision
    columns: frozenset[str]
    spans: Spans


def _spans(path: Path, table: str) -> _Rows:
    """Return what is known of a file. OSError if it is damaged."""
    try:
        with opened(path)[0] as file:
            schema = file.schema_arrow
            of = precision(schema, table, path)
            rows = file.read(["run_id", "epoch"], use_threads=False)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error
    if rows["run_id"].null_count or rows["epoch"].null_count:
        raise OSError("it has rows without a run or an epoch")
    ids = rows["run_id"].unify_dictionaries().combine_chunks()
    names = ids.dictionary.to_pylist()
    indices, epochs = _numbers(ids.indices), _numbers(rows["epoch"].combine_chunks())
    counts, last = np.bincount(indices, minlength=len(names)), np.zeros(len(names), np.int64)
    if len(indices):  # the rows of a run are contiguous, so there are few blocks
        begin = np.flatnonzero(np.append(True, np.diff(indices) != 0))
        np.maximum.at(last, indices[begin], np.maximum.reduceat(epochs, begin))
    each = zip(names, counts.tolist(), last.tolist(), strict=True)
    spans = {name: (count, end) for name, count, end in each if count}
    return _Rows(of, frozenset(schema.names), spans)


def _numbers(array: pa.Array) -> NDArray[np.int32]:
    """Return an array without nulls for NumPy; Arrow's own `to_numpy` would load pandas."""
    return np.from_dlpack(array)  # type: ignore[return-value]  # as wide as the schema says
