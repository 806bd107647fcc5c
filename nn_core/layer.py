"""The one interface of every layer, and the rows of numbers that travel between layers."""

import copy
import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Shape: TypeAlias = tuple[int, ...]


class Initializer(Protocol):
    """How weights begin: a draw in float64 that depends on the shape, the fans and `rng` alone."""

    def __call__(
        self, shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> Array:
        """Return weights of `shape`, of a unit with `fan_in` inputs and `fan_out` outputs."""
        ...


def inside_out(array: Array, axes: int) -> Array:
    """Return a view of `array` whose last `axes` axes stand in reverse order."""
    outer = array.ndim - axes
    return array.transpose(*range(outer), *reversed(range(outer, array.ndim)))


class Rows:
    """What one layer hands to the next: `cells`, and behind the last cell of each row a one.

    The one makes the bias part of the product: [x 1]·[W; b] = x·W + b. `full` has no gaps, so that
    elementwise work runs over it in one go, and `cells` is a view of it. `inner` of its last axes
    lie in memory in reverse order: images have 4 such axes, so that the samples are innermost and
    a shift by a pixel moves long runs of numbers.

    Attributes
    ----------
    full : Array
        (…, width + 1), the last column all ones; in a gradient's rows all zeros, since the ones do
        not depend on anything.
    cells : Array
        (…, width), the view `full[..., :-1]`.
    flat : Array
        The numbers of `full` in their order in memory, a view with one axis.
    kept : bool
        Whether a layer needs these numbers in its backward pass, so that no other may overwrite
        them.
    """

    __slots__ = ("cells", "flat", "full", "inner", "kept")

    def __init__(
        self, shape: Shape, dtype: npt.DTypeLike, *, inner: int = 0, gradient: bool = False
    ) -> None:
        """Make rows whose `cells` have `shape`; those of a gradient take no memory until used."""
        outer = len(shape) - inner
        full = *shape[:-1], shape[-1] + 1
        self.inner = inner
        memory = np.zeros((*full[:outer], *full[outer:][::-1]), dtype)
        self.full: Array = inside_out(memory, inner)
        self.flat: Array = memory.reshape(-1, copy=False)
        if not gradient:
            self.full[..., -1] = 1
        self.cells: Array = self.full[..., :-1]
        self.kept = False

    def like(self, *, gradient: bool = False) -> Self:
        """Make rows of the same shape and order in memory."""
        return type(self)(self.cells.shape, self.full.dtype, inner=self.inner, gradient=gradient)


class Layer(ABC):
    """A step of a network: y from x, and dL/dx from dL/dy.

    All arrays have the stack's axes first: (…, samples, features), or (…, samples, height, width,
    channels) for images. A network calls `bind` once, `prepare` once for each shape of input on a
    copy of the layer, then `forward` and `backward` on that copy, which allocate nothing.
    """

    size: int = 0  # how many parameters one network has here
    biases_size: int = 0  # how many of these are biases, which are the last
    limits: ClassVar[tuple[float, float]] = (-math.inf, math.inf)  # between which all y lie
    sample_axes: ClassVar[int] = 0  # how many axes one sample has in x; 0: any number
    stack: Shape | None = None  # of the network that owns the layer

    def bind(self, parameters: Array, gradients: Array) -> None:
        """Take views, both (…, size), of the network's flat arrays."""
        self.stack = parameters.shape[:-1]
        _ = gradients  # of interest only where there are parameters

    def initialize(  # noqa: B027 (most layers have nothing to draw)
        self, initializer: Initializer, *, rng: np.random.Generator
    ) -> None:
        """Draw the weights and set the biases to zero, where the layer has any."""

    def initialize_biases(  # noqa: B027 (most layers have none)
        self, initializer: Initializer, *, rng: np.random.Generator
    ) -> None:
        """Draw the biases, where the layer has any."""

    @abstractmethod
    def prepare(self, x: Rows) -> Rows:
        """Make the buffers for inputs like `x` and return the rows that `forward` will fill.

        Raises ValueError, which names the shapes, where such inputs do not fit.
        """

    @abstractmethod
    def forward(self, x: Rows) -> Rows:
        """Return y."""

    @abstractmethod
    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        """Write the gradients of the parameters and return dL/dx; `grad_y` may be overwritten.

        What is returned means nothing where `grad_input` is false.
        """

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Return y as a new array: for a look at this layer alone, outside of training.

        Shapes are as in a network; a layer without parameters takes any.
        """
        values = np.atleast_1d(x)
        if self.size and self.stack is None:
            raise ValueError(f"{self!r} has no parameters until it stands in a network")
        shape = values.shape
        if self.stack and self.sample_axes:
            shape = np.broadcast_shapes((*self.stack, *(1,) * (self.sample_axes + 1)), shape)
        rows = Rows(shape, np.result_type(values, np.float32))
        rows.cells[...] = values
        alone = copy.copy(self)
        alone.prepare(rows)
        return alone.forward(rows).cells.copy()

    def __repr__(self) -> str:
        """Write the layer as it was made."""
        return f"{type(self).__name__}()"


class Affine(Layer):
    """A layer of weights W and biases b, y = x·W + b, where x·W is a product or a convolution.

    They stand as one block of rows, [W; b], in the network's flat array, so that one product with
    [x 1] gives y, and one with its transpose gives dL/dW and dL/db.
    """

    def __init__(self, shape: Shape) -> None:
        """Make weights of `shape`, (…, outputs); ValueError for a width below 1."""
        if min(shape) < 1:
            raise ValueError(f"a width is at least 1, got {self!r}")
        self._shape = shape
        self.size = (math.prod(shape[:-1]) + 1) * shape[-1]
        self.biases_size = shape[-1]

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
        """Write a draw to the weights, or to the biases, of units with the layer's fans."""
        *kernel, inputs, outputs = self._shape
        area = math.prod(kernel)
        to[...] = initializer(to.shape, fan_in=area * inputs, fan_out=area * outputs, rng=rng)

    def _fits(self, x: Rows) -> bool:
        """Say whether x has the stack's axes, the samples', and a sample's, of so many inputs."""
        axes = len(self._block.shape[:-2]) + 1 + self.sample_axes
        return x.cells.ndim == axes and x.cells.shape[-1] == self._shape[-2]
