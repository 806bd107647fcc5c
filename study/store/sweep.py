"""Each start sweeps a results folder: removes uncommitted files, and mends the rest."""

import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from study.errors import ResultsError
from study.store.files import sync
from study.store.kinds import own_folder, set_aside
from study.store.lock import held
from study.store.names import REPORT_LOCK, UNFINISHED
from study.store.parts import PARTED, write_part
from study.store.places import misplaced, refused, strays
from study.store.renewal import renewal_begun
from study.store.sound import sound
from study.store.stored import part_names, part_path, read_part, read_runs_of


def sweep(folder: Path) -> tuple[str, ...]:
    """Bring a folder to what was committed, and say in sentences what that took.

    Afterwards every part has its file in all three tables, all of their checksums hold, and they
    hold the same runs, each once. Damaged parts move to `damaged/`, and so do entries of the wrong
    kind and stray files; the runs of a damaged part count as missing. Only the study that holds the
    folder's lock may call this.
    """
    if (problem := refused(folder)) is not None:
        raise ResultsError(problem)
    steps = (
        misplaced, strays, _remove_unfinished, _remove_uncommitted, _mend, _remove_repeated,
        renewal_begun,
    )  # fmt: skip
    return tuple(sentence for step in steps for sentence in step(folder))


def forget(folder: Path, run_ids: Collection[str]) -> None:
    """Remove all rows of these runs. Where this is cut short, `sweep` completes it.

    In each part `runs` goes first, `metrics` last: as long as `metrics` holds more than the runs
    have epochs, something is left to remove.
    """
    for part in part_names(folder):
        _forget(folder, part, run_ids)


def _forget(folder: Path, part: str, run_ids: Collection[str]) -> int:
    """Remove the rows of these runs from one part; return how many of them it held."""
    runs = read_part(part_path(folder, "runs", part))
    kept = runs.filter(pc.invert(pc.is_in(runs["run_id"], pa.array([*run_ids], pa.string()))))
    if 0 < len(kept) < len(runs):
        write_part(folder, part, {"runs": kept})
        _restrict(folder, part, kept["run_id"].combine_chunks())
    elif not len(kept):
        _remove(folder, part, ("runs", "predictions", "metrics"))
    return len(runs) - len(kept)


def _remove_unfinished(folder: Path) -> Iterator[str]:
    """Remove what was being written when the study was cut short; not a report's files, if held."""
    incoming = folder / "incoming"
    if incoming.exists():
        shutil.rmtree(incoming)
        yield "removed incoming/, left by a study that was cut short"
    unfinished = f".*{UNFINISHED}"
    if not any(folder.rglob(unfinished)):
        return
    with suppress(ResultsError), held(folder / REPORT_LOCK, refusal="a report is being written"):
        for path in sorted(folder.rglob(unfinished)):  # a report may have finished some meanwhile
            if not own_folder(path):
                path.unlink()
                yield f"removed {path.relative_to(folder)}, which was not finished"


def _remove_uncommitted(folder: Path) -> Iterator[str]:
    """Remove parts of metrics and predictions without runs; keep them if runs.parquet is gone."""
    committed = set(part_names(folder))
    stray = {part for table in PARTED for part in part_names(folder, table)} - committed
    for part in sorted(stray):
        if own_folder(folder / "runs.parquet"):
            _remove(folder, part, ("predictions", "metrics"))
            yield f"removed {part} of metrics and predictions, which was not committed"
        else:
            _set_aside(folder, part)
            yield f"moved {part} of metrics and predictions to damaged/: there is no runs.parquet"


def _mend(folder: Path) -> Iterator[str]:
    """Complete what `forget` began, and set damaged parts aside."""
    for part in part_names(folder):
        try:
            checked = sound(folder, part)
            if checked is not None and checked.more:
                _restrict(folder, part, pa.array(checked.trained, pa.string()))
                yield f"removed from {part} the rest of runs that will be trained again"
        except OSError as error:
            _set_aside(folder, part)
            yield f"moved {part} to damaged/, so that its runs are trained again: {error}"


def _remove_repeated(folder: Path) -> Iterator[str]:
    """Keep the last of several parts that hold a run."""
    seen: set[str] = set()
    for part in reversed(part_names(folder)):
        held = set(read_runs_of(folder, part)["run_id"].to_pylist())
        again = held & seen
        seen |= held
        if again:
            rows = _forget(folder, part, again)
            yield f"removed {rows} runs from {part}, which were stored more than once"


def _restrict(folder: Path, part: str, run_ids: pa.Array) -> None:
    """Keep the rows of these runs alone, in predictions, then in metrics."""
    for name in ("predictions", "metrics"):
        table = read_part(part_path(folder, name, part))
        kept = pc.is_in(table["run_id"].cast(pa.string()), run_ids)
        write_part(folder, part, {name: table.filter(kept)})


def _remove(folder: Path, part: str, tables: Iterable[str]) -> None:
    """Remove a part's files in the order given, each removal synced to disk before the next."""
    for name in tables:
        path = part_path(folder, name, part)
        if path.exists():
            path.unlink()
            sync(path.parent)


def _set_aside(folder: Path, part: str) -> None:
    """Move a part to `damaged/`, `runs` first: what follows is then uncommitted, not damaged."""
    for name in reversed(PARTED):
        path = part_path(folder, name, part)
        if path.exists():
            set_aside(folder, path)
