"""Repetitions after the search: for the best trials, then for undecided hypotheses.

The best trials are confirmed by fresh repetitions. Then every undecided hypothesis gets the same
next block for all configurations that it needs, until each is decided or has `decide` repetitions.
The rule depends on stored results alone and always starts with the declared repetitions, so the
same command after a kill trains the same runs as an uninterrupted one.
"""

import math
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from study.columns import TABLES
from study.execution.events import Event, Extended
from study.execution.search import Outcome, outcome
from study.execution.supply import Supply
from study.metrics import DIVERGED
from study.plan.counting import BLOCK, claims, extends, values_of
from study.plan.stacks import stacks, work
from study.plan.trials import Trial, confirming, deciding
from study.space import matches
from study.spec.pipeline import Pipeline
from study.stats.pareto import fronts
from study.store.stored import stored_rows

Key: TypeAlias = tuple[object, ...]
"""A dataset, and the value of every parameter."""


def confirmed(outcomes: Iterable[Outcome], supply: Supply) -> Generator[Event, None, list[Outcome]]:
    """Train the best of each dataset and arm with fresh repetitions; return these as trials."""
    pipeline = supply.pipeline
    wanted, last = pipeline.search.confirm, pipeline.training.epochs
    if wanted is None:
        return []
    groups: dict[tuple[str, bool], list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault((one.trial.dataset, one.trial.phase == "random"), []).append(one)
    best = [one for group in groups.values() for one in _best(group, wanted, pipeline)]
    trials = [confirming(one.trial) for one in best]
    runs = [run for trial in trials for run in trial.runs]
    yield from supply.train(runs, last)
    rows = supply.at(runs, last)
    return [outcome(pipeline, trial, last, rows) for trial in trials]


def _best(outcomes: Iterable[Outcome], count: int, pipeline: Pipeline) -> list[Outcome]:
    """Return the best completed feasible trials with finite objectives; with several, by fronts."""
    aims = pipeline.search.aims
    values = {id(o): o.losses(aims) for o in outcomes if o.state == "completed" and o.feasible}
    finite = [o for o in outcomes if id(o) in values and max(values[id(o)]) < math.inf]
    ranks = fronts([values[id(o)] for o in finite])
    order = sorted(range(len(finite)), key=lambda i: (ranks[i], values[id(finite[i])][0]))
    return [finite[i] for i in order[:count]]


def added(folder: Path, stored: Iterable[Mapping[str, Any]], pipeline: Pipeline) -> dict[Key, int]:
    """Return the configurations that were extended before, and to how many repetitions.

    If winners are confirmed, their stored repetitions look like added ones: then the trials of
    the last finished execution decide.
    """
    declared = pipeline.search.repetitions
    if pipeline.search.confirm is None:
        pairs = [(row, row["repetition"] + 1) for row in stored]
    else:
        trials = stored_rows(folder, "trials")
        pairs = [(t, declared + t["runs"]) for t in trials if t["phase"] == "decide"]
    repetitions: dict[Key, int] = {}
    for row, until in pairs:
        if until > declared:
            repetitions[_key(row)] = max(until, repetitions.get(_key(row), 0))
    return repetitions


def decided(
    outcomes: Sequence[Outcome], supply: Supply, before: Mapping[Key, int]
) -> Generator[Event, None, list[Outcome]]:
    """Train what undecided hypotheses need, and return the added runs as trials.

    Repetitions that were added `before` are kept, and complete blocks: they count for verdicts
    even if a hypothesis was edited. If the rule alone would not have added them, it continues
    from there.
    """
    pipeline, rule = supply.pipeline, _Rule(outcomes, supply)
    yield from rule.decide()
    if rule.keep(before):
        yield from rule.train(0, max(rule.added.values()))
        yield from rule.decide()
    last, declared = pipeline.training.epochs, pipeline.search.repetitions
    trials = [deciding(rule.trials[key], until) for key, until in rule.added.items()]
    runs = [run for trial in trials for run in trial.runs]
    rows = supply.at(runs, last)
    return [outcome(pipeline, t, last, rows) for t in trials if t.repetitions.stop > declared]


class _Rule:
    """The number of repetitions of each configuration, and the needs of undecided hypotheses."""

    def __init__(self, outcomes: Sequence[Outcome], supply: Supply) -> None:
        self._pipeline, self._supply = supply.pipeline, supply
        self.trials: dict[Key, Trial] = {}
        self._have: dict[Key, int] = {}
        self.added: dict[Key, int] = {}
        confirmed = []
        for one in outcomes:
            trial = one.trial
            if trial.phase == "confirm":
                confirmed.append(_named(trial))
                self._have[_named_key(trial)] = trial.repetitions.stop
            elif one.state == "completed":
                self.trials.setdefault(_named_key(trial), trial)
                self._have.setdefault(_named_key(trial), trial.repetitions.stop)
        self._claims = claims(supply.pipeline, confirmed)

    def decide(self) -> Iterator[Event]:
        """Extend undecided hypotheses block by block, until each is decided or at the limit."""
        limit = self._pipeline.search.decide
        if limit is None or not self._pipeline.hypotheses:
            return
        wanting: list[list[Key]] | None = None
        for end in ends(self._pipeline.search.repetitions, limit):
            wanting = self._undecided() if wanting is None else wanting
            short = {key for keys in wanting for key in keys if self._have[key] < end}
            if not short:
                continue
            self.extend({key: end for key in self.trials if key in short})
            yield from self.train(sum(not short.isdisjoint(keys) for keys in wanting), end)
            wanting = None

    def keep(self, before: Mapping[Key, int]) -> bool:
        """Include repetitions added before; return whether the rule alone would not have."""
        declared, limit = self._pipeline.search.repetitions, self._pipeline.search.decide
        more = {
            key: next((end for end in ends(declared, limit or until) if end >= until), until)
            for key, until in before.items()
            if key in self.trials and until > max(self._have[key], declared)
        }
        self.extend(more)
        return bool(more)

    def extend(self, until: Mapping[Key, int]) -> None:
        """Raise the number of repetitions of configurations."""
        for key, end in until.items():
            self._have[key] = max(end, self._have[key])
            self.added[key] = end

    def train(self, verdicts: int, end: int) -> Iterator[Event]:
        """Train the added runs that are not stored, for this number of undecided verdicts."""
        last = self._pipeline.training.epochs
        trials = [deciding(self.trials[key], until) for key, until in self.added.items()]
        runs = [run for trial in trials for run in trial.runs]
        if missing := self._supply.missing(runs, last):
            expected = sum(work(stack, self._pipeline) for stack in stacks(missing, self._pipeline))
            yield Extended(verdicts, end, len(missing), expected)
        yield from self._supply.train(runs, last)

    def _undecided(self) -> list[list[Key]]:
        """Return the configurations of each undecided verdict on data that can be extended."""
        from study.stats.hypotheses import undecided  # not loaded without hypotheses

        claims = undecided(rows, self._claims) if len(rows := self._frame()) else ()
        return [
            [_key({"dataset": dataset, **values}) for values in configurations]
            for dataset, configurations in claims
            if extends(self._pipeline, dataset)
        ]

    def _frame(self) -> Any:  # noqa: ANN401  # pandas is loaded only if needed
        """Return the runs of these configurations as they will be read from runs.parquet."""
        import numpy as np
        import pandas as pd

        rows = []
        cells = [cell for h in self._pipeline.hypotheses for cell in h.cells]
        for key, trial in self.trials.items():
            if not any(matches(trial.configuration, cell) for cell in cells):
                continue
            whole = deciding(trial, self._have[key])
            for run in (*trial.runs, *whole.runs):
                row = self._supply.rows[run.run_id]
                rows.append({"repetition": run.repetition, **_named(trial), **row})
        frame = pd.DataFrame(rows)
        if frame.empty:  # no trial has one of these configurations
            return frame
        precision = np.dtype(self._pipeline.training.precision)
        kinds = {c.name: c.kind for c in TABLES["runs"] if c.name in frame}
        metrics = {h.metric for h in self._pipeline.hypotheses} - {DIVERGED}
        return frame.astype(
            {name: precision if kinds[name] == "metric" else np.float64 for name in metrics}
        )


def ends(declared: int, limit: int) -> Iterator[int]:
    """Yield the number of repetitions after each block; the last one ends at the limit.

    >>> list(ends(10, 22)), list(ends(40, 40))
    ([15, 20, 22], [])
    """
    while declared < limit:
        declared = min(declared + BLOCK, limit)
        yield declared


def _named(trial: Trial) -> dict[str, Any]:
    return {"phase": trial.phase, "dataset": trial.dataset, **trial.configuration}


def _named_key(trial: Trial) -> Key:
    return _key(_named(trial))


def _key(row: Mapping[str, Any]) -> Key:
    return str(row["dataset"]), *values_of(row)
