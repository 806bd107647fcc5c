"""A study from its claimed folder to its certificate; the same call resumes it."""

import time
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from study.errors import StudyError, not_one_of
from study.execution.certificate import certified, difference
from study.execution.deciding import added, confirmed, decided
from study.execution.events import Event, Finished, Noted, Started
from study.execution.executors import EXECUTORS, UNGUARDED, Executor, importing
from study.execution.finished import Ended, remember
from study.execution.folder import Claimed, claim
from study.execution.record import Record, later
from study.execution.search import searched, shortened
from study.execution.supply import Supply
from study.given import count, path_of, text_or_none, texts, wrong
from study.plan.counting import claims
from study.process import cores
from study.spec.load import altered, load_pipeline
from study.spec.pipeline import SCHEME, Pipeline
from study.store.files import write_table
from study.store.parts import Writer
from study.store.provenance import added_later, ended_early, finished
from study.store.reader import load_results
from study.training.summary import Row


@dataclass(frozen=True, slots=True)
class Options:
    """How a study is executed; no option changes a result.

    Attributes
    ----------
    results : Path or str
        The parent folder: results are written to results/NAME/.
    workers : int, optional
        How many processes train; by default the pipeline's number, or one for each core.
    executor : str, optional
        inline, processes, or the address of a Dask scheduler, tcp://HOST:PORT.
    stack_size : int, optional
        How many runs are trained together; by default it follows from the size of the networks.
    fresh : bool
        Whether old results are set aside and everything is trained.
    command : tuple of str
        What `provenance.json` records as the command.
    """

    results: Path | str = Path("results")
    workers: int | None = None
    executor: str | None = None
    stack_size: int | None = None
    fresh: bool = False
    command: tuple[str, ...] = ("study.run",)

    def __post_init__(self) -> None:
        """Raise TypeError for an option of a wrong type, ValueError for a number below 1."""
        path_of("results", self.results, "results")
        count("workers", self.workers)
        count("stack_size", self.stack_size)
        text_or_none("executor", self.executor, "inline")
        if not isinstance(self.fresh, bool):
            raise wrong("fresh", "True or False", self.fresh)
        texts("command", self.command, "study.run")


def run(pipeline: Pipeline | str | Path, options: Options | None = None) -> Generator[Event]:
    """Train and store the missing runs of a pipeline, or of a pipeline file; yield events.

    A study always starts from its first batch with a fresh sampler, and stored runs are read
    instead of trained. So the same call resumes after a kill or a power cut, and extends a grid.
    Closing the iterator keeps all finished runs. Raises ResultsError if the folder is in use or
    belongs to another pipeline, PipelineError for a wrong file.
    """
    if importing():
        raise SystemExit(UNGUARDED)
    if not isinstance(options, Options | None):
        raise wrong("options", "study.Options(…), such as study.Options(workers=2)", options)
    if isinstance(pipeline, str | Path):
        pipeline = load_pipeline(pipeline)
    if not isinstance(pipeline, Pipeline):
        raise wrong("pipeline", "a Pipeline, or the path of a pipeline file", pipeline)
    if altered(pipeline):
        raise StudyError(
            "a pipeline is run as its file declares it, and this one was changed in Python: "
            "change the file, or give load_pipeline overrides"
        )
    return _events(pipeline, options or Options())


