"""The lab's network with its two defects, kept apart and named as such.

The course lab that this project grows from prints a network that differs from back-propagation in
two ways, and some of its conclusions rest on them. This module trains it next to the exact one:

>>> from nn_core import Linear, Sequential, Sigmoid
>>> layers = [Linear(2, 128), Sigmoid(), Linear(128, 64), Sigmoid(), Linear(64, 1), Sigmoid()]
>>> network = Sequential(share(layers))
>>> optimizer = OPTIMIZERS["adam"](network, lr=1e-2)

**One activation for all places.** The lab makes one activation and puts it after every linear
layer. Each forward call overwrites what the previous one kept for the backward pass, so all
places use the slope at the *output layer's* value. It has shape (n, 1) where (n, 64) and
(n, 128) were meant, and NumPy broadcasts it silently: every unit of a hidden layer gets the
output's slope. Only the output layer's own gradients are right. (Printed Tanh and SoftSign keep
their input instead of their output; the slope is the same number.)

**Adam without biases.** The printed Adam has moments for the weights alone and updates only these:
the biases keep their initial values. The printed SGD updates both.

Everything else, including the loss for a single output, is the same as in the exact network.
"""

import copy
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nn_core.activations import Activation, NoActivation
from nn_core.layer import Array, Layer, Rows, Sample, layers_of
from nn_core.linear import Linear
from nn_core.optimizer import Optimizer
from nn_core.optimizers import OPTIMIZERS as EXACT
from nn_core.optimizers import Adam
from nn_core.sequential import Sequential


class _Cache:
    """The value kept by the one printed activation: y of its last forward call, (…, samples, 1)."""

    y: Array

    def __reduce__(self) -> tuple[type["_Cache"], tuple[()]]:
        """Copy and pickle as an empty cache, shared by the places in the copied network."""
        return _Cache, ()


class SharedActivation(Layer):
    """One place of the printed activation: right forwards, the output layer's slope backwards."""

    def __init__(self, activation: Activation, cache: _Cache) -> None:
        """Make a place that computes what `activation` does and shares `cache` with the others."""
        super().__init__()
        self._activation, self._cache = activation, cache

    def sample_after(self, sample: Sample) -> Sample:
        return sample

    def prepare(self, x: Rows) -> Rows:
        self._activation = copy.copy(self._activation)
        self._slope = np.empty((*x.cells.shape[:-1], 1), x.full.dtype)
        return self._activation.prepare(x)

    def forward(self, x: Rows) -> Rows:
        y = self._activation.forward(x)
        self._cache.y = y.cells  # the defect: this overwrites the other places' value
        return y

    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        """Multiply by the slope, (…, samples, 1), at the cached y, broadcast over all units."""
        self._activation.derive(self._cache.y, self._slope)
        np.multiply(grad_y.cells, self._slope, out=grad_y.cells)
        return grad_y

    def __repr__(self) -> str:
        return f"Shared{self._activation!r}"


def share(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers of a network with one shared activation, as the lab prints it.

    A network without activations is returned unchanged.

    Raises
    ------
    TypeError
        If something in the list is not a layer.
    ValueError
        Unless the layers are the lab's: linear layers that end in one output, each of them followed
        by the same activation. With other widths, the slopes would not broadcast.
    """
    layers = layers_of(layers)
    linear = [layer for layer in layers[::2] if isinstance(layer, Linear)]
    activations = [each for each in layers[1::2] if isinstance(each, Activation | NoActivation)]
    if (
        {len(linear), len(activations)} != {len(layers) / 2}
        or len({type(activation) for activation in activations}) != 1
        or linear[-1].outputs != 1
    ):
        raise ValueError(
            "the as-printed network has linear layers that end in one output, with the same "
            f"activation after each, got {list(layers)}"
        )
    cache = _Cache()
    return [
        SharedActivation(layer, cache) if isinstance(layer, Activation) else layer
        for layer in layers
    ]


class AdamWithoutBiases(Adam):
    """The printed Adam: the paper's Adam for the weights; biases keep their initial values."""

    def __init__(  # noqa: PLR0913 (the paper's numbers)
        self,
        network: Sequential,
        lr: npt.ArrayLike,
        beta1: npt.ArrayLike = 0.9,
        beta2: npt.ArrayLike = 0.999,
        epsilon: npt.ArrayLike = 1e-8,
        *,
        weight_decay: npt.ArrayLike = 0.0,
    ) -> None:
        """Take the network's arrays; each number is shared by all networks, or one for each."""
        super().__init__(network, lr, beta1, beta2, epsilon, weight_decay=weight_decay)
        self.gradients = np.zeros_like(network.gradients)  # stays zero for the biases
        self._weights = [
            (self.gradients[..., part], network.gradients[..., part]) for part in network.weights
        ]

    def step(self) -> None:
        for own, gradients in self._weights:
            np.copyto(own, gradients)
        super().step()


OPTIMIZERS: dict[str, type[Optimizer]] = {
    **EXACT,  # the printed SGD is right; momentum and RMSprop are not in the lab's text
    "adam": AdamWithoutBiases,
}
