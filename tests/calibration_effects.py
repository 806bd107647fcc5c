"""The part of `make calibration` on effects: the best is kept, noise is no effect."""

import sys
from typing import TypeAlias

import numpy as np
import pandas as pd

from study.stats import decomposition, importance, winners
from study.stats.intervals import Array

SIZES = (3, 6, 10, 20, 30)
"""How many repetitions; for ranks, 4 times as many trials."""

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


def noise_told(n: int, *, rounds: int, rng: np.random.Generator) -> float:
    """Return how often one of four parameters that do nothing is told from noise."""
    told = 0
    names = [f"p{i}" for i in range(4)]
    for _ in range(rounds):
        columns = {name: pd.Categorical(rng.integers(3, size=4 * n).astype(str)) for name in names}
        values = np.where(rng.random(4 * n) < 0.2, np.inf, rng.standard_normal(4 * n))
        frame = pd.DataFrame({"dataset": "a", "implementation": "b", "value": values, **columns})
        table = importance.importance(frame, names, metric="m", rng=rng)
        told += bool(table["told"].any())
    return told / rounds


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
        "noise told as an effect, of 4": [noise_told(n, rounds=few, rng=rng) for n in SIZES],
    }
    columns = "".join(f"{f'n = {n}':>9}" for n in SIZES)
    write(f"\n{'effects, 5 % allowed':44}{columns}\n")
    for name, rates in rows.items():
        write(f"{name:44}" + "".join(f"{rate:9.1%}" for rate in rates) + "\n")
    shares = [noise_share(n, rounds=rounds, rng=rng) for n in SIZES]
    write("\nvariance shares of a grid that is noise alone\n")
    for i, name in enumerate(("a parameter, 0 % expected", "noise, 100 % expected")):
        write(f"{name:44}" + "".join(f"{pair[i]:9.1%}" for pair in shares) + "\n")
