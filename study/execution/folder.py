"""A study's folder, claimed by one writer at a time and only for the pipeline it belongs to."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from study.errors import PipelineError, ResultsError
from study.execution.belonging import Belonging, belonging
from study.execution.events import Noted
from study.execution.finished import Ended, remembered
from study.execution.record import Record
from study.plan.forecast import Forecast
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.spec.toml import overridden
from study.store.files import write_text, write_whole
from study.store.format import require_format
from study.store.kinds import content, own_file, present, set_aside
from study.store.lock import held, holder
from study.store.names import PIPELINE, REPORT_LOCK, STUDY_LOCK
from study.store.places import FILES, FOLDERS
from study.store.provenance import PROVENANCE, finished
from study.store.renewal import renewed
from study.store.stored import part_names, read_whole, stored_runs
from study.store.sweep import sweep
from study.units import size


@dataclass(frozen=True, slots=True)
class Claimed:
    """A folder that is held: its stored runs by their ids, and notes on what was repaired.

    `check` raises ResultsError if the folder is gone; `belonging` shows whether its results and the
    pipeline match. If nothing has changed since the study ended, `ended` is how; the rest was
    then not read.
    """

    folder: Path
    stored: dict[str, dict[str, object]]
    notes: list[str]
    check: Callable[[], None]
    belonging: Belonging
    ended: Ended | None = None

    def declare(self, pipeline: Pipeline, record: Record, *, more: bool) -> list[Noted]:
        """Write the pipeline's file, and copies of its data; set aside a file that was wrong.

        Parts of earlier releases first get today's columns, if `more` runs will follow or if the
        file changes, which defines the values of absent columns. That is noted.
        """
        path, text = self.folder / PIPELINE, _keep_data(pipeline, self.folder)
        changes = more or not path.is_file() or content(path) != text.encode()
        self.check()
        events = [*renewed(self.folder)] if changes else []
        if self.belonging.wrong and present(path):
            set_aside(self.folder, path)
        write_text(text, path)
        return record.note(events) if events else []

    def check_wanted(self, wanted: str) -> None:
        """Raise ResultsError if a search without its pipeline file needs other runs than stored.

        The stored runs alone do not identify a search.
        """
        if not self.belonging.sure:
            raise ResultsError(
                f"{self.folder / PIPELINE} is missing or was changed, and this pipeline needs "
                f"{wanted}: restore the file, give this pipeline another name, or set the old "
                "results aside with --fresh"
            )


@contextmanager
def claim(pipeline: Pipeline, results: Path, *, fresh: bool) -> Iterator[Claimed]:
    """Hold results/NAME while a study writes it; yield it with its stored runs.

    Unfinished files of an earlier start are removed first. With `fresh`, old results are set aside
    under another name. Raises ResultsError if another process holds the folder, if its
    results belong to another pipeline, or if it cannot be written.
    """
    folder = results / pipeline.name
    notes = []
    if fresh and any(present(folder / name) for name in (*FILES, *FOLDERS)):
        notes.append(f"the old results are in {_set_aside(folder)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f"{folder}: cannot be written: {error.strerror}") from None
    with _held(folder) as check:
        if (as_before := remembered(folder, pipeline)) is not None:
            yield Claimed(folder, {}, [], check, Belonging(), as_before)
            return
        if part_names(folder):
            require_format(folder)  # before anything of another version is swept
        if part_names(folder) and not present(folder / PROVENANCE):
            notes.append(f"{PROVENANCE} was missing, so earlier executions are unknown")
        notes += sweep(folder)  # first, since a damaged part cannot be compared
        stored = stored_runs(folder)
        relation = belonging(folder, stored, pipeline)
        if relation.refusal is not None:
            raise ResultsError(relation.refusal)
        notes += filter(None, [relation.wrong, relation.copies])
        yield Claimed(folder, stored, notes, check, relation)


def _held(folder: Path) -> AbstractContextManager[Callable[[], None]]:
    """Hold the folder's lock."""
    advice = "; wait for it to end, or give this pipeline another name"
    return held(folder / STUDY_LOCK, refusal="another `study run` is writing here", advice=advice)


def _set_aside(folder: Path) -> Path:
    """Rename a folder to the first free name next to it, and return that name."""
    aside = next(p for i in count(1) if not (p := folder.with_name(f"{folder.name}.{i}")).exists())
    with _held(folder), held(folder / REPORT_LOCK), suppress(PermissionError):
        folder.rename(aside)
        for lock in (STUDY_LOCK, REPORT_LOCK):  # they were moved along
            (aside / lock).unlink()
        return aside
    folder.rename(aside)  # Windows moves no folder with an open file: so nobody holds it now
    return aside


def ended(folder: Path, pipeline: Pipeline) -> int | None:
    """Return the number of trials of a study, if it has ended with this very pipeline."""
    if not (folder / PIPELINE).is_file() or finished(folder) is None:
        return None
    with suppress(OSError, PipelineError):
        if load_pipeline(folder / PIPELINE).search == pipeline.search:
            return len(read_whole(folder, "trials"))
    return None


def state(folder: Path) -> str:
    """Describe the progress of a study: not begun, running, finished or interrupted."""
    by = holder(folder / STUDY_LOCK)
    if by is not None:
        return f"running ({by})" if by else "running"
    if not (folder / PIPELINE).exists() and not part_names(folder):
        return "not begun"
    at = finished(folder)
    if at is None:
        return "interrupted; `study run` resumes it"
    return f"finished {datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M %Z}"


def _keep_data(pipeline: Pipeline, folder: Path) -> str:
    """Copy the files that a pipeline reads into its results; return its text with their new paths.

    So a results folder can be moved, and its runs trained again without the originals.
    """
    places = {}
    for name, dataset in pipeline.datasets.items():
        if dataset.file is not None:
            place = f"data/{name}.{dataset.generator}"
            _copy(dataset.file, folder / place)
            if dataset.changed:  # the copy would differ from the data in memory
                raise ResultsError(f"{dataset.file} has changed since it was read: start again")
            places[name] = place
    if not places:
        return pipeline.text
    changes = [f'datasets.{name}.path="{place}"' for name, place in places.items()]
    return overridden(pipeline.text, folder / PIPELINE, changes)


def _copy(file: Path, to: Path) -> None:
    if own_file(to) and file.samefile(to):
        return
    with file.open("rb") as source:
        write_whole(to, lambda copy: shutil.copyfileobj(source, copy))


def no_room(folder: Path, pipeline: Pipeline, plan: Forecast) -> str | None:
    """Report that the missing runs do not fit on the disk of a results folder; None if they do.

    The savings of pruning are not known in advance, so a study that prunes is not refused.
    """
    if not plan.missing or pipeline.search.pruner is not None:
        return None
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    needed, free = plan.bytes * plan.missing / plan.runs, shutil.disk_usage(there).free
    if needed <= free:
        return None
    return (
        f"{folder} would need about {size(needed)} more, and its disk has {size(free)} free: plan "
        "fewer runs or epochs, or name a folder on another disk with --results"
    )
