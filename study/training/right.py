"""Which samples are right: a class by its threshold, or the largest of several outputs."""

import numpy as np
from numpy.typing import NDArray

from nn_core import Array
from nn_core.softmax import reduce_last
from study.training.loops import Loop


class Right:
    """Which samples of a part are right, (runs, samples), in buffers.

    `loop` compares several outputs in NumPy's place, with the same answers.
    """

    def __init__(self, labels: NDArray[np.bool_], y: Array, loop: Loop | None = None) -> None:
        shape = y.shape
        self._labels, self._loop = labels, loop
        self._hits = np.empty(shape[:-1], np.bool_)
        self._above = np.empty(shape, np.bool_)
        self._label = labels.argmax(-1)
        self._true = (*np.ogrid[: shape[0], : shape[1]], self._label)
        self._count = np.empty((*shape[:-1], 1), np.uint8 if shape[-1] < 2**8 else np.int32)

    def of(self, y_pred: Array, threshold: float) -> NDArray[np.bool_]:
        """Compare the outputs with the labels; a tie for the largest output is wrong."""
        hits, above, count = self._hits, self._above, self._count
        if y_pred.shape[-1] == 1:
            np.greater(y_pred, threshold, out=above)
            np.equal(above, self._labels, out=hits[..., None])
            return hits
        if self._loop is not None:
            self._loop(y_pred, self._label, hits)
            return hits
        np.greater_equal(y_pred, y_pred[self._true][..., None], out=above)
        reduce_last(np.add, above.view(np.uint8), count)
        np.equal(count[..., 0], 1, out=hits)
        return hits
