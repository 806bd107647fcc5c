"""Configuration × dataset → trial; × repetition → run, named by a hash of its description."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from study.plan.identity import Identity, identities
from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal, Settings
from study.space import PARAMETERS, Configuration, Value, canonical, matches
from study.spec.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Run:
    """One network to train: a trial's repetition."""

    run_id: str
    dataset: str
    repetition: int
    configuration: Configuration


@dataclass(frozen=True)
class Trial:
    """One configuration on one dataset, with a run for each repetition."""

    number: int
    phase: str
    dataset: str
    configuration: Configuration
    repetitions: range
    identity: Identity = field(repr=False, compare=False)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Its runs, named when they are first accessed: a plan counts them without names."""
        return runs_of(self.identity, self.dataset, self.configuration, self.repetitions)


@dataclass(frozen=True)
class Plan:
    """All that a study will train, as far as known in advance: the trials of a grid, or none."""

    pipeline: Pipeline

    @property
    def listed(self) -> bool:
        """Whether all trials are known in advance: the method does not learn."""
        return METHODS[self.pipeline.search.method].finite

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """The trials of all datasets, in order."""
        pipeline, method = self.pipeline, METHODS[self.pipeline.search.method]
        trials: list[Trial] = []
        for dataset in pipeline.datasets if self.listed else ():
            sampler = method.make(pipeline.search.parameters, pipeline.fixed, Settings(seed=0))
            trials += Asked(pipeline, dataset).add(sampler.ask())
        return tuple(trials)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of all trials, in order."""
        return tuple(run for trial in self.trials for run in trial.runs)


class Asked:
    """One dataset's trials in the order in which a sampler asked for them.

    An excluded proposal is not a trial, and one that completes to a known configuration is not new.
    """

    def __init__(self, pipeline: Pipeline, dataset: str, *, limit: int | None = None) -> None:
        """Begin without trials; there will be at most `limit`."""
        self._pipeline, self._dataset, self._limit = pipeline, dataset, limit
        self._fixed, self._identity = pipeline.fixed, Identity(pipeline, dataset)
        self._trials: dict[tuple[Value | None, ...], Trial] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far."""
        return tuple(self._trials.values())

    def add(self, proposals: Iterable[Proposal], phase: str = "search") -> list[Trial]:
        """Complete a batch of proposals, and return the trials among them that are new."""
        before = len(self._trials)
        for proposal in proposals:
            configuration = self._complete(proposal)
            key = tuple(configuration.values())
            excluded = excludes(self._pipeline, configuration)
            if not (self.full or key in self._trials or excluded):
                self._trials[key] = self._trial(configuration, phase)
        return list(self._trials.values())[before:]

    def of(self, proposal: Proposal) -> Trial | None:
        """Return the trial that a proposal was added as; None if it was not."""
        return self._trials.get(tuple(self._complete(proposal).values()))

    @property
    def full(self) -> bool:
        """Whether the limit of trials is reached."""
        return len(self._trials) == self._limit

    def excluded(self, proposal: Proposal) -> bool:
        """Return whether a proposal must not be tried."""
        return excludes(self._pipeline, self._complete(proposal))

    def _complete(self, proposal: Proposal) -> Configuration:
        return canonical({**self._fixed, **proposal})

    def _trial(self, configuration: Configuration, phase: str) -> Trial:
        repetitions = range(self._pipeline.search.repetitions)
        number, dataset = len(self._trials), self._dataset
        return Trial(number, phase, dataset, configuration, repetitions, self._identity)


def excludes(pipeline: Pipeline, configuration: Configuration) -> bool:
    """Return whether a pipeline leaves a configuration out."""
    return any(matches(configuration, e.where) for e in pipeline.search.exclude)


def runs_of(
    identity: Identity, dataset: str, configuration: Configuration, repetitions: Iterable[int]
) -> tuple[Run, ...]:
    """Return a configuration's runs on one dataset, under the names that `identity` gives them."""
    repetitions = tuple(repetitions)
    names = identity.names(configuration, repetitions)
    pairs = zip(names, repetitions, strict=True)
    return tuple(Run(name, dataset, i, configuration) for name, i in pairs)


def confirming(trial: Trial) -> Trial:
    """Return a trial's configuration with as many fresh repetitions, numbered consecutively.

    It has the number of the trial that it confirms.
    """
    n = len(trial.repetitions)
    return replace(trial, phase="confirm", repetitions=range(n, 2 * n))


def deciding(trial: Trial, until: int) -> Trial:
    """Return a trial's configuration with the repetitions that are added for hypotheses.

    Their numbers follow the declared ones; the trial has the number of the extended one.
    """
    return replace(trial, phase="decide", repetitions=range(len(trial.repetitions), until))


def stored_run(named: Mapping[str, Identity], row: Mapping[str, Any]) -> Run | None:
    """Return the run that a stored row describes, under the id that a pipeline gives it.

    `named` are the identities of its datasets; None if it has no such dataset.
    An id other than the row's means that the row was trained from another description, or by a
    version with other numbers.
    """
    identity = named.get(row["dataset"])
    if identity is None:
        return None
    configuration = {name: row[name] for name in PARAMETERS}
    (run,) = runs_of(identity, row["dataset"], configuration, [row["repetition"]])
    return run


def replaces(row: Mapping[str, object] | None, until: int) -> bool:
    """Return whether a stored row can replace a run that is trained up to an epoch.

    A failed run never can, and one that was pruned before then cannot.
    """
    if row is None or row["status"] == "failed":
        return False
    epochs = row["epochs"]
    return row["status"] != "pruned" or (isinstance(epochs, int) and epochs >= until)


def planned(pipeline: Pipeline) -> Plan:
    """Return the plan of a study; its trials are listed on first access."""
    return Plan(pipeline)


def moved(pipeline: Pipeline) -> tuple[str, ...]:
    """Return the searched parameters that the method moves; it draws the others at random."""
    return METHODS[pipeline.search.method].searched(pipeline.search.parameters)


def learns(pipeline: Pipeline) -> bool:
    """Return whether the method chooses trials by the results of others."""
    return METHODS[pipeline.search.method].learns


def foreign(pipeline: Pipeline, stored: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the number of stored runs that do not belong to a pipeline.

    A grid plans all its configurations, so these are the runs of other ones, and any run to which
    the pipeline would give another id: its data, network, training or seed differs. For other
    methods only the ids decide.
    """
    plan = planned(pipeline)
    unplanned = stored.keys() - {run.run_id for run in plan.runs} if plan.listed else stored.keys()
    if not unplanned:
        return 0
    named = identities(pipeline)
    tried = {(t.dataset, *t.configuration.values()) for t in plan.trials} if plan.listed else None
    return sum(not _belongs(run_id, stored[run_id], named, tried) for run_id in unplanned)


def _belongs(
    run_id: str,
    row: Mapping[str, Any],
    named: Mapping[str, Identity],
    tried: Container[tuple[object, ...]] | None,
) -> bool:
    """Return whether a run has this id here, and one of the configurations, if they are known."""
    run = stored_run(named, row)
    if run is None or run.run_id != run_id:
        return False
    return tried is None or (run.dataset, *run.configuration.values()) in tried
