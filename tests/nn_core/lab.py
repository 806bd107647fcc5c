"""The lab's network, exact or as printed, and points to train it on, for tests."""

from itertools import pairwise

import numpy as np

from nn_core import (
    ACTIVATIONS,
    Array,
    Layer,
    Linear,
    MSELoss,
    Optimizer,
    Sequential,
    Shape,
    as_printed,
    standard_normal,
)


def layers(activation: str, *widths: int) -> list[Layer]:
    """Return linear layers with an activation after each."""
    pairs = [(Linear(*pair), ACTIVATIONS[activation]()) for pair in pairwise(widths)]
    return [layer for pair in pairs for layer in pair]


def make(
    activation: str,
    widths: Shape = (2, 16, 8, 1),
    stack: Shape = (),
    dtype: type = np.float64,
    *,
    exact: bool = False,
) -> Sequential:
    """Return the network as printed, or the exact one, each network with its own weights."""
    own = layers(activation, *widths)
    network = Sequential(own if exact else as_printed.share(own), stack, dtype)
    network.initialize(standard_normal, rng=np.random.default_rng(0))
    return network


def points(stack: Shape = (), dtype: type = np.float64, samples: int = 30) -> tuple[Array, Array]:
    """Return points of the unit square, labelled by the side of its diagonal."""
    x: Array = np.random.default_rng(1).random((*stack, samples, 2)).astype(dtype)
    return x, (x[..., :1] <= x[..., 1:]).astype(dtype)


def epoch(network: Sequential, optimizer: Optimizer, x: Array, y: Array) -> Array:
    """Train once on all data; return the losses before that."""
    y_pred, loss = network(x), MSELoss()
    value = loss(y_pred, y)
    network.backward(loss.backward(y_pred, y), grad_input=False)
    optimizer.step()
    return value
