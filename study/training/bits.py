"""The law of every compiled loop: NumPy's bits, on numbers where arithmetic could differ."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_core import Array, Optimizer, SoftmaxCrossEntropyLoss
from nn_core.optimizer import Trainable
from nn_core.softmax import Steps
from study.training.loops import Loop
from study.training.right import Right

CLASSES = 2, 3, 7, 8, 9, 10, 15, 16, 20
"""Numbers of classes on both sides of where the order of a sum changes."""

SHAPE = 3, 1003
"""Runs and numbers of each: many times what a processor takes at once, and a rest."""

NANS = 0.05
"""The share of NaN. All are the one that the processor makes of ∞ − ∞, as in training: where two
different ones meet, C leaves open which is kept."""


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
        values: Array = np.choose(rng.integers(3, size=shape), [numbers, near, edges]).astype(dtype)
        infinite = np.full(shape, np.inf, dtype)
        np.subtract(infinite, infinite, out=values, where=rng.random(shape) < NANS)
    return values


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
    bits = []
    with np.errstate(all="ignore"):
        for step in range(steps):
            g = optimizer.gradients
            g[...] = hard(g.shape, g.dtype, seed + len(arrays) + step)
            optimizer.step()
            bits += [array.tobytes() for array in arrays]
    return bits


def logits(classes: int, dtype: str, seed: int) -> tuple[Array, Array]:
    """Return outputs as a network has them, with a gap, and labels, (runs, samples, classes).

    Of a third each: hard numbers, usual ones, and whole ones, whose largest are often tied.
    """
    rng, shape = np.random.default_rng(seed), (3, 41, classes + 1)
    usual = rng.standard_normal(shape)
    numbers = [hard(shape, np.dtype(dtype), seed), usual, np.round(usual)]
    z: Array = np.choose(rng.integers(3, size=(*shape[:2], 1)), numbers).astype(dtype)
    labels = rng.integers(classes, size=(*shape[:2], 1)) == np.arange(classes)
    return z[..., :-1], labels.astype(dtype)


def lost(steps: Steps, dtype: str, seed: int) -> list[bytes]:
    """Return the bits of losses, gradients and predictions that a softmax's steps give.

    All NaN count as one.
    """
    loss, bits = SoftmaxCrossEntropyLoss(), []
    loss.steps = steps
    for classes in CLASSES:
        z, y = logits(classes, dtype, seed)
        with np.errstate(all="ignore"):
            alone = loss(z, y), loss.backward(z, y).copy(), loss.prediction(z)
            arrays = *alone, *loss.value_and_gradient(z, y)
        bits += [np.where(np.isnan(a), np.full_like(a, np.nan), a).tobytes() for a in arrays]
    return bits


def compared(loop: Loop | None, dtype: str, seed: int) -> list[bytes]:
    """Return which samples are right by a loop, or by NumPy without one."""
    drawn = [logits(classes, dtype, seed) for classes in CLASSES]
    return [Right(y == 1, y, loop).of(z, 0.0).tobytes() for z, y in drawn]
