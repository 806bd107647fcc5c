"""Losses: one value for each network of a stack, and its gradient: LOSSES."""

import numpy as np
import numpy.typing as npt

from nn_core.layer import Array
from nn_core.loss import Loss
from nn_core.softmax import NUMPY, Steps


class MSELoss(Loss):
    """L = Σ (ŷ − y)² / n, dL/dŷ = 2·(ŷ − y) / n, with n = samples · outputs."""

    threshold = 0.5
    probability = False

    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        difference = self._difference(y_pred, y)
        flat = difference.reshape(*y_pred.shape[:-2], -1)
        value: Array = np.vecdot(flat, flat) / flat.shape[-1]
        return value

    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        difference = self._difference(y_pred, y)
        n = y_pred.shape[-2] * y_pred.shape[-1]
        np.multiply(difference, 2 / n, out=difference)
        return difference


class MAELoss(Loss):
    """L = Σ |ŷ − y| / n, dL/dŷ = sign(ŷ − y) / n, 0 where they are equal; n = samples · outputs."""

    threshold = 0.5
    probability = False

    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        distance = self._difference(y_pred, y)
        np.abs(distance, out=distance)
        value: Array = distance.reshape(*y_pred.shape[:-2], -1).mean(-1)
        return value

    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        sign = self._difference(y_pred, y)
        np.sign(sign, out=sign)
        np.divide(sign, y_pred.shape[-2] * y_pred.shape[-1], out=sign)
        return sign


def _sigmoid(z: Array, out: Array) -> Array:
    """Write σ(z) = ½·tanh(z/2) + ½ to `out`, and return it."""
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)
    return out


class BinaryCrossEntropyLoss(Loss):
    """L = −Σ (y·ln σ(z) + (1 − y)·ln(1 − σ(z))) / n from logits ŷ = z, dL/dz = (σ(z) − y) / n.

    n = samples · outputs; σ(z) > ½ where z > 0. Each term is max(z, 0) − z·y + ln(1 + e^−|z|), and
    σ(z) is ½·tanh(z/2) + ½, so that nothing overflows. The network's last activation is none.
    """

    threshold = 0.0
    logits = True

    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        target = self._target(y_pred, y)
        buffers: Array = self._empty((2, *y_pred.shape), y_pred.dtype)
        terms, work = buffers[0], buffers[1]
        np.maximum(y_pred, 0, out=terms)
        np.multiply(y_pred, target, out=work)
        np.subtract(terms, work, out=terms)
        np.abs(y_pred, out=work)
        np.negative(work, out=work)
        np.exp(work, out=work)
        np.log1p(work, out=work)
        np.add(terms, work, out=terms)
        value: Array = terms.reshape(*y_pred.shape[:-2], -1).mean(-1)
        return value

    def prediction(self, y_pred: Array) -> Array:
        return _sigmoid(y_pred, np.empty_like(y_pred))

    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        target = self._target(y_pred, y)
        grad: Array = self._empty(y_pred.shape, y_pred.dtype)
        np.subtract(_sigmoid(y_pred, grad), target, out=grad)
        np.divide(grad, y_pred.shape[-2] * y_pred.shape[-1], out=grad)
        return grad


class SoftmaxCrossEntropyLoss(Loss):
    """L = −Σ y·ln softmax(z) / samples from logits ŷ = z, dL/dz = (softmax(z) − y) / samples.

    The outputs are classes, and each row of y sums to 1 (one-hot). With m the largest logit of a
    sample, ln softmax(z) is (z − m) − ln Σ e^(z − m), so that nothing overflows. The network's last
    activation is none.

    Attributes
    ----------
    steps : Steps
        What computes all but exponentials and logarithms; NumPy unless somebody sets another.
    """

    threshold = 0.0
    logits = True
    steps: Steps = NUMPY
    _both: tuple[Array, tuple[Array, Array, Array]] | None = None

    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        target = self._target(y_pred, y)
        shifted, _, sums = self._exponentials(y_pred)
        terms, logs = self._buffers(y_pred)[2], self._columns(y_pred)[1]
        np.log(sums, out=logs)
        self.steps.terms(shifted, logs, target, terms)
        value: Array = terms.reshape(*y_pred.shape[:-2], -1).sum(-1) / y_pred.shape[-2]
        return value

    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        target = self._target(y_pred, y)
        _, exponentials, sums = self._exponentials(y_pred)
        grad: Array = self._buffers(y_pred)[3]
        self.steps.slopes(exponentials, sums, target, grad)
        return grad

    def value_and_gradient(self, y_pred: Array, y: npt.ArrayLike) -> tuple[Array, Array]:
        self._target(y_pred, y)
        self._both = y_pred, self._exponentials(y_pred)
        try:
            return super().value_and_gradient(y_pred, y)
        finally:
            self._both = None

    def prediction(self, y_pred: Array) -> Array:
        _, exponentials, sums = self._exponentials(y_pred)
        probabilities: Array = exponentials / sums
        return probabilities

    def _exponentials(self, y_pred: Array) -> tuple[Array, Array, Array]:
        """Return z − m, e^(z − m), and the sums of these, one a sample."""
        if self._both is not None and self._both[0] is y_pred:
            return self._both[1]
        self._both = None  # these share their buffers with all of this shape
        shifted, exponentials, _, _ = self._buffers(y_pred)
        sums = self._columns(y_pred)[0]
        self.steps.shift(y_pred, shifted, sums)
        np.exp(shifted, out=exponentials)
        self.steps.add(exponentials, sums)
        return shifted, exponentials, sums

    def _buffers(self, y_pred: Array) -> Array:
        """Return room for four arrays of this shape: each step writes to one of its own."""
        buffers: Array = self._empty((4, *y_pred.shape), y_pred.dtype)
        return buffers

    def _columns(self, y_pred: Array) -> Array:
        """Return room for two columns of one number a sample."""
        columns: Array = self._empty((2, *y_pred.shape[:-1]), y_pred.dtype)[..., None]
        return columns


LOSSES: dict[str, type[Loss]] = {
    "binary_cross_entropy": BinaryCrossEntropyLoss,
    "mae": MAELoss,
    "mse": MSELoss,
    "softmax_cross_entropy": SoftmaxCrossEntropyLoss,
}
"""The losses by the names that pipeline files use."""
