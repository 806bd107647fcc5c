"""A study's folder, claimed by one writer at a time and only for the pipeline it belongs to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from study.errors import PipelineError, ResultsError
from study.plan.changes import changes
from study.plan.identity import identities
from study.plan.trials import planned, stored_run
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.store.files import PIPELINE
from study.store.lock import REPORT_LOCK, STUDY_LOCK, held, holder
from study.store.provenance import finished
from study.store.stored import count_rows, stored_runs
from study.store.sweep import sweep


@dataclass(frozen=True, slots=True)
class Claimed:
    """A folder that is held: its stored runs by their ids, and what was noted on the way.

    `check` raises ResultsError where it is not there any more.
    """

    folder: Path
    stored: dict[str, dict[str, object]]
    notes: list[str]
    check: Callable[[], None]


@contextmanager
def claim(pipeline: Pipeline, results: Path, *, fresh: bool) -> Iterator[Claimed]:
    """Hold results/NAME while a study writes it; yield it with what is stored there.

    What an earlier start left unfinished is swept first. With `fresh`, old results are set aside
    under another name. Raises ResultsError where another process holds the folder, where its
    results belong to another pipeline, or where it cannot be written.
    """
    folder = results / pipeline.name
    notes = []
    if fresh and (folder / PIPELINE).exists():
        notes.append(f"the old results are in {_set_aside(folder)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultsError(f"{folder}: cannot be written: {error.strerror}") from None
    with _held(folder) as check:
        notes += sweep(folder)  # first, since a damaged part cannot be compared
        stored = stored_runs(folder)
        if (says := refusal(folder, stored, pipeline)) is not None:
            raise ResultsError(says)
        yield Claimed(folder, stored, notes, check)


def _held(folder: Path) -> AbstractContextManager[Callable[[], None]]:
    """Hold the folder's lock."""
    says = (
        "another `study run` is writing here{by}; wait for it to end, or give this pipeline "
        "another name"
    )
    return held(folder / STUDY_LOCK, refusal=says)


def _set_aside(folder: Path) -> Path:
    """Rename a folder to the first free name beside it, which is returned."""
    aside = next(p for i in count(1) if not (p := folder.with_name(f"{folder.name}.{i}")).exists())
    with _held(folder), held(folder / REPORT_LOCK), suppress(PermissionError):
        folder.rename(aside)
        for lock in (STUDY_LOCK, REPORT_LOCK):  # they came along
            (aside / lock).unlink()
        return aside
    folder.rename(aside)  # Windows moves no folder with an open file: so nobody holds it now
    return aside


def _unplanned(
    folder: Path, stored: Mapping[str, Mapping[str, object]], pipeline: Pipeline
) -> list[str]:
    """Find stored runs that the pipeline does not plan, though its file says nothing against it."""
    plan, gone = planned(pipeline), not (folder / PIPELINE).exists()
    named = identities(pipeline)
    described = (stored_run(named, row) for row in stored.values())
    runs = plan.runs if plan.known else () if gone else filter(None, described)
    unplanned = stored.keys() - {run.run_id for run in runs}
    if not unplanned:
        return []
    if gone:
        return [f"{PIPELINE} is gone, and {len(unplanned)} runs are not of this one"]
    return [f"{len(unplanned)} of its runs would come to other numbers in this version"]


def ended(folder: Path, pipeline: Pipeline) -> int | None:
    """Return how many trials a study came to, if it has ended and this pipeline is what it ran."""
    with suppress(OSError, PipelineError):
        same = load_pipeline(folder / PIPELINE).search == pipeline.search
        if same and finished(folder) is not None:
            return count_rows(folder / "trials.parquet")
    return None


def state(folder: Path) -> str:
    """Say in words how far a study has come: not begun, running, finished or interrupted."""
    by = holder(folder / STUDY_LOCK)
    if by is not None:
        return f"running ({by})" if by else "running"
    if not (folder / PIPELINE).exists():
        return "not begun"
    at = finished(folder)
    if at is None:
        return "interrupted; `study run` goes on where it ended"
    return f"finished {datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M %Z}"


def refusal(
    folder: Path, stored: Mapping[str, Mapping[str, object]], pipeline: Pipeline
) -> str | None:
    """Say why a folder's stored runs are not of this pipeline; None where they may be."""
    path = folder / PIPELINE
    if not stored:
        return None
    try:
        found = changes(load_pipeline(path), pipeline) if path.exists() else []
        found = found or _unplanned(folder, stored, pipeline)
    except PipelineError as error:
        found = [f"its pipeline file is not valid any more: {error}"]
    if not found:
        return None
    says = [f"{folder} holds the results of another pipeline:"]
    says += [f"  {sentence}" for sentence in found]
    says += ["Give this one another name, or set the old results aside with --fresh."]
    return "\n".join(says)
