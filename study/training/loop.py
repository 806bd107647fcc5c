"""The epoch loop: a stack trained in place, every epoch's metrics kept."""

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from study.plan.stacks import Stack
from study.spec.pipeline import Pipeline
from study.training.build import Array, Trainee, build
from study.training.meter import Meter, Predicted, on_grid, on_parts
from study.training.updates import updates


@dataclass(frozen=True, slots=True)
class State:
    """Where a stack stands: all that its next epoch depends on, a row for each run."""

    epoch: int
    steps: int
    parameters: Array
    memory: dict[str, Array]

    def take(self, rows: NDArray[np.bool_]) -> "State":
        """Return the state of some of the runs."""
        memory = {name: array[rows] for name, array in self.memory.items()}
        return State(self.epoch, self.steps, self.parameters[rows], memory)


@dataclass(slots=True)
class History:
    """What one run's training left: metrics (epochs,), last parameters, its end.

    `predicted` are of epochs on the way, `ending` of the last one, should it remain the last.
    """

    metrics: dict[str, Array] = field(default_factory=dict)
    predicted: list[Predicted] = field(default_factory=list)
    ending: list[Predicted] = field(default_factory=list)
    parameters: Array = field(default_factory=lambda: np.empty(0))
    seconds: float = 0.0
    diverged: bool = False

    @property
    def epochs(self) -> int:
        """The number of epochs trained."""
        return len(self.metrics["train_loss"])

    def then(self, later: "History") -> "History":
        """Return this history, followed by `later`."""
        metrics = {k: np.concatenate([v, later.metrics[k]]) for k, v in self.metrics.items()}
        return History(
            metrics=metrics,
            predicted=self.predicted + later.predicted,
            ending=later.ending,
            parameters=later.parameters,
            seconds=self.seconds + later.seconds,
            diverged=later.diverged,
        )


def train(
    stack: Stack, pipeline: Pipeline, *, until: int, state: State | None = None
) -> tuple[list[History], State]:
    """Train a stack from `state` (its beginning, if None) to the end of epoch `until`.

    A run whose loss is not finite, or beyond the pipeline's limit, leaves after that epoch; the
    rest continues from its state in a smaller stack, with the same numbers.
    Return each run's history since `state`, and the state of the runs that are left.
    """
    histories = [History() for _ in stack.runs]
    left = np.arange(len(stack.runs))
    while True:
        members = Stack(tuple(stack.runs[i] for i in left))
        with np.errstate(all="ignore"):  # a diverging run overflows; its row has the status
            state = _segment(members, pipeline, [histories[i] for i in left], state, until)
        stays = np.array([not histories[i].diverged for i in left])
        left, state = left[stays], state.take(stays)
        if state.epoch == until or not left.size:
            return histories, state


def _segment(
    stack: Stack, pipeline: Pipeline, histories: list[History], state: State | None, until: int
) -> State:
    """Train until the last epoch or the first divergence, and write it all into the histories."""
    trainee = build(stack, pipeline)
    first = epoch = 0 if state is None else _restore(trainee, state)
    meter = Meter(trainee, until - first)
    passes = updates(trainee, stack, pipeline.search.seed, meter)
    followed = [i for i, run in enumerate(stack.runs) if run.repetition == 0]
    began = time.perf_counter()
    meter.begin()
    lost = np.zeros(len(stack.runs), np.bool_)
    while epoch < until and not lost.any():
        if trainee.schedule is not None:
            trainee.optimizer.scale_lr(trainee.schedule(epoch))
        passes.epoch(epoch)
        meter.record(epoch - first)
        np.logical_not(meter.table["train_loss"][epoch - first] <= trainee.limit, out=lost)
        epoch += 1
        if followed and is_snapshot(epoch, pipeline.training.epochs):
            asked = [i for i in followed if not lost[i]]
            for i, predicted in zip(asked, on_grid(trainee, asked, epoch), strict=True):
                histories[i].predicted += predicted
            meter.begin()  # the network's last pass was over the grid
    seconds = time.perf_counter() - began
    for i, history in enumerate(histories):
        for name, column in meter.table.items():
            earlier = history.metrics.get(name, column[:0, i])
            history.metrics[name] = np.concatenate([earlier, column[: epoch - first, i]])
        history.seconds += seconds / len(histories)
        history.parameters = trainee.network.parameters[i].copy()
        history.diverged = bool(lost[i])
    ended = [i for i, history in enumerate(histories) if epoch == until or history.diverged]
    for i, predicted in zip(ended, on_parts(trainee, ended, epoch), strict=True):
        histories[i].ending = predicted
    optimizer = trainee.optimizer
    return State(epoch, optimizer.t, trainee.network.parameters, optimizer.state)


def _restore(trainee: Trainee, state: State) -> int:
    """Give a new stack the state of an old one; return the epoch at which it resumes."""
    trainee.network.parameters[...] = state.parameters
    trainee.optimizer.t = state.steps
    for name, array in trainee.optimizer.state.items():
        array[...] = state.memory[name]
    return state.epoch


def is_snapshot(epoch: int, epochs: int) -> bool:
    """Return whether a network's answers are kept after this epoch, before the last: powers of ten.

    >>> [epoch for epoch in range(5001) if is_snapshot(epoch, 1000)]
    [1, 10, 100]
    """
    return 0 < epoch < epochs and 10 ** (len(str(epoch)) - 1) == epoch
