"""`make calibration`: every simulation by its name, measured and stored for the docs."""

import argparse
import csv
import itertools
import math
import sys
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Protocol

import numpy as np

from study.stats.intervals import level, rank
from tests import calibration as verdicts
from tests import calibration_effects as effects
from tests import calibration_warnings as cautious
from tests.calibration_tables import STORED


class Measure(Protocol):
    """Return a rate over this many simulated studies."""

    def __call__(self, *, rounds: int, rng: np.random.Generator) -> float:
        """Return it, with randomness from `rng` alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """One simulation: its table, name, world and repetitions, and the rate that is allowed.

    `rounds` are divided by `cost`. A row whose `allowed` is NaN has no limit.
    """

    table: str
    name: str
    world: str
    n: int
    allowed: float
    measure: Measure
    cost: float = 1

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What names it in the stored results."""
        return self.table, self.name, self.world, self.n


def rows() -> Iterator[Row]:
    """Yield every simulation."""
    yield from _verdicts()
    yield from _effects()
    yield from _worlds()


def _verdicts() -> Iterator[Row]:
    for name, (_, worlds) in verdicts.NULLS.items():
        for world in worlds:
            for n in verdicts.SIZES:
                measure = partial(verdicts.false_verdicts, name, world, range(1, n + 1))
                yield Row("false verdicts", name, world, n, 0.05, measure)
    for n in verdicts.SIZES:
        name = "two halves of one trained configuration"
        yield Row("false verdicts", name, "trained", n, 0.05, partial(_halves, n))
    for world in ("independent", "strong common draws", "∞ in some"):
        for true in (0, 4):
            measure = partial(verdicts.extended, world, true)
            yield Row("under decide", f"{true} of the eight hold", world, 40, 0.05, measure)
    for m in (1, 13, 58):
        for share in (0.8, 0.9, 0.95):
            name = f"{'the only verdict' if m == 1 else f'one of {m}'}, true in {share:.0%}"
            for n in verdicts.SIZES:
                measure = partial(verdicts.power, share, n, m)
                yield Row("power", name.replace("%", " %"), "shares", n, math.nan, measure)


def _effects() -> Iterator[Row]:
    for n in effects.SIZES:
        yield Row("tied", "4 configurations", "even", n, math.nan, partial(effects.left, n))
        allowed = 1 - level(n, rank(n))
        name = f"effect ({100 * allowed:.1f} % printed at n = {n})"
        yield Row("missed", name, "skewed", n, allowed, partial(_missed, n), 0.1)  # exact
        for world in effects.SHARES:
            measure = partial(effects.share_missed, world, n)
            yield Row("missed", "share of diverged runs", world, n, 0.05, measure)
        for i, name in enumerate(("a parameter", "noise")):
            yield Row("share", name, "even", n, math.nan, partial(_share, i, n))


def _worlds() -> Iterator[Row]:
    for world, n in itertools.product(effects.WORLDS, effects.SIZES):
        for rivals, (name, quantile) in itertools.product(effects.RIVALS, QUANTILES.items()):
            of, cost = f"{rivals} rivals, {name}", 1 if rivals == min(effects.RIVALS) else 4
            lost = partial(effects.best_lost, world, (rivals + 1, n), quantile)
            yield Row("the best is not tied", of, world, n, 0.05, lost, cost)
        name = "some pair of levels of two parameters"
        yield Row("matters", name, world, n, 0.05, partial(effects.matters_falsely, world, n))
        for kind in cautious.TESTED:
            yield Row("warnings", kind, world, n, 0.05, partial(_warned, kind, world, n), 10)


QUANTILES = {"median": 0.5, "worst repetition": 1.0}


def _halves(n: int, *, rounds: int, rng: np.random.Generator) -> float:
    real = verdicts.real()
    each = max(1, rounds // len(real))
    return float(np.mean([verdicts.halves(of, n, rounds=each, rng=rng) for of in real]))


def _missed(n: int, *, rounds: int, rng: np.random.Generator) -> float:
    return 1 - verdicts.coverage(n, rounds=rounds, rng=rng)[0]


def _share(which: int, n: int, *, rounds: int, rng: np.random.Generator) -> float:
    return effects.noise_share(n, rounds=rounds, rng=rng)[which]


@cache
def _all_warned(world: str, n: int, rounds: int) -> Mapping[str, float]:
    rng = np.random.default_rng(zlib.crc32(f"warnings {world} {n}".encode()))
    return cautious.warned(world, n, rounds=rounds, rng=rng)


def _warned(
    kind: str,
    world: str,
    n: int,
    *,
    rounds: int,
    rng: np.random.Generator,  # noqa: ARG001
) -> float:
    return _all_warned(world, n, rounds)[kind]  # one study shows all kinds


def measured(row: Row, rounds: int) -> tuple[int, float]:
    """Return in how many rounds a row was measured, and its value; the same each time."""
    own = max(1, round(rounds / row.cost))
    rng = np.random.default_rng(zlib.crc32(" ".join(map(str, row.key)).encode()))
    return own, row.measure(rounds=own, rng=rng)


def main() -> None:
    """Simulate everything, print it, and store it for `make docs`."""
    warnings.simplefilter("error")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="made-up studies for each number")
    rounds = parser.parse_args().rounds
    lines = []
    for row in rows():
        own, value = measured(row, rounds)
        lines.append((*row.key, own, f"{value:.4f}"))
        sys.stdout.write(f"{row.table}: {row.name}: {row.world}, n = {row.n}: {value:.4f}\n")
        sys.stdout.flush()
    with STORED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "name", "world", "n", "rounds", "value"])
        writer.writerows(lines)


if __name__ == "__main__":
    main()
