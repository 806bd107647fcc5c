"""`make calibration`: how often the tests of hypotheses are wrong, where the truth is known."""

import argparse
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import study
from study.analysis import paired, reached
from study.analysis.differences import estimated
from study.analysis.holm import holm
from study.analysis.intervals import Array
from study.analysis.mixture import ALPHA
from study.analysis.shares import clopper_pearson
from study.execution.driver import Options, run
from tests import calibration_effects
from tests.claims import comparison, interaction, level
from tests.pipelines import small

SIZES = (3, 5, 6, 10, 30)
"""How many repetitions."""

WORLDS: dict[str, Callable[[Array], Array]] = {
    "continuous": np.exp,
    "ties": np.round,
    "diverging": lambda z: np.where(z > 0.8, np.inf, z),
    "mostly never": lambda z: np.where(z > -1.2, np.inf, z),
    "constant": np.zeros_like,
}
"""What a metric looks like: a function of normal numbers."""

SYMMETRIC: dict[str, Callable[[Array], Array]] = {
    "continuous": lambda z: z,
    "ties": np.round,
    "diverging": lambda z: np.where(np.abs(z) > 1.2, np.copysign(np.inf, z), z),
    "constant": np.zeros_like,
}
"""What differences look like whose centre is 0."""

LOWER, EQUAL, MORE = comparison(), comparison(expect="equal", margin=1.0), interaction()

Wrong = Callable[[str, int, np.random.Generator], bool]
"""A study of that world with so many repetitions: whether its verdict is false."""


def drawn(world: str, n: int, rng: np.random.Generator, *, sides: int = 2, cases: int = 1) -> Array:
    """Draw (cases, sides, n) results: the repetitions' draws are common, and no side is better."""
    common = rng.standard_normal(n)
    own = rng.standard_normal((cases, sides, n))
    return WORLDS[world](0.8 * common + 0.6 * own)


def _comparison(world: str, n: int, rng: np.random.Generator) -> bool:
    return paired.comparison(LOWER, drawn(world, n, rng)).p <= ALPHA


def _of_four_cases(world: str, n: int, rng: np.random.Generator) -> bool:
    return paired.comparison(LOWER, drawn(world, n, rng, cases=4)).p <= ALPHA


def _interaction(world: str, n: int, rng: np.random.Generator) -> bool:
    return paired.interaction(MORE, drawn(world, n, rng, sides=4)).p <= ALPHA


def _equality(world: str, n: int, rng: np.random.Generator) -> bool:
    """Differ by just the margin: neither less nor more than it."""
    values = SYMMETRIC[world](rng.standard_normal((1, 2, n)))
    values = np.where(np.isinf(values), np.inf, values)
    values[:, 0] += 1.0
    return paired.comparison(EQUAL, values).p <= ALPHA


def _share(share: float) -> Wrong:
    declared = level("diverged", {"is": True, "share": share})

    def wrong(_: str, n: int, rng: np.random.Generator) -> bool:
        values = (rng.random((1, n)) < share).astype(np.float64)
        return reached.level(declared, values, np.dtype(np.float64)).p <= ALPHA

    return wrong


def _family(effects: int) -> Wrong:
    """Test eight hypotheses together, `effects` of them true: no other may be decided."""

    def wrong(world: str, n: int, rng: np.random.Generator) -> bool:
        values = drawn(world, n, rng, cases=8)
        values[:effects, 1] += 3.0
        found = [paired.comparison(LOWER, values[i : i + 1]) for i in range(8)]
        return min(holm([one.p for one in found])[effects:]) <= ALPHA

    return wrong


WRONG: dict[str, tuple[Wrong, tuple[str, ...]]] = {
    "comparison": (_comparison, tuple(WORLDS)),
    "comparison, 4 cases each": (_of_four_cases, tuple(WORLDS)),
    "interaction": (_interaction, tuple(WORLDS)),
    "equality": (_equality, ("continuous", "ties", "constant")),
    "level, half": (_share(0.5), ("share",)),
    "level, 90 %": (_share(0.9), ("share",)),
    "8 hypotheses, none true": (_family(0), tuple(WORLDS)),
    "8 hypotheses, 4 true": (_family(4), tuple(WORLDS)),
}
"""Every test of hypotheses, and the worlds in which it is tried."""


