"""One epoch of updates: all samples at once, or shuffled mini-batches."""

import itertools
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from study.plan import seeds
from study.plan.stacks import Stack
from study.training.build import Array, Trainee
from study.training.meter import Meter

BLOCK = 64
"""The number of epochs whose mini-batch orders are drawn at once."""


class Updates(Protocol):
    """Moves a stack's parameters through one epoch."""

    def epoch(self, number: int) -> None:
        """Pass over the training data once."""


def updates(trainee: Trainee, stack: Stack, seed: int, meter: Meter) -> Updates:
    """Return the way of passing over the data that the stack's batch size asks for."""
    if trainee.batch is None:
        return FullBatch(trainee, meter)
    return MiniBatches(trainee, stack, seed, trainee.batch)


def update(trainee: Trainee, gradient: Array) -> None:
    """Move the parameters once, along dL/dŷ of the network's last pass."""
    trainee.network.backward(gradient, grad_input=False)
    trainee.optimizer.step()


class FullBatch(Updates):
    """One update of all samples, from the pass that measured the epoch before."""

    def __init__(self, trainee: Trainee, meter: Meter) -> None:
        self._trainee, self._meter = trainee, meter

    @override
    def epoch(self, number: int) -> None:
        update(self._trainee, self._meter.gradient)


class MiniBatches(Updates):
    """An update for each `size` samples in shuffled order; the last batch may be smaller.

    The order of an epoch depends on seed, dataset, repetition and epoch alone, so that runs which
    differ in anything else see the same batches.
    """

    def __init__(self, trainee: Trainee, stack: Stack, seed: int, size: int) -> None:
        self._trainee, self._stack, self._seed = trainee, stack, seed
        x, y = trainee.train.x, trainee.train.y
        runs, samples = x.shape[:2]
        self._flat = tuple(a.reshape(runs * samples, *a.shape[2:]) for a in (x, y))
        bounds = [*range(0, samples, size), samples]
        self._slices = [slice(a, b) for a, b in itertools.pairwise(bounds)]
        self._buffers = {
            rows: tuple(np.empty((runs, rows, *f.shape[1:]), x.dtype) for f in self._flat)
            for rows in {s.stop - s.start for s in self._slices}
        }
        self._block = -1
        self._orders: NDArray[np.intp] = np.empty((BLOCK, runs, samples), np.intp)

    @override
    def epoch(self, number: int) -> None:
        if number // BLOCK != self._block:
            self._draw(number // BLOCK)
        order = self._orders[number % BLOCK]
        network, loss = self._trainee.network, self._trainee.loss
        for batch in self._slices:
            x, y = self._buffers[batch.stop - batch.start]
            for flat, rows in zip(self._flat, (x, y), strict=True):
                np.take(flat, order[:, batch], axis=0, out=rows, mode="clip")
            update(self._trainee, loss.backward(network(x), y))

    def _draw(self, block: int) -> None:
        """Draw the orders of a block of epochs, as rows of the flat data."""
        self._block = block
        _, _runs, samples = self._orders.shape
        drawn: dict[int, NDArray[np.intp]] = {}
        for i, run in enumerate(self._stack.runs):
            if run.repetition not in drawn:
                rng = seeds.order(self._seed, run.dataset, run.repetition, block)
                one = np.tile(np.arange(samples), (BLOCK, 1))
                drawn[run.repetition] = rng.permuted(one, axis=1)
            np.add(drawn[run.repetition], i * samples, out=self._orders[:, i])
