"""What a plan comes to: how many trials and runs, how long they take, what they can decide."""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from study.plan.architecture import training_samples
from study.plan.cells import cells
from study.plan.stacks import seconds, stacks
from study.plan.trials import Asked, Run, answers, planned, stored_run
from study.samplers.methods import METHODS
from study.samplers.sampler import Settings
from study.spec.pipeline import Pipeline

ROW, POINT, PART = 5.0, 4.0, 30_000.0
"""Bytes on disk: a row of metrics, a prediction, and what each part costs for itself."""

BEGIN = 1.5
"""Seconds until the workers have begun."""

DRAWN = 64
"""How many configurations stand for a space that is not tried as a whole."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A plan in numbers: of a search, what it comes to at most.

    `work` is what is missing, in expected seconds of one worker; `seconds` is wall time.
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
    seconds: float
    bytes: float
    smallest_p: float


@dataclass(frozen=True, slots=True)
class _Expected:
    """So many trials and runs; those that are stored, and some that stand for the missing ones.

    `together` says how many runs train in one stack with a run.
    """

    configurations: int
    trials: int
    runs: int
    stored: list[Run]
    examples: list[Run]
    together: Callable[[Run], int]


def forecast(
    pipeline: Pipeline,
    stored: Mapping[str, Mapping[str, object]],
    workers: int,
    *,
    ended: int | None = None,
) -> Forecast:
    """Count the plan against the stored runs, and estimate what is missing.

    `ended` is the number of trials of a search that has come to its end with what is stored.
    Where runs are stored, their own seconds correct the estimate. The smallest two-sided p that n
    paired repetitions can reach is 2 / 2ⁿ, where all differences have one sign.
    """
    plan = _of_a_grid(pipeline, stored) or _of_a_search(pipeline, stored, ended)
    last = pipeline.training.epochs
    spent = [
        (run, stored[run.run_id]["seconds"], stored[run.run_id]["epochs"]) for run in plan.stored
    ]
    known = [
        (seconds(run, pipeline, plan.together(run)) * epochs / last, value)
        for run, value, epochs in spent
        if isinstance(value, float) and isinstance(epochs, int)
    ]
    guessed = sum(guess for guess, _ in known)
    correction = sum(value for _, value in known) / guessed if guessed else 1.0
    missing = plan.runs - len(plan.stored)
    each = _mean([seconds(run, pipeline, plan.together(run)) for run in plan.examples])
    work = missing * each * correction
    wall = work / workers + BEGIN if missing else 0.0
    points = _mean([training_samples(pipeline, run) + 625 for run in plan.stored + plan.examples])
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
        seconds=wall,
        bytes=rows + POINT * points * plan.runs + PART * (wall + 1),
        smallest_p=min(1.0, 2.0 ** (1 - pipeline.search.repetitions)),
    )


def _mean(values: list[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def _of_a_grid(pipeline: Pipeline, stored: Mapping[str, Mapping[str, object]]) -> _Expected | None:
    plan = planned(pipeline)
    if not plan.known:
        return None
    there = [run for run in plan.runs if answers(stored.get(run.run_id), 0)]
    missing = [run for run in plan.runs if not answers(stored.get(run.run_id), 0)]
    configurations = len({tuple(trial.configuration.values()) for trial in plan.trials})
    of_stack = stacks(plan.runs, pipeline)
    sizes = {run.run_id: len(stack.runs) for stack in of_stack for run in stack.runs}
    return _Expected(
        configurations, len(plan.trials), len(plan.runs), there, missing,
        lambda run: sizes[run.run_id],
    )  # fmt: skip


def _of_a_search(
    pipeline: Pipeline, stored: Mapping[str, Mapping[str, object]], ended: int | None
) -> _Expected:
    """Return what a search may come to; configurations drawn at random stand for those to come."""
    search = pipeline.search
    arms = 1 if search.compare_with is None else 2
    each = int(min(search.trials or 1, cells(pipeline) or math.inf))
    trials = (each + min(search.confirm or 0, each)) * arms * len(pipeline.datasets)
    drawing = Settings(seed=0, batch=DRAWN)
    proposals = METHODS["random"].make(search.parameters, pipeline.fixed, drawing).ask()
    drawn = [Asked(pipeline, dataset).add(proposals) for dataset in pipeline.datasets]
    examples = [trial.runs[0] for of_dataset in drawn for trial in of_dataset]
    rows = [row for row in stored.values() if answers(row, 0)]
    known = [run for run in (stored_run(pipeline, row) for row in rows) if run is not None]
    runs = max(trials * search.repetitions, len(known))
    if ended is not None:
        trials, runs = ended, len(stored)
    return _Expected(each, trials, runs, known, examples, lambda _: search.repetitions)


def cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # absent on macOS and Windows
    return len(allowed(0)) if allowed else os.cpu_count() or 1
