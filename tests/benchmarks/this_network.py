"""The network of this project: stacks of the size that a study chooses, and its own epoch."""

from typing import Any

import numpy as np

from nn_core.activations import Activation
from study.training.meter import Meter
from study.training.updates import updates
from tests.benchmarks.cells import Cell
from tests.benchmarks.contestants import Contestant

NAME = "this network"


def stacked(cell: Cell, *, alone: bool = False) -> Contestant:
    """Return what a study does in an epoch: the update, and the pass that measures it.

    With compiled loops where Numba is installed, unless NumPy is to do it `alone`.
    """
    trainee = cell.trainee()
    if alone:
        trainee.optimizer.loop = None
        for layer in trainee.network.layers:
            if isinstance(layer, Activation):
                layer.value_loop = layer.slope_loop = None
    meter = Meter(trainee, 1)
    passes = updates(trainee, cell.stack, seed=0)
    losses = meter.table["train_loss"][0]
    y_pred = trainee.network(trainee.train.x)
    epoch = -1

    def call() -> Any:  # noqa: ANN401  # NumPy's scalar or array
        nonlocal epoch, y_pred
        epoch += 1
        passes.epoch(epoch, y_pred)
        y_pred = meter.record(0)
        np.logical_not(losses <= trainee.limit)
        return losses.copy()

    return Contestant(NAME, cell.runs, call, first=1)
