"""Configuration × dataset → trial; × repetition → run, named by a hash of its description."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal
from study.space import PARAMETERS, Configuration, canonical, matches
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


def planned(pipeline: Pipeline) -> Plan:
    """Return the plan of a pipeline whose method is a grid."""
    search = pipeline.search
    trials = []
    for dataset in pipeline.datasets:
        proposals = METHODS[search.method](search.parameters, pipeline.fixed).ask()
        configurations = distinct(pipeline, proposals)
        trials += [trial(pipeline, i, dataset, c) for i, c in enumerate(configurations)]
    return Plan(tuple(trials))


def distinct(pipeline: Pipeline, proposals: Iterable[Proposal]) -> Iterator[Configuration]:
    """Complete the proposals, leave out the excluded ones, and give equal ones once."""
    seen = set()
    for proposal in proposals:
        configuration = canonical({**pipeline.fixed, **proposal})
        key = tuple(configuration.values())
        if key not in seen and not excluded(pipeline, configuration):
            seen.add(key)
            yield configuration


def excluded(pipeline: Pipeline, configuration: Configuration) -> bool:
    """Say whether the pipeline excludes a configuration."""
    return any(matches(configuration, exclude.where) for exclude in pipeline.search.exclude)


def trial(pipeline: Pipeline, number: int, dataset: str, configuration: Configuration) -> Trial:
    """Return a trial of the search with its runs."""
    runs = tuple(
        Run(run_id(pipeline, dataset, configuration, r), dataset, r, configuration)
        for r in range(pipeline.search.repetitions)
    )
    return Trial(number, "search", dataset, configuration, runs)


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
    return {key: value for key, value in table.items() if key not in PARAMETERS}


def by_id(runs: Sequence[Run]) -> dict[str, Run]:
    """Return the runs under their ids."""
    return {run.run_id: run for run in runs}
