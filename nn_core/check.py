"""The gradient check, for tests and teachers: back-propagation against finite differences."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn_core.given import generator, numbers, shown
from nn_core.layer import Array
from nn_core.sequential import Sequential


@dataclass(frozen=True, slots=True, repr=False)
class GradientCheck:
    """How far back-propagation is from central differences, relative to the gradient's length.

    Attributes
    ----------
    errors : tuple of (str, float)
        The largest relative error over the networks of the stack, for x and for each layer with
        parameters.
    """

    errors: tuple[tuple[str, float], ...]

    @property
    def largest(self) -> float:
        """The largest error: about 1e-8 in float64 if the gradients are right, 1e-2 in float32."""
        return max(error for _, error in self.errors)

    def __repr__(self) -> str:
        lines = "".join(f"\n    {error:.0e}  {name}" for name, error in self.errors)
        return f"GradientCheck: largest relative error {self.largest:.0e}{lines}"


def check_gradient(
    network: Sequential, x: npt.ArrayLike, *, rng: np.random.Generator | None = None
) -> GradientCheck:
    """Compare `network.backward` with central differences along random directions.

    L = ⟨y, v⟩ with a random v. Along a random u, ⟨dL/dθ, u⟩ must equal
    (L(θ + h·u) − L(θ − h·u)) / 2h: two forward passes check all of a layer's parameters at once.
    Use a network in float64; in float32, rounding leaves about two digits to compare. A ReLU whose
    input lies within h of zero has no derivative there and may show an error.

    Parameters
    ----------
    network : Sequential
        Keeps its parameters; its gradients are overwritten with the gradients of L.
    x : array_like
        As `network` takes it.
    rng : np.random.Generator, optional
        The source of the directions; by default every call uses the same ones.
    """
    if not isinstance(network, Sequential):
        raise TypeError(f"network must be a Sequential, got {shown(network)}")
    rng = np.random.default_rng(0) if rng is None else rng
    generator(rng)
    numbers("x", x)
    data = np.asarray(x, network.dtype)
    v = rng.standard_normal(network(data).shape).astype(network.dtype)
    grad_x = network.backward(v).copy()
    inputs = np.broadcast_to(data, grad_x.shape).copy()
    per_network = (*network.stack, -1)

    def along(moved: Array, gradient: Array) -> float:
        """Return the largest error when `moved`, parameters or inputs, moves along u."""
        kept, h = moved.copy(), float(np.finfo(network.dtype).eps) ** (1 / 3)
        u = rng.standard_normal(moved.shape).astype(network.dtype)
        values = []
        for sign in (1, -1):
            moved[...] = kept + sign * h * u
            values.append((network(inputs) * v).reshape(per_network).sum(-1))
        moved[...] = kept
        numeric = (values[0] - values[1]) / (2 * h)
        analytic = (gradient * u).reshape(per_network).sum(-1)
        length = np.linalg.norm(gradient.reshape(per_network), axis=-1)
        scale = np.maximum(np.maximum(length, np.abs(numeric)), np.finfo(network.dtype).tiny)
        return float(np.max(np.abs(numeric - analytic) / scale))

    errors = [("x", along(inputs, grad_x))]
    start = 0
    for i, layer in enumerate(network.layers):
        part = np.s_[..., start : start + layer.size]
        start += layer.size
        if layer.size:
            error = along(network.parameters[part], network.gradients[part])
            errors.append((f"layer {i}, {layer!r}", error))
    return GradientCheck(tuple(errors))
