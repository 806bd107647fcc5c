"""Runs on demand: what is stored is read, what is missing is trained, up to any epoch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from study.execution.events import Event, Noted, StackDone
from study.execution.executors import Executor
from study.execution.work import Leg, train_all
from study.metrics import DIVERGED, OF_EPOCHS
from study.plan.stacks import Stack, stacks, work
from study.plan.trials import Run, answers
from study.spec.objective import worst
from study.spec.pipeline import Pipeline
from study.store.parts import Writer
from study.store.reader import load_results
from study.store.sweep import forget
from study.training.build import Array
from study.training.summary import Begun, Row, Trained, complete, objective, results


class Supply:
    """The stored runs of a study, and the means to train others.

    `rows` holds what a search asks of every run that is stored, by its id; `new` those of this
    time. `lost` counts how often something was begun again since its worker was lost.
    """

    def __init__(  # noqa: PLR0913  # it brings together what the driver has made
        self,
        pipeline: Pipeline,
        stored: Mapping[str, Row],
        writer: Writer,
        executor: Executor,
        begin: Callable[[], Iterator[Event]],
        *,
        note: Callable[[list[str]], Iterator[Event]],
        size: int | None,
    ) -> None:
        """Start with what `writer`'s folder holds, `stored`; stacks have at most `size` runs.

        What `begin` yields is yielded once, before anything is trained; `note` is given what is
        told of the workers, as it is told.
        """
        self._pipeline, self._writer, self._executor, self._size = pipeline, writer, executor, size
        self._begin: Callable[[], Iterator[Event]] | None = begin
        asked = {h.metric for h in pipeline.hypotheses} - {DIVERGED}
        aims = {aim.metric for aim in pipeline.search.aims}
        self._kept = {"status", "epochs", "seconds", *aims, *asked}
        self.rows: dict[str, Row] = {run_id: self._brief(row) for run_id, row in stored.items()}
        self.new: dict[str, Row] = {}
        self.lost, self._note = 0, note
        self._begun: list[Begun] = []
        self._at: dict[tuple[str, int], Row] = {}

    def missing(self, runs: Iterable[Run], until: int) -> list[Run]:
        """Return the runs that are not stored up to an epoch."""
        return [run for run in runs if not answers(self.rows.get(run.run_id), until)]

    def train(self, runs: Iterable[Run], until: int) -> Iterator[Event]:
        """Bring runs to an epoch, those that are on their way and new ones.

        What is on its way and not among `runs` ends where it stands, pruned. What is stored and
        does not reach so far begins again from its start, and its rows are replaced.
        """
        wanted = {run.run_id: run for run in runs}
        yield from self._prune(lambda run: run.run_id in wanted)
        going = {run.run_id for begun in self._begun for run in begun.stack.runs}
        missing = [run for run in self.missing(wanted.values(), until) if run.run_id not in going]
        if missing and self._begin is not None:
            yield from self._begin()
            self._begin = None
        self.forget(run.run_id for run in missing)
        legs = [Leg(begun.stack, until, begun) for begun in self._begun]
        legs += [Leg(stack, until) for stack in stacks(missing, self._pipeline, size=self._size)]
        self._begun = []
        trained = train_all(legs, self._pipeline, self._executor, self._writer)
        for done in trained:
            if isinstance(done, Noted):
                noted = [*self._note([done.sentence])]
                yield done
                yield from noted
                continue
            attempt, finished, begun = done
            leg = attempt.leg
            self.lost += attempt.number - 1
            self._keep(finished)
            if begun is not None:
                self._begun.append(begun)
            yield self._done(leg.stack, finished, self._work(leg.stack, until - leg.since))

    def forget(self, run_ids: Iterable[str]) -> None:
        """Remove what is stored of runs."""
        if stale := [run_id for run_id in run_ids if run_id in self.rows]:
            self._writer.commit()
            forget(self._writer.folder, stale)
            for run_id in stale:
                del self.rows[run_id]

    def beyond(self, run_id: str, epoch: int) -> bool:
        """Say whether a run is stored for longer than to an epoch."""
        epochs = self.rows[run_id]["epochs"]
        return isinstance(epochs, int) and epochs > epoch

    def at(self, runs: Iterable[Run], until: int) -> dict[str, Row]:
        """Return each run's row as it was after an epoch, which all of them have come to."""
        here = {
            run.run_id: history.metrics
            for begun in self._begun
            for run, history in zip(begun.stack.runs, begun.histories, strict=True)
        }
        found = {}
        for run in runs:
            key = run.run_id, until
            if run.run_id in here:
                row = complete(run, self._results(run, here[run.run_id], until))
                self._at[key] = self._brief(row)
            elif key not in self._at:
                self._at[key] = self._stored(run, until)
            found[run.run_id] = self._at[key]
        return found

    def _stored(self, run: Run, until: int) -> Row:
        row = self.rows[run.run_id]
        epochs = row["epochs"]
        if not isinstance(epochs, int) or epochs <= until:
            return row
        return self._brief(complete(run, self._results(run, self._curves[run.run_id], until)))

    def _results(self, run: Run, metrics: Mapping[str, Array], until: int) -> dict[str, object]:
        held_out = self._pipeline.datasets[run.dataset].held_out > 0
        cut = {name: column[:until] for name, column in metrics.items()}
        return results(cut, "pruned", held_out=held_out)

    @cached_property
    def _curves(self) -> dict[str, dict[str, Array]]:
        """The metrics of every stored run up to the last rung, read once."""
        epochs = list(range(1, self._pipeline.search.rungs[-1] + 1))
        frame = load_results(self._writer.folder).metrics(
            columns=["run_id", "epoch", *OF_EPOCHS], epochs=epochs
        )
        frame = frame.sort_values(["run_id", "epoch"])
        return {
            str(run_id): {name: group[name].to_numpy() for name in OF_EPOCHS}
            for run_id, group in frame.groupby("run_id", observed=True)
        }

    def _prune(self, stays: Callable[[Run], bool]) -> Iterator[StackDone]:
        """Store those on their way that do not stay, as they stand."""
        left = []
        for begun in self._begun:
            going, ending = begun.take(stays), begun.take(lambda run: not stays(run))
            if going is not None:
                left.append(going)
            if ending is not None:
                finished = ending.pruned()
                self._writer.add(finished)
                self._keep(finished)
                spared = self._pipeline.training.epochs - ending.state.epoch
                yield self._done(ending.stack, finished, self._work(ending.stack, spared))
        self._begun = left

    def _keep(self, finished: Iterable[Trained]) -> None:
        new = {str(run.row["run_id"]): self._brief(run.row) for run in finished}
        self.rows |= new
        self.new |= new

    def _brief(self, row: Row) -> Row:
        """Return the few columns by which a search decides: there may be a million rows."""
        return {name: row[name] for name in self._kept}

    def _work(self, stack: Stack, epochs: int) -> float:
        """Return what some epochs of a stack were expected to take one worker, in seconds."""
        share = epochs / self._pipeline.training.epochs
        return work(stack, self._pipeline) * share

    def _done(self, stack: Stack, finished: Iterable[Trained], work: float) -> StackDone:
        rows = [run.row for run in finished]
        statuses = [row["status"] for row in rows]
        aim = self._pipeline.search.aims[0].model_copy(update={"quantile": 0.0})  # the best of them
        completed = [row for row in rows if row["status"] == "completed"]
        return StackDone(
            dataset=stack.dataset,
            runs=len(rows),
            diverged=statuses.count("diverged"),
            pruned=statuses.count("pruned"),
            failed=statuses.count("failed"),
            metric=aim.metric,
            goal=aim.goal,
            best=objective(completed, aim) if completed else worst(aim.goal),
            work=work,
            reason=next((str(row["reason"]) for row in rows if row["reason"]), None),
        )
