"""The lab's style: one network at a time, plain NumPy, new arrays at every call."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_core.layer import Array
from tests.benchmarks.cells import LR, Cell
from tests.benchmarks.contestants import Contestant

NAME = "lab's style"
Step = Callable[[int, Array], Array]
"""The i-th array's gradient → what is taken off the array."""


class Linear:
    """y = x·W + b."""

    def __init__(self, weights: Array, biases: Array) -> None:
        """Take the parameters."""
        self.parameters = [weights, biases]

    def forward(self, x: Array) -> Array:
        """Return y."""
        self.x = x
        return x @ self.parameters[0] + self.parameters[1]

    def backward(self, grad: Array) -> Array:
        """Keep both gradients; return dL/dx."""
        self.gradients = [self.x.T @ grad, np.sum(grad, axis=0)]
        return grad @ self.parameters[0].T


class Sigmoid:
    """The lab's sigmoid, split by sign."""

    def forward(self, x: Array) -> Array:
        """Return σ(x)."""
        pieces = [lambda z: np.exp(z) / (1 + np.exp(z)), lambda z: 1 / (1 + np.exp(-z))]
        self.y = np.piecewise(x, [x < 0, x >= 0], pieces)
        return self.y

    def backward(self, grad: Array) -> Array:
        """Return dL/dx."""
        slope: Array = np.multiply(self.y, 1 - self.y)
        return grad * slope


def sgd(count: int) -> Step:
    """Return a step along the gradient; there are `count` parameter arrays."""
    _ = count
    return lambda _, g: LR * g


def adam(count: int) -> Step:
    """Return Adam's step, with the usual numbers."""
    m: list[Array | float] = [0.0] * count
    v: list[Array | float] = [0.0] * count
    t = [0] * count

    def step(i: int, g: Array) -> Array:
        t[i] += 1
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g**2
        m_hat, v_hat = m[i] / (1 - 0.9 ** t[i]), v[i] / (1 - 0.999 ** t[i])
        change: Array = LR * m_hat / (np.sqrt(v_hat) + 1e-8)
        return change

    return step


def rmsprop(count: int) -> Step:
    """Return RMSprop's step, with the usual numbers."""
    v: list[Array | float] = [0.0] * count

    def step(i: int, g: Array) -> Array:
        v[i] = 0.99 * v[i] + 0.01 * g**2
        change: Array = LR * g / (np.sqrt(v[i]) + 1e-8)
        return change

    return step


def adagrad(count: int) -> Step:
    """Return AdaGrad's step."""
    v: list[Array | float] = [0.0] * count

    def step(i: int, g: Array) -> Array:
        v[i] = v[i] + g**2
        change: Array = LR * g / (np.sqrt(v[i]) + 1e-8)
        return change

    return step


STEPS = {"sgd": sgd, "adam": adam, "rmsprop": rmsprop, "adagrad": adagrad}


def one(cell: Cell) -> Contestant:
    """Return one epoch of one network, with an activation for each place."""
    begin = cell.beginning(runs=1)
    x, y = begin.x[0], begin.y[0]
    linears = [Linear(w[0], b[0]) for w, b in begin.weights]
    layers = [layer for linear in linears for layer in (linear, Sigmoid())]
    step = STEPS[cell.optimizer](2 * len(linears))

    def call() -> Any:  # noqa: ANN401  # NumPy's scalar or array
        y_pred = x
        for layer in layers:
            y_pred = layer.forward(y_pred)
        value = np.mean((y_pred - y) ** 2)
        np.mean((y_pred > 0.5) == (y > 0.5))
        grad = 2 * (y_pred - y) / y.shape[0]
        for layer in reversed(layers):
            grad = layer.backward(grad)
        np.sqrt(sum(np.sum(g**2) for linear in linears for g in linear.gradients))
        for i, linear in enumerate(linears):
            for j, (theta, g) in enumerate(zip(linear.parameters, linear.gradients, strict=True)):
                linear.parameters[j] = theta - step(2 * i + j, g)
        return value

    return Contestant(NAME, 1, call)
