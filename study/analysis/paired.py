"""Paired comparisons: lower, higher or equal, and the difference of two differences."""

import numpy as np

from study.analysis.differences import combined, estimated, subtract
from study.analysis.evidence import Evidence, medians
from study.analysis.intervals import Array
from study.analysis.signed_rank import tails
from study.columns import TABLES
from study.spec.hypotheses import Comparison, Interaction

_UNITS = {column.name: column.unit for column in TABLES["runs"]}


def comparison(hypothesis: Comparison, values: Array) -> Evidence:
    """Weigh `value` − `with`: `values` has the shape (matched cases, 2, repetitions)."""
    first, second = values[:, 0], values[:, 1]
    alone = len(values) == 1
    infinite = [np.isinf(first) & ~np.isinf(second), np.isinf(second) & ~np.isinf(first)]
    infinite.append(np.isinf(first) & np.isinf(second))
    counts = tuple(int(where.sum()) for where in infinite) if alone else ()
    return _paired(hypothesis, combined(subtract(first, second)), len(values), counts)


def interaction(hypothesis: Interaction, values: Array) -> Evidence:
    """Weigh (value − with) at the one value of `across`, less the same at the other.

    `values` has the shape (matched cases, 4, repetitions). ∞ − ∞ has no size, neither within a
    difference nor between two: one of them and the interaction's size is unknown, so nothing is
    tested.
    """
    terms = values * np.array([1, -1, -1, 1])[:, None]
    unknown = np.isposinf(terms).any(axis=1) & np.isneginf(terms).any(axis=1)
    if unknown.any():
        n, count = values.shape[-1], int(unknown.any(axis=0).sum())
        says = f"it needs ∞ − ∞ in {count} of {n} repetitions, and that has no size"
        return Evidence(n=n, obstacle=says)
    effects = [subtract(values[:, i], values[:, i + 1]) for i in (0, 2)]
    return _paired(hypothesis, combined(subtract(*effects)), len(values))


def _paired(
    hypothesis: Comparison,
    differences: Array,
    matched: int,
    infinite: tuple[int, ...] = (),
) -> Evidence:
    """Test differences, one for each repetition, by signed ranks."""
    lower, higher = tails(differences)
    agrees, ties = differences < 0, differences == 0
    test = "exact signed-rank test"
    if hypothesis.expect == "higher":
        lower, higher, agrees = higher, lower, differences > 0
    elif hypothesis.margin is not None:
        lower, higher = equality(differences, hypothesis.margin)
        agrees, ties = np.abs(differences) <= hypothesis.margin, np.zeros(len(differences), bool)
        test = "two one-sided exact signed-rank tests"
    estimate, low, high, level = estimated(differences)
    finite = bool(np.isfinite(differences).all())
    typical = "Hodges–Lehmann" if finite else "median of differences, order statistics"
    return Evidence(
        n=len(differences),
        agreeing=int(agrees.sum()),
        ties=int(ties.sum()),
        estimate=estimate,
        low=low,
        high=high,
        level=level,
        supporting=lower,
        contradicting=higher,
        unit=_UNITS[hypothesis.metric],
        method=f"{test}; {typical}{medians(matched)}",
        infinite=infinite,
    )


def equality(differences: Array, margin: float) -> tuple[float, float]:
    """Return p values for a difference within ± `margin`, and for one beyond it.

    The first is the larger of two one-sided tests: that the differences are above −margin, and
    below margin. The second is the smaller of the opposite two. Source: Schuirmann 1987.

    >>> import numpy as np
    >>> equality(np.array([0.1, -0.1, 0.2]), 1.0), equality(np.array([4.0, 5.0, 6.0]), 1.0)
    ((0.125, 1.0), (1.0, 0.125))
    """
    limit = np.full_like(differences, margin)
    below, beyond = tails(subtract(differences, limit))
    beneath, above = tails(subtract(differences, -limit))
    return max(below, above), min(beyond, beneath)
