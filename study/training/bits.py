"""The law of every compiled loop: NumPy's bits, on numbers where arithmetic could differ."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core.layer import Array
from nn_core.optimizer import Optimizer, Trainable

SHAPE = 3, 1003
"""Runs and numbers of each: many times what a processor takes at once, and a rest."""

NANS = 0.05
"""The share of NaN. All are the one that the processor makes of ∞ − ∞, as in training: where two
different ones meet, C does not say which is kept."""


@dataclass(frozen=True, slots=True)
class Flat(Trainable):
    """Parameters and gradients without a network."""

    parameters: Array
    gradients: Array
    weights: tuple[slice, ...] = ()


def hard(shape: tuple[int, ...], dtype: np.dtype[np.floating], seed: int) -> Array:
    """Return numbers of all sizes, a third of them ±0, subnormal, ±∞, or next to overflow."""
    rng, limits = np.random.default_rng(seed), np.finfo(dtype)
    low, high = np.log10(float(limits.tiny)) - 5, np.log10(float(limits.max))
    numbers = rng.choice([-1.0, 1.0], shape) * 10.0 ** rng.uniform(low, high, shape)
    near = rng.standard_normal(shape)
    ends = [0.0, limits.smallest_subnormal, limits.tiny, limits.max, np.inf, 1.0]
    edges = rng.choice([-1.0, 1.0], shape) * rng.choice(np.array(ends, np.float64), shape)
    with np.errstate(all="ignore"):
        found: Array = np.choose(rng.integers(3, size=shape), [numbers, near, edges]).astype(dtype)
        infinite = np.full(shape, np.inf, dtype)
        np.subtract(infinite, infinite, out=found, where=rng.random(shape) < NANS)
    return found


def written(loop: Callable[[Array, Array], None], dtype: str, seed: int, *, signed: bool) -> bytes:
    """Return the bits of the second of two arrays of hard numbers; all NaN count as one.

    And −0 as 0 unless `signed`: of max(−0, 0), too, NumPy takes one or the other, as they lie.
    SoftSign has NaN of two signs. Where they meet, NumPy keeps one or the other, as they lie.
    """
    x, y = (hard(SHAPE, np.dtype(dtype), seed + i) for i in range(2))
    with np.errstate(all="ignore"):
        loop(x.reshape(-1), y.reshape(-1))
    zero = y.dtype.type(-0.0 if signed else 0.0)  # what −0 is added to remains −0
    return np.where(np.isnan(y), np.full_like(y, np.nan), y + zero).tobytes()


def moved(optimizer: Optimizer, *, seed: int = 0, steps: int = 2) -> list[bytes]:
    """Return the bits of θ and of the optimizer's state after each step from hard numbers."""
    arrays = [optimizer.parameters, *optimizer.state.values()]
    for i, array in enumerate(arrays):
        array[...] = hard(array.shape, array.dtype, seed + i)
    found = []
    with np.errstate(all="ignore"):
        for step in range(steps):
            g = optimizer.gradients
            g[...] = hard(g.shape, g.dtype, seed + len(arrays) + step)
            optimizer.step()
            found += [array.tobytes() for array in arrays]
    return found
