"""What repetitions can decide: the counts that do, the fewest that suffice, and the power."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from study.spec.hypotheses import Claims
from study.stats.mixture import evidence, needed_evidence

POWER = 0.8
"""A plan gives the repetitions that decide a true claim with this probability."""

_MOST = 100_000
"""Nobody trains more repetitions than this."""


@cache
def deciding(n: int, threshold: float, verdicts: int) -> tuple[int | None, int | None]:
    """Return how many of n must agree at least to support, and at most to contradict.

    None where no count does. All n differ, and it is one of `verdicts` of a study.

    >>> deciding(20, 0.5, 13), deciding(7, 0.5, 1), deciding(20, 0.8, 1)
    ((18, 2), (None, None), (None, 9))
    """
    needed = needed_evidence(verdicts)
    supports = _first(lambda k: evidence(k, n, threshold)[0] >= needed, n)
    others = _first(lambda k: evidence(n - k, n, threshold)[1] >= needed, n)
    return supports, None if others is None else n - others


@cache
def fewest(threshold: float, verdicts: int, *, supporting: bool = True) -> int | None:
    """Return the fewest repetitions that can support: all agree. Or contradict: none does.

    None where more than a hundred thousand would be needed.

    >>> [fewest(0.5, m) for m in (1, 5, 13, 58)]
    [8, 11, 12, 15]
    >>> fewest(0.8, 1), fewest(0.8, 58), fewest(0.9, 1), fewest(0.8, 1, supporting=False)
    (24, 45, 51, 4)
    """
    needed = needed_evidence(verdicts)
    if supporting:
        return _first(lambda n: evidence(n, n, threshold)[0] >= needed, _MOST)
    return _first(lambda n: evidence(0, n, threshold)[1] >= needed, _MOST)


def _first(suffices: Callable[[int], bool], most: int) -> int | None:
    """Return the first number up to `most` that suffices; all larger ones do too."""
    high = 1
    while high < most and not suffices(high):
        high *= 2
    low, high = high // 2, min(high, most)
    if not suffices(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle + 1, high)
    return high


def power(n: int, share: float, verdicts: int) -> float:
    """Return how likely n repetitions are to support a claim that holds in this share of them.

    >>> [round(power(n, 0.9, 13), 2) for n in (20, 30, 40)]
    [0.68, 0.82, 0.98]
    """
    least = deciding(n, 0.5, verdicts)[0]
    if least is None:
        return 0.0
    chances = (math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(least, n + 1))
    return math.fsum(chances)


@cache
def powerful(share: float, verdicts: int) -> int:
    """Return the fewest repetitions that support a claim of this share with 80 % probability.

    >>> [powerful(share, 13) for share in (0.8, 0.9, 1.0)]
    [54, 27, 12]
    """
    n = 1
    while power(n, share, verdicts) < POWER:
        n += 1
    return n


SHARES = (0.8, 0.9, 1.0)
"""Shares of agreeing repetitions for which a plan gives the repetitions needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What can be decided about the claims of one threshold, for each direction.

    `supports` of the planned repetitions support a claim, and `contradicts` or fewer contradict
    it; None where no count does. `from_supports` and `from_contradicts` are the fewest repetitions
    that can, all or none of them agreeing.
    """

    threshold: float
    ids: tuple[str, ...]
    supports: int | None
    contradicts: int | None
    from_supports: int | None
    from_contradicts: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a study can decide: `verdicts` of them, with `n` repetitions that count.

    With `decide`, at most `most` count; it is None without. `smallest_n` repetitions can decide a
    comparison, `smallest_k` of n do; `powerful` holds, for each of `SHARES`, how many repetitions
    support a claim of this share with 80 % probability.
    """

    verdicts: int
    n: int
    most: int | None
    smallest_n: int | None
    smallest_k: int | None
    powerful: tuple[int, ...]
    reach: tuple[Reach, ...]


def outlook(claims: Claims, n: int, most: int | None = None) -> Outlook:
    """Return what n repetitions that count can decide, and `most` of them."""
    verdicts = claims.verdicts
    groups: dict[float, list[str]] = {}
    for hypothesis in claims.declared:
        groups.setdefault(hypothesis.threshold, []).append(hypothesis.id)
    return Outlook(
        verdicts=verdicts,
        n=n,
        most=most,
        smallest_n=fewest(0.5, verdicts),
        smallest_k=deciding(n, 0.5, verdicts)[0],
        powerful=tuple(powerful(share, verdicts) for share in SHARES),
        reach=tuple(_reach(at, ids, n, verdicts) for at, ids in sorted(groups.items())),
    )


def _reach(at: float, ids: Sequence[str], n: int, verdicts: int) -> Reach:
    supports, contradicts = deciding(n, at, verdicts)
    return Reach(
        threshold=at,
        ids=tuple(ids),
        supports=supports,
        contradicts=contradicts,
        from_supports=fewest(at, verdicts),
        from_contradicts=fewest(at, verdicts, supporting=False),
    )
