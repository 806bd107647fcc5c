"""The driver: ask, train, store, tell, until done; the same call resumes."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from study.errors import ResultsError, StudyError, not_one_of
from study.execution.certificate import CERTIFICATE, certified, difference
from study.execution.deciding import added
from study.execution.events import Event, Finished, Noted, Started
from study.execution.executors import EXECUTORS, UNGUARDED, Executor, importing
from study.execution.folder import Claimed, claim
from study.execution.later import later
from study.execution.record import Record, lost
from study.execution.room import no_room
from study.execution.rounds import searched
from study.execution.supply import Supply
from study.execution.tables import trials_table
from study.execution.verdicts import verdicts
from study.plan.batches import same_batches
from study.plan.forecast import cores, forecast
from study.spec.load import altered
from study.spec.pipeline import SCHEME, Pipeline
from study.store.files import write_table
from study.store.parts import Writer
from study.store.provenance import added_later, ended_early, finished
from study.training.summary import Row


@dataclass(frozen=True, slots=True)
class Options:
    """How a study is executed: none of this changes a number."""

    results: Path | str = Path("results")
    workers: int | None = None
    executor: str | None = None
    stack_size: int | None = None
    fresh: bool = False
    command: tuple[str, ...] = ("study.run",)


def run(pipeline: Pipeline, options: Options | None = None) -> Generator[Event]:
    """Train and store what is missing of a study; yield what happens.

    A study always starts from its first batch with a fresh sampler, and a run that is stored is
    read instead of trained. So the same call after a kill, a power cut or an extended grid goes on
    where the results end. Closing the iterator keeps all that was finished. Raises ResultsError
    where the folder is in use or belongs to another pipeline.
    """
    _check_call(pipeline)
    options = options or Options()
    began, started = time.perf_counter(), datetime.now(UTC)
    workers = options.workers or pipeline.execution.workers or cores()
    make = _executor(options.executor or pipeline.execution.executor)
    timeout = pipeline.execution.timeout
    executor = make(workers, timeout)
    anew = options.fresh or finished(Path(options.results) / pipeline.name) is None
    with (
        _when_needed(executor, now=anew) as ready,  # before --fresh sets anything aside
        claim(pipeline, Path(options.results), fresh=options.fresh) as claimed,
        Writer(claimed.folder, pipeline.training.precision, check=claimed.check) as writer,
    ):
        folder, late = claimed.folder, later(claimed.folder, claimed.stored.values(), pipeline)
        record = Record(folder, options.command, started, late)
        noted = claimed.notes or late != added_later(folder)
        yield from (*map(Noted, claimed.notes), *(record.write(claimed.notes) if noted else ()))

        def begin() -> Iterator[Event]:
            claimed.check_wanted("runs that are not stored")
            ready()
            plan = forecast(pipeline, claimed.stored, executor.workers)
            if (says := no_room(folder, pipeline, plan)) is not None:
                raise ResultsError(says)
            changed = [*record.write(news := [*executor.news(), *same_batches(pipeline)])]
            (folder / CERTIFICATE).unlink(missing_ok=True)  # it was of other trainings
            changed += _declared(claimed, pipeline, record, more=True)
            if plan.missing:  # otherwise hypotheses alone need more runs, and an event names them
                yield Started(
                    folder, plan.runs, plan.stored, executor.workers, plan.work, plan.correction
                )
            yield from (*map(Noted, news), *changed)

        supply = Supply(
            pipeline, claimed.stored, writer, executor, begin,
            note=record.write, size=options.stack_size,
        )  # fmt: skip
        outcomes, early = yield from searched(
            pipeline, supply, folder, added(folder, claimed.stored.values(), pipeline)
        )
        planned = {run.run_id: run for outcome in outcomes for run in outcome.trial.runs}
        left = supply.rows.keys() - planned.keys()
        if left:
            claimed.check_wanted(f"not {len(left)} of the stored runs")
        if not supply.new:
            told = _declared(claimed, pipeline, record, more=False)
            yield Started(folder, len(planned), len(planned), executor.workers, 0.0)
            yield from told
        supply.forget(left)
        yield from map(Noted, begun_again := lost(supply.lost))
        claimed.check()
        write_table(trials_table(outcomes), folder / "trials.parquet")
        writer.commit()
        write_table(verdicts(pipeline, folder), folder / "hypotheses.parquet")
        sound = {i: run for i, run in planned.items() if supply.rows[i]["status"] != "failed"}
        certificate = certified(
            folder, pipeline, sound, lambda n: make(min(n, workers), timeout), anew=bool(supply.new)
        )
        unlike = [says for row in certificate if (says := difference(row)) is not None]
        yield from map(Noted, unlike)
        if supply.new or claimed.notes or unlike or not _recorded(folder, early):
            yield from record.write([*begun_again, *unlike], datetime.now(UTC), early)
        statuses = [supply.rows[run_id]["status"] for run_id in planned]
        yield Finished(
            folder=folder,
            runs=len(planned),
            trained=len(supply.new),
            diverged=statuses.count("diverged"),
            pruned=statuses.count("pruned"),
            failed=statuses.count("failed"),
            seconds=time.perf_counter() - began,
            loop_seconds=sum(_seconds(row) for row in supply.new.values()),
            workers=executor.workers,
            certified=len(certificate),
            unlike=len(unlike),
        )


def _declared(claimed: Claimed, pipeline: Pipeline, record: Record, *, more: bool) -> list[Noted]:
    """Write the pipeline's file, and record what that did to parts of earlier releases."""
    told = claimed.declare(pipeline, more=more)
    return [*map(Noted, told), *(record.write(told) if told else ())]


def _check_call(pipeline: Pipeline) -> None:
    """Raise where a script calls as no script may, or with a pipeline that is no file's."""
    if importing():
        raise SystemExit(UNGUARDED)
    if altered(pipeline):
        raise StudyError(
            "a pipeline is run as its file declares it, and this one was changed in Python: "
            "change the file, or give load_pipeline overrides"
        )


@contextmanager
def _when_needed(executor: Executor, *, now: bool) -> Iterator[Callable[[], object]]:
    """Yield what makes an executor ready: a study that trains nothing needs no cluster.

    Where `now`, it is ready already: a cluster that does not answer is then told of before anything
    is written or set aside.
    """
    with ExitStack() as opened:
        ready = cache(lambda: opened.enter_context(executor))
        if now:
            ready()
        yield ready


def _executor(name: str) -> Callable[[int, float | None], Executor]:
    """Return what makes the executor of this name; StudyError where there is none."""
    if name.startswith(SCHEME):
        from study.execution.cluster import Cluster

        return lambda _, timeout: Cluster(name, timeout)
    if name not in EXECUTORS:
        raise StudyError(f"executor: {not_one_of(name, [*EXECUTORS, f'{SCHEME}…'])}")
    return EXECUTORS[name]


def _recorded(folder: Path, early: Mapping[str, str]) -> bool:
    """Return whether provenance.json has the end of the study, and of searches that ended early."""
    return finished(folder) is not None and ended_early(folder) == early


def _seconds(row: Row) -> float:
    spent = row["seconds"]
    return spent if isinstance(spent, float) else 0.0
