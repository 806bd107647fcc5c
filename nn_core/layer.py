"""The interface of every layer, and the rows of numbers passed between layers."""

import copy
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Never, Protocol, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from nn_core.given import generator, no_arguments, numbers, shown

Array: TypeAlias = npt.NDArray[np.floating[Any]]
"""A NumPy array of float32 or float64."""

Shape: TypeAlias = tuple[int, ...]
"""The lengths of an array's axes."""

Sample: TypeAlias = tuple[int | None, ...] | None
"""The shape of one sample; None for lengths that depend on x."""

AXES = "height", "width", "channels"
"""The number of axes of an image in x."""


class Initializer(Protocol):
    """A function that draws initial weights in float64 from a shape, the fans and `rng` alone."""

    def __call__(
        self, shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> Array:
        """Return weights of `shape`, of a unit with `fan_in` inputs and `fan_out` outputs."""
        ...


LONG = 32  # rows for each column: above this, work by columns is faster


def copy_rows(to: Array, rows: Array) -> None:
    """Copy rows, by columns if these are long: a fifth of the time for two columns."""
    if to.size < LONG * to.shape[-1] ** 2:
        np.copyto(to, rows)
        return
    for column in range(to.shape[-1]):
        np.copyto(to[..., column], rows[..., column])


def inside_out(array: Array, axes: int) -> Array:
    """Return a view of `array` with its last `axes` axes in reverse order."""
    outer = array.ndim - axes
    return array.transpose(*range(outer), *reversed(range(outer, array.ndim)))


def checked(initializer: Initializer, rng: np.random.Generator) -> None:
    """Raise TypeError if weights cannot be drawn with these arguments."""
    if not callable(initializer) or isinstance(initializer, type):
        raise TypeError(
            "initializer must be a function such as nn_core.xavier, or a value of "
            f"nn_core.INITIALIZERS, got {shown(initializer)}"
        )
    generator(rng)


class Rows:
    """What one layer passes to the next: `cells`, with a one after the last cell of each row.

    The one makes the bias part of the product: [x 1]·[W; b] = x·W + b. `full` has no gaps, so that
    elementwise work covers it in one pass, and `cells` is a view of it. The last `inner` axes are
    in reverse order in memory: images have 4 such axes, so that the samples are innermost and
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
        Whether a layer needs these numbers in its backward pass, so that no other layer may
        overwrite them.
    """

    __slots__ = ("cells", "flat", "full", "inner", "kept")

    def __init__(
        self, shape: Shape, dtype: npt.DTypeLike, *, inner: int = 0, gradient: bool = False
    ) -> None:
        """Make rows whose `cells` have `shape`; rows of a gradient take no memory until used."""
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
        """Make rows with the same shape and memory order."""
        return type(self)(self.cells.shape, self.full.dtype, inner=self.inner, gradient=gradient)


class Layer(ABC):
    """A step of a network: y from x, and dL/dx from dL/dy.

    All arrays have the stack's axes first: (…, samples, features), or (…, samples, height, width,
    channels) for images. A network calls `bind` once, `prepare` once for each shape of input on a
    copy of the layer, then `forward` and `backward` on that copy, which allocate nothing.
    """

    size: int = 0  # the number of parameters in one network
    biases_size: int = 0  # the number of biases, which are the last parameters
    limits: ClassVar[tuple[float, float]] = (-math.inf, math.inf)  # the range of y
    sample_axes: ClassVar[int] = 0  # the number of axes of one sample in x; 0: any number
    stack: Shape | None = None  # of the network that owns the layer
    _takes: str = "(…, samples, features)"

    def __init__(self, *given: Never) -> None:
        """Make a layer; most classes take no arguments, and raise TypeError if given any."""
        no_arguments(self, given, "(x)")

    def sample_after(self, sample: Sample) -> Sample:
        """Return the shape of a sample of y for a given shape of x; None if it is unknown.

        Raises ValueError, which names the shapes, if the layer cannot take such an x.
        """
        _ = sample
        return None

    def _misfit(self, x: object) -> ValueError:
        """Return the error for an x of this shape."""
        return ValueError(f"{self!r} takes x of shape {self._takes}, got {x}")

    def _misfit_sample(self, sample: Sample) -> ValueError:
        """Return the error for an x whose samples have this shape."""
        sizes = (name if n is None else str(n) for n, name in zip(sample or (), AXES, strict=False))
        return self._misfit(f"(…, samples, {', '.join(sizes)})")

    def bind(self, parameters: Array, gradients: Array) -> None:
        """Take views, both (…, size), of the network's flat arrays."""
        self.stack = parameters.shape[:-1]
        _ = gradients  # used only by layers with parameters

    def initialize(  # noqa: B027 (most layers have nothing to draw)
        self, initializer: Initializer, *, rng: np.random.Generator
    ) -> None:
        """Draw the weights and set the biases to zero, if the layer has any."""

    def initialize_biases(  # noqa: B027 (most layers have none)
        self, initializer: Initializer, *, rng: np.random.Generator
    ) -> None:
        """Draw the biases, if the layer has any."""

    @abstractmethod
    def prepare(self, x: Rows) -> Rows:
        """Make the buffers for inputs like `x` and return the rows that `forward` will fill.

        Raises ValueError, which names the shapes, if such inputs do not fit.
        """

    @abstractmethod
    def forward(self, x: Rows) -> Rows:
        """Return y."""

    @abstractmethod
    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        """Write the gradients of the parameters and return dL/dx; `grad_y` may be overwritten.

        The return value is meaningless if `grad_input` is false.
        """

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Return y as a new array: for inspecting this layer alone, outside of training.

        Shapes are as in a network; a layer without parameters takes any.
        """
        values = np.atleast_1d(numbers("x", x))
        if self.size and self.stack is None:
            raise ValueError(f"{self!r} has no parameters until it is part of a network")
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


def layers_of(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Return the layers; TypeError if an element of the sequence is not a layer."""
    if isinstance(layers, str | type) or not isinstance(layers, Iterable):
        raise TypeError(f"layers must be a list, such as [Linear(2, 1)], got {shown(layers)}")
    made = tuple(layers)
    for i, layer in enumerate(made):
        if not isinstance(layer, Layer):
            of_ours = isinstance(layer, type) and issubclass(layer, Layer)
            mend = f": write {layer.__name__}(…), an instance" if of_ours else ""
            raise TypeError(f"layer {i} must be a layer, got {shown(layer)}{mend}")
    return made


def check_neighbours(layers: Sequence[Layer]) -> None:
    """Raise ValueError if a layer cannot take the output of the layer before it."""
    sample: Sample = None
    for i, layer in enumerate(layers):
        try:
            sample = layer.sample_after(sample)
        except ValueError as error:
            raise ValueError(f"layer {i} does not fit the layers before it: {error}") from None
