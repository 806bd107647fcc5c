"""One dataset's search: proposals become trials, results become what a sampler is told."""

import math
from collections.abc import Mapping

from study.plan.trials import Asked, Trial
from study.samplers.methods import METHODS
from study.samplers.sampler import Proposal
from study.spec.pipeline import Pipeline
from study.training.summary import objective


class Search:
    """A fresh sampler, and the trials that it has asked for.

    An excluded proposal is told ∞, and a repeated one what it was told before. What is to be
    maximised is told negated: for a sampler, less is better.
    """

    def __init__(self, pipeline: Pipeline, dataset: str) -> None:
        """Make the sampler that the pipeline names, and ask it nothing yet."""
        method = METHODS[pipeline.search.method]
        self._sampler = method(pipeline.search.parameters, pipeline.fixed)
        self._objective = pipeline.search.objective
        self._asked = Asked(pipeline, dataset)
        self._batch: list[Proposal] = []

    @property
    def trials(self) -> tuple[Trial, ...]:
        """All trials so far, in the order asked."""
        return self._asked.trials

    def ask(self) -> list[Trial]:
        """Return the trials of the sampler's next batch that are new; none where it has ended."""
        self._batch = self._sampler.ask()
        return self._asked.add(self._batch)

    def tell(self, rows: Mapping[str, Mapping[str, object]]) -> None:
        """Tell the sampler its batch's objectives, computed from the stored rows of its runs."""
        trials = map(self._asked.of, self._batch)
        self._sampler.tell([(self._loss(trial, rows),) for trial in trials])

    def _loss(self, trial: Trial | None, rows: Mapping[str, Mapping[str, object]]) -> float:
        if trial is None:
            return math.inf
        value = objective([rows[run.run_id] for run in trial.runs], self._objective)
        return value if self._objective.goal == "minimize" else -value
