"""The part of `make calibration` on effects: the best is kept, noise is no effect."""

import itertools
import math
import sys
from typing import TypeAlias

import numpy as np

from study.stats import decomposition, matters, winners
from study.stats.agreement import differences
from study.stats.intervals import Array
from study.stats.mixture import ALPHA

SIZES = (3, 6, 10, 20, 30)
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
    """Draw rivals of which two in five repetitions fail, with medians of about 0.1."""
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


def best_lost(world: str, n: int, rivals: int, *, rounds: int, rng: Rng) -> float:
    """Return how often the truly best is not tied with the best: at most 5 % are allowed."""
    lost = 0
    for _ in range(rounds):
        low, high, comparable = winners.bounds([*WORLDS[world]((rivals + 1, n), rng)], 0.5)
        lost += bool(comparable and low[0] > high.min())
    return lost / rounds


def left(n: int, *, rounds: int, rng: Rng) -> float:
    """Return how many of 4 are tied, in the mean, where the best leads by 4 standard deviations."""
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
        p = [matters.tested(differences(pair, log=False))[-1] for pair in pairs]
        wrong += min(p) * len(p) <= ALPHA
    return wrong / rounds


def null(world: str, shape: tuple[int, ...], rng: Rng) -> Array:
    """Draw results, the last axis repetitions, of which no row is lower than another.

    Where rows differ in more than their spread, they change places in each repetition.
    """
    drawn = WORLDS[world]((math.prod(shape[:-1]), shape[-1]), rng)
    return (rng.permuted(drawn, axis=0) if world in MIXED else drawn).reshape(shape)


MIXED = ("skewed", "failing rivals")


def noise_share(n: int, *, rounds: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the mean ω² of a parameter and of noise in a grid in which nothing has an effect."""
    found = [
        decomposition.shares(rng.standard_normal((3, 4, 2, n)))[[0, -1]] for _ in range(rounds)
    ]
    parameter, noise = np.mean(found, axis=0)
    return float(parameter), float(noise)


def say(rounds: int, rng: np.random.Generator) -> None:
    """Print the table."""
    write = sys.stdout.write
    few = rounds // 10
    rows = {
        **{
            f"the best is not tied, of {rivals + 1}, {world}": [
                best_lost(world, n, rivals, rounds=few, rng=rng) for n in SIZES
            ]
            for rivals in RIVALS
            for world in WORLDS
        },
        **{
            f"a parameter matters, of 2 that do not, {world}": [
                matters_falsely(world, n, rounds=few, rng=rng) for n in SIZES
            ]
            for world in WORLDS
        },
    }
    columns = "".join(f"{f'n = {n}':>9}" for n in SIZES)
    write(f"\n{'effects, 5 % allowed':44}{columns}\n")
    for name, rates in rows.items():
        write(f"{name:44}" + "".join(f"{rate:9.1%}" for rate in rates) + "\n")
    shares = [noise_share(n, rounds=rounds, rng=rng) for n in SIZES]
    write("\nvariance shares of a grid that is noise alone\n")
    for i, name in enumerate(("a parameter, 0 % expected", "noise, 100 % expected")):
        write(f"{name:44}" + "".join(f"{pair[i]:9.1%}" for pair in shares) + "\n")
