"""All searches, batch by batch: ask for trials, train them from rung to rung, prune, report."""

import math
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from study.columns import TABLES, parameter_columns
from study.execution.events import Event, Noted
from study.execution.supply import Supply
from study.plan import seeds
from study.plan.cells import cells
from study.plan.trials import Asked, Trial
from study.samplers.methods import METHODS
from study.samplers.pruners import PRUNERS
from study.samplers.sampler import Judged, Proposal, Settings
from study.spec.constraints import described
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.training.summary import Row, exceeds, objective

PATIENCE = 10
"""A search ends after this many batches in a row without a new configuration."""

JOURNAL, PAUSE = "optuna.journal", 10.0
"""The file that Optuna's dashboard reads, and the least number of seconds between two writes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a trial at the epoch where it ended: its objectives, and its runs' rows.

    `excesses`: the excess over each constraint; the trial is `feasible` if none is above 0.
    """

    trial: Trial
    state: str
    epoch: int
    values: tuple[float, ...]
    rows: tuple[Row, ...]
    excesses: tuple[float, ...] = ()

    @property
    def feasible(self) -> bool:
        """Whether it meets all constraints."""
        return all(excess <= 0 for excess in self.excesses)

    def losses(self, objectives: tuple[Objective, ...]) -> tuple[float, ...]:
        """Return its values as a sampler receives them: less is better."""
        return tuple(
            value if aim.goal == "minimize" else -value
            for value, aim in zip(self.values, objectives, strict=True)
        )

    def row(self) -> dict[str, object]:
        """Return its row of trials.parquet; several objectives have a column each.

        With constraints, another column states whether it meets them.
        """
        trial, statuses = self.trial, [row["status"] for row in self.rows]
        columns: dict[str, object] = {
            "number": trial.number,
            "phase": trial.phase,
            "dataset": trial.dataset,
            **parameter_columns(trial.configuration),
            "state": self.state,
            "runs": len(statuses),
            "diverged": statuses.count("diverged"),
            "failed": statuses.count("failed"),
            "objective": self.values[0],
        }
        row = {column.name: columns[column.name] for column in TABLES["trials"]}
        if len(self.values) > 1:
            row |= {f"objective_{i}": value for i, value in enumerate(self.values, start=1)}
        return row | ({"feasible": self.feasible} if self.excesses else {})


def outcome(pipeline: Pipeline, trial: Trial, epoch: int, rows: Mapping[str, Row]) -> Outcome:
    """Return the outcome of a trial that ends at an epoch with these rows of its runs."""
    of_runs = tuple(rows[run.run_id] for run in trial.runs)
    search = pipeline.search
    values = tuple(objective(of_runs, aim) for aim in search.aims)
    excesses = tuple(exceeds(of_runs, limit, search.aims[0]) for limit in search.constraints)
    state = "completed" if epoch == pipeline.training.epochs else "pruned"
    return Outcome(trial, state, epoch, values, of_runs, excesses)


class Search:
    """One dataset's search: a fresh sampler, the trials that it asked for, and their outcomes.

    The sampler receives ∞ for an excluded proposal, and for a repeated one its earlier value.
    Objectives to be maximised are negated: for a sampler, less is better. A pruner compares
    feasible trials with feasible ones, and infeasible ones with infeasible ones.
    """

    def __init__(self, pipeline: Pipeline, dataset: str, phase: str = "search") -> None:
        """Make the sampler that the pipeline names (`random` is the arm to compare with)."""
        search = pipeline.search
        first = phase == "search"
        settings = Settings(
            seed=seeds.search(search.seed, dataset, phase),
            batch=search.batch,
            population=search.population or search.batch,
            objectives=len(search.aims),
            include=search.include if first else (),
            options=search.options if first else {},
        )
        method = METHODS[search.method if first else phase]
        self.name = dataset if first else f"{dataset}, {phase}"
        self.dataset, self.phase = dataset, phase
        self.sampler = method.make(search.parameters, pipeline.fixed, settings)
        self.outcomes: dict[int, Outcome] = {}
        self.alive: list[Trial] = []
        self.ended: str | None = None
        self._pipeline, self._search = pipeline, search
        self._asked = Asked(pipeline, dataset, limit=search.trials)
        self._size = cells(pipeline) if search.trials else None
        self._including = bool(settings.include)
        self._batch: list[Proposal] = []
        self._rungs: dict[tuple[int, bool], list[float]] = {}
        self._places: dict[int, int] = {}
        self._sent = 0

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far, in the order asked."""
        return self._asked.trials

    @property
    def why(self) -> str:
        """The number of trials after which it ended, and the reason."""
        n = len(self.trials)
        return f"after {'1 trial' if n == 1 else f'{n} trials'}: {self.ended}"

    @property
    def ordered(self) -> list[Outcome]:
        """The outcomes of the trials, in the order asked."""
        return [self.outcomes[trial.number] for trial in self.trials]

    def proposals(self) -> Iterator[Judged]:
        """Yield the outcomes of the proposals that were new, in the order asked."""
        for number, place in self._places.items():
            outcome = self.outcomes[number]
            yield Judged(
                place, outcome.values, outcome.epoch if outcome.state == "pruned" else None
            )

    def ask(self) -> list[Trial]:
        """Return the new trials of the next batch; none if the search has ended."""
        idle = 0
        while self.ended is None:
            self._batch = self.sampler.ask()
            phase = "include" if self._including else self.phase
            self._including = False
            self.alive = self._asked.add(self._batch, phase)
            if self.alive:
                return self.alive
            self._tell()
            idle += 1
            if not self._batch:
                self.ended = ""
            elif idle == PATIENCE:
                self.ended = f"{PATIENCE} batches in a row proposed nothing new"
        return []

    def judge(self, epoch: int, rows: Mapping[str, Row]) -> None:
        """Let the pruner decide which of the batch's trials continue after a rung."""
        declared = self._search.pruner
        if declared is None:
            return
        pruner = PRUNERS[declared.method]
        factor = declared.factor or pruner.factor or 0
        left = []
        for trial in self.alive:
            reached = outcome(self._pipeline, trial, epoch, rows)
            seen = self._rungs.setdefault((epoch, reached.feasible), [])
            seen.append(reached.losses(self._search.aims)[0])
            if pruner.rule(seen, factor):
                left.append(trial)
            else:
                self.outcomes[trial.number] = reached
        self.alive = left

    def finish(self, rows: Mapping[str, Row]) -> None:
        """Take the results of the remaining trials, and report the batch to the sampler."""
        epochs = self._pipeline.training.epochs
        for trial in self.alive:
            self.outcomes[trial.number] = outcome(self._pipeline, trial, epochs, rows)
        self.alive = []
        self._tell()

    def _tell(self) -> None:
        """Report the values of the batch, or of its part before the limit was reached."""
        if self.ended is not None or not self._batch:
            return
        losses: list[tuple[float, ...]] = []
        excesses: list[tuple[float, ...]] = []
        aims, limits = self._search.aims, self._search.constraints
        for proposal in self._batch:
            trial = self._asked.of(proposal)
            if trial is None and self._asked.full and not self._asked.excluded(proposal):
                break
            if trial is not None:
                self._places.setdefault(trial.number, self._sent + len(losses))
            outcome = None if trial is None else self.outcomes[trial.number]
            losses.append((math.inf,) * len(aims) if outcome is None else outcome.losses(aims))
            excesses.append((math.inf,) * len(limits) if outcome is None else outcome.excesses)
        names = [described(limit) for limit in limits]
        self.sampler.tell(losses, [dict(zip(names, of, strict=True)) for of in excesses])
        self._sent += len(losses)
        if len(self.trials) == self._size and not self._asked.full:
            self.ended = "the space has no other configuration"
        elif self._asked.full:
            self.ended = ""


