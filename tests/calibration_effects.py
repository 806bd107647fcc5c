"""How often the best is lost, a parameter matters, and a share is missed, by luck alone."""

import itertools
import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from study.stats import decomposition, matters, winners
from study.stats.agreement import differences
from study.stats.divergence import share_interval
from study.stats.intervals import Array
from study.stats.mixture import ALPHA

SIZES = (6, 10, 20)
"""How many repetitions."""

RIVALS = (3, 127)

Rng: TypeAlias = np.random.Generator


def _even(shape: tuple[int, int], rng: Rng) -> Array:
    return rng.standard_normal(shape)


def _unequal(shape: tuple[int, int], rng: Rng) -> Array:
    """Draw rows whose spread goes from 0.1 to 10."""
    spread: Array = np.geomspace(0.1, 10, shape[0])
    return spread[:, None] * rng.standard_normal(shape)


def _skewed(shape: tuple[int, int], rng: Rng) -> Array:
    """Draw rows with median 0, skewed to either side in turn."""
    side = np.where(np.arange(shape[0]) % 2, 1, -1)[:, None]
    skewed: Array = np.exp(1.5 * rng.standard_normal(shape)) - 1
    return np.multiply(side, skewed, dtype=np.float64)


def _failing(shape: tuple[int, int], rng: Rng) -> Array:
    """Draw rivals that fail in two of five repetitions, with medians of about 0.1."""
    fails = rng.random(shape) < 0.4  # medians stay finite
    fails[0] = False
    return np.where(fails, np.inf, rng.standard_normal(shape) - 0.9)


def _common(shape: tuple[int, int], rng: Rng) -> Array:
    """Draw rows that share most of what differs between repetitions."""
    return 3 * rng.standard_normal(shape[1]) + 0.3 * rng.standard_normal(shape)


def _ties(shape: tuple[int, int], rng: Rng) -> Array:
    """Draw rows with few different values."""
    return np.round(rng.standard_normal(shape))


WORLDS = {
    "even": _even, "unequal spread": _unequal, "skewed": _skewed, "failing rivals": _failing,
    "common draws": _common, "ties": _ties,
}  # fmt: skip
"""How repetitions vary around the median of their configuration, 0; the first row is best."""


def best_lost(
    world: str, shape: tuple[int, int], quantile: float, *, rounds: int, rng: Rng
) -> float:
    """Return how often the truly best is not tied with the best: at most 5 % are allowed.

    `shape` is of configurations and repetitions.
    """
    lost = 0
    for _ in range(rounds):
        low, high, comparable = winners.bounds([*WORLDS[world](shape, rng)], quantile)
        lost += bool(comparable and low[0] > high.min())
    return lost / rounds


def left(n: int, *, rounds: int, rng: Rng) -> float:
    """Return how many of 4 are tied on average if the best leads by 4 standard deviations."""
    ahead = np.array([[0.0], [4.0], [4.0], [4.0]])
    counts = []
    for _ in range(rounds):
        low, high, _ = winners.bounds([*(ahead + rng.standard_normal((4, n)))], 0.5)
        counts.append(int((low <= high.min()).sum()))
    return float(np.mean(counts))


LEVELS = (3, 4)
"""The levels of both parameters of a null study, in which 3 + 6 pairs of levels are compared."""


def matters_falsely(world: str, n: int, *, rounds: int, rng: Rng) -> float:
    """Return how often some parameter matters where none does: at most 5 % are allowed."""
    wrong = 0
    for _ in range(rounds):
        values = null(world, (*LEVELS, n), rng)
        pairs = [
            np.stack([axis[one], axis[other]], axis=1)
            for axis in (values, values.swapaxes(0, 1))
            for one, other in itertools.combinations(range(len(axis)), 2)
        ]
        p = [matters.signs(differences(pair, log=False))[-1] for pair in pairs]
        wrong += min(p) * len(p) <= ALPHA
    return wrong / rounds


def null(world: str, shape: tuple[int, ...], rng: Rng) -> Array:
    """Draw results, the last axis repetitions, in which no row is lower than another.

    Where rows differ in more than their spread, they change places in each repetition.
    """
    drawn = WORLDS[world]((math.prod(shape[:-1]), shape[-1]), rng)
    return (rng.permuted(drawn, axis=0) if world in MIXED else drawn).reshape(shape)


MIXED = ("skewed", "failing rivals")


SHARES: dict[str, Callable[[int, Rng], Array]] = {
    "independent runs": lambda n, rng: rng.binomial(5, 0.2, n) / 5,
    "one fate a repetition": lambda n, rng: (rng.random(n) < 0.2).astype(np.float64),
    "common draws": lambda n, rng: rng.binomial(5, rng.beta(0.3, 1.2, n)) / 5,
    "rare": lambda n, rng: rng.binomial(5, np.where(rng.random(n) < 0.25, 0.8, 0.05)) / 5,
}
"""Shares of each repetition's runs that diverge, with a mean of 20 or 24 %."""


def share_missed(world: str, n: int, *, rounds: int, rng: Rng) -> float:
    """Return how often the interval of a share lacks it: at most 5 % are allowed."""
    truth = 0.05 + 0.25 * 0.75 if world == "rare" else 0.2
    result = np.array([SHARES[world](n, rng).mean() for _ in range(rounds)])
    low, high = share_interval(result, n)
    return float(np.mean((truth < low) | (high < truth)))


def noise_share(n: int, *, rounds: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the mean ω² of a parameter and of noise in a grid in which nothing has an effect."""
    result = [
        decomposition.shares(rng.standard_normal((3, 4, 2, n)))[[0, -1]] for _ in range(rounds)
    ]
    parameter, noise = np.mean(result, axis=0)
    return float(parameter), float(noise)
