"""The one interface of every layer, and the rows of numbers that travel between layers."""

import copy
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol, TypeAlias

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


class Rows:
    """What one layer hands to the next: `cells`, and behind the last cell of each row a one.

    The one makes the bias part of the product: [x 1]·[W; b] = x·W + b. `full` is contiguous, so
    that elementwise work runs over it in one go, and `cells` is a view of it.

    Attributes
    ----------
    full : Array
        (…, width + 1), contiguous, the last column all ones; in a gradient's rows all zeros, since
        the ones do not depend on anything.
    cells : Array
        (…, width), the view `full[..., :-1]`.
    kept : bool
        Whether a layer needs these numbers in its backward pass, so that no other may overwrite
        them.
    """

    __slots__ = ("cells", "full", "kept")

    def __init__(self, shape: Shape, dtype: npt.DTypeLike, *, gradient: bool = False) -> None:
        """Make rows whose `cells` have `shape`; those of a gradient take no memory until used."""
        self.full: Array = np.zeros((*shape[:-1], shape[-1] + 1), dtype)
        if not gradient:
            self.full[..., -1] = 1
        self.cells: Array = self.full[..., :-1]
        self.kept = False


class Layer(ABC):
    """A step of a network: y from x, and dL/dx from dL/dy.

    All arrays have the stack's axes first: (…, samples, features), or (…, samples, height, width,
    channels) for images. A network calls `bind` once, `prepare` once for each shape of input on a
    copy of the layer, then `forward` and `backward` on that copy, which allocate nothing.
    """

    size: int = 0  # how many parameters one network has here
    sample_axes: ClassVar[int] = 1  # how many axes one sample has in x
    stack: Shape | None = None  # of the network that owns the layer

    def bind(self, parameters: Array, gradients: Array) -> None:
        """Take views, both (…, size), of the network's flat arrays."""
        self.stack = parameters.shape[:-1]
        _ = gradients  # of interest only where there are parameters

    def initialize(  # noqa: B027 (most layers have nothing to draw)
        self, initializer: Initializer, *, rng: np.random.Generator
    ) -> None:
        """Draw the weights and set the biases to zero, where the layer has any."""

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
        if self.stack:
            shape = np.broadcast_shapes((*self.stack, *(1,) * (self.sample_axes + 1)), shape)
        rows = Rows(shape, np.result_type(values, np.float32))
        rows.cells[...] = values
        alone = copy.copy(self)
        alone.prepare(rows)
        return alone.forward(rows).cells.copy()

    def __repr__(self) -> str:
        """Write the layer as it was made."""
        return f"{type(self).__name__}()"
