"""The network of this project: stacks of the size that a study chooses, and its own epoch."""

from typing import Any
from unittest.mock import patch

import numpy as np

from study.training import compiled
from study.training.compiled import Backend
from study.training.meter import Meter
from study.training.updates import updates
from tests.benchmarks.cells import Cell
from tests.benchmarks.contestants import Contestant

NAME = "this network"


def stacked(cell: Cell, *, alone: bool = False) -> Contestant:
    """Return what a study does in an epoch: the update, and the pass that measures it.

    With compiled loops where Numba is installed, unless NumPy is to do it `alone`.
    """
    message = Backend(compiles=False, message="NumPy") if alone else compiled.backend()
    with patch.object(compiled, "backend", lambda: message):
        trainee = cell.trainee()
        meter = Meter(trainee, 1)
    passes = updates(trainee, cell.stack, 0, meter)
    losses = meter.table["train_loss"][0]
    meter.begin()
    epoch = -1

    def call() -> Any:  # noqa: ANN401  # NumPy's scalar or array
        nonlocal epoch
        epoch += 1
        passes.epoch(epoch)
        meter.record(0)
        np.logical_not(losses <= trainee.limit)
        return losses.copy()

    return Contestant(NAME, cell.runs, call, first=1)
