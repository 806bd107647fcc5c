"""A network: layers in order over one flat parameter array, for one network or a stack."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal, overload

import numpy as np
import numpy.typing as npt

from nn_core.layer import Array, Initializer, Layer, Rows, Shape

SHAPES = 8  # a network remembers its buffers for so many shapes of input
TABLE = 2  # axes of x that is no images: samples, features


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Copies of the layers with the buffers for one shape of input; the parameters are shared."""

    layers: tuple[Layer, ...]
    x: Rows
    y: Array
    grad_y: Rows


def _prepare(layers: tuple[Layer, ...], dtype: np.dtype, axes: int, x: Shape) -> _Prepared:
    copies = tuple(copy.copy(layer) for layer in layers)
    rows = first = Rows(x, dtype, inner=axes if axes > TABLE else 0)
    for layer in copies:
        rows = layer.prepare(rows)
    return _Prepared(copies, first, rows.cells, rows.like(gradient=True))


class Sequential:
    """Layers, one after the other, for one network or for a whole stack of them.

    Attributes
    ----------
    layers : tuple of Layer
        As given. Their `weights`, `biases`, `grad_weights` and `grad_biases` are views.
    stack : tuple of int
        The shape of the stack; () for one network.
    dtype : np.dtype
        float32 or float64: of everything that the network holds and returns.
    parameters, gradients : Array
        (*stack, P): all weights and biases, and the loss's derivatives by them.
    """

    def __init__(
        self, layers: Sequence[Layer], stack: Shape = (), dtype: npt.DTypeLike = np.float64
    ) -> None:
        """Make a network whose parameters are all zero.

        Raises ValueError where a layer stands twice or belongs to another network.
        """
        self.layers, self.stack, self.dtype = tuple(layers), tuple(stack), np.dtype(dtype)
        if not self.layers:
            raise ValueError("a network has at least one layer, got none")
        if self.dtype not in (np.float32, np.float64):
            raise ValueError(f"a network computes in float32 or float64, got {self.dtype}")
        for i, layer in enumerate(self.layers):
            if any(layer is other for other in self.layers[:i]) or layer.stack is not None:
                where = "another network" if layer.stack is not None else "this network already"
                raise ValueError(
                    f"this {layer!r} (layer {i}) stands in {where}: make a new one for each place, "
                    "since a layer keeps what its own backward pass needs"
                )
        self._unbound = tuple(copy.copy(layer) for layer in self.layers)
        size = sum(layer.size for layer in self.layers)
        self.parameters: Array = np.zeros((*self.stack, size), self.dtype)
        self.gradients: Array = np.zeros_like(self.parameters)
        start = 0
        for layer in self.layers:
            end = start + layer.size
            layer.bind(self.parameters[..., start:end], self.gradients[..., start:end])
            start = end
        self._axes = 1 + max(1, *(layer.sample_axes for layer in self.layers))
        self._prepared = lru_cache(maxsize=SHAPES)(
            partial(_prepare, self.layers, self.dtype, self._axes)
        )
        self._last: _Prepared | None = None

    @property
    def weights(self) -> tuple[slice, ...]:
        """The parts of the last axis of `parameters` that are weights; the others are biases."""
        found, end = [], 0
        for layer in self.layers:
            start, end = end, end + layer.size
            if layer.size:
                found.append(slice(start, end - layer.biases_size))
        return tuple(found)

    def initialize(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        """Draw all weights from `rng`, layer by layer, and set the biases to zero."""
        for layer in self.layers:
            layer.initialize(initializer, rng=rng)

    def initialize_biases(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        """Draw all biases from `rng`, layer by layer; the weights stay as they are."""
        for layer in self.layers:
            layer.initialize_biases(initializer, rng=rng)

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Return y_pred, (*stack, samples, outputs): a view that a later call overwrites.

        `x`, which is copied, has shape (samples, features), the same for all networks, or
        (*stack, samples, features); images have (samples, height, width, channels) in their place;
        anything else is a ValueError.
        """
        values = np.asarray(x)
        axes = self._axes
        if values.shape[:-axes] not in ((), self.stack) or values.ndim < axes:
            raise ValueError(
                f"x has {axes} axes, behind the stack's {self.stack} or behind none, "
                f"got {values.shape}"
            )
        last = self._last = self._prepared((*self.stack, *values.shape[-axes:]))
        np.copyto(last.x.cells, values)
        rows = last.x
        for layer in last.layers:
            rows = layer.forward(rows)
        return last.y

    @overload
    def backward(self, grad_y: Array, *, grad_input: Literal[True] = True) -> Array: ...
    @overload
    def backward(self, grad_y: Array, *, grad_input: bool) -> Array | None: ...

    def backward(self, grad_y: Array, *, grad_input: bool = True) -> Array | None:
        """Write `gradients` and return dL/dx, (*stack, *one network's x): a view, as y_pred is.

        `grad_y` is dL/dŷ of the last call's y_pred and has its shape. `grad_input=False` leaves
        out the product for the data, which training does not need, and returns None.
        """
        last = self._last
        if last is None:
            raise ValueError("backward needs a forward pass before it: call network(x) first")
        if grad_y.shape != last.y.shape:
            raise ValueError(f"grad_y must have y_pred's shape, {last.y.shape}, got {grad_y.shape}")
        np.copyto(last.grad_y.cells, grad_y)
        rows = last.grad_y
        for layer in last.layers[:0:-1]:
            rows = layer.backward(rows)
        rows = last.layers[0].backward(rows, grad_input=grad_input)
        return rows.cells if grad_input else None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as new layers with the same parameters and new buffers."""
        return _rebuild, (self._unbound, self.stack, self.dtype, self.parameters)

    def __repr__(self) -> str:
        """Write the layers, one a line, then the stack and the precision."""
        layers = "".join(f"    {layer!r},\n" for layer in self.layers)
        return f"Sequential([\n{layers}], stack={self.stack}, dtype={self.dtype})"


def _rebuild(
    layers: tuple[Layer, ...], stack: Shape, dtype: npt.DTypeLike, parameters: Array
) -> Sequential:
    network = Sequential(copy.deepcopy(layers), stack, dtype)
    network.parameters[...] = parameters
    return network
