"""What planned repetitions can decide: a study's verdicts, and which are in reach."""

from collections.abc import Sequence
from dataclasses import dataclass

from study.spec.claims import Claims
from study.stats.reach import deciding, fewest, powerful

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
