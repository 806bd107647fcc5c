"""The driver: ask, train, store, tell, until done; the same call resumes."""

import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from study.errors import StudyError, not_one_of
from study.execution.events import Event, Finished, Noted, StackDone, Started
from study.execution.executors import EXECUTORS
from study.execution.folder import PIPELINE, claim
from study.execution.search import Search
from study.execution.tables import trials_table
from study.execution.work import train_all
from study.plan.forecast import cores
from study.plan.stacks import Stack, seconds, stacks
from study.spec.pipeline import Pipeline
from study.store.files import write_table, write_text
from study.store.parts import Writer
from study.store.provenance import write_provenance
from study.store.stored import stored_runs
from study.store.sweep import forget
from study.training.summary import Trained


@dataclass(frozen=True, slots=True)
class Options:
    """How a study is executed: none of this changes a number."""

    results: Path = Path("results")
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
    options = options or Options()
    began, started = time.perf_counter(), datetime.now(UTC)
    workers = options.workers or pipeline.execution.workers or cores()
    executor_name = options.executor or pipeline.execution.executor
    if executor_name not in EXECUTORS:
        raise StudyError(f"executor: {not_one_of(executor_name, EXECUTORS)}")
    with (
        claim(pipeline, options.results, fresh=options.fresh) as (folder, notes),
        Writer(folder, pipeline.training.precision) as writer,
        EXECUTORS[executor_name](workers, pipeline.execution.timeout) as executor,
    ):
        yield from map(Noted, notes)
        write_text(pipeline.text, folder / PIPELINE)
        rows: dict[str, Mapping[str, object]] = dict(stored_runs(folder))
        new: dict[str, Mapping[str, object]] = {}
        searches = [Search(pipeline, dataset) for dataset in pipeline.datasets]
        while batch := [trial for search in searches for trial in search.ask()]:
            runs = [run for trial in batch for run in trial.runs]
            missing = [run for run in runs if not _answers(rows.get(run.run_id))]
            forget(folder, [run.run_id for run in missing if run.run_id in rows])
            if missing:
                yield from _provenance(folder, options, started)
            expected = sum(seconds(run, pipeline) for run in missing)
            yield Started(folder, len(runs), len(runs) - len(missing), executor.workers, expected)
            work = stacks(missing, pipeline, size=options.stack_size)
            for stack, finished in train_all(work, pipeline, executor, writer):
                new |= {str(run.row["run_id"]): run.row for run in finished}
                yield _done(stack, finished, seconds(stack.runs[0], pipeline))
            rows |= new
            for search in searches:
                search.tell(rows)
        trials = [trial for search in searches for trial in search.trials]
        planned = {run.run_id: rows[run.run_id] for trial in trials for run in trial.runs}
        write_table(trials_table(trials, planned, pipeline), folder / "trials.parquet")
        write_table([], folder / "hypotheses.parquet")
        if new:
            yield from _provenance(folder, options, started, datetime.now(UTC))
        statuses = [row["status"] for row in planned.values()]
        yield Finished(
            folder=folder,
            runs=len(planned),
            trained=len(new),
            diverged=statuses.count("diverged"),
            failed=statuses.count("failed"),
            seconds=time.perf_counter() - began,
            loop_seconds=sum(_seconds(row) for row in new.values()),
            workers=executor.workers,
        )


def _provenance(
    folder: Path, options: Options, started: datetime, finished: datetime | None = None
) -> Iterator[Noted]:
    """Write what made the numbers; note where it is not what made the numbers before them."""
    changed = write_provenance(folder, command=options.command, started=started, finished=finished)
    if changed is not None:
        yield Noted(changed)


def _answers(row: Mapping[str, object] | None) -> bool:
    """Say whether a stored run answers for the planned one; one that failed is trained again."""
    return row is not None and row["status"] != "failed"


def _done(stack: Stack, finished: list[Trained], seconds_each: float) -> StackDone:
    statuses = [run.row["status"] for run in finished]
    completed = [
        run.row["final_train_loss"] for run in finished if run.row["status"] == "completed"
    ]
    return StackDone(
        dataset=stack.dataset,
        runs=len(finished),
        diverged=statuses.count("diverged"),
        failed=statuses.count("failed"),
        best=min((loss for loss in completed if isinstance(loss, float)), default=float("inf")),
        work=seconds_each * len(finished),
        reason=next((str(r.row["reason"]) for r in finished if r.row["reason"]), None),
    )


def _seconds(row: Mapping[str, object]) -> float:
    spent = row["seconds"]
    return spent if isinstance(spent, float) else 0.0
