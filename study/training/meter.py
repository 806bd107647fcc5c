"""What is measured: every epoch's metrics, and what the networks answer at chosen epochs."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_core.losses import reduce_last
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
        self._right = {
            name: Right(part.labels, part.y)
            for name, part in parts.items()
            if part is not None and part.labels is not None
        }

    def record(self, row: int) -> Array:
        """Measure the stack as it is; return its predictions on the training part.

        The training part comes last, since the pass over it is also the one that begins the next
        epoch.
        """
        gradients = self._trainee.optimizer.gradients  # of the update that was just made
        np.vecdot(gradients, gradients, out=self.table["gradient_norm"][row])
        np.sqrt(self.table["gradient_norm"][row], out=self.table["gradient_norm"][row])
        if self._trainee.test is not None:
            self._measure("test", self._trainee.test, row)
        return self._measure("train", self._trainee.train, row)

    def _measure(self, name: str, part: Part, row: int) -> Array:
        y_pred = self._trainee.network(part.x)
        self.table[f"{name}_loss"][row] = self._trainee.loss(y_pred, part.y)
        if name not in self._right:
            return y_pred
        hits = self._right[name].of(y_pred, self._trainee.loss.threshold)
        np.divide(hits.sum(-1), hits.shape[-1], out=self.table[f"{name}_accuracy"][row])
        return y_pred


class Right:
    """Which samples of a part are right, (runs, samples), in buffers."""

    def __init__(self, labels: NDArray[np.bool_], y: Array) -> None:
        shape = y.shape
        self._labels = labels
        self._hits = np.empty(shape[:-1], np.bool_)
        self._above = np.empty(shape, np.bool_)
        self._true = (*np.ogrid[: shape[0], : shape[1]], labels.argmax(-1))
        self._count = np.empty((*shape[:-1], 1), np.uint8 if shape[-1] < 2**8 else np.int32)

    def of(self, y_pred: Array, threshold: float) -> NDArray[np.bool_]:
        """Compare the outputs with the labels; a tie for the largest output is wrong."""
        hits, above, count = self._hits, self._above, self._count
        if y_pred.shape[-1] == 1:
            np.greater(y_pred, threshold, out=above)
            np.equal(above, self._labels, out=hits[..., None])
            return hits
        np.greater_equal(y_pred, y_pred[self._true][..., None], out=above)
        reduce_last(np.add, above.view(np.uint8), count)
        np.equal(count[..., 0], 1, out=hits)
        return hits


@dataclass(frozen=True, slots=True)
class Answers:
    """What one network answers after `epoch` on one part: at x, where `target` is right.

    There is no `target` on the grid, and no `prediction` where there are several outputs. `answer`
    is the index of the class and `confidence` its probability: NaN where there is none.
    """

    epoch: int
    part: str
    x: Array
    target: Array | None
    prediction: Array | None
    answer: Array
    confidence: Array


def on_parts(trainee: Trainee, members: list[int], epoch: int) -> list[list[Answers]]:
    """Ask some members of the stack about all that they were trained, tested and are drawn on."""
    asked = on_grid(trainee, members, epoch)
    for name, part in (("test", trainee.test), ("train", trainee.train)):
        if part is not None:
            found = _answers(trainee, part.x)
            for answers, i in zip(asked, members, strict=True):
                answers.append(Answers(epoch, name, part.x[i], part.target[i], *found(i)))
    return asked


def on_grid(trainee: Trainee, members: list[int], epoch: int) -> list[list[Answers]]:
    """Ask some members of the stack about the grid, where the data are 2-D."""
    if trainee.grid is None or not members:
        return [[] for _ in members]
    found = _answers(trainee, trainee.grid)
    return [[Answers(epoch, "grid", trainee.grid, None, *found(i))] for i in members]


def _answers(trainee: Trainee, x: Array) -> Callable[[int], tuple[Array | None, Array, Array]]:
    """Ask every member at x; return what finds one's prediction, answer and confidence."""
    y_pred, loss = trainee.network(x), trainee.loss
    scaled, single = np.array(loss.prediction(y_pred)), y_pred.shape[-1] == 1
    answer = y_pred[..., 0] > loss.threshold if single else y_pred.argmax(-1)
    confidence = np.maximum(scaled, 1 - scaled)[..., 0] if single else scaled.max(-1)
    classes = trainee.train.labels is not None
    answer = np.where(classes & ~np.isnan(y_pred).any(-1), answer, np.nan).astype(y_pred.dtype)
    confidence = np.where(classes and loss.probability, confidence, np.nan).astype(y_pred.dtype)
    return lambda i: (scaled[i, :, 0] if single else None, answer[i], confidence[i])
