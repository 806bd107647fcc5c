"""Configuration × dataset → trial; × repetition → run, named by a hash of its description."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal, Settings
from study.space import PARAMETERS, Configuration, Value, canonical, matches
from study.spec.pipeline import Pipeline

NUMERICS = 1
"""The version of the numbers: raised when the same description would train to other ones."""


@dataclass(frozen=True, slots=True)
class Run:
    """One network to train: a trial's repetition."""

    run_id: str
    dataset: str
    repetition: int
    configuration: Configuration


@dataclass(frozen=True, slots=True)
class Trial:
    """One configuration on one dataset, with a run for each repetition."""

    number: int
    phase: str
    dataset: str
    configuration: Configuration
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a study will train, as far as it is `known` beforehand: a grid's trials, or none."""

    trials: tuple[Trial, ...]
    known: bool

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of all trials, in order."""
        return tuple(run for trial in self.trials for run in trial.runs)


class Asked:
    """One dataset's trials in the order in which a sampler asked for them.

    An excluded proposal is no trial, and one that completes to a known configuration no new one.
    """

    def __init__(self, pipeline: Pipeline, dataset: str, *, limit: int | None = None) -> None:
        """Begin with no trial; there will be at most `limit`."""
        self._pipeline, self._dataset, self._limit = pipeline, dataset, limit
        self._trials: dict[tuple[Value | None, ...], Trial] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far."""
        return tuple(self._trials.values())

    def add(self, proposals: Iterable[Proposal], phase: str = "search") -> list[Trial]:
        """Complete a batch of proposals, and return the trials among them that are new."""
        known = len(self._trials)
        for proposal in proposals:
            configuration = self._complete(proposal)
            key = tuple(configuration.values())
            excluded = excludes(self._pipeline, configuration)
            if not (self.full or key in self._trials or excluded):
                self._trials[key] = self._trial(configuration, phase)
        return list(self._trials.values())[known:]

    def of(self, proposal: Proposal) -> Trial | None:
        """Return the trial that a proposal was added as; None where it was not."""
        return self._trials.get(tuple(self._complete(proposal).values()))

    @property
    def full(self) -> bool:
        """Whether there are as many trials as there may be."""
        return len(self._trials) == self._limit

    def excluded(self, proposal: Proposal) -> bool:
        """Say whether a proposal is none that may be tried."""
        return excludes(self._pipeline, self._complete(proposal))

    def _complete(self, proposal: Proposal) -> Configuration:
        return canonical({**self._pipeline.fixed, **proposal})

    def _trial(self, configuration: Configuration, phase: str) -> Trial:
        repetitions = range(self._pipeline.search.repetitions)
        runs = runs_of(self._pipeline, self._dataset, configuration, repetitions)
        return Trial(len(self._trials), phase, self._dataset, configuration, runs)


def excludes(pipeline: Pipeline, configuration: Configuration) -> bool:
    """Say whether a pipeline leaves a configuration out."""
    return any(matches(configuration, e.where) for e in pipeline.search.exclude)


def runs_of(
    pipeline: Pipeline, dataset: str, configuration: Configuration, repetitions: Iterable[int]
) -> tuple[Run, ...]:
    """Return a configuration's runs on one dataset."""
    return tuple(
        Run(run_id(pipeline, dataset, configuration, i), dataset, i, configuration)
        for i in repetitions
    )


def confirming(trial: Trial, pipeline: Pipeline) -> Trial:
    """Return a trial's configuration with as many fresh repetitions, numbered on.

    It has the number of the trial that it confirms.
    """
    repetitions = range(len(trial.runs), 2 * len(trial.runs))
    runs = runs_of(pipeline, trial.dataset, trial.configuration, repetitions)
    return Trial(trial.number, "confirm", trial.dataset, trial.configuration, runs)


def stored_run(pipeline: Pipeline, row: Mapping[str, Any]) -> Run | None:
    """Return the run that a stored row describes, under the id that this pipeline gives it.

    None where the pipeline has no such dataset. Another id than the row's means that the row was
    trained from another description, or by a version whose numbers were others.
    """
    if row["dataset"] not in pipeline.datasets:
        return None
    configuration = {name: row[name] for name in PARAMETERS}
    (run,) = runs_of(pipeline, row["dataset"], configuration, [row["repetition"]])
    return run


def answers(row: Mapping[str, object] | None, until: int) -> bool:
    """Say whether a stored row answers for a run that is trained up to an epoch.

    One that failed never does, and one that was pruned before then does not.
    """
    if row is None or row["status"] == "failed":
        return False
    epochs = row["epochs"]
    return row["status"] != "pruned" or (isinstance(epochs, int) and epochs >= until)


def planned(pipeline: Pipeline) -> Plan:
    """Return the plan of a study, which is known where its method does not learn on the way."""
    method = METHODS[pipeline.search.method]
    if not method.finite:
        return Plan((), known=False)
    trials: list[Trial] = []
    for dataset in pipeline.datasets:
        sampler = method.make(pipeline.search.parameters, pipeline.fixed, Settings(seed=0))
        trials += Asked(pipeline, dataset).add(sampler.ask())
    return Plan(tuple(trials), known=True)


def moved(pipeline: Pipeline) -> tuple[str, ...]:
    """Return the searched parameters that the method moves; it draws the others at random."""
    return METHODS[pipeline.search.method].searched(pipeline.search.parameters)


def learns(pipeline: Pipeline) -> bool:
    """Say whether the method chooses trials by the results of others."""
    return METHODS[pipeline.search.method].learns


def run_id(pipeline: Pipeline, dataset: str, configuration: Configuration, repetition: int) -> str:
    """Return the hash of everything that determines a run's numbers, and of nothing else."""
    description = {
        "numerics": NUMERICS,
        "dataset": [dataset, pipeline.datasets[dataset].model_dump(mode="json")],
        "model": _rest(pipeline.model.model_dump(mode="json")),
        "training": _rest(pipeline.training.model_dump(mode="json")),
        "configuration": dict(configuration),
        "seed": pipeline.search.seed,
        "repetition": repetition,
    }
    return hashlib.sha256(json.dumps(description, sort_keys=True).encode()).hexdigest()[:16]


def _rest(table: dict[str, object]) -> dict[str, object]:
    """Leave out the parameters: the configuration holds them, searched or fixed alike."""
    return {key: value for key, value in table.items() if key not in {*PARAMETERS, "layers"}}
