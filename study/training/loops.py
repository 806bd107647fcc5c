"""Loops over single numbers: the operations of nn_core's updates and slopes in their order."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from nn_core import (
    ELU,
    SGD,
    AdaGrad,
    Adam,
    Array,
    LeakyReLU,
    Optimizer,
    ReLU,
    RMSprop,
    Sigmoid,
    SoftSign,
    Tanh,
)
from nn_core.activations import Activation

Loop: TypeAlias = Callable[..., None]
"""Works in place: an update on θ, g, the optimizer's state and its numbers, all of two axes, a row
for each run; a value on x and y, and a slope on y and dL/dy, all of one axis."""


def sgd(theta: Array, g: Array, numbers: Array) -> None:
    """Set θ ← θ − lr·g."""
    for k in range(len(theta)):
        lr, row, slopes = numbers[0, k], theta[k], g[k]
        for i in range(len(row)):
            row[i] -= slopes[i] * lr


def momentum(theta: Array, g: Array, b: Array, numbers: Array) -> None:
    """Set b ← momentum·b + g, θ ← θ − lr·b."""
    for k in range(len(theta)):
        kept, lr = numbers[0, k], numbers[1, k]
        row, slopes, before = theta[k], g[k], b[k]
        for i in range(len(row)):
            moment = before[i] * kept + slopes[i]
            before[i] = moment
            row[i] -= moment * lr


def adam(theta: Array, g: Array, m: Array, v: Array, numbers: Array) -> None:
    """Set m ← β₁·m + g, v ← β₂·v + g², θ ← θ − m / (√v + ε)·step."""
    for k in range(len(theta)):
        beta1, beta2, epsilon, step = numbers[0, k], numbers[1, k], numbers[2, k], numbers[3, k]
        row, slopes, first, second = theta[k], g[k], m[k], v[k]
        for i in range(len(row)):
            slope = slopes[i]
            mean = first[i] * beta1 + slope
            square = second[i] * beta2 + slope * slope
            first[i] = mean
            second[i] = square
            row[i] -= mean / (np.sqrt(square) + epsilon) * step


def rmsprop(theta: Array, g: Array, v: Array, numbers: Array) -> None:
    """Set v ← ρ·v + g², θ ← θ − g / (√v + ε)·step."""
    for k in range(len(theta)):
        decay, epsilon, step = numbers[0, k], numbers[1, k], numbers[2, k]
        row, slopes, second = theta[k], g[k], v[k]
        for i in range(len(row)):
            slope = slopes[i]
            square = second[i] * decay + slope * slope
            second[i] = square
            row[i] -= slope / (np.sqrt(square) + epsilon) * step


def adagrad(theta: Array, g: Array, v: Array, numbers: Array) -> None:
    """Set v ← v + g², θ ← θ − g / (√v + ε)·lr."""
    for k in range(len(theta)):
        epsilon, lr = numbers[0, k], numbers[1, k]
        row, slopes, second = theta[k], g[k], v[k]
        for i in range(len(row)):
            slope = slopes[i]
            square = second[i] + slope * slope
            second[i] = square
            row[i] -= slope / (np.sqrt(square) + epsilon) * lr


def elu(y: Array, g: Array) -> None:
    """Multiply g by 1 where y > 0, else by y + 1."""
    zero, one = y.dtype.type(0), y.dtype.type(1)
    for i in range(len(y)):
        g[i] *= one if y[i] > zero else y[i] + one


def leaky_relu(y: Array, g: Array) -> None:
    """Multiply g by 1 where y > 0, else by 1/100."""
    zero, one, little = y.dtype.type(0), y.dtype.type(1), y.dtype.type(0.01)
    for i in range(len(y)):
        g[i] *= one if y[i] > zero else little


def relu(y: Array, g: Array) -> None:
    """Multiply g by 1 where y > 0, else by 0."""
    zero, one = y.dtype.type(0), y.dtype.type(1)
    for i in range(len(y)):
        g[i] *= one if y[i] > zero else zero


def sigmoid(y: Array, g: Array) -> None:
    """Multiply g by (1 − y)·y."""
    one = y.dtype.type(1)
    for i in range(len(y)):
        g[i] *= (one - y[i]) * y[i]


def softsign(y: Array, g: Array) -> None:
    """Multiply g by (1 − |y|)²; the sign of a NaN stays g's, as NumPy has it."""
    one = y.dtype.type(1)
    for i in range(len(y)):
        before, root = g[i], one - np.abs(y[i])
        g[i] = before if np.isnan(before) else before * (root * root)


def tanh(y: Array, g: Array) -> None:
    """Multiply g by 1 − y²."""
    one = y.dtype.type(1)
    for i in range(len(y)):
        g[i] *= one - y[i] * y[i]


def leaky_relu_of(x: Array, y: Array) -> None:
    """Write max(x, x/100) to y."""
    little = x.dtype.type(0.01)
    for i in range(len(x)):
        y[i] = max(x[i], x[i] * little)


def relu_of(x: Array, y: Array) -> None:
    """Write max(x, 0) to y."""
    zero = x.dtype.type(0)
    for i in range(len(x)):
        y[i] = x[i] if not x[i] <= zero else zero  # NaN stays NaN


def softsign_of(x: Array, y: Array) -> None:
    """Write x / (|x| + 1) to y."""
    one = x.dtype.type(1)
    for i in range(len(x)):
        y[i] = x[i] / (np.abs(x[i]) + one)


VALUES: dict[type[Activation], Loop] = {
    LeakyReLU: leaky_relu_of,
    ReLU: relu_of,
    SoftSign: softsign_of,
}
"""The loop of each activation's forward pass, where it takes + − × ÷ alone: NumPy's exp and tanh
have bits of their own."""

SLOPES: dict[type[Activation], Loop] = {
    ELU: elu,
    LeakyReLU: leaky_relu,
    ReLU: relu,
    Sigmoid: sigmoid,
    SoftSign: softsign,
    Tanh: tanh,
}
"""The loop of each activation's backward pass."""

LOOPS: dict[tuple[type[Optimizer], int], Loop] = {
    (SGD, 0): sgd,
    (SGD, 1): momentum,
    (Adam, 2): adam,
    (RMSprop, 1): rmsprop,
    (AdaGrad, 1): adagrad,
}
"""The loop of each optimizer's update, by how many arrays it keeps between steps."""
