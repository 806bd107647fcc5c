"""The steps of a softmax over classes, by columns of samples where these are long."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.layer import LONG, Array

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


def shift(z: Array, shifted: Array, largest: Array) -> None:
    """Write the largest logit of each sample to `largest`, and z less that to `shifted`."""
    reduce_last(np.maximum, z, largest)
    np.subtract(z, largest, out=shifted)


def terms(shifted: Array, logs: Array, y: Array, out: Array) -> None:
    """Write −y·ln softmax to `out`, from the logarithms of the sums of exponentials."""
    np.subtract(logs, shifted, out=out)
    np.multiply(out, y, out=out)


def slopes(exponentials: Array, sums: Array, y: Array, grad: Array) -> None:
    """Write dL/dz = (softmax − y) / samples to `grad`."""
    np.divide(exponentials, sums, out=grad)  # the softmax
    np.subtract(grad, y, out=grad)
    np.divide(grad, y.shape[-2], out=grad)


@dataclass(frozen=True, slots=True)
class Steps:
    """What a softmax consists of besides exponentials and logarithms.

    The NumPy steps take any shapes; others may take (networks, samples, classes) only, with a y for
    each network, in one precision. All have the same bits, except for the sign of zeros in `shift`.
    """

    shift: Callable[[Array, Array, Array], None]
    add: Callable[[Array, Array], None]
    terms: Callable[[Array, Array, Array, Array], None]
    slopes: Callable[[Array, Array, Array, Array], None]


NUMPY = Steps(shift, add_last, terms, slopes)
