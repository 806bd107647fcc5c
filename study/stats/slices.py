"""Where an average misleads: orders that reverse in a slice, effects of divergence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.metrics import METRICS, Goal
from study.stats.behaviour import effect
from study.stats.contrasts import Pairing, differences, pairings
from study.stats.intervals import DECIDABLE_FROM, Array, combined
from study.stats.levels import of
from study.stats.mixture import surely
from study.stats.scales import GROUPS, compared, log10
from study.stats.summaries import measured

Objects: TypeAlias = NDArray[np.object_]

REVERSED = (
    *GROUPS, "parameter", "level", "reference", "other", "other_level",
    "repetitions", "marginal", "inside", "sure",
)  # fmt: skip

SEPARATED = (*GROUPS, "parameter", "diverged", "pairs", "sure")


def signed(runs: pd.DataFrame, metric: str, goal: Goal) -> Array:
    """Return each run's metric so that less is better, log₁₀ where ratios count; ∞ is the worst."""
    values = measured(runs, metric, goal)
    if METRICS[metric].logarithmic and goal == "minimize":
        return log10(values).to_numpy()
    return (values if goal == "minimize" else -values).to_numpy(dtype=float)


def reversals(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    references: Mapping[str, Sequence[str]],
    *,
    metric: str,
    goal: Goal,
) -> pd.DataFrame:
    """Return where one level is better than another in general, and worse inside a slice.

    One row per dataset, implementation, level of `parameter` and level of an `other`: over all
    settings that both levels met, the paired difference level − reference has one sign in each of
    the `repetitions`, and at `other_level` alone it has the opposite sign in each of them.
    `marginal` and `inside` are the two median differences, less being better (log₁₀ where the
    metric is a loss). It is `sure` where the test of the verdicts finds both, among all differences
    that are looked at, in general and inside. No row where there are fewer than 6 repetitions. The
    clearest comes first.
    """
    kept = compared(runs)
    values = signed(kept, metric, goal)
    levels = {name: kept[name].astype(object).to_numpy() for name in parameters}
    rows, looks = [], 0
    for pairing in pairings(kept, parameters, references):
        marginal = differences(pairing, values)
        looks += 1
        for other in parameters:
            parts = list(_slices(pairing, levels[other])) if other != pairing.parameter else []
            looks += len(parts)
            if _agrees(marginal):
                rows += list(_inside(pairing, values, marginal, other, parts))
    frame = pd.DataFrame(rows, columns=list(REVERSED[:-1]))
    frame["sure"] = [surely(n, n, looks) for n in frame["repetitions"]]
    weaker = frame[["marginal", "inside"]].astype(float).abs().min(axis=1)
    order = weaker.sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _agrees(each: Array) -> bool:
    return len(each) >= DECIDABLE_FROM and bool((each > 0).all() or (each < 0).all())


def _slices(pairing: Pairing, levels: Objects) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each level of another parameter, and which pairs have it on both sides."""
    same = levels[pairing.one] == levels[pairing.other]
    for level in dict.fromkeys(levels[pairing.one][same]):
        yield level, same & (levels[pairing.one] == level)


def _inside(
    pairing: Pairing,
    values: Array,
    marginal: Array,
    other: str,
    parts: Sequence[tuple[str, NDArray[np.bool_]]],
) -> Iterator[tuple[object, ...]]:
    for level, part in parts:
        partial = differences(pairing.kept(part), values)
        if len(partial) == len(marginal) and _agrees(partial) and partial[0] * marginal[0] < 0:
            yield (
                pairing.dataset, pairing.implementation, pairing.parameter, pairing.level,
                pairing.reference, other, level, len(partial),
                float(combined(marginal)), float(combined(partial)),
            )  # fmt: skip


def separations(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    references: Mapping[str, Sequence[str]],
    *,
    metric: str,
    goal: Goal,
) -> pd.DataFrame:
    """Return the parameters that change whether runs diverge, but not how well the others learn.

    One row per dataset, implementation and parameter with two properties. Some level changes the
    share of diverged runs, by an interval without 0 (`diverged` is the largest such effect). And in
    none of the `pairs` of configurations whose runs both stayed finite in at least 6 repetitions is
    one configuration better in each of these. `sure` is true if the test of the verdicts finds such
    an effect of some level, among all levels that are compared. No row without such a pair.
    """
    kept = compared(runs)
    bad = np.asarray(kept["status"] == "diverged", dtype=np.float64)
    values = np.where(kept["status"] == "completed", signed(kept, metric, goal), np.nan)
    effects: dict[tuple[str, str, str], list[_Effect]] = {}
    for pairing in pairings(kept, parameters, references):
        _, n, share, low, high, _ = effect(pairing, bad, combine="mean")
        if n >= DECIDABLE_FROM:
            key = (pairing.dataset, pairing.implementation, pairing.parameter)
            each = differences(pairing, bad, combine="mean")
            most = max(int((each > 0).sum()), int((each < 0).sum()))
            seen = share if low > 0 or high < 0 else 0.0
            own = _Effect(seen, most, int((each != 0).sum()), *_one_sided(pairing, values))
            effects.setdefault(key, []).append(own)
    looks = sum(map(len, effects.values()))
    rows = [
        (
            *key,
            max((one.share for one in levels), key=abs),
            sum(one.pairs for one in levels),
            any(surely(one.most, one.differ, looks) for one in levels),
        )
        for key, levels in effects.items()
        if any(one.share for one in levels)
        and any(one.pairs for one in levels)
        and not any(one.agreed for one in levels)
    ]
    return pd.DataFrame(rows, columns=list(SEPARATED))


class _Effect(NamedTuple):
    """What a level changes: the share of diverged runs, in how many repetitions, and the rest.

    Of the repetitions whose shares `differ`, `most` go one way. Of the `pairs` of configurations
    that stayed finite, `agreed` is the number that agree.
    """

    share: float
    most: int
    differ: int
    pairs: int
    agreed: int


def _one_sided(pairing: Pairing, values: Array) -> tuple[int, int]:
    """Count configuration pairs with enough repetitions, and the ones whose signs all agree."""
    each = [differences(pairing.kept(pairing.setting == s), values) for s in set(pairing.setting)]
    enough = [one for one in each if len(one) >= DECIDABLE_FROM]
    return len(enough), sum(_agrees(one) for one in enough)


def references(runs: pd.DataFrame, base: Mapping[str, object]) -> dict[str, list[str]]:
    """Return what each parameter's levels are compared with: the base setup's, else the first."""
    return {
        name: [str(base[name]), *of(runs, name)]
        for name in base
        if name in runs and isinstance(runs[name].dtype, pd.CategoricalDtype)
    }
