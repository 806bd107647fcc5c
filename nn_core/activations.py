"""Elementwise activations, in place, with derivatives from the output: ACTIVATIONS."""

import math
from abc import abstractmethod
from collections.abc import Callable

import numpy as np

from nn_core.layer import Array, Layer, Rows, Sample


class Activation(Layer):
    """y = f(x), elementwise; dL/dx = dL/dy · f′, with f′ written in terms of y.

    Works over `Rows.full`, which has no gaps, and then restores the column of ones.

    Attributes
    ----------
    value_loop, slope_loop : callable or None
        Take two arrays `Rows.flat`: x and y, to write f(x) as `apply` does; y and dL/dy, to
        multiply the latter by f′ as `derive` and a product do. Both return the same bits as
        these; None unless set before the network is first called.
    """

    value_loop: Callable[[Array, Array], None] | None = None
    slope_loop: Callable[[Array, Array], None] | None = None

    @abstractmethod
    def apply(self, x: Array, y: Array) -> None:
        """Write f(x) to `y`, which may be `x` itself."""

    @abstractmethod
    def derive(self, y: Array, slope: Array) -> None:
        """Write f′ at the points where f is `y` to `slope`."""

    def sample_after(self, sample: Sample) -> Sample:
        return sample

    def prepare(self, x: Rows) -> Rows:
        self._y = x.like() if x.kept else x
        self._y.kept = True
        self._ones = self._y.full[..., -1]
        self._slope = np.empty_like(x.full)
        return self._y

    def forward(self, x: Rows) -> Rows:
        if self.value_loop is not None:
            self.value_loop(x.flat, self._y.flat)
        else:
            self.apply(x.full, self._y.full)
        self._ones.fill(1)
        return self._y

    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        if grad_input and self.slope_loop is not None and grad_y.inner == self._y.inner:
            self.slope_loop(self._y.flat, grad_y.flat)
        elif grad_input:
            self.derive(self._y.full, self._slope)
            np.multiply(grad_y.full, self._slope, out=grad_y.full)
        return grad_y


class ELU(Activation):
    """y = x where x > 0, else eˣ − 1; dy/dx = 1 where y > 0, else y + 1.

    Clevert et al. 2016, with α = 1.
    """

    limits = (-1.0, math.inf)

    def apply(self, x: Array, y: Array) -> None:
        np.minimum(x, 0, out=self._slope)  # free until `derive`
        np.expm1(self._slope, out=self._slope)
        np.maximum(x, self._slope, out=y)  # eˣ − 1 ≥ x

    def derive(self, y: Array, slope: Array) -> None:
        np.minimum(y, 0, out=slope)
        np.add(slope, 1, out=slope)


class LeakyReLU(Activation):
    """y = max(x, x/100), dy/dx = 1 where y > 0, else 1/100: Maas et al. 2013."""

    def apply(self, x: Array, y: Array) -> None:
        np.multiply(x, 0.01, out=self._slope)  # free until `derive`
        np.maximum(x, self._slope, out=y)

    def derive(self, y: Array, slope: Array) -> None:
        np.greater(y, 0, out=slope)
        np.maximum(slope, 0.01, out=slope)


class NoActivation(Layer):
    """y = x, dy/dx = 1."""

    def sample_after(self, sample: Sample) -> Sample:
        return sample

    def prepare(self, x: Rows) -> Rows:
        return x

    def forward(self, x: Rows) -> Rows:
        return x

    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        return grad_y


class ReLU(Activation):
    """y = max(x, 0), dy/dx = 1 where y > 0, else 0."""

    limits = (0.0, math.inf)

    def prepare(self, x: Rows) -> Rows:
        self._zeros = np.zeros(x.full.shape[-1], x.full.dtype)  # 2 times as fast as the number 0
        return super().prepare(x)

    def apply(self, x: Array, y: Array) -> None:
        np.maximum(x, self._zeros, out=y)

    def derive(self, y: Array, slope: Array) -> None:
        np.greater(y, 0, out=slope)


class Sigmoid(Activation):
    """y = 1 / (1 + e⁻ˣ) = ½·tanh(x/2) + ½, which cannot overflow; dy/dx = y·(1 − y)."""

    limits = (0.0, 1.0)

    def apply(self, x: Array, y: Array) -> None:
        np.multiply(x, 0.5, out=y)
        np.tanh(y, out=y)
        np.multiply(y, 0.5, out=y)
        np.add(y, 0.5, out=y)

    def derive(self, y: Array, slope: Array) -> None:
        np.subtract(1, y, out=slope)
        np.multiply(slope, y, out=slope)


class SoftSign(Activation):
    """y = x / (1 + |x|), dy/dx = (1 − |y|)²."""

    limits = (-1.0, 1.0)

    def apply(self, x: Array, y: Array) -> None:
        np.abs(x, out=self._slope)  # free until `derive`
        np.add(self._slope, 1, out=self._slope)
        np.divide(x, self._slope, out=y)

    def derive(self, y: Array, slope: Array) -> None:
        np.abs(y, out=slope)
        np.subtract(1, slope, out=slope)
        np.multiply(slope, slope, out=slope)


class Tanh(Activation):
    """y = tanh x, dy/dx = 1 − y²."""

    limits = (-1.0, 1.0)

    def apply(self, x: Array, y: Array) -> None:
        np.tanh(x, out=y)

    def derive(self, y: Array, slope: Array) -> None:
        np.multiply(y, y, out=slope)
        np.subtract(1, slope, out=slope)


ACTIVATIONS: dict[str, type[Layer]] = {
    "none": NoActivation,
    "elu": ELU,
    "leaky_relu": LeakyReLU,
    "relu": ReLU,
    "sigmoid": Sigmoid,
    "softsign": SoftSign,
    "tanh": Tanh,
}
"""The activations by the names that pipeline files use; `none` is the identity."""
