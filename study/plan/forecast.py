"""What a plan comes to: how many trials and runs, how long they take, what they can decide."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from study.plan.architecture import training_samples
from study.plan.stacks import seconds
from study.plan.trials import planned
from study.spec.pipeline import Pipeline

ROW, POINT, PART = 5.0, 4.0, 30_000.0
"""Bytes on disk: a row of metrics, a prediction, and what each part costs for itself."""

BEGIN = 1.5
"""Seconds until the workers have begun."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A plan in numbers."""

    configurations: int
    datasets: int
    trials: int
    repetitions: int
    runs: int
    stored: int
    missing: int
    epochs: int
    workers: int
    seconds: float
    bytes: float
    smallest_p: float


def forecast(
    pipeline: Pipeline, stored: Mapping[str, Mapping[str, object]], workers: int
) -> Forecast:
    """Count the plan against the stored runs, and estimate what is missing.

    Where runs are stored, their own seconds correct the estimate. The smallest two-sided p that n
    paired repetitions can reach is 2 / 2ⁿ, where all differences have one sign.
    """
    plan = planned(pipeline)
    runs = plan.runs
    missing = [
        run for run in runs if stored.get(run.run_id, {}).get("status", "failed") == "failed"
    ]
    known = [run for run in runs if isinstance(stored.get(run.run_id, {}).get("seconds"), float)]
    spent = sum(float(str(stored[run.run_id]["seconds"])) for run in known)
    guessed = sum(seconds(run, pipeline) for run in known)
    left = sum(seconds(run, pipeline) for run in missing) * (spent / guessed if guessed else 1.0)
    wall = left / workers + BEGIN if missing else 0.0
    points = sum(training_samples(pipeline, run) + 625 for run in runs)
    return Forecast(
        configurations=len({tuple(trial.configuration.values()) for trial in plan.trials}),
        datasets=len(pipeline.datasets),
        trials=len(plan.trials),
        repetitions=pipeline.search.repetitions,
        runs=len(runs),
        stored=len(runs) - len(missing),
        missing=len(missing),
        epochs=pipeline.training.epochs * len(runs),
        workers=workers,
        seconds=wall,
        bytes=ROW * pipeline.training.epochs * len(runs) + POINT * points + PART * (wall + 1),
        smallest_p=min(1.0, 2.0 ** (1 - pipeline.search.repetitions)),
    )


def cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # absent on macOS and Windows
    return len(allowed(0)) if allowed else os.cpu_count() or 1
