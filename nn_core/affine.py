"""Layers with weights and biases: y = x·W + b, where x·W is a product or a convolution."""

import math
from typing import Any

import numpy as np

from nn_core.given import shown
from nn_core.layer import Array, Initializer, Layer, Rows, Shape, checked


class Affine(Layer):
    """A layer of weights W and biases b, y = x·W + b, where x·W is a product or a convolution.

    They form one block of rows, [W; b], in the network's flat array, so that one product with
    [x 1] gives y, and one with its transpose gives dL/dW and dL/db.
    """

    def __init__(self, shape: Shape) -> None:
        """Make weights of `shape`, (…, outputs); ValueError for a width below 1."""
        super().__init__()
        if min(shape) < 1:
            raise ValueError(f"a width must be at least 1, got {self!r}")
        self._shape = shape
        self.size = (math.prod(shape[:-1]) + 1) * shape[-1]
        self.biases_size = shape[-1]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # called only for missing attributes
        """Raise AttributeError, with the reason if the layer has no parameters yet."""
        if name in {"_block", "_grad_block", "weights", "biases", "grad_weights", "grad_biases"}:
            raise AttributeError(f"{self!r} has no parameters until it is part of a network")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def weights(self) -> Array:
        """W, (…, *kernel, inputs, outputs): a view, writable; Linear has no kernel."""
        return self._weights_of(self._block)

    @property
    def biases(self) -> Array:
        """Return b, (…, outputs): a view, writable."""
        return self._block[..., -1, :]

    @property
    def grad_weights(self) -> Array:
        """dL/dW as of the last backward pass, of the shape of W: a view."""
        return self._weights_of(self._grad_block)

    @property
    def grad_biases(self) -> Array:
        """dL/db as of the last backward pass, (…, outputs): a view."""
        return self._grad_block[..., -1, :]

    def _weights_of(self, block: Array) -> Array:
        return block[..., :-1, :].reshape(*block.shape[:-2], *self._shape, copy=False)

    def bind(self, parameters: Array, gradients: Array) -> None:
        super().bind(parameters, gradients)
        block = (*parameters.shape[:-1], -1, self._shape[-1])
        self._block = parameters.reshape(block, copy=False)  # copy=False: views, or an error
        self._grad_block = gradients.reshape(block, copy=False)

    def initialize(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        self._draw(self.weights, initializer, rng)
        self.biases[...] = 0

    def initialize_biases(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        self._draw(self.biases, initializer, rng)

    def _draw(self, to: Array, initializer: Initializer, rng: np.random.Generator) -> None:
        """Write drawn values to the weights or to the biases, given the layer's fans."""
        checked(initializer, rng)
        *kernel, inputs, outputs = self._shape
        area = math.prod(kernel)
        drawn = initializer(to.shape, fan_in=area * inputs, fan_out=area * outputs, rng=rng)
        if np.shape(drawn) != to.shape:
            raise ValueError(
                f"an initializer must return an array of the given shape, {to.shape}; "
                f"{shown(initializer)} returned {np.shape(drawn)}"
            )
        to[...] = drawn

    def _fits(self, x: Rows) -> bool:
        """Return whether x has shape (*stack, samples, *sample) with this number of inputs."""
        axes = len(self._block.shape[:-2]) + 1 + self.sample_axes
        return x.cells.ndim == axes and x.cells.shape[-1] == self._shape[-2]
