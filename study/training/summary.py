"""One row per run, its tables, and the objective for the sampler."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from study.columns import TABLES, parameter_columns
from study.metrics import METRICS, OF_EPOCHS, Metric
from study.plan.stacks import Stack
from study.plan.trials import Run
from study.spec.constraints import Constraint
from study.spec.objective import ENDED_WELL, Objective
from study.spec.pipeline import Pipeline
from study.training.build import Array
from study.training.loop import History, State, train
from study.training.meter import Predicted

Row: TypeAlias = Mapping[str, object]
"""A row of runs: every column of the table, None for null."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished run: its row of runs, and its columns of metrics and predictions."""

    row: Row
    metrics: Mapping[str, NDArray[Any] | None]
    predictions: Mapping[str, NDArray[Any] | None]


@dataclass(frozen=True, slots=True)
class Begun:
    """A stack of runs that can resume: their histories and their state."""

    stack: Stack
    histories: tuple[History, ...]
    state: State

    def take(self, stays: Callable[[Run], bool]) -> "Begun | None":
        """Return the runs that stay, or None."""
        kept = np.array([stays(run) for run in self.stack.runs])
        if not kept.any():
            return None
        some = [i for i, keep in enumerate(kept) if keep]
        runs = tuple(self.stack.runs[i] for i in some)
        histories = tuple(self.histories[i] for i in some)
        return Begun(Stack(runs), histories, self.state.take(kept))

    def pruned(self) -> list[Trained]:
        """Return its runs as they are stored if they stop here."""
        pairs = zip(self.stack.runs, self.histories, strict=True)
        return [trained(run, history, "pruned") for run, history in pairs]


def train_stack(
    stack: Stack, pipeline: Pipeline, until: int, begun: Begun | None = None
) -> tuple[list[Trained], Begun | None]:
    """Train a stack up to an epoch, from its beginning or on: the unit of work of every executor.

    Return the runs that ended, and the others as they stand.
    """
    histories, state = train(stack, pipeline, until=until, state=begun.state if begun else None)
    if begun is not None:
        legs = zip(begun.histories, histories, strict=True)
        histories = [before.then(after) for before, after in legs]
    pairs = list(zip(stack.runs, histories, strict=True))
    last = until == pipeline.training.epochs
    ended = [trained(*pair) for pair in pairs if last or pair[1].diverged]
    left = [pair for pair in pairs if not (last or pair[1].diverged)]
    if not left:
        return ended, None
    runs, going_on = zip(*left, strict=True)
    return ended, Begun(Stack(runs), going_on, state)


def last_trained(stack: Stack, pipeline: Pipeline, until: int) -> Trained:
    """Train a stack up to an epoch; return its last run as it would be stored."""
    histories, _ = train(stack, pipeline, until=until)
    status = "completed" if until == pipeline.training.epochs else "pruned"
    return trained(stack.runs[-1], histories[-1], status)


def trained(run: Run, history: History, status: str = "completed") -> Trained:
    """Return the stored form of one run, with `status` unless it diverged."""
    held_out = any(predicted.part == "test" for predicted in history.ending)
    status = "diverged" if history.diverged else status
    row = results(history.metrics, status, held_out=held_out)
    row |= {"parameters": history.parameters.size, "seconds": history.seconds}
    metrics: dict[str, NDArray[Any] | None] = {
        "epoch": np.arange(1, history.epochs + 1, dtype=np.int32),
        **history.metrics,
        **dict.fromkeys(_absent(history.metrics, held_out=held_out)),
    }
    on_the_way = [predicted for predicted in history.predicted if predicted.epoch < history.epochs]
    predicted = _predictions([*on_the_way, *history.ending])
    return Trained(complete(run, row), metrics, predicted)


def results(m: Mapping[str, Array], status: str, *, held_out: bool) -> dict[str, object]:
    """Return a run's results from the columns of its metrics, one number an epoch.

    None if the number does not exist: without a held-out part, or a regression's accuracy.
    """
    epochs, absent = len(m["train_loss"]), _absent(m, held_out=held_out)
    row: dict[str, object] = {
        "status": status,
        "epochs": epochs,
        "diverged_at": epochs if status == "diverged" else None,
    }
    for name, metric in METRICS.items():
        if metric.summary:
            row[name] = None if metric.of in absent else _summed_up(m[metric.of], metric)
    return row


