"""Whole networks in training: stacks of the study's size, memory, and warnings."""

import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pytest

from nn_core import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    Array,
    Conv2D,
    Flatten,
    Layer,
    Linear,
    Sequential,
    Shape,
    xavier,
)


def dense(activation: str, *widths: int) -> list[Layer]:
    """Return linear layers with an activation after each."""
    pairs = [(Linear(*pair), ACTIVATIONS[activation]()) for pair in pairwise(widths)]
    return [layer for pair in pairs for layer in pair]


def lab(activation: str) -> list[Layer]:
    """Return the lab's layers."""
    return dense(activation, 2, 128, 64, 1)


def images(activation: str) -> list[Layer]:
    """Return layers for images of 8x8, with two convolutions before the linear ones."""
    convolutions = [Conv2D(1, 4, (3, 3)), ACTIVATIONS[activation](), Conv2D(4, 3, (2, 2))]
    return [*convolutions, Flatten(), *dense(activation, 75, 16, 1)]


Layers: TypeAlias = Callable[[str], list[Layer]]
NETWORKS: dict[str, tuple[Layers, Shape]] = {"lab": (lab, (2,)), "images": (images, (8, 8, 1))}
CHOICES: dict[str, dict[str, Any]] = {
    "sgd": {"lr": 0.01},
    "momentum": {"lr": 0.01, "momentum": 0.9},
    "decay": {"lr": 0.01, "weight_decay": 0.1},
    "adam": {"lr": 0.01},
    "adagrad": {"lr": 0.001},
    "rmsprop": {"lr": 0.001},
}
OF_SGD = {"momentum", "decay"}

networks = pytest.mark.parametrize(("layers", "sample"), NETWORKS.values(), ids=list(NETWORKS))
activations = pytest.mark.parametrize("activation", ACTIVATIONS)
choices = pytest.mark.parametrize("choice", CHOICES)
losses = pytest.mark.parametrize("loss", LOSSES)
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


class Training:
    """A network, its loss and its optimizer: `epoch` trains it once on all data."""

    def __init__(
        self, layers: list[Layer], choice: str, stack: Shape, dtype: type, *, loss: str = "mse"
    ) -> None:
        self.network = Sequential(layers, stack, dtype)
        self.network.initialize(xavier, rng=np.random.default_rng(0))
        name = "sgd" if choice in OF_SGD else choice
        self.optimizer = OPTIMIZERS[name](self.network, **CHOICES[choice])
        self.loss = LOSSES[loss]()

    def epoch(self, x: Array, y: Array) -> Array:
        """Train once on all data; return the losses before that."""
        y_pred = self.network(x)
        value = self.loss(y_pred, y)
        self.network.backward(self.loss.backward(y_pred, y), grad_input=False)
        self.optimizer.step()
        return value


def data(
    sample: Shape, stack: Shape, dtype: type = np.float32, samples: int = 100
) -> tuple[Array, Array]:
    """Return samples within the unit cube, labelled by which of two numbers is greater."""
    x: Array = np.random.default_rng(1).random((*stack, samples, *sample)).astype(dtype)
    flat = x.reshape(*stack, samples, -1)
    return x, (flat[..., :1] <= flat[..., 1:2]).astype(dtype)


def test_every_optimizer_is_trained_with() -> None:
    assert set(CHOICES) - OF_SGD == set(OPTIMIZERS)


@pytest.mark.no_cover  # many epochs of what other tests trace
@networks
@activations
@choices
@precisions
def test_a_network_trains_the_same_in_any_stack(
    layers: Layers, sample: Shape, activation: str, choice: str, dtype: type
) -> None:
    """Losses and weights bit for bit, in stacks of 1, 3 and 7; some sums differ only from here."""
    x, y = data(sample, (7,), dtype)
    everything = Training(layers(activation), choice, (7,), dtype)
    weights = everything.network.parameters.copy()
    losses = np.array([everything.epoch(x, y) for _ in range(5)])
    for members in (np.s_[:1], np.s_[2:5], 6):
        own = x[members]
        stack = own.shape[: -1 - len(sample)]
        part = Training(layers(activation), choice, stack, dtype)
        part.network.parameters[...] = weights[members]
        own_losses = [part.epoch(own, y[members]) for _ in range(5)]
        assert np.array_equal(own_losses, losses[:, members])
        assert np.array_equal(part.network.parameters, everything.network.parameters[members])


@pytest.mark.no_cover  # many epochs of what other tests trace
@networks
@activations
@choices
def test_nothing_is_allocated_after_the_first_epoch(
    layers: Layers, sample: Shape, activation: str, choice: str
) -> None:
    """One hidden array is 1 MiB or more; three epochs on alternating shapes stay far below it."""
    training = Training(layers(activation), choice, (8,), np.float32)
    sets = [data(sample, (8,), samples=256), data(sample, (8,)), data(sample, ())]
    for x, y in sets:
        training.epoch(x, y)
    training.optimizer.t = 62  # so that moments are flushed on the way
    tracemalloc.start()
    for x, y in sets:
        training.epoch(x, y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 128 * 1024


@networks
@activations
@choices
def test_a_network_that_overflowed_leaves_its_neighbours_alone(
    layers: Layers, sample: Shape, activation: str, choice: str
) -> None:
    """Of three networks one has NaN and one ∞ among its weights: the third trains as before."""
    x, y = data(sample, (3,), samples=20)
    good, bad = (Training(layers(activation), choice, (3,), np.float32) for _ in range(2))
    bad.network.parameters[0, 3], bad.network.parameters[1, 3] = np.nan, np.inf
    with np.errstate(all="ignore"):
        losses = [(good.epoch(x, y), bad.epoch(x, y)) for _ in range(3)]
    assert all(ours[2] == theirs[2] for ours, theirs in losses)
    assert np.array_equal(good.network.parameters[2], bad.network.parameters[2])
    assert not np.isfinite(losses[-1][1][0])


@activations
@choices
@losses
@precisions
def test_ordinary_training_raises_no_warning(
    activation: str, choice: str, loss: str, dtype: type
) -> None:
    training = Training(dense(activation, 2, 8, 4, 1), choice, (3,), dtype, loss=loss)
    x: Array = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y: Array = np.array([[0], [1], [1], [0]])
    with np.errstate(all="raise", under="ignore"):
        losses = [training.epoch(x, y) for _ in range(20)]
    assert losses[0].dtype == training.network.parameters.dtype == dtype
    slack = 1e-2 if choice == "decay" else 1e-6  # small weights may cost some loss
    assert (losses[-1] <= losses[0] * (1 + slack)).all()
