"""Runs on demand: stored runs are read from disk, missing ones are trained, up to any epoch."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, replace
from functools import cached_property

from study.errors import ResultsError
from study.execution.events import Event, StackDone, Started
from study.execution.executors import LOST, Executor, GoneError
from study.execution.folder import Claimed, no_room
from study.execution.record import Record
from study.metrics import DIVERGED, OF_EPOCHS
from study.plan.architecture import architecture
from study.plan.cells import same_batches
from study.plan.forecast import forecast
from study.plan.stacks import Stack, stacks, work
from study.plan.trials import Run, replaces
from study.spec.objective import worst
from study.spec.pipeline import Pipeline
from study.store.names import CERTIFICATE
from study.store.parts import Writer
from study.store.reader import load_results
from study.store.sweep import forget
from study.training.build import Array
from study.training.summary import (
    Begun,
    Row,
    Trained,
    complete,
    exceeds,
    failed_run,
    objective,
    results,
    train_stack,
)

ATTEMPTS = 3
"""The number of attempts before the loss of its worker counts as a stack's own fault."""

AHEAD = 2
"""The number of stacks queued per worker, including the one in training: memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A stack to be trained up to an epoch, from its start or from its current epoch."""

    stack: Stack
    until: int
    begun: Begun | None = None
    attempt: int = 1