def failed_run(run: Run, reason: str) -> Trained:
    """Return the stored form of a run that could not be trained: a row with the reason."""
    return Trained(complete(run, {"status": "failed", "epochs": 0, "reason": reason}), {}, {})


def complete(run: Run, row: Mapping[str, object]) -> dict[str, object]:
    """Return a row of runs with every column, in order: who the run is, and what became of it."""
    measured = {
        "run_id": run.run_id,
        "dataset": run.dataset,
        "repetition": run.repetition,
        **parameter_columns(run.configuration),
        **row,
    }
    return {column.name: measured.get(column.name) for column in TABLES["runs"]}


def _absent(m: Mapping[str, Array], *, held_out: bool) -> set[str]:
    """Return the metrics that do not apply; one of labels is NaN only without labels."""
    return {
        name
        for name in OF_EPOCHS
        if (METRICS[name].held_out and not held_out)
        or (METRICS[name].of_labels and np.isnan(m[name][-1]))
    }


def _summed_up(values: Array, metric: Metric) -> float | int | None:
    """Return the last value of a run's epochs, the best, its epoch, or the first good enough."""
    if metric.summary == "last":
        return float(values[-1])
    less = METRICS[metric.of].quantity.goal == "minimize"
    if metric.summary == "best":
        numbers = values[~np.isnan(values)]  # NaN is never best, but all there is may be NaN
        best = numbers.min if less else numbers.max
        return float(best()) if numbers.size else math.nan
    if metric.summary == "at_best":
        finite = not np.isnan(values).all()
        return int((np.nanargmin if less else np.nanargmax)(values)) + 1 if finite else None
    reached = values <= metric.threshold if less else values >= metric.threshold
    return int(reached.argmax()) + 1 if reached.any() else None


def _predictions(predictions: Iterable[Predicted]) -> dict[str, NDArray[Any] | None]:
    """Stack the predictions row by row, NaN for an input that is not shown or a missing target.

    With several outputs there are no predictions.
    """
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in _ANSWERED}
    for a in predictions:
        rows, planar = len(a.x), a.x.ndim == 2 and a.x.shape[-1] == 2  # noqa: PLR2004  # 2-D
        nothing = np.full(rows, np.nan, a.x.dtype)
        columns["epoch"].append(np.full(rows, a.epoch, np.int32))
        columns["part"].append(np.full(rows, a.part))
        columns["x0"].append(a.x[:, 0] if planar else nothing)
        columns["x1"].append(a.x[:, 1] if planar else nothing)
        columns["target"].append(nothing if a.target is None else a.target)
        columns["prediction"] += [] if a.prediction is None else [a.prediction]
        columns["answer"].append(a.answer)
        columns["confidence"].append(a.confidence)
    return {n: np.concatenate(blocks) if blocks else None for n, blocks in columns.items()}


_ANSWERED = ("epoch", "part", "x0", "x1", "target", "prediction", "answer", "confidence")


def objective(rows: Iterable[Row], declared: Objective) -> float:
    """Return a trial's value, which a sampler receives, from the rows of its runs.

    A run that diverged, failed or never got there has no number: it counts as the worst.
    """
    return declared.of(_number(row, declared.metric) for row in rows)


def exceeds(rows: Iterable[Row], limit: Constraint, aim: Objective) -> float:
    """Return by how much a trial exceeds a constraint, from the rows of its runs.

    The repetition at the quantile of the objective counts, as there.
    """
    values = (row[limit.metric] if limit.counts(row["status"]) else None for row in rows)
    return limit.excess((v if isinstance(v, int | float) else None for v in values), aim.quantile)


def _number(row: Row, metric: str) -> float | None:
    value = row[metric]
    return value if row["status"] in ENDED_WELL and isinstance(value, int | float) else None
