"""Whether a part is sound: three files that are whole, and hold rows of the same runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from study.store.checksum import verified
from study.store.kinds import content
from study.store.schema import Precision
from study.store.stored import (
    by_id,
    opened,
    part_names,
    part_path,
    precision,
    read_runs_of,
)

BESIDE = ("metrics", "predictions")
"""The tables whose rows belong to the runs of their part."""

Spans: TypeAlias = Mapping[str, tuple[int, int]]
"""run_id → how many rows a table has of it, and their last epoch."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sound part: its rows of runs, and which of these runs were trained.

    With `more` there are rows of other runs beside it, as `forget` leaves them if it is cut short.
    """

    runs: pa.Table
    trained: tuple[str, ...]
    more: bool


def sound(folder: Path, part: str, tables: Sequence[str] = BESIDE) -> Part | None:
    """Return a part whose runs have all their rows in `tables`; None where it is gone.

    OSError where it is damaged. `runs` is read last: a study that replaces runs removes them there
    first, so that whoever reads beside it finds no row missing.
    """
    spans: dict[str, tuple[Precision, Spans]] = {}
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
        raise OSError("its runs: one of them is there twice")
    ends = _ends(runs)
    of = precision(runs.schema, "runs", part_path(folder, "runs", part))
    for name, (own, found) in spans.items():
        lacking = sum(not _complete(name, found.get(run_id), end) for run_id, end in ends.items())
        if lacking:
            raise OSError(f"{lacking} of its {len(ends)} trained runs lack rows of {name}")
        if own != of:
            raise OSError(f"its {name} are in {own}, its runs in {of}")
    return Part(runs, tuple(ends), any(found.keys() - ends for _, found in spans.values()))


def sound_runs(folder: Path) -> tuple[dict[str, dict[str, object]], list[str]]:
    """Return the runs that `study run` would keep, and what is wrong with the other parts.

    Of a run in several parts it is the last one.
    """
    found: dict[str, dict[str, object]] = {}
    wrong: list[str] = []
    for part in part_names(folder):
        try:
            checked = sound(folder, part)
        except OSError as error:
            wrong.append(f"{part} is damaged: {error}")
        else:
            found |= {} if checked is None else by_id(checked.runs)
    return found, wrong


def places(folder: Path, run_ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return the part that holds each of some runs, and the checksums of that part's files.

    OSError where one of these is damaged.
    """
    found: dict[str, tuple[str, str]] = {}
    for part in part_names(folder):
        held = [i for i in read_runs_of(folder, part)["run_id"].to_pylist() if i in run_ids]
        if held:
            files = [part_path(folder, name, part) for name in (*BESIDE, "runs")]
            checksums = " ".join(verified(content(file)) for file in files)
            found |= dict.fromkeys(held, (part, checksums))
    return found


def _ends(runs: pa.Table) -> dict[str, object]:
    """Return the last epoch of each run that did not fail: a failed one has no other row."""
    rows = by_id(runs.select(["run_id", "status", "epochs"])).values()
    return {str(row["run_id"]): row["epochs"] for row in rows if row["status"] != "failed"}


def _complete(table: str, span: tuple[int, int] | None, end: object) -> bool:
    """Return whether a table has what belongs to a run: each epoch, or predictions at the last."""
    if span is None:
        return False
    rows, last = span
    return last == end and (table != "metrics" or rows == end)


def _spans(path: Path, table: str) -> tuple[Precision, Spans]:
    """Return a file's precision and what it has of each run. OSError where it is damaged."""
    try:
        with opened(path)[0] as file:
            of = precision(file.schema_arrow, table, path)
            rows = file.read(["run_id", "epoch"], use_threads=False)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise OSError(str(error)) from error
    if rows["run_id"].null_count or rows["epoch"].null_count:
        raise OSError("it has rows without a run or an epoch")
    ids = rows["run_id"].unify_dictionaries().combine_chunks()
    indices, names = np.from_dlpack(ids.indices), ids.dictionary.to_pylist()
    epochs = np.from_dlpack(rows["epoch"].combine_chunks())
    counts, last = np.bincount(indices, minlength=len(names)), np.zeros(len(names), np.int64)
    if len(indices):  # a run's rows lie together, so there are few blocks of them
        begin = np.flatnonzero(np.append(True, indices[1:] != indices[:-1]))
        np.maximum.at(last, indices[begin], np.maximum.reduceat(epochs, begin))
    spans = zip(names, counts.tolist(), last.tolist(), strict=True)
    return of, {name: (count, end) for name, count, end in spans if count}
