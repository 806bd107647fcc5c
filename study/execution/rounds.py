"""A study's searches, round by round: all datasets and arms, then the confirmation."""

import math
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from study.execution.deciding import Key, decided
from study.execution.events import Event, Noted
from study.execution.search import Outcome, Search, outcome
from study.execution.supply import Supply
from study.plan.trials import confirming
from study.samplers.methods import METHODS
from study.spec.pipeline import Pipeline
from study.stats.pareto import fronts

JOURNAL, PAUSE = "optuna.journal", 10.0
"""Where Optuna's dashboard looks, and how many seconds lie between two writings at least."""


def searched(
    pipeline: Pipeline, supply: Supply, folder: Path, added: Mapping[Key, int]
) -> Generator[Event, None, tuple[list[Outcome], dict[str, str]]]:
    """Search every dataset to its end, confirm the best, then decide hypotheses.

    `added` has the repetitions that stored runs were extended to before, see `deciding`.
    Return what became of all trials, and why searches ended before their last one.
    """
    phases = ("search", pipeline.search.compare_with)
    arms = {
        dataset: [Search(pipeline, dataset, phase) for phase in phases if phase is not None]
        for dataset in pipeline.datasets
    }
    searches = [search for arm in arms.values() for search in arm]
    written = time.monotonic()
    while sum(len(search.ask()) for search in searches):
        yield from _round(pipeline, supply, searches)
        if time.monotonic() - written > PAUSE:
            _write_journal(pipeline, searches, folder)
            written = time.monotonic()
    early = {search.name: _why(search) for search in searches if search.ended}
    yield from (Noted(f"{name}: ended {why}") for name, why in early.items())
    _write_journal(pipeline, searches, folder)
    outcomes = [found for arm in arms.values() for found in _numbered(arm)]
    outcomes += yield from _confirmed(outcomes, pipeline, supply)
    outcomes += yield from decided(outcomes, pipeline, supply, added)
    yield from _cut(outcomes, pipeline, supply)
    return outcomes, early


def _why(search: Search) -> str:
    """Say after how many trials a search ended, and why."""
    n = len(search.trials)
    return f"after {'1 trial' if n == 1 else f'{n} trials'}: {search.ended}"


def _round(
    pipeline: Pipeline, supply: Supply, searches: Iterable[Search]
) -> Generator[Event, None, None]:
    """Train the trials that were asked for, from rung to rung, and tell what became of them."""
    last = pipeline.training.epochs
    for epoch in (*pipeline.search.rungs, last):
        runs = [run for search in searches for trial in search.alive for run in trial.runs]
        yield from supply.train(runs, epoch)
        rows = supply.at(runs, epoch)
        for search in searches:
            if epoch < last:
                search.judge(epoch, rows)
            else:
                search.finish(rows)


def _numbered(arms: Iterable[Search]) -> list[Outcome]:
    """Return the outcomes of one dataset's arms, numbered on from one to the next."""
    found: list[Outcome] = []
    for search in arms:
        before = len(found)
        found += [_later(known, before) for known in search.ordered] if before else search.ordered
    return found


def _later(known: Outcome, before: int) -> Outcome:
    """Give an outcome's trial a number after those of the arm before it."""
    return replace(known, trial=replace(known.trial, number=before + known.trial.number))


def _confirmed(
    outcomes: Iterable[Outcome], pipeline: Pipeline, supply: Supply
) -> Generator[Event, None, list[Outcome]]:
    """Train the best of each dataset and arm with fresh repetitions."""
    wanted = pipeline.search.confirm
    if wanted is None:
        return []
    groups: dict[tuple[str, bool], list[Outcome]] = {}
    for known in outcomes:
        groups.setdefault((known.trial.dataset, known.trial.phase == "random"), []).append(known)
    best = [known for group in groups.values() for known in _best(group, wanted, pipeline)]
    trials = [confirming(known.trial) for known in best]
    runs = [run for trial in trials for run in trial.runs]
    yield from supply.train(runs, pipeline.training.epochs)
    rows = supply.at(runs, pipeline.training.epochs)
    return [outcome(pipeline, trial, pipeline.training.epochs, rows) for trial in trials]


def _cut(outcomes: Iterable[Outcome], pipeline: Pipeline, supply: Supply) -> Iterator[Event]:
    """Have no run stored for longer than it was wanted.

    That comes about where a run failed at first: beside it others went on that do not now.
    """
    wanted: dict[str, int] = {}
    runs = {run.run_id: run for known in outcomes for run in known.trial.runs}
    for known in outcomes:
        for run in known.trial.runs:
            wanted[run.run_id] = max(known.epoch, wanted.get(run.run_id, 0))
    for epoch in pipeline.search.rungs:
        longer = [
            runs[i] for i, until in wanted.items() if until == epoch and supply.beyond(i, epoch)
        ]
        supply.forget(run.run_id for run in longer)
        yield from supply.train(longer, epoch)
    yield from supply.train((), pipeline.training.epochs)


def _best(outcomes: Iterable[Outcome], count: int, pipeline: Pipeline) -> list[Outcome]:
    """Return the best completed trials with finite objectives; of several, front by front."""
    aims = pipeline.search.aims
    values = {id(o): o.told(aims) for o in outcomes if o.state == "completed"}
    finite = [o for o in outcomes if id(o) in values and max(values[id(o)]) < math.inf]
    ranks = fronts([values[id(o)] for o in finite])
    order = sorted(range(len(finite)), key=lambda i: (ranks[i], values[id(finite[i])][0]))
    return [finite[i] for i in order[:count]]


def _write_journal(pipeline: Pipeline, searches: Iterable[Search], folder: Path) -> None:
    """Write what Optuna's dashboard opens, where the method is one of Optuna's."""
    if not METHODS[pipeline.search.method].finite:
        from study.samplers.optuna import write_journal

        known = {search.name: (search.sampler, search.became()) for search in searches}
        write_journal(known, [aim.goal for aim in pipeline.search.aims], folder / JOURNAL)
