"""Initial weights and biases, drawn from `rng` alone: INITIALIZERS, BIAS_INITIALIZERS."""

import math

import numpy as np

from nn_core.given import fans
from nn_core.layer import Array, Initializer, Shape


def standard_normal(shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw from N(0, 1), whatever the fans: as in the lab."""
    fans(fan_in, fan_out, rng)
    return rng.standard_normal(shape)


def xavier(shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw uniformly within ±√(6 / (fan_in + fan_out)): Glorot & Bengio 2010, equation 16."""
    fans(fan_in, fan_out, rng)
    bound = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, shape)


def he(shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw from N(0, 2 / fan_in), meant for ReLU: He et al. 2015, equation 10."""
    fans(fan_in, fan_out, rng)
    return math.sqrt(2 / fan_in) * rng.standard_normal(shape)


def uniform(shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Draw uniformly within ±1 / √fan_in: PyTorch's default for linear layers."""
    fans(fan_in, fan_out, rng)
    bound = 1 / math.sqrt(fan_in)
    return rng.uniform(-bound, bound, shape)


def zeros(shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator) -> Array:
    """Return zeros: all units of a layer are equal and stay equal in training."""
    fans(fan_in, fan_out, rng)
    return np.zeros(shape)


BIAS_INITIALIZERS: dict[str, Initializer] = {
    "zeros": zeros,
    "normal": standard_normal,
    "uniform": uniform,
}
"""The initial biases by name: drawn like the weights of their unit."""

INITIALIZERS: dict[str, Initializer] = {
    "standard_normal": standard_normal,
    "xavier": xavier,
    "he": he,
    "uniform": uniform,
    "zeros": zeros,
}
"""The initial weights by the names that pipeline files use."""