def false_verdicts(
    name: str, world: str, n: int, *, rounds: int, rng: np.random.Generator
) -> float:
    """Return the share of `rounds` studies whose verdict is false; it should be at most 0.05."""
    wrong = WRONG[name][0]
    return sum(wrong(world, n, rng) for _ in range(rounds)) / rounds


def coverage(world: str, n: int, *, rounds: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return how often a difference's interval holds its centre, and the mean level printed."""
    held, levels = 0, 0.0
    for _ in range(rounds):
        _, low, high, level = estimated(SYMMETRIC[world](rng.standard_normal(n)))
        held += low <= 0 <= high
        levels += level
    return held / rounds, levels / rounds


def least_coverage(n: int) -> float:
    """Return how often the interval of a share holds it, where that is least: summed, not drawn."""
    intervals = [clopper_pearson(hits, n) for hits in range(n + 1)]
    least = 1.0
    for share in np.linspace(0.005, 0.995, 199):
        chances = np.array([1.0])
        for _ in range(n):
            chances = np.convolve(chances, [1 - share, share])
        held = [low <= share <= high for low, high in intervals]
        least = min(least, float(chances @ held))
    return least


def losses(repetitions: int) -> Iterator[Array]:
    """Train a small study and yield the final losses of each of its configurations."""
    pipeline = small(f"search.repetitions={repetitions}")
    with tempfile.TemporaryDirectory() as folder:
        for _ in run(pipeline, Options(Path(folder), executor="inline")):
            pass
        runs = study.load_results(Path(folder) / pipeline.name).runs
    runs["loss"] = runs["final_train_loss"].astype(np.float64).mask(runs["status"] == "diverged")
    by = ["dataset", "lr", "hidden", "activation", "optimizer"]
    for _, group in runs.fillna({"loss": np.inf}).groupby(by, observed=True):
        yield group["loss"].to_numpy()


def halves(of_one: Array, n: int, *, rounds: int, rng: np.random.Generator) -> float:
    """Return how often n repetitions differ from n others of the very same configuration."""
    count = 0
    for _ in range(rounds):
        chosen = rng.permutation(of_one)[: 2 * n].reshape(1, 2, n)
        count += paired.comparison(LOWER, chosen).p <= ALPHA
    return count / rounds


def main() -> None:
    """Print the table of false verdicts, of coverages, and of halves of a real study."""
    warnings.simplefilter("error")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000, help="made-up studies for each number")
    rounds = parser.parse_args().rounds
    rng = np.random.default_rng(0)
    say = sys.stdout.write
    say(f"{'false verdicts, 5 % allowed':44}" + "".join(f"{f'n = {n}':>9}" for n in SIZES) + "\n")
    for name, (_, worlds) in WRONG.items():
        for world in worlds:
            rates = [false_verdicts(name, world, n, rounds=rounds, rng=rng) for n in SIZES]
            say(f"{f'{name}: {world}':44}" + "".join(f"{rate:9.1%}" for rate in rates) + "\n")
    real = list(losses(2 * SIZES[-1]))
    few = rounds // 20  # of each of so many configurations
    rates = [float(np.mean([halves(of, n, rounds=few, rng=rng) for of in real])) for n in SIZES]
    say(f"{'halves of one real configuration':44}" + "".join(f"{r:9.1%}" for r in rates) + "\n")
    say("\nintervals: how often they hold the truth (the level that they print)\n")
    for world in SYMMETRIC:
        held = (coverage(world, n, rounds=rounds, rng=rng) for n in SIZES)
        cells = "".join(f"  {share:.1%} ({level:.1%})" for share, level in held)
        say(f"{f'difference: {world}':30}{cells}\n")
    cells = "".join(f"  {least_coverage(n):.1%} (95.0%)" for n in SIZES)
    say(f"{'share, at its least':30}{cells}\n")
    calibration_effects.say(rounds, rng)


if __name__ == "__main__":
    main()
