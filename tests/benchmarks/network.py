"""How long one run's epoch takes: stacks of this network beside the lab's, one at a time."""

import argparse
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from nn_core import SGD, Linear, MSELoss, Sequential, Sigmoid, standard_normal

Array = npt.NDArray[Any]
SHAPES = {"128x64": (2, 128, 64, 1), "32x16": (2, 32, 16, 1)}
SAMPLES = {"linear": 100, "xor": 21}
STACKS = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
PROTOTYPE = {  # µs per run and epoch that a plain prototype of stacks took on the same machine
    ("128x64", "linear"): 82.0,
    ("128x64", "xor"): 22.0,
    ("32x16", "linear"): 14.0,
    ("32x16", "xor"): 3.4,
}


def stacked(widths: tuple[int, ...], samples: int, stack: int) -> Callable[[], None]:
    """Return one epoch of a stack, with everything that a study does in it."""
    rng = np.random.default_rng(0)
    layers = [layer for pair in pairwise(widths) for layer in (Linear(*pair), Sigmoid())]
    network = Sequential(layers, stack=(stack,), dtype=np.float32)
    network.initialize(standard_normal, rng=rng)
    optimizer, loss = SGD(network, lr=np.full(stack, 0.01)), MSELoss()
    x = rng.random((stack, samples, 2), np.float32)
    y = (x[..., :1] < x[..., 1:]).astype(np.float32)

    def epoch() -> None:
        y_pred = network(x)
        loss(y_pred, y)
        ((y_pred > 0.5) == (y > 0.5)).mean(axis=(-2, -1))
        network.backward(loss.backward(y_pred, y), grad_input=False)
        np.sqrt(np.vecdot(network.gradients, network.gradients))
        optimizer.step()

    return epoch


class LabLinear:
    """The lab's layer: float64, new arrays at every call."""

    def __init__(self, inputs: int, outputs: int) -> None:
        """Draw the weights as the lab does, but from a seed."""
        self.weights = np.random.default_rng(0).standard_normal((inputs, outputs))
        self.biases = np.zeros(outputs)

    def forward(self, x: Array) -> Array:
        """Return x·W + b."""
        self.x = x
        return x @ self.weights + self.biases

    def backward(self, grad: Array) -> Array:
        """Keep both gradients; return dL/dx."""
        self.grad_weights = self.x.T @ grad
        self.grad_biases = np.sum(grad, axis=0)
        return grad @ self.weights.T


class LabSigmoid:
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


def lab(widths: tuple[int, ...], samples: int) -> Callable[[], None]:
    """Return one epoch of one network in the lab's style, an activation for each place."""
    rng = np.random.default_rng(0)
    layers = [layer for pair in pairwise(widths) for layer in (LabLinear(*pair), LabSigmoid())]
    x = rng.random((samples, 2))
    y = (x[:, :1] < x[:, 1:]).astype(float)

    def epoch() -> None:
        y_pred = x
        for layer in layers:
            y_pred = layer.forward(y_pred)
        np.mean((y_pred - y) ** 2)
        np.mean((y_pred > 0.5) == (y > 0.5))
        grad = 2 * (y_pred - y) / y.shape[0]
        for layer in reversed(layers):
            grad = layer.backward(grad)
        linears = [layer for layer in layers if isinstance(layer, LabLinear)]
        np.sqrt(sum(np.sum(layer.grad_weights**2) for layer in linears))
        for layer in linears:
            layer.weights -= 0.01 * layer.grad_weights
            layer.biases -= 0.01 * layer.grad_biases

    return epoch


def best(epochs: dict[int, Callable[[], None]], rounds: int, seconds: float) -> dict[int, float]:
    """Return the least seconds per call of each, measured in turns, since machines are noisy."""
    least = dict.fromkeys(epochs, np.inf)
    for _ in range(rounds):
        for key, epoch in epochs.items():
            epoch()
            calls, start = 0, time.perf_counter()
            while (elapsed := time.perf_counter() - start) < seconds:
                epoch()
                calls += 1
            least[key] = min(least[key], elapsed / calls)
    return least


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print one table, a line for each shape and dataset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.03, help="for each measurement")
    arguments = parser.parse_args()
    say("µs per run and epoch, one thread; float32 in stacks, the lab's style in float64")
    head = "".join(f"{stack:>7}" for stack in STACKS)
    say(f"{'':15}{head}   best  proto    lab  lab/best")
    with threadpool_limits(limits=1):
        for shape, widths in SHAPES.items():
            for dataset, samples in SAMPLES.items():
                epochs = {0: lab(widths, samples)}
                epochs |= {stack: stacked(widths, samples, stack) for stack in STACKS}
                least = best(epochs, arguments.rounds, arguments.seconds)
                times = [1e6 * least[stack] / stack for stack in STACKS]
                cells = "".join(f"{value:7.1f}" for value in times)
                label, proto = f"{shape} {dataset}", PROTOTYPE[shape, dataset]
                ours, theirs = min(times), 1e6 * least[0]
                say(f"{label:15}{cells}{ours:7.1f}{proto:7.1f}{theirs:7.0f}{theirs / ours:10.1f}")


if __name__ == "__main__":
    main()
