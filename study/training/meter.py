"""What is measured: every epoch's metrics, and what the networks answer at chosen epochs."""

from dataclasses import dataclass

import numpy as np

from study.metrics import OF_EPOCHS
from study.training.build import Array, Part, Trainee


class Meter:
    """A stack's table of metrics, (epochs, runs) each, filled epoch by epoch.

    What there is none of stays NaN: a held-out part, or the accuracy of a regression.
    """

    def __init__(self, trainee: Trainee, epochs: int) -> None:
        self._trainee = trainee
        shape = epochs, len(trainee.train.x)
        self.table = {name: np.full(shape, np.nan, trainee.train.x.dtype) for name in OF_EPOCHS}
        parts = {"train": trainee.train, "test": trainee.test}
        self._hits = {
            name: np.empty((shape[1], p.y[0].size), np.bool_) for name, p in parts.items() if p
        }

    def record(self, row: int) -> Array:
        """Measure the stack as it is; return its predictions on the training part.

        The training part comes last, since the pass over it is also the one that begins the next
        epoch.
        """
        gradients = self._trainee.optimizer.gradients  # those that made the update
        np.vecdot(gradients, gradients, out=self.table["gradient_norm"][row])
        np.sqrt(self.table["gradient_norm"][row], out=self.table["gradient_norm"][row])
        if self._trainee.test is not None:
            self._measure("test", self._trainee.test, row)
        return self._measure("train", self._trainee.train, row)

    def _measure(self, name: str, part: Part, row: int) -> Array:
        y_pred = self._trainee.network(part.x)
        self.table[f"{name}_loss"][row] = self._trainee.loss(y_pred, part.y)
        if part.labels is None:
            return y_pred
        hits = self._hits[name]
        ones = y_pred > self._trainee.loss.threshold
        np.equal(ones, part.labels, out=hits.reshape(y_pred.shape))
        np.divide(hits.sum(-1), hits.shape[-1], out=self.table[f"{name}_accuracy"][row])
        return y_pred


@dataclass(frozen=True, slots=True)
class Answers:
    """What one network says after `epoch` on one part: at x, where the label is y (None: grid)."""

    epoch: int
    part: str
    x: Array
    y: Array | None
    prediction: Array


def on_parts(trainee: Trainee, members: list[int], epoch: int) -> list[list[Answers]]:
    """Ask some members of the stack about all that they were trained, tested and are drawn on."""
    asked = on_grid(trainee, members, epoch)
    for name, part in (("test", trainee.test), ("train", trainee.train)):
        if part is not None:
            said = _said(trainee, part.x)
            for answers, i in zip(asked, members, strict=True):
                answers.append(Answers(epoch, name, part.x[i], part.y[i], said[i]))
    return asked


def on_grid(trainee: Trainee, members: list[int], epoch: int) -> list[list[Answers]]:
    """Ask some members of the stack about the grid, where the data are 2-D."""
    if trainee.grid is None or not members:
        return [[] for _ in members]
    said = _said(trainee, trainee.grid)
    return [[Answers(epoch, "grid", trainee.grid, None, said[i])] for i in members]


def _said(trainee: Trainee, x: Array) -> Array:
    """Return a copy of what every member says of the labels at x."""
    return np.array(trainee.loss.prediction(trainee.network(x)))
