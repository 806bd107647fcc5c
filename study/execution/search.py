"""One dataset's search: proposals become trials, results become what a sampler is told."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from study.plan import seeds
from study.plan.cells import cells
from study.plan.trials import Asked, Trial
from study.samplers.methods import METHODS
from study.samplers.pruners import PRUNERS
from study.samplers.sampler import Became, Proposal, Settings
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.training.summary import Row, objective

PATIENCE = 10
"""So many batches in a row that bring no new configuration end a search."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a trial: its objectives, and its runs' rows, at the epoch where it ended."""

    trial: Trial
    state: str
    epoch: int
    values: tuple[float, ...]
    rows: tuple[Row, ...]

    def told(self, objectives: tuple[Objective, ...]) -> tuple[float, ...]:
        """Return its values as a sampler is told them: less is better."""
        return tuple(
            value if aim.goal == "minimize" else -value
            for value, aim in zip(self.values, objectives, strict=True)
        )


def outcome(pipeline: Pipeline, trial: Trial, epoch: int, rows: Mapping[str, Row]) -> Outcome:
    """Return what becomes of a trial that ends at an epoch, where its runs have these rows."""
    of_runs = tuple(rows[run.run_id] for run in trial.runs)
    values = tuple(objective(of_runs, aim) for aim in pipeline.search.aims)
    state = "completed" if epoch == pipeline.training.epochs else "pruned"
    return Outcome(trial, state, epoch, values, of_runs)


class Search:
    """A fresh sampler, the trials that it has asked for, and what became of them.

    An excluded proposal is told ∞, and a repeated one what it was told before. What is to be
    maximised is told negated: for a sampler, less is better.
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
        self.phase = phase
        self.sampler = method.make(search.parameters, pipeline.fixed, settings)
        self.outcomes: dict[int, Outcome] = {}
        self.alive: list[Trial] = []
        self.ended: str | None = None
        self._pipeline, self._search = pipeline, search
        self._asked = Asked(pipeline, dataset, limit=search.trials)
        self._size = cells(pipeline) if search.trials else None
        self._including = bool(settings.include)
        self._batch: list[Proposal] = []
        self._rungs: dict[int, list[float]] = {}
        self._places: dict[int, int] = {}
        self._told = 0

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far, in the order asked."""
        return self._asked.trials

    @property
    def ordered(self) -> list[Outcome]:
        """What became of the trials, in the order asked."""
        return [self.outcomes[trial.number] for trial in self.trials]

    def became(self) -> Iterator[Became]:
        """Yield what became of the proposals that were new, in the order asked."""
        for number, place in self._places.items():
            known = self.outcomes[number]
            yield Became(place, known.values, known.epoch if known.state == "pruned" else None)

    def ask(self) -> list[Trial]:
        """Return the next batch's trials that are new; none where the search has ended."""
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
        """Let the pruner decide which of the batch's trials go on from a rung."""
        declared = self._search.pruner
        if declared is None:
            return
        pruner = PRUNERS[declared.method]
        factor = declared.factor or pruner.factor or 0
        seen, left = self._rungs.setdefault(epoch, []), []
        for trial in self.alive:
            here = outcome(self._pipeline, trial, epoch, rows)
            seen.append(here.told(self._search.aims)[0])
            if pruner.rule(seen, factor):
                left.append(trial)
            else:
                self.outcomes[trial.number] = here
        self.alive = left

    def finish(self, rows: Mapping[str, Row]) -> None:
        """Take the results of the trials that are left, and tell the sampler of its batch."""
        epochs = self._pipeline.training.epochs
        for trial in self.alive:
            self.outcomes[trial.number] = outcome(self._pipeline, trial, epochs, rows)
        self.alive = []
        self._tell()

    def _tell(self) -> None:
        """Tell the values of the batch, or of its part before the limit was reached."""
        if self.ended is not None or not self._batch:
            return
        told: list[tuple[float, ...]] = []
        for proposal in self._batch:
            trial = self._asked.of(proposal)
            if trial is None and self._asked.full and not self._asked.excluded(proposal):
                break
            if trial is not None:
                self._places.setdefault(trial.number, self._told + len(told))
            worst = (math.inf,) * len(self._search.aims)
            told.append(worst if trial is None else self._known(trial))
        self.sampler.tell(told)
        self._told += len(told)
        if len(self.trials) == self._size and not self._asked.full:
            self.ended = "the space has no other configuration"
        elif self._asked.full:
            self.ended = ""

    def _known(self, trial: Trial) -> tuple[float, ...]:
        return self.outcomes[trial.number].told(self._search.aims)
