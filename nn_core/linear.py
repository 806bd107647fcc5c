"""The affine layer y = x·W + b."""

import numpy as np
from typing_extensions import override

from nn_core.layer import Array, Initializer, Layer, Rows


class Linear(Layer):
    """y = x·W + b, shapes (…, samples, inputs) → (…, samples, outputs).

    W and b stand as one block of rows, [W; b], in the network's flat array, so that one product
    with [x 1] gives y, and one with its transpose gives dL/dW and dL/db.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        """Make a layer whose parameters the network will own; ValueError for a width below 1."""
        if min(inputs, outputs) < 1:
            raise ValueError(f"a width is at least 1, got Linear({inputs}, {outputs})")
        self.inputs, self.outputs = inputs, outputs
        self.size = (inputs + 1) * outputs

    @property
    def weights(self) -> Array:
        """W, (…, inputs, outputs): a view, writable."""
        return self._block[..., :-1, :]

    @property
    def biases(self) -> Array:
        """Return b, (…, outputs): a view, writable."""
        return self._block[..., -1, :]

    @property
    def grad_weights(self) -> Array:
        """dL/dW as of the last backward pass, (…, inputs, outputs): a view."""
        return self._grad_block[..., :-1, :]

    @property
    def grad_biases(self) -> Array:
        """dL/db as of the last backward pass, (…, outputs): a view."""
        return self._grad_block[..., -1, :]

    @override
    def bind(self, parameters: Array, gradients: Array) -> None:
        super().bind(parameters, gradients)
        block = (*parameters.shape[:-1], self.inputs + 1, self.outputs)
        self._block = parameters.reshape(block, copy=False)  # copy=False: views, or an error
        self._grad_block = gradients.reshape(block, copy=False)
        self._weights_transposed = self.weights.mT

    @override
    def initialize(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        self.weights[...] = initializer(
            self.weights.shape, fan_in=self.inputs, fan_out=self.outputs, rng=rng
        )
        self.biases[...] = 0

    @override
    def prepare(self, x: Rows) -> Rows:
        shape, dtype = x.cells.shape, x.full.dtype
        if shape[-1] != self.inputs:
            raise ValueError(f"{self!r} takes x of shape (…, samples, {self.inputs}), got {shape}")
        self._x_transposed = x.full.mT
        self._y = Rows((*shape[:-1], self.outputs), dtype)
        self._grad_x = Rows(shape, dtype, gradient=True)
        terms = max(self.outputs, 2)  # of a row's sum in `backward`
        self._transposed = np.zeros((*self._block.shape[:-2], terms, self.inputs), dtype)
        return self._y

    @override
    def forward(self, x: Rows) -> Rows:
        """Return [x 1]·[W; b]."""
        np.matmul(x.full, self._block, out=self._y.cells)
        return self._y

    @override
    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        """Write [dL/dW; dL/db] = [x 1]ᵀ·dL/dy and return dL/dx = dL/dy·Wᵀ.

        Wᵀ is copied, since BLAS takes half as long again for a transposed view; and where there is
        one output, a second term, 0·0, is added, since NumPy gives sums of one term to no BLAS.
        """
        np.matmul(self._x_transposed, grad_y.cells, out=self._grad_block)
        if grad_input:
            self._transposed[..., : self.outputs, :] = self._weights_transposed
            g = grad_y.full if self.outputs == 1 else grad_y.cells
            np.matmul(g, self._transposed, out=self._grad_x.cells)
        return self._grad_x

    @override
    def __repr__(self) -> str:
        return f"Linear({self.inputs}, {self.outputs})"
