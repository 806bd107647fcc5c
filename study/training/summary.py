"""One row per run, the tables that go with it, and the objective that a sampler is told."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.columns import TABLES, parameter_columns
from study.plan.stacks import Stack
from study.plan.trials import Run
from study.spec.pipeline import Pipeline
from study.spec.search import Objective
from study.training.build import Array
from study.training.loop import History, train
from study.training.meter import Answers

LOW_LOSS = 0.05
"""The threshold of `epochs_to_loss_05`."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run: its row of runs, and its columns of metrics and predictions."""

    row: Mapping[str, object]
    metrics: Mapping[str, NDArray[Any] | None]
    predictions: Mapping[str, NDArray[Any]]


def train_stack(stack: Stack, pipeline: Pipeline) -> list[Trained]:
    """Train a stack from beginning to end: the unit of work of every executor."""
    histories, _ = train(stack, pipeline, until=pipeline.training.epochs)
    return [trained(run, history) for run, history in zip(stack.runs, histories, strict=True)]


def trained(run: Run, history: History) -> Trained:
    """Return what is stored of one run."""
    m, epochs = history.metrics, history.epochs
    held_out = any(answers.part == "test" for answers in history.answers)
    row = {
        "status": "diverged" if history.diverged else "completed",
        "epochs": epochs,
        "final_train_loss": float(m["train_loss"][-1]),
        "final_train_accuracy": float(m["train_accuracy"][-1]),
        "best_train_loss": _least(m["train_loss"]),
        "final_test_loss": float(m["test_loss"][-1]) if held_out else None,
        "final_test_accuracy": float(m["test_accuracy"][-1]) if held_out else None,
        "best_test_loss": _least(m["test_loss"]) if held_out else None,
        "epochs_to_full_accuracy": _first(m["train_accuracy"] >= 1),
        "epochs_to_loss_05": _first(m["train_loss"] <= LOW_LOSS),
        "diverged_at": epochs if history.diverged else None,
        "parameters": history.parameters.size,
        "seconds": history.seconds,
    }
    tests = {name: m[name] if held_out else None for name in ("test_loss", "test_accuracy")}
    metrics: dict[str, NDArray[Any] | None] = {
        "epoch": np.arange(1, epochs + 1, dtype=np.int32),
        **m,
        **tests,
    }
    return Trained(complete(run, row), metrics, _predictions(history.answers))


def failed_run(run: Run, reason: str) -> Trained:
    """Return what is stored of a run that could not be trained: a row with the reason."""
    return Trained(complete(run, {"status": "failed", "epochs": 0, "reason": reason}), {}, {})


def complete(run: Run, row: Mapping[str, object]) -> dict[str, object]:
    """Return a row of runs with every column, in order: who the run is, and what became of it."""
    known = {
        "run_id": run.run_id,
        "dataset": run.dataset,
        "repetition": run.repetition,
        **run.configuration,
        **parameter_columns(str(run.configuration["hidden"])),
        **row,
    }
    return {column.name: known.get(column.name) for column in TABLES["runs"]}


def _least(losses: Array) -> float:
    """Return the smallest loss that is a number; NaN is never best, but all there is may be NaN."""
    numbers = losses[~np.isnan(losses)]
    return float(numbers.min()) if numbers.size else float("nan")


def _first(reached: NDArray[np.bool_]) -> int | None:
    """Return the first epoch at which something was reached, None if it never was."""
    return int(reached.argmax()) + 1 if reached.any() else None


def _predictions(answers: Iterable[Answers]) -> dict[str, NDArray[Any]]:
    """Lay the answers one below the other, NaN where there is no input to show, or no label."""
    columns: dict[str, list[NDArray[Any]]] = {
        name: [] for name in ("epoch", "part", "x0", "x1", "target", "prediction")
    }
    for a in answers:
        rows, planar = len(a.x), a.x.shape[-1] == 2  # noqa: PLR2004  # 2-D
        nothing = np.full(rows, np.nan, a.x.dtype)
        columns["epoch"].append(np.full(rows, a.epoch, np.int32))
        columns["part"].append(np.full(rows, a.part))
        columns["x0"].append(a.x[:, 0] if planar else nothing)
        columns["x1"].append(a.x[:, 1] if planar else nothing)
        columns["target"].append(nothing if a.y is None else a.y[:, 0])
        columns["prediction"].append(a.prediction[:, 0])
    return {name: np.concatenate(blocks) for name, blocks in columns.items()}


def objective(rows: Iterable[Mapping[str, object]], declared: Objective) -> float:
    """Return a trial's order statistic over its repetitions: its q-quantile, the higher of two.

    A run that diverged, failed or never got there has no number: it counts as ∞, or as −∞ where
    the metric is to be maximised, so it is never best.
    """
    sign = 1.0 if declared.goal == "minimize" else -1.0
    values = sorted(sign * _number(row, declared.metric, sign * math.inf) for row in rows)
    return sign * values[math.ceil(declared.quantile * (len(values) - 1))]


def _number(row: Mapping[str, object], metric: str, worst: float) -> float:
    value = row[metric]
    ended_well = row["status"] in ("completed", "pruned")
    return value if ended_well and isinstance(value, int | float) and value == value else worst  # noqa: PLR0124  # NaN
