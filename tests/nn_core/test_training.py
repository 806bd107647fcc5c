"""Whole networks in training: stacks of the study's size, memory, and warnings."""

import tracemalloc
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nn_core import ACTIVATIONS, LOSSES, OPTIMIZERS, Array, Linear, Sequential, xavier

LAB = (2, 128, 64, 1)
CHOICES: dict[str, dict[str, Any]] = {
    "sgd": {"lr": 0.01},
    "momentum": {"lr": 0.01, "momentum": 0.9},
    "adam": {"lr": 0.01},
}
activations = pytest.mark.parametrize("activation", ACTIVATIONS)
choices = pytest.mark.parametrize("choice", CHOICES)
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


class Training:
    """A network, its loss and its optimizer: `epoch` trains it once on all data."""

    def __init__(
        self,
        activation: str,
        choice: str,
        stack: tuple[int, ...],
        dtype: type,
        widths: tuple[int, ...] = LAB,
    ) -> None:
        pairs = [(Linear(*pair), ACTIVATIONS[activation]()) for pair in pairwise(widths)]
        self.network = Sequential([layer for pair in pairs for layer in pair], stack, dtype)
        self.network.initialize(xavier, rng=np.random.default_rng(0))
        name = "sgd" if choice == "momentum" else choice
        self.optimizer = OPTIMIZERS[name](self.network, **CHOICES[choice])
        self.loss = LOSSES["mse"]()

    def epoch(self, x: Array, y: Array) -> Array:
        """Train once on all data; return the losses before that."""
        y_pred = self.network(x)
        value = self.loss(y_pred, y)
        self.network.backward(self.loss.backward(y_pred, y), grad_input=False)
        self.optimizer.step()
        return value


def points(stack: tuple[int, ...], dtype: type, samples: int = 100) -> tuple[Array, Array]:
    """Return points of the unit square, labelled by the side of its diagonal."""
    x: Array = np.random.default_rng(1).random((*stack, samples, 2)).astype(dtype)
    return x, (x[..., :1] <= x[..., 1:]).astype(dtype)


@activations
@choices
@precisions
def test_the_lab_s_network_trains_alike_in_any_stack(
    activation: str, choice: str, dtype: type
) -> None:
    """Losses and weights bit for bit, in stacks of 1, 3 and 7; some sums differ only from here."""
    x, y = points((7,), dtype)
    everything = Training(activation, choice, (7,), dtype)
    weights = everything.network.parameters.copy()
    losses = np.array([everything.epoch(x, y) for _ in range(5)])
    for members in (np.s_[:1], np.s_[2:5], 6):
        own = x[members]
        stack = own.shape[:-2]
        part = Training(activation, choice, stack, dtype)
        part.network.parameters[...] = weights[members]
        own_losses = [part.epoch(own, y[members]) for _ in range(5)]
        assert np.array_equal(own_losses, losses[:, members])
        assert np.array_equal(part.network.parameters, everything.network.parameters[members])


@activations
@choices
def test_nothing_is_allocated_after_the_first_epoch(activation: str, choice: str) -> None:
    """One hidden array is 1 MiB; three epochs on alternating shapes stay far below it."""
    training = Training(activation, choice, (8,), np.float32)
    sets = [points((8,), np.float32, 256), points((8,), np.float32, 100), points((), np.float32)]
    for x, y in sets:
        training.epoch(x, y)
    training.optimizer.t = 62  # so that moments are flushed on the way
    tracemalloc.start()
    for x, y in sets:
        training.epoch(x, y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 128 * 1024


@activations
@choices
@precisions
def test_ordinary_training_raises_no_warning(activation: str, choice: str, dtype: type) -> None:
    training = Training(activation, choice, (3,), dtype, widths=(2, 8, 4, 1))
    x: Array = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y: Array = np.array([[0], [1], [1], [0]])
    with np.errstate(all="raise", under="ignore"):
        losses = [training.epoch(x, y) for _ in range(20)]
    assert losses[0].dtype == training.network.parameters.dtype == dtype
    assert (losses[-1] <= losses[0]).all()
