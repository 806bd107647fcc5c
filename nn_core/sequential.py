"""A network: layers in order over one flat parameter array, for one network or a stack."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal, overload

import numpy as np
import numpy.typing as npt

from nn_core.given import numbers, precision, shown, sizes
from nn_core.layer import (
    AXES,
    Array,
    Initializer,
    Layer,
    Rows,
    Shape,
    check_neighbours,
    checked,
    copy_rows,
    layers_of,
)

SHAPES = 8  # the number of input shapes whose buffers a network keeps
TABLE = 2  # axes of an x that is a table: samples, features


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
        float32 or float64, for everything that the network holds and returns.
    parameters, gradients : Array
        (*stack, P): all weights and biases, and the derivatives of the loss by them.
    """

    def __init__(
        self, layers: Sequence[Layer], stack: Shape = (), dtype: npt.DTypeLike = np.float64
    ) -> None:
        """Make a network whose parameters are all zero until `initialize` is called.

        Raises ValueError if a layer is listed twice, belongs to another network, or does not fit
        the layer before it.
        """
        self.layers, self.stack = layers_of(layers), sizes("stack", stack, "(8,)")
        if not self.layers:
            raise ValueError("a network needs at least one layer, got none")
        if min(self.stack, default=1) < 1:
            raise ValueError(f"a stack needs at least one network, got the shape {self.stack}")
        self.dtype = precision(dtype)
        for i, layer in enumerate(self.layers):
            if any(layer is other for other in self.layers[:i]) or layer.stack is not None:
                where = "another network" if layer.stack is not None else "this network already"
                raise ValueError(
                    f"this {layer!r} (layer {i}) is part of {where}: make a new layer for each "
                    "place, since a layer keeps what its own backward pass needs"
                )
        check_neighbours(self.layers)
        self._unbound = tuple(copy.copy(layer) for layer in self.layers)
        size = sum(layer.size for layer in self.layers)
        self._parameters: Array = np.zeros((*self.stack, size), self.dtype)
        self._gradients: Array = np.zeros_like(self._parameters)
        self._begun = size == 0
        start = 0
        for layer in self.layers:
            end = start + layer.size
            layer.bind(self._parameters[..., start:end], self._gradients[..., start:end])
            start = end
        self._axes = 1 + max(1, *(layer.sample_axes for layer in self.layers))
        self._prepared = lru_cache(maxsize=SHAPES)(
            partial(_prepare, self.layers, self.dtype, self._axes)
        )
        self._last: _Prepared | None = None  # None before the first forward pass

    @property
    def parameters(self) -> Array:
        """All weights and biases, (*stack, P); an assigned value is copied into this array."""
        return self._parameters

    @parameters.setter
    def parameters(self, values: npt.ArrayLike) -> None:
        self._parameters[...] = values
        self._begun = True

    @property
    def gradients(self) -> Array:
        """dL/dθ, for θ the parameters; an assigned value is copied into this array."""
        return self._gradients

    @gradients.setter
    def gradients(self, values: npt.ArrayLike) -> None:
        self._gradients[...] = values

    @property
    def weights(self) -> tuple[slice, ...]:
        """The slices of the last axis of `parameters` that are weights; the others are biases."""
        parts, end = [], 0
        for layer in self.layers:
            start, end = end, end + layer.size
            if layer.size:
                parts.append(slice(start, end - layer.biases_size))
        return tuple(parts)

    def initialize(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        """Draw all weights from `rng`, layer by layer, and set the biases to zero."""
        checked(initializer, rng)
        self._begun = True
        for layer in self.layers:
            layer.initialize(initializer, rng=rng)

    def initialize_biases(self, initializer: Initializer, *, rng: np.random.Generator) -> None:
        """Draw all biases from `rng`, layer by layer; the weights are unchanged."""
        checked(initializer, rng)
        for layer in self.layers:
            layer.initialize_biases(initializer, rng=rng)

    def __call__(self, x: npt.ArrayLike) -> Array:
        """Return y_pred, (*stack, samples, outputs): a view that a later call overwrites.

        `x`, which is copied, has shape (samples, features), the same for all networks, or
        (*stack, samples, features); images have (samples, height, width, channels) instead;
        anything else is a ValueError.
        """
        try:
            values = np.asarray(x)
            axes = self._axes
            if values.shape[:-axes] not in ((), self.stack) or values.ndim < axes:
                raise self._other_shape(values.shape)
            last = self._prepared((*self.stack, *values.shape[-axes:]))
            if self._last is not None or self._has_begun():
                self._last = last
            copy_rows(last.x.cells, values)
        except (TypeError, ValueError):
            numbers("x", x)  # a TypeError that shows x, where x is the cause
            raise
        rows = last.x
        for layer in last.layers:
            rows = layer.forward(rows)
        return last.y

    def _other_shape(self, shape: Shape) -> ValueError:
        """Return the error for an x of this shape."""
        one = ("samples", "features") if self._axes == TABLE else ("samples", *AXES)
        right = f"({', '.join(one)})"
        stacked = f" or ({', '.join([*map(str, self.stack), *one])})" if self.stack else ""
        return ValueError(f"x must have shape {right}{stacked}, got {shape}")

    def _has_begun(self) -> bool:
        """Return whether the parameters may differ from the initial zeros."""
        return self._begun or bool(self._parameters.any())

    def _no_pass(self) -> ValueError:
        """Return the error for a backward pass without a forward pass before it."""
        if self._has_begun():
            return ValueError("backward needs a forward pass before it: call network(x) first")
        return ValueError(
            "the network was never initialized, so all its parameters are 0: call "
            "network.initialize(xavier, rng=np.random.default_rng(0)) before network(x)"
        )

    @overload
    def backward(self, grad_y: Array, *, grad_input: Literal[True] = True) -> Array: ...
    @overload
    def backward(self, grad_y: Array, *, grad_input: bool) -> Array | None: ...

    def backward(self, grad_y: Array, *, grad_input: bool = True) -> Array | None:
        """Write `gradients` and return dL/dx, (*stack, *one network's x): a view, as y_pred is.

        `grad_y` is dL/dŷ of the last call's y_pred and has its shape. `grad_input=False` omits
        the product for the data, which training does not need, and returns None.
        """
        last = self._last
        if last is None:
            raise self._no_pass()
        try:
            if grad_y.shape != last.y.shape:
                raise ValueError(
                    f"grad_y must have y_pred's shape, {last.y.shape}, got {grad_y.shape}: "
                    "pass loss.backward(y_pred, y)"
                )
            copy_rows(last.grad_y.cells, grad_y)
        except (AttributeError, TypeError):
            raise TypeError(
                "grad_y must be an array of numbers, such as loss.backward(y_pred, y), "
                f"got {shown(grad_y)}"
            ) from None
        rows = last.grad_y
        for layer in last.layers[:0:-1]:
            rows = layer.backward(rows)
        rows = last.layers[0].backward(rows, grad_input=grad_input)
        return rows.cells if grad_input else None

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle as new layers with the same parameters and new buffers."""
        return _rebuild, (self._unbound, self.stack, self.dtype, self.parameters, self._begun)

    def __repr__(self) -> str:
        """Write the layers, one a line, then the stack and the precision."""
        layers = "".join(f"    {layer!r},\n" for layer in self.layers)
        return f"Sequential([\n{layers}], stack={self.stack}, dtype={str(self.dtype)!r})"


def _rebuild(
    layers: tuple[Layer, ...], stack: Shape, dtype: npt.DTypeLike, parameters: Array, begun: object
) -> Sequential:
    network = Sequential(copy.deepcopy(layers), stack, dtype)
    if begun:
        network.parameters = parameters
    else:
        network.parameters[...] = parameters
    return network
