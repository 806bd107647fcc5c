"""How often verdicts are false, and true, in made-up studies whose truth is known."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

import study
from study.execution.driver import Options, run
from study.spec.hypotheses import Hypothesis
from study.stats.agreement import Agreement, agreement
from study.stats.intervals import Array, median_interval
from study.stats.reach import deciding
from tests.claims import comparison, interaction, level
from tests.pipelines import small

SIZES = (8, 10, 20, 30, 40)
"""Numbers of repetitions; with a look after each repetition, the largest numbers."""

BLOCK, MOST = 5, 40
"""Undecided hypotheses get `BLOCK` repetitions at once, and at most `MOST` in total."""

World = Callable[[Array, Array], Array]
"""A metric from a repetition's draws, (n,), and the draws of its runs, (cases, sides, n)."""

WORLDS: dict[str, World] = {
    "independent": lambda _, own: np.exp(own),
    "strong common draws": lambda common, own: np.exp(3 * common + 0.1 * own),
    "unequal spreads": lambda common, own: np.exp(common + own * _spread(own)),
    "skewed differences": lambda common, own: np.exp(common + _skewed(own)),
    "heavy ties": lambda common, own: np.exp(np.round(0.5 * common + 0.5 * own)),
    "∞ in some": lambda common, own: np.where(0.8 * common + 0.6 * own > 0.8, np.inf, np.exp(own)),
    "mostly ∞": lambda common, own: np.where(0.8 * common + 0.6 * own > -1.2, np.inf, np.exp(own)),
    "constant": lambda _, own: np.zeros_like(own),
}
"""No side is lower than another in more than half of the repetitions that differ."""


def _spread(own: Array) -> Array:
    """Return a spread for each side: the first ten times as large as the others."""
    return np.array([1.0, *[0.1] * (own.shape[1] - 1)])[:, None]


def _skewed(own: Array) -> Array:
    """Return draws whose first side, less the second, is skewed with median 0."""
    draws = np.zeros_like(own)
    draws[:, 0] = np.exp(own[:, 0]) - 1
    return draws


LOWER, EQUAL, MORE = comparison(), comparison(expect="equal", margin=0.6745), interaction()
LEVELS = {share: level("diverged", {"is": True, "share": share}) for share in (0.5, 0.8)}

Drawn = Callable[[str, int, np.random.Generator], tuple[Hypothesis, Array]]
"""World and number of repetitions → a hypothesis at its threshold, and results for it."""


def drawn(world: str, n: int, rng: np.random.Generator, *, sides: int = 2, cases: int = 1) -> Array:
    """Draw (cases, sides, n) results: a repetition's draw is common, and no side is better."""
    return WORLDS[world](rng.standard_normal(n), rng.standard_normal((cases, sides, n)))


def _equality(_: str, n: int, rng: np.random.Generator) -> tuple[Hypothesis, Array]:
    """Differ by at most the margin in just half of the repetitions."""
    values = np.ones((1, 2, n))
    values[0, 0] = 10.0 ** rng.standard_normal(n)
    return EQUAL, values


def _level(share: float) -> Drawn:
    def values(_: str, n: int, rng: np.random.Generator) -> tuple[Hypothesis, Array]:
        return LEVELS[share], (rng.random((1, 1, n)) < share).astype(np.float64)

    return values


NULLS: dict[str, tuple[Drawn, tuple[str, ...]]] = {
    "comparison": (lambda w, n, rng: (LOWER, drawn(w, n, rng)), tuple(WORLDS)),
    "comparison, 3 cases each": (
        lambda w, n, rng: (LOWER, drawn(w, n, rng, cases=3)),
        ("independent", "strong common draws", "heavy ties", "constant"),
    ),
    "interaction": (
        lambda w, n, rng: (MORE, drawn(w, n, rng, sides=4)),
        ("independent", "strong common draws", "heavy ties", "∞ in some", "constant"),
    ),
    "equality at its margin": (_equality, ("independent",)),
    "level of 50 %": (_level(0.5), ("share",)),
    "level of 80 %": (_level(0.8), ("share",)),
}
"""Hypotheses at their threshold: every verdict on them is false."""


def looked(hypothesis: Hypothesis, result: Agreement, looks: Sequence[int], verdicts: int) -> str:
    """Return the first verdict that is reached at one of these numbers of repetitions."""
    agree, ties = np.cumsum(result.agrees), np.cumsum(result.ties)
    for n in looks:
        supports, contradicts = deciding(n - int(ties[n - 1]), hypothesis.threshold, verdicts)
        if supports is not None and agree[n - 1] >= supports:
            return "supported"
        if contradicts is not None and agree[n - 1] <= contradicts:
            return "contradicted"
    return "undecided"


def _agreement(hypothesis: Hypothesis, values: Array) -> Agreement:
    return agreement(hypothesis, values, np.dtype(np.float64))


def false_verdicts(
    name: str, world: str, looks: Sequence[int], *, rounds: int, rng: np.random.Generator
) -> float:
    """Return the share of `rounds` studies that ever reach a verdict; at most 0.05 is right."""
    false = 0
    for _ in range(rounds):
        hypothesis, values = NULLS[name][0](world, looks[-1], rng)
        result = _agreement(hypothesis, values)
        false += looked(hypothesis, result, looks, 1) != "undecided"
    return false / rounds


def extended(
    world: str, true: int, *, rounds: int, rng: np.random.Generator, start: int = 10
) -> float:
    """Return how often one of eight hypotheses is decided falsely under `decide`.

    They share runs: each compares its own side with one that all have in common. `true` of them
    hold. All undecided ones get the same next block until each is decided or has forty.
    """
    false = 0
    for _ in range(rounds):
        values = drawn(world, MOST, rng, sides=9)[0]
        values[:true] *= 1e-3
        pairs = [np.stack([values[i], values[8]])[None] for i in range(8)]
        result = [_agreement(LOWER, pair) for pair in pairs]
        for n in range(start, MOST + 1, BLOCK):
            words = [looked(LOWER, one, [n], 8) for one in result]
            if "undecided" not in words:
                break
        wrong = [word != "undecided" for word in words[true:]]
        false += any(wrong) or "contradicted" in words[:true]
    return false / rounds


def power(share: float, n: int, verdicts: int, *, rounds: int, rng: np.random.Generator) -> float:
    """Return how often a claim that holds in this share of the repetitions is supported."""
    supported = 0
    for _ in range(rounds):
        agrees = rng.random(n) < share
        result = Agreement(agrees, np.zeros_like(agrees), agrees.astype(np.float64))
        supported += looked(LOWER, result, [n], verdicts) == "supported"
    return supported / rounds


def coverage(n: int, *, rounds: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return how often the interval of an effect holds its median, and the level it prints."""
    held = 0
    for _ in range(rounds):
        interval = median_interval(np.exp(rng.standard_normal(n)) - 1)
        held += bool(interval.low <= 0 <= interval.high)
    return held / rounds, interval.level


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


@cache
def real() -> tuple[Array, ...]:
    """Return the losses of each configuration of a study that is large enough for two halves."""
    return tuple(losses(2 * SIZES[-1]))


def halves(of_one: Array, n: int, *, rounds: int, rng: np.random.Generator) -> float:
    """Return how often n repetitions differ from n others of the very same configuration."""
    count = 0
    for _ in range(rounds):
        chosen = rng.permutation(of_one)[: 2 * n].reshape(1, 2, n)
        result = _agreement(LOWER, chosen)
        count += looked(LOWER, result, range(1, n + 1), 1) != "undecided"
    return count / rounds
