"""The part of `make calibration` on effects: the best is kept, noise is no effect."""

import sys

import numpy as np
import pandas as pd

from study.stats import decomposition, importance, winners
from study.stats.intervals import Array
from study.stats.mixture import ALPHA

SIZES = (3, 5, 6, 10, 30)
"""How many repetitions; for ranks, 4 times as many trials."""

CONFIGURATIONS = 20


def alike(n: int, rng: np.random.Generator, *, gap: float = 0.3) -> Array:
    """Draw (configurations, n) losses with common draws; the first is truly best by `gap`."""
    values = 0.6 * rng.standard_normal(n) + 0.8 * rng.standard_normal((CONFIGURATIONS, n))
    values[1:] += gap * rng.random((CONFIGURATIONS - 1, 1))
    return values


def best_lost(n: int, *, rounds: int, rng: np.random.Generator) -> float:
    """Return how often the truly best is told from the best: at most 5 % are allowed."""
    lost = 0
    for _ in range(rounds):
        if n >= winners.DECIDABLE_FROM:
            lost += winners.contest(alike(n, rng), rng=rng)[0] <= ALPHA
    return lost / rounds


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
        "the best is lost, of 20": [best_lost(n, rounds=rounds, rng=rng) for n in SIZES],
        "noise told as an effect, of 4": [noise_told(n, rounds=few, rng=rng) for n in SIZES],
    }
    write("\neffects, 5 % allowed\n")
    for name, rates in rows.items():
        write(f"{name:44}" + "".join(f"{rate:9.1%}" for rate in rates) + "\n")
    shares = [noise_share(n, rounds=rounds, rng=rng) for n in SIZES]
    write("\nvariance shares of a grid that is noise alone\n")
    for i, name in enumerate(("a parameter, 0 % expected", "noise, 100 % expected")):
        write(f"{name:44}" + "".join(f"{pair[i]:9.1%}" for pair in shares) + "\n")
