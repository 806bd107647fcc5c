"""Which hypotheses are corrected together, and what a family cannot decide."""

import math
from collections.abc import Sequence

from study.analysis.holm import holm
from study.analysis.mixture import ALPHA
from study.analysis.reasons import least_p
from study.spec.hypotheses import Hypothesis, Level

NETWORK = "implementation"


def networks(hypothesis: Hypothesis, present: Sequence[str]) -> list[str]:
    """Return the implementations on which a hypothesis is tested: one family on each dataset.

    Those that are `present`, or the one that it is about; where two are compared it is a family
    for both together, such as "as_printed − exact".
    """
    named = dict.fromkeys(str(cell[NETWORK]) for cell in hypothesis.cells if NETWORK in cell)
    return [" − ".join(named)] if named else list(present)


def undecidable(
    hypotheses: Sequence[Hypothesis],
    datasets: Sequence[str],
    present: Sequence[str],
    repetitions: int,
) -> dict[str, float]:
    """Return the hypotheses that so many repetitions cannot decide, each with its smallest p.

    That is p after Holm's correction where everything in the family has the smallest p that it
    can reach, on the dataset and network where it is smallest.
    """
    families: dict[tuple[str, str], list[Hypothesis]] = {}
    for hypothesis in hypotheses:
        for dataset in hypothesis.datasets or datasets:
            for network in networks(hypothesis, present):
                families.setdefault((dataset, network), []).append(hypothesis)
    best: dict[str, float] = {}
    for family in families.values():
        smallest = holm([least_p(hypothesis, repetitions) for hypothesis in family])
        for hypothesis, p in zip(family, smallest, strict=True):
            best[hypothesis.id] = min(p, best.get(hypothesis.id, math.inf))
    return {name: p for name, p in best.items() if p > ALPHA}


def unsupportable(hypotheses: Sequence[Hypothesis], repetitions: int) -> list[str]:
    """Return the levels whose share is too large to be shown by so many repetitions.

    Even if all of them meet the level, p is 2 · shareⁿ; no number of repetitions shows a share of
    1. They can be contradicted all the same.
    """
    return [
        hypothesis.id
        for hypothesis in hypotheses
        if isinstance(hypothesis, Level)
        and 2 * hypothesis.expect.share**repetitions > ALPHA >= least_p(hypothesis, repetitions)
    ]