def _events(pipeline: Pipeline, options: Options) -> Generator[Event]:
    """Train and store the missing runs of a study; yield events."""
    began, started = time.perf_counter(), datetime.now(UTC)
    workers = options.workers or pipeline.execution.workers or cores()
    name = options.executor or pipeline.execution.executor
    make = partial(_executor, name, pipeline.execution.timeout)
    executor, folder = make(workers), Path(options.results) / pipeline.name
    if options.fresh or finished(folder) is None:
        executor.ready()  # a cluster that does not answer is reported before anything is set aside
    with (
        executor,
        claim(pipeline, Path(options.results), fresh=options.fresh) as claimed,
        Writer(folder, pipeline.training.precision, check=claimed.check) as writer,
    ):
        if claimed.ended is not None:
            yield from _unchanged(claimed, claimed.ended, executor.workers, began)
            return
        late = later(folder, claimed.stored.values(), pipeline)
        record = Record(folder, options.command, started, late)
        if claimed.notes or late != added_later(folder):
            yield from record.note(claimed.notes)
        before = added(folder, claimed.stored.values(), pipeline)

        supply = Supply(pipeline, claimed, record, executor, writer, size=options.stack_size)
        outcomes, early = yield from searched(supply)
        outcomes += yield from confirmed(outcomes, supply)
        outcomes += yield from decided(outcomes, supply, before)
        yield from shortened(outcomes, supply)

        planned = {run.run_id: run for outcome in outcomes for run in outcome.trial.runs}
        left = supply.rows.keys() - planned.keys()
        if left:
            claimed.check_wanted(f"not {len(left)} of the stored runs")
        if not supply.new:
            declared = claimed.declare(pipeline, record, more=False)
            yield Started(folder, len(planned), len(planned), executor.workers, 0.0)
            yield from declared
        supply.forget(left)
        claimed.check()
        write_table([outcome.row() for outcome in outcomes], folder / "trials.parquet")
        writer.commit()
        write_table(verdicts(pipeline, folder), folder / "hypotheses.parquet")

        sound = {i: run for i, run in planned.items() if supply.rows[i]["status"] != "failed"}
        trained_at = time.perf_counter()
        certificate = certified(
            folder, pipeline, sound, lambda n: make(min(n, workers)), anew=bool(supply.new)
        )
        certify_seconds = time.perf_counter() - trained_at
        unlike = [sentence for row in certificate if (sentence := difference(row)) is not None]
        recorded = finished(folder) is not None and ended_early(folder) == early
        if supply.new or claimed.notes or unlike or not recorded:
            notes = [*_lost(supply.lost), *unlike]
            yield from record.note(notes, finished=datetime.now(UTC), ended=early)
        statuses = [supply.rows[run_id]["status"] for run_id in planned]
        ended = Finished(
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
            certify_seconds=certify_seconds,
        )
        remember(folder, pipeline, ended)
        yield ended


def _unchanged(claimed: Claimed, ended: Ended, workers: int, began: float) -> Generator[Event]:
    """Report a study that is unchanged since it ended: nothing is trained or tested."""
    early = ended_early(claimed.folder).items()
    yield from (Noted(f"{name}: ended {why}") for name, why in early)
    yield Started(claimed.folder, ended.runs, ended.runs, workers, 0.0)
    yield Finished(
        folder=claimed.folder,
        runs=ended.runs,
        trained=0,
        diverged=ended.diverged,
        pruned=ended.pruned,
        failed=0,
        seconds=time.perf_counter() - began,
        loop_seconds=0.0,
        workers=workers,
        certified=ended.certified,
    )


def verdicts(pipeline: Pipeline, folder: Path) -> list[dict[str, object]]:
    """Return the rows of hypotheses.parquet: one for each hypothesis, dataset and implementation.

    Missing values are None, for example if a hypothesis could not be tested.
    """
    if not pipeline.hypotheses:
        return []
    from study.stats.hypotheses import as_rows, hypotheses  # not loaded without hypotheses

    results = load_results(folder)
    trials = results.trials.to_dict("records")
    return as_rows(hypotheses(results.runs, claims(pipeline, trials, added_later(folder))))


def _executor(name: str, timeout: float | None, workers: int) -> Executor:
    """Return a new executor of this name; StudyError if the name is unknown."""
    if name.startswith(SCHEME):
        from study.execution.cluster import Cluster

        return Cluster(name, timeout)
    if name not in EXECUTORS:
        raise StudyError(f"executor: {not_one_of(name, [*EXECUTORS, f'{SCHEME}…'])}")
    return EXECUTORS[name](workers, timeout)


def _lost(count: int) -> list[str]:
    """Return a note on the number of lost workers, if any.

    >>> _lost(2)
    ['workers were lost 2 times: their stacks were trained again']
    """
    times = "once" if count == 1 else f"{count} times"
    return [f"workers were lost {times}: their stacks were trained again"] if count else []


def _seconds(row: Row) -> float:
    spent = row["seconds"]
    return spent if isinstance(spent, float) else 0.0
