"""Loops over single numbers: the steps of nn_core's softmax, and which classes are right."""

import numpy as np
from numpy.typing import NDArray

from nn_core import Array
from nn_core.softmax import PAIRED

TERMS = 2 * PAIRED
"""Fewer terms than these NumPy adds up in an order that `add` follows."""


def shift(z: Array, shifted: Array, largest: Array) -> None:
    """Write the largest logit of each sample to `largest`, and z less that to `shifted`.

    Where a logit is NaN, the largest need not be: the sum of exponentials is NaN, and so is all
    that is computed from it.
    """
    for k in range(z.shape[0]):
        for i in range(z.shape[1]):
            most = z[k, i, 0]
            for j in range(1, z.shape[2]):
                most = max(most, z[k, i, j])
            largest[k, i, 0] = most
            for j in range(z.shape[2]):
                shifted[k, i, j] = z[k, i, j] - most


def add(x: Array, sums: Array) -> None:
    """Write the sum of each sample to `sums`: one number after the other, the first 8 in pairs."""
    classes = x.shape[2]
    for k in range(x.shape[0]):
        for i in range(x.shape[1]):
            if classes < PAIRED:
                total, added = x[k, i, 0], 1
            else:
                first = (x[k, i, 0] + x[k, i, 1]) + (x[k, i, 2] + x[k, i, 3])
                total = first + ((x[k, i, 4] + x[k, i, 5]) + (x[k, i, 6] + x[k, i, 7]))
                added = PAIRED
            for j in range(added, classes):
                total = total + x[k, i, j]
            sums[k, i, 0] = total


def terms(shifted: Array, logs: Array, y: Array, out: Array) -> None:
    """Write −y·ln softmax to `out`."""
    for k in range(y.shape[0]):
        for i in range(y.shape[1]):
            log = logs[k, i, 0]
            for j in range(y.shape[2]):
                out[k, i, j] = (log - shifted[k, i, j]) * y[k, i, j]


def slopes(exponentials: Array, sums: Array, y: Array, grad: Array) -> None:
    """Write (softmax − y) / samples to `grad`."""
    samples = y.dtype.type(y.shape[1])
    for k in range(y.shape[0]):
        for i in range(y.shape[1]):
            total = sums[k, i, 0]
            for j in range(y.shape[2]):
                grad[k, i, j] = (exponentials[k, i, j] / total - y[k, i, j]) / samples


def right(z: Array, labels: NDArray[np.intp], hits: NDArray[np.bool_]) -> None:
    """Write whether the output of the label is the largest, and alone, to `hits`."""
    for k in range(z.shape[0]):
        for i in range(z.shape[1]):
            true, count = z[k, i, labels[k, i]], 0
            for j in range(z.shape[2]):
                count += z[k, i, j] >= true
            hits[k, i] = count == 1


CLASS_LOOPS = {
    shift: "void({0}[:, :, :], {0}[:, :, ::1], {0}[:, :, ::1])",
    add: "void({0}[:, :, ::1], {0}[:, :, ::1])",
    terms: "void({0}[:, :, ::1], {0}[:, :, ::1], {0}[:, :, ::1], {0}[:, :, ::1])",
    slopes: "void({0}[:, :, ::1], {0}[:, :, ::1], {0}[:, :, ::1], {0}[:, :, ::1])",
    right: "void({0}[:, :, :], intp[:, ::1], boolean[:, ::1])",
}
"""The signature of each loop, with a place for the precision: outputs have gaps, all else none."""
