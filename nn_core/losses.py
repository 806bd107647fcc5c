"""Losses: one value for each network of a stack, and its gradient: LOSSES."""

import numpy as np
import numpy.typing as npt

from nn_core.layer import LONG, Array
from nn_core.loss import Loss

PAIRED = 8  # NumPy adds this many numbers in pairs


def reduce_last(ufunc: np.ufunc, x: Array, out: Array) -> None:
    """Write the reduction of the last axis of x to `out`, (…, 1), where order changes nothing.

    Works by columns if these are long: a fifth of the time of NumPy, which reduces row by row.
    """
    if x.size < LONG * x.shape[-1] ** 2:
        ufunc.reduce(x, axis=-1, keepdims=True, out=out)
        return
    np.copyto(out, x[..., :1])
    for column in range(1, x.shape[-1]):
        ufunc(out, x[..., column : column + 1], out=out)


def add_last(x: Array, out: Array) -> None:
    """Write the sums of the last axis of x to `out`, (…, 1), with the bits of NumPy's own sums.

    NumPy adds fewer than 8 numbers one after the other, and the first 8 of fewer than 16 in pairs.
    """
    terms = x.shape[-1]
    if x.size < LONG * terms**2 or terms >= 2 * PAIRED:
        np.add.reduce(x, axis=-1, keepdims=True, out=out)
        return
    columns = [x[..., i : i + 1] for i in range(terms)]
    if terms >= PAIRED:
        a, b, c, d, e, f, g, h = columns[:PAIRED]
        columns[:PAIRED] = [((a + b) + (c + d)) + ((e + f) + (g + h))]
    np.copyto(out, columns[0])
    for column in columns[1:]:
        np.add(out, column, out=out)


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
    """

    threshold = 0.0
    logits = True

    def __call__(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        target = self._target(y_pred, y)
        logits, work, sums = self._shifted(y_pred)
        np.exp(logits, out=work)
        add_last(work, sums)
        np.log(sums, out=sums)
        np.subtract(sums, logits, out=logits)  # −ln softmax
        np.multiply(logits, target, out=logits)
        value: Array = logits.reshape(*y_pred.shape[:-2], -1).sum(-1) / y_pred.shape[-2]
        return value

    def prediction(self, y_pred: Array) -> Array:
        return self._softmax(y_pred).copy()

    def backward(self, y_pred: Array, y: npt.ArrayLike) -> Array:
        target = self._target(y_pred, y)
        grad = self._softmax(y_pred)
        np.subtract(grad, target, out=grad)
        np.divide(grad, y_pred.shape[-2], out=grad)
        return grad

    def _softmax(self, y_pred: Array) -> Array:
        logits, work, sums = self._shifted(y_pred)
        np.exp(logits, out=work)
        add_last(work, sums)
        np.divide(work, sums, out=work)
        return work

    def _shifted(self, y_pred: Array) -> tuple[Array, Array, Array]:
        """Return logits less the largest of their sample, room for as many, and one a sample."""
        buffers: Array = self._empty((2, *y_pred.shape), y_pred.dtype)
        largest: Array = self._empty(y_pred.shape[:-1], y_pred.dtype)[..., None]
        reduce_last(np.maximum, y_pred, largest)
        np.subtract(y_pred, largest, out=buffers[0])
        return buffers[0], buffers[1], largest


LOSSES: dict[str, type[Loss]] = {
    "binary_cross_entropy": BinaryCrossEntropyLoss,
    "mae": MAELoss,
    "mse": MSELoss,
    "softmax_cross_entropy": SoftmaxCrossEntropyLoss,
}
"""The losses by the names that pipeline files use."""
