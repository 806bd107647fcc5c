"""The affine layer y = x·W + b."""

import numpy as np

from nn_core.affine import Affine
from nn_core.given import whole
from nn_core.layer import Array, Rows, Sample


class Linear(Affine):
    """y = x·W + b, shapes (…, samples, inputs) → (…, samples, outputs)."""

    sample_axes = 1

    def __init__(self, inputs: int, outputs: int) -> None:
        """Make a layer whose parameters the network will own; ValueError for a width below 1."""
        self.inputs, self.outputs = whole("inputs", inputs), whole("outputs", outputs)
        super().__init__((self.inputs, self.outputs))
        self._takes = f"(…, samples, {self.inputs})"

    def sample_after(self, sample: Sample) -> Sample:
        if sample not in {None, (self.inputs,)}:
            raise self._misfit_sample(sample)
        return (self.outputs,)

    def bind(self, parameters: Array, gradients: Array) -> None:
        super().bind(parameters, gradients)
        self._weights_transposed = self.weights.mT

    def prepare(self, x: Rows) -> Rows:
        shape, dtype = x.cells.shape, x.full.dtype
        if not self._fits(x):
            raise self._misfit(shape)
        self._x_transposed = x.full.mT
        self._y = Rows((*shape[:-1], self.outputs), dtype)
        self._grad_x = Rows(shape, dtype, gradient=True)
        terms = max(self.outputs, 2)  # the number of terms of each sum in `backward`
        self._transposed = np.zeros((*self._block.shape[:-2], terms, self.inputs), dtype)
        return self._y

    def forward(self, x: Rows) -> Rows:
        """Return [x 1]·[W; b]."""
        np.matmul(x.full, self._block, out=self._y.cells)
        return self._y

    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        """Write [dL/dW; dL/db] = [x 1]ᵀ·dL/dy and return dL/dx = dL/dy·Wᵀ.

        Wᵀ is copied, since BLAS takes 50 % longer for a transposed view. For a single output, a
        second term, 0·0, is added, since NumPy does not use BLAS for sums of one term.
        """
        np.matmul(self._x_transposed, grad_y.cells, out=self._grad_block)
        if grad_input:
            self._transposed[..., : self.outputs, :] = self._weights_transposed
            g = grad_y.full if self.outputs == 1 else grad_y.cells
            np.matmul(g, self._transposed, out=self._grad_x.cells)
        return self._grad_x

    def __repr__(self) -> str:
        return f"Linear({self.inputs}, {self.outputs})"
