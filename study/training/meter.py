"""What is measured: every epoch's metrics, and what the networks answer at chosen epochs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from study.metrics import OF_EPOCHS
from study.training import compiled
from study.training.build import Array, Part, Trainee
from study.training.right import Right


class Meter:
    """A stack's table of metrics, (epochs, runs) each, filled epoch by epoch.

    What there is none of stays NaN: a held-out part, or the accuracy of a regression.

    Attributes
    ----------
    gradient : Array
        dL/dŷ on the training part as the network stands, if all its samples are one batch: the
        pass that measures an epoch is also the one that begins the next.
    """

    gradient: Array

    def __init__(self, trainee: Trainee, epochs: int) -> None:
        self._trainee = trainee
        shape = epochs, len(trainee.train.x)
        self.table = {name: np.full(shape, np.nan, trainee.train.x.dtype) for name in OF_EPOCHS}
        parts = {"train": trainee.train, "test": trainee.test}
        self._right = {
            name: Right(part.labels, part.y, compiled.right_loop(part.y))
            for name, part in parts.items()
            if part is not None and part.labels is not None
        }

    def begin(self) -> None:
        """Pass over the training part, as before the first epoch; measure nothing."""
        trainee = self._trainee
        if trainee.batch is None:
            y_pred = trainee.network(trainee.train.x)
            self.gradient = trainee.loss.backward(y_pred, trainee.train.y)

    def record(self, row: int) -> None:
        """Measure the stack as it is; the training part comes last, for its gradient."""
        gradients = self._trainee.optimizer.gradients  # of the update that was just made
        np.vecdot(gradients, gradients, out=self.table["gradient_norm"][row])
        np.sqrt(self.table["gradient_norm"][row], out=self.table["gradient_norm"][row])
        if self._trainee.test is not None:
            self._measure("test", self._trainee.test, row)
        self._measure("train", self._trainee.train, row)

    def _measure(self, name: str, part: Part, row: int) -> None:
        loss, y_pred = self._trainee.loss, self._trainee.network(part.x)
        if name == "train" and self._trainee.batch is None:
            self.table[f"{name}_loss"][row], self.gradient = loss.value_and_gradient(y_pred, part.y)
        else:
            self.table[f"{name}_loss"][row] = loss(y_pred, part.y)
        if name in self._right:
            hits = self._right[name].of(y_pred, loss.threshold)
            np.divide(hits.sum(-1), hits.shape[-1], out=self.table[f"{name}_accuracy"][row])


@dataclass(frozen=True, slots=True)
class Predicted:
    """The predictions of one network after `epoch` on one part, at x, with the labels `target`.

    There is no `target` on the grid, and no `prediction` where there are several outputs. `answer`
    is the index of the class and `confidence` its probability, or NaN.
    """

    epoch: int
    part: str
    x: Array
    target: Array | None
    prediction: Array | None
    answer: Array
    confidence: Array


def on_parts(trainee: Trainee, members: list[int], epoch: int) -> list[list[Predicted]]:
    """Ask some members of the stack about all that they were trained, tested and are drawn on."""
    asked = on_grid(trainee, members, epoch)
    for name, part in (("test", trainee.test), ("train", trainee.train)):
        if part is not None:
            predict = _predictions(trainee, part.x)
            for outputs, i in zip(asked, members, strict=True):
                outputs.append(Predicted(epoch, name, part.x[i], part.target[i], *predict(i)))
    return asked


def on_grid(trainee: Trainee, members: list[int], epoch: int) -> list[list[Predicted]]:
    """Ask some members of the stack about the grid, where the data are 2-D."""
    if trainee.grid is None or not members:
        return [[] for _ in members]
    predict = _predictions(trainee, trainee.grid)
    return [[Predicted(epoch, "grid", trainee.grid, None, *predict(i))] for i in members]


def _predictions(trainee: Trainee, x: Array) -> Callable[[int], tuple[Array | None, Array, Array]]:
    """Ask every member at x; return what finds one's prediction, answer and confidence."""
    y_pred, loss = trainee.network(x), trainee.loss
    scaled, single = np.array(loss.prediction(y_pred)), y_pred.shape[-1] == 1
    answer = y_pred[..., 0] > loss.threshold if single else y_pred.argmax(-1)
    confidence = np.maximum(scaled, 1 - scaled)[..., 0] if single else scaled.max(-1)
    classes = trainee.train.labels is not None
    answer = np.where(classes & ~np.isnan(y_pred).any(-1), answer, np.nan).astype(y_pred.dtype)
    confidence = np.where(classes and loss.probability, confidence, np.nan).astype(y_pred.dtype)
    return lambda i: (scaled[i, :, 0] if single else None, answer[i], confidence[i])
