"""The lab's network with its two defects, kept apart and named as such.

The course lab that this project grows from prints a network that differs from back-propagation in
two ways, and draws some of its conclusions from them. Here it can be trained beside the real one:

>>> from nn_core import Linear, Sequential, Sigmoid
>>> layers = [Linear(2, 128), Sigmoid(), Linear(128, 64), Sigmoid(), Linear(64, 1), Sigmoid()]
>>> network = Sequential(share(layers))
>>> optimizer = OPTIMIZERS["adam"](network, lr=1e-2)

**One activation for all places.** The lab makes one activation and puts it after every linear
layer. Each forward call overwrites what the one before kept for the backward pass, so there all
places take their slope from the *output layer's* value. That has shape (n, 1) where (n, 64) and
(n, 128) were meant, and NumPy broadcasts it without a word: every unit of a hidden layer gets the
output's slope. Only the output layer's own gradients are right. (Printed Tanh and SoftSign keep
their input instead of their output; the slope is the same number.)

**Adam without biases.** The printed Adam has moments for the weights alone and moves only these:
the biases stay as they began. The printed SGD moves both.

Everything else in the network as printed is the real one's, its loss too while there is one output.
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
    """What the one printed activation keeps: y of its last forward call, (…, samples, 1)."""

    y: Array

    def __reduce__(self) -> tuple[type["_Cache"], tuple[()]]:
        """Copy and pickle as an empty one, common to the places in the copied network."""
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
        self._cache.y = y.cells  # the defect: whatever stood there is lost
        return y

    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        """Multiply by the slope, (…, samples, 1), at the cached y, broadcast over all units."""
        self._activation.derive(self._cache.y, self._slope)
        np.multiply(grad_y.cells, self._slope, out=grad_y.cells)
        return grad_y

    def __repr__(self) -> str:
        return f"Shared{self._activation!r}"


def share(layers: Sequence[Layer]) -> list[Layer]:
    """Return the layers of a network with its activations replaced by one, as the lab prints it.

    Without activation there is nothing to share, and nothing is replaced.

    Raises
    ------
    TypeError
        Where something in the list is no layer.
    ValueError
        Where the layers are not the lab's: linear ones to one output in the end, and after each,
        the last included, the same activation. To other widths, slopes would not broadcast.
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
            "the network as printed is linear layers to one output, with the same activation after "
            f"each, got {list(layers)}"
        )
    cache = _Cache()
    return [
        SharedActivation(layer, cache) if isinstance(layer, Activation) else layer
        for layer in layers
    ]


class AdamWithoutBiases(Adam):
    """The printed Adam: that of the paper, for the weights; biases stay as they began."""

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
        """Take the network's arrays; each number is one for all networks, or one for each."""
        super().__init__(network, lr, beta1, beta2, epsilon, weight_decay=weight_decay)
        self.gradients = np.zeros_like(network.gradients)  # zero wherever a bias stands
        self._weights = [
            (self.gradients[..., part], network.gradients[..., part]) for part in network.weights
        ]

    def step(self) -> None:
        for own, gradients in self._weights:
            np.copyto(own, gradients)
        super().step()


OPTIMIZERS: dict[str, type[Optimizer]] = {
    **EXACT,  # the printed SGD is right; momentum and RMSprop are not in print
    "adam": AdamWithoutBiases,
}