class Supply:
    """The stored runs of a study, and the means to train others.

    `rows` holds the columns that a search needs of every stored run, by its id; `new` has the runs
    of this execution alone. `lost` counts how often a stack was restarted after a lost worker.
    """

    def __init__(  # noqa: PLR0913  # it brings together the parts made by the driver
        self,
        pipeline: Pipeline,
        claimed: Claimed,
        record: Record,
        executor: Executor,
        writer: Writer,
        *,
        size: int | None = None,
    ) -> None:
        """Start with the stored runs of a claimed folder; stacks have at most `size` runs."""
        self.pipeline, self.claimed = pipeline, claimed
        self._record, self._executor, self._writer = record, executor, writer
        self._size = size
        asked = {h.metric for h in pipeline.hypotheses} - {DIVERGED}
        aims = {aim.metric for aim in pipeline.search.aims}
        limits = {limit.metric for limit in pipeline.search.constraints}
        self._kept = {"status", "epochs", "seconds", *aims, *limits, *asked}
        self.rows: dict[str, Row] = {i: self._brief(row) for i, row in claimed.stored.items()}
        self.new: dict[str, Row] = {}
        self.lost = 0
        self._started = False
        self._begun: list[Begun] = []
        self._at: dict[tuple[str, int], Row] = {}

    def missing(self, runs: Iterable[Run], until: int) -> list[Run]:
        """Return the runs that are not stored up to an epoch."""
        return [run for run in runs if not replaces(self.rows.get(run.run_id), until)]

    def train(self, runs: Iterable[Run], until: int) -> Iterator[Event]:
        """Bring runs to an epoch, started ones and new ones.

        Started runs that are not among `runs` end at their current epoch, pruned. A stored run that
        does not reach so far is trained again from its start, and its rows are replaced.
        """
        wanted = {run.run_id: run for run in runs}
        yield from self._prune(lambda run: run.run_id in wanted)
        going = {run.run_id for begun in self._begun for run in begun.stack.runs}
        missing = [run for run in self.missing(wanted.values(), until) if run.run_id not in going]
        if missing and not self._started:
            yield from self._start()
        self.forget(run.run_id for run in missing)
        legs = [Leg(begun.stack, until, begun) for begun in self._begun]
        legs += [Leg(stack, until) for stack in stacks(missing, self.pipeline, size=self._size)]
        self._begun = []
        yield from self._train(legs)

    def _start(self) -> Iterator[Event]:
        """Prepare training: find workers and disk space, and declare the pipeline."""
        claimed, pipeline, executor = self.claimed, self.pipeline, self._executor
        claimed.check_wanted("runs that are not stored")
        plan = forecast(pipeline, claimed.stored, executor.ready())
        if (problem := no_room(claimed.folder, pipeline, plan)) is not None:
            raise ResultsError(problem)
        notes = self._record.note([*executor.news(), *same_batches(pipeline)])
        (claimed.folder / CERTIFICATE).unlink(missing_ok=True)  # it certified other trainings
        notes += claimed.declare(pipeline, self._record, more=True)
        if plan.missing:  # otherwise hypotheses alone need more runs, and an event names them
            yield Started(
                folder=claimed.folder,
                runs=plan.runs,
                stored=plan.stored,
                workers=executor.workers,
                work=plan.work,
                correction=plan.correction,
            )
        yield from notes
        self._started = True

    def _prune(self, stays: Callable[[Run], bool]) -> Iterator[StackDone]:
        """Store the started runs that do not continue, as they are."""
        left = []
        for begun in self._begun:
            going, ending = begun.take(stays), begun.take(lambda run: not stays(run))
            if going is not None:
                left.append(going)
            if ending is not None:
                spared = self.pipeline.training.epochs - ending.state.epoch
                yield self._store(ending.stack, ending.pruned(), spared)
        self._begun = left

    def _train(self, legs: Iterable[Leg]) -> Iterator[Event]:
        """Have all legs trained: a few at a time, stored each second, again if a worker is lost.

        A stack that raises ends as failed runs with the reason, and the others continue. Raises
        GoneError if there will be no more workers.
        """
        waiting, executor, writer = deque(legs), self._executor, self._writer
        under_way: dict[Future[tuple[list[Trained], Begun | None]], Leg] = {}
        try:
            while waiting or under_way:
                while waiting and len(under_way) < AHEAD * executor.workers:
                    leg = waiting.popleft()
                    given = leg.stack, self.pipeline, leg.until, leg.begun
                    under_way[executor.submit(train_stack, *given)] = leg
                done = wait(under_way, timeout=1, return_when=FIRST_COMPLETED).done
                if news := executor.news():  # first: it raises if no worker can work
                    yield from self._record.note(news)
                for future in done:
                    leg = under_way.pop(future)
                    if isinstance(future.exception(), LOST) and leg.attempt < ATTEMPTS:
                        self.lost += 1
                        waiting.appendleft(replace(leg, attempt=leg.attempt + 1))
                    else:
                        yield self._take(leg, future)
                if writer.due:
                    writer.commit()
        finally:  # closed or interrupted: runs that workers have finished meanwhile are kept too
            for future in under_way:
                if future.done() and not future.cancelled() and future.exception() is None:
                    writer.add(future.result()[0])
        writer.commit()

    def _take(self, leg: Leg, future: Future[tuple[list[Trained], Begun | None]]) -> StackDone:
        """Store the runs of a leg that ended; keep the others, which can continue."""
        error = future.exception()
        if isinstance(error, GoneError):
            raise error
        if error is None:
            ended, begun = future.result()
        else:
            ended, begun = [failed_run(run, reason(error)) for run in leg.stack.runs], None
        if begun is not None:
            self._begun.append(begun)
        since = 0 if leg.begun is None else leg.begun.state.epoch
        return self._store(leg.stack, ended, leg.until - since)

    def _store(self, stack: Stack, ended: list[Trained], epochs: int) -> StackDone:
        """Store the runs of a stack that ended; return the event, for this many epochs of work."""
        self._writer.add(ended)
        rows = [run.row for run in ended]
        new = {str(row["run_id"]): self._brief(row) for row in rows}
        self.rows |= new
        self.new |= new
        statuses = [row["status"] for row in rows]
        aim = self.pipeline.search.aims[0].model_copy(update={"quantile": 0.0})  # the best of them
        limits = self.pipeline.search.constraints
        completed = [
            row
            for row in rows
            if row["status"] == "completed"
            and all(exceeds([row], limit, aim) <= 0 for limit in limits)
        ]
        return StackDone(
            dataset=stack.dataset,
            runs=len(rows),
            diverged=statuses.count("diverged"),
            pruned=statuses.count("pruned"),
            failed=statuses.count("failed"),
            metric=aim.metric,
            goal=aim.goal,
            best=objective(completed, aim) if completed else worst(aim.goal),
            work=work(stack, self.pipeline) * (epochs / self.pipeline.training.epochs),
            reason=next((str(row["reason"]) for row in rows if row["reason"]), None),
        )

    def forget(self, run_ids: Iterable[str]) -> None:
        """Remove stored runs."""
        if stale := [run_id for run_id in run_ids if run_id in self.rows]:
            self._writer.commit()
            forget(self._writer.folder, stale)
            for run_id in stale:
                del self.rows[run_id]

    def epochs(self, run_id: str) -> int:
        """Return the number of epochs that a run is stored for."""
        epochs = self.rows[run_id]["epochs"]
        return epochs if isinstance(epochs, int) else 0

    def at(self, runs: Iterable[Run], until: int) -> dict[str, Row]:
        """Return each run's row as it was after an epoch, which all of them have reached."""
        waiting = {
            run.run_id: history.metrics
            for begun in self._begun
            for run, history in zip(begun.stack.runs, begun.histories, strict=True)
        }
        outcomes = {}
        for run in runs:
            key = run.run_id, until
            if run.run_id in waiting:
                self._at[key] = self._cut(run, waiting[run.run_id], until)
            elif key not in self._at:
                longer = self.epochs(run.run_id) > until
                self._at[key] = (
                    self._cut(run, self._curves[run.run_id], until)
                    if longer
                    else self.rows[run.run_id]
                )
            outcomes[run.run_id] = self._at[key]
        return outcomes

    def _cut(self, run: Run, metrics: Mapping[str, Array], until: int) -> Row:
        """Return the row of a run as if it had ended at an epoch, from its metrics."""
        held_out = self.pipeline.datasets[run.dataset].held_out > 0
        cut = {name: column[:until] for name, column in metrics.items()}
        row = results(cut, "pruned", held_out=held_out)
        row["parameters"] = architecture(self.pipeline, run).parameters
        return self._brief(complete(run, row))

    @cached_property
    def _curves(self) -> dict[str, dict[str, Array]]:
        """The metrics of every stored run up to the last rung, read once."""
        epochs = list(range(1, self.pipeline.search.rungs[-1] + 1))
        frame = load_results(self._writer.folder).metrics(
            columns=["run_id", "epoch", *OF_EPOCHS], epochs=epochs
        )
        frame = frame.sort_values(["run_id", "epoch"])
        return {
            str(run_id): {name: group[name].to_numpy() for name in OF_EPOCHS}
            for run_id, group in frame.groupby("run_id", observed=True)
        }

    def _brief(self, row: Row) -> Row:
        """Return only the columns by which a search decides: there may be a million rows."""
        return {name: row[name] for name in self._kept}


def reason(error: BaseException) -> str:
    """Describe in one line why a stack failed.

    >>> reason(MemoryError("out of memory"))
    'MemoryError: out of memory'
    """
    if isinstance(error, TimeoutError):
        return "it took longer than [execution] timeout allows"
    if isinstance(error, LOST):
        return f"its worker was lost {ATTEMPTS} times: {error}"
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(":")
