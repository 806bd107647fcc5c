"""Configuration × dataset → trial; × repetition → run, named by a hash of its description."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal
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
    """All that a study will train, where its method knows that beforehand, as a grid does."""

    trials: tuple[Trial, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of all trials, in order."""
        return tuple(run for trial in self.trials for run in trial.runs)


class Asked:
    """One dataset's trials in the order in which a sampler asked for them.

    An excluded proposal is no trial, and one that completes to a known configuration no new one.
    """

    def __init__(self, pipeline: Pipeline, dataset: str) -> None:
        """Begin with no trial."""
        self._pipeline, self._dataset = pipeline, dataset
        self._trials: dict[tuple[Value | None, ...], Trial] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far."""
        return tuple(self._trials.values())

    def add(self, proposals: Iterable[Proposal]) -> list[Trial]:
        """Complete a batch of proposals, and return the trials among them that are new."""
        known = len(self._trials)
        for proposal in proposals:
            configuration = self._complete(proposal)
            key = tuple(configuration.values())
            if key not in self._trials and not self._excluded(configuration):
                self._trials[key] = self._trial(configuration)
        return list(self._trials.values())[known:]

    def of(self, proposal: Proposal) -> Trial | None:
        """Return the trial that a proposal was added as; None where it is excluded."""
        return self._trials.get(tuple(self._complete(proposal).values()))

    def _complete(self, proposal: Proposal) -> Configuration:
        return canonical({**self._pipeline.fixed, **proposal})

    def _excluded(self, configuration: Configuration) -> bool:
        return any(matches(configuration, e.where) for e in self._pipeline.search.exclude)

    def _trial(self, configuration: Configuration) -> Trial:
        runs = tuple(
            Run(
                run_id(self._pipeline, self._dataset, configuration, repetition),
                self._dataset,
                repetition,
                configuration,
            )
            for repetition in range(self._pipeline.search.repetitions)
        )
        return Trial(len(self._trials), "search", self._dataset, configuration, runs)


def planned(pipeline: Pipeline) -> Plan:
    """Return the plan of a pipeline whose method is a grid."""
    trials: list[Trial] = []
    for dataset in pipeline.datasets:
        sampler = METHODS[pipeline.search.method](pipeline.search.parameters, pipeline.fixed)
        trials += Asked(pipeline, dataset).add(sampler.ask())
    return Plan(tuple(trials))


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
