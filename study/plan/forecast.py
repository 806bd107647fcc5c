"""A plan in numbers: its trials and runs, the time and disk they take, and its smallest p."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from study.plan.architecture import training_samples
from study.plan.cells import cells
from study.plan.identity import identities
from study.plan.stacks import alike, largest, seconds
from study.plan.trials import Asked, Run, Trial, planned, replaces, stored_run
from study.samplers.methods import METHODS
from study.samplers.sampler import Settings
from study.spec.pipeline import Pipeline

ROW, POINT, PART = 5.0, 4.0, 30_000.0
"""Bytes on disk: a row of metrics, a prediction, and the fixed size of each part."""

BEGIN = 1.5
"""Seconds until the workers have started."""

DRAWN = 64
"""The number of random configurations that represent a space too large to enumerate."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The numbers of a plan: for a search, the most that it may reach.

    `work` is the time of the missing runs in seconds of one worker: the estimate multiplied by
    `correction`, by which stored runs took longer than estimated. `seconds` is wall time.
    """

    configurations: int
    datasets: int
    trials: int
    repetitions: int
    runs: int
    stored: int
    missing: int
    epochs: int
    workers: int
    work: float
    correction: float
    seconds: float
    bytes: float
    smallest_p: float


@dataclass(frozen=True, slots=True)
class _Expected:
    """The number of trials and runs, the stored runs, and examples of the missing runs.

    With each example: the number of missing runs that it represents, and the size of their stacks.
    `together` returns the size of a stored run's stack.
    """

    configurations: int
    trials: int
    runs: int
    stored: list[Run]
    examples: list[tuple[Run | Trial, int, int]]
    together: Callable[[Run], int]


def forecast(
    pipeline: Pipeline,
    stored: Mapping[str, Mapping[str, object]],
    workers: int,
    *,
    ended: int | None = None,
) -> Forecast:
    """Count the plan against the stored runs, and estimate the missing ones.

    `ended` is the number of trials of a search that has ended with the stored runs.
    If there are stored runs, their own seconds correct the estimate. The smallest p that n paired
    repetitions can reach is 2 (n + 1) / (2ⁿ⁺¹ − 1), if all of them agree.
    """
    plan = _of_a_grid(pipeline, stored) or _of_a_search(pipeline, stored, ended)
    last = pipeline.training.epochs
    spent = [
        (run, stored[run.run_id]["seconds"], stored[run.run_id]["epochs"]) for run in plan.stored
    ]
    timed = [
        (seconds(run, pipeline, plan.together(run)) * epochs / last, value)
        for run, value, epochs in spent
        if isinstance(value, float) and isinstance(epochs, int)
    ]
    guessed = sum(guess for guess, _ in timed)
    correction = sum(value for _, value in timed) / guessed if guessed else 1.0
    missing = plan.runs - len(plan.stored)
    each = _mean((seconds(run, pipeline, size), n) for run, n, size in plan.examples)
    work = missing * each * correction
    wall = work / workers + BEGIN if missing else 0.0
    every = [*((run, 1, 1) for run in plan.stored), *plan.examples]
    points = _mean((training_samples(pipeline, run) + 625, n) for run, n, _ in every)
    rows = ROW * pipeline.training.epochs * plan.runs
    return Forecast(
        configurations=plan.configurations,
        datasets=len(pipeline.datasets),
        trials=plan.trials,
        repetitions=pipeline.search.repetitions,
        runs=plan.runs,
        stored=len(plan.stored),
        missing=missing,
        epochs=pipeline.training.epochs * plan.runs,
        workers=workers,
        work=work,
        correction=correction,
        seconds=wall,
        bytes=rows + POINT * points * plan.runs + PART * (wall + 1),
        smallest_p=_smallest_p(pipeline.search.repetitions),
    )


def _smallest_p(n: int) -> float:
    """Return p if all of n repetitions agree.

    >>> round(_smallest_p(10), 4), _smallest_p(1)
    (0.0107, 1.0)
    """
    return min(1.0, (n + 1) * 2.0**-n / (1 - 2.0 ** -(n + 1)))


def _mean(weighted: Iterable[tuple[float, int]]) -> float:
    """Return the mean of values that are weighted by a count; 0 without values."""
    pairs = list(weighted)
    count = sum(n for _, n in pairs)
    return math.fsum(value * n for value, n in pairs) / count if count else 0.0


def _of_a_grid(pipeline: Pipeline, stored: Mapping[str, Mapping[str, object]]) -> _Expected | None:
    plan = planned(pipeline)
    if not plan.listed:
        return None
    n = pipeline.search.repetitions
    there: list[Run] = []
    groups: dict[tuple[object, ...], Trial] = {}
    runs: Counter[tuple[object, ...]] = Counter()
    missing: Counter[tuple[object, ...]] = Counter()
    for trial in plan.trials:
        group = alike(trial)
        groups.setdefault(group, trial)
        # without stored runs, no run needs a name
        finished = (
            [run for run in trial.runs if replaces(stored.get(run.run_id), 0)] if stored else []
        )
        there += finished
        runs[group] += n
        missing[group] += n - len(finished)
    sizes = {group: largest(trial, runs[group], pipeline) for group, trial in groups.items()}
    return _Expected(
        configurations=len({tuple(trial.configuration.values()) for trial in plan.trials}),
        trials=len(plan.trials),
        runs=runs.total(),
        stored=there,
        examples=[
            (groups[group], count, largest(groups[group], count, pipeline))
            for group, count in missing.items()
            if count
        ],
        together=lambda run: sizes[alike(run)],
    )


def _of_a_search(
    pipeline: Pipeline, stored: Mapping[str, Mapping[str, object]], ended: int | None
) -> _Expected:
    """Return the most that a search may reach; random configurations represent future ones."""
    search = pipeline.search
    arms = 1 if search.compare_with is None else 2
    each = int(min(search.trials or 1, cells(pipeline) or math.inf))
    trials = (each + min(search.confirm or 0, each)) * arms * len(pipeline.datasets)
    drawing = Settings(seed=0, batch=DRAWN)
    proposals = METHODS["random"].make(search.parameters, pipeline.fixed, drawing).ask()
    drawn = [Asked(pipeline, dataset).add(proposals) for dataset in pipeline.datasets]
    n = search.repetitions
    examples: list[tuple[Run | Trial, int, int]] = [
        (trial, 1, n) for of_dataset in drawn for trial in of_dataset
    ]
    named = identities(pipeline)
    rows = [row for row in stored.values() if replaces(row, 0)]
    finished = [run for run in (stored_run(named, row) for row in rows) if run is not None]
    searching = [run for run in finished if run.repetition < n]
    if ended is None and len(searching) < each * arms * len(pipeline.datasets) * n:
        finished = (
            searching  # until all trials are stored, the best may change: confirmed runs are out
        )
    runs = max(trials * n, len(finished))
    if ended is not None:
        trials, runs = ended, len(stored)
    return _Expected(each, trials, runs, finished, examples, lambda _: n)