def searched(supply: Supply) -> Generator[Event, None, tuple[list[Outcome], dict[str, str]]]:
    """Search every dataset, with each arm, to its end.

    Return the outcomes of all trials, and why searches ended early.
    """
    pipeline, folder = supply.pipeline, supply.claimed.folder
    phases = [phase for phase in ("search", pipeline.search.compare_with) if phase is not None]
    searches = [Search(pipeline, dataset, p) for dataset in pipeline.datasets for p in phases]
    written = time.monotonic()
    while sum(len(search.ask()) for search in searches):
        yield from _round(supply, searches)
        if time.monotonic() - written > PAUSE:
            _write_journal(pipeline, searches, folder)
            written = time.monotonic()
    early = {search.name: search.why for search in searches if search.ended}
    yield from (Noted(f"{name}: ended {why}") for name, why in early.items())
    _write_journal(pipeline, searches, folder)
    return _numbered(searches), early


def _round(supply: Supply, searches: Iterable[Search]) -> Iterator[Event]:
    """Train the trials that were asked for, from rung to rung, and report their outcomes."""
    last = supply.pipeline.training.epochs
    for epoch in (*supply.pipeline.search.rungs, last):
        runs = [run for search in searches for trial in search.alive for run in trial.runs]
        yield from supply.train(runs, epoch)
        rows = supply.at(runs, epoch)
        for search in searches:
            if epoch < last:
                search.judge(epoch, rows)
            else:
                search.finish(rows)


def _numbered(searches: Iterable[Search]) -> list[Outcome]:
    """Return the outcomes of all searches; a dataset's arms are numbered on."""
    outcomes: list[Outcome] = []
    before: Counter[str] = Counter()
    for search in searches:
        first = before[search.dataset]
        outcomes += (
            replace(o, trial=replace(o.trial, number=first + o.trial.number)) if first else o
            for o in search.ordered
        )
        before[search.dataset] += len(search.trials)
    return outcomes


def shortened(outcomes: Iterable[Outcome], supply: Supply) -> Iterator[Event]:
    """Cut stored runs that are longer than needed.

    A stored run may be too long if a run failed at first, so that trials continued that now do not.
    """
    pipeline = supply.pipeline
    wanted: dict[str, int] = {}
    runs = {run.run_id: run for outcome in outcomes for run in outcome.trial.runs}
    for outcome in outcomes:
        for run in outcome.trial.runs:
            wanted[run.run_id] = max(outcome.epoch, wanted.get(run.run_id, 0))
    for epoch in pipeline.search.rungs:
        longer = [runs[i] for i, end in wanted.items() if end == epoch < supply.epochs(i)]
        supply.forget(run.run_id for run in longer)
        yield from supply.train(longer, epoch)
    yield from supply.train((), pipeline.training.epochs)


def _write_journal(pipeline: Pipeline, searches: Iterable[Search], folder: Path) -> None:
    """Write the file for Optuna's dashboard, if the method is one of Optuna's."""
    if not METHODS[pipeline.search.method].finite:
        from study.samplers.optuna import write_journal

        proposals = {search.name: (search.sampler, search.proposals()) for search in searches}
        write_journal(proposals, [aim.goal for aim in pipeline.search.aims], folder / JOURNAL)
