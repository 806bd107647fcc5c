"""One dataset's search: proposals become trials, and results become what the sampler is told."""

import math
from collections.abc import Mapping

from study.plan.trials import Trial, excluded, trial
from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal
from study.space import Value, canonical
from study.spec.pipeline import Pipeline
from study.training.summary import objective


class Search:
    """A fresh sampler, and the trials that it has asked for.

    An excluded proposal is told ∞ at once and is no trial; a repeated one is told what it was told
    before. What is to be maximised is told negated: for a sampler, less is better.
    """

    def __init__(self, pipeline: Pipeline, dataset: str) -> None:
        self._pipeline, self._dataset = pipeline, dataset
        method = METHODS[pipeline.search.method]
        self._sampler = method(pipeline.search.parameters, pipeline.fixed)
        self._proposals: list[Proposal] = []
        self._trials: dict[tuple[Value | None, ...], Trial] = {}

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far, in the order asked."""
        return tuple(self._trials.values())

    def ask(self) -> list[Trial]:
        """Return the trials of the sampler's next batch that are new; none where it has ended."""
        self._proposals = self._sampler.ask()
        new = []
        for proposal in self._proposals:
            configuration = canonical({**self._pipeline.fixed, **proposal})
            key = tuple(configuration.values())
            if key in self._trials or excluded(self._pipeline, configuration):
                continue
            number = len(self._trials)
            self._trials[key] = trial(self._pipeline, number, self._dataset, configuration)
            new.append(self._trials[key])
        return new

    def tell(self, rows: Mapping[str, Mapping[str, object]]) -> None:
        """Tell the sampler its batch's objectives, computed from the stored rows of its runs."""
        values = []
        for proposal in self._proposals:
            configuration = canonical({**self._pipeline.fixed, **proposal})
            found = self._trials.get(tuple(configuration.values()))
            values.append((math.inf if found is None else self._loss(found, rows),))
        self._sampler.tell(values)

    def _loss(self, found: Trial, rows: Mapping[str, Mapping[str, object]]) -> float:
        value = objective([rows[run.run_id] for run in found.runs], self._pipeline.search.objective)
        return value if self._pipeline.search.objective.goal == "minimize" else -value
