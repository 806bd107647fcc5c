"""What came out the same when a study was replicated: verdicts, winners, parameter order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.spec.objective import Objective, place
from study.stats.feasible import best
from study.stats.intervals import Array
from study.stats.mixture import ALPHA
from study.stats.scales import GROUPS, compared
from study.stats.summaries import measured
from study.stats.winners import bounds, by_repetition

COLUMNS = (
    "kind", "dataset", "implementation", "what", "first", "second", "same", "disagree", "expected",
)  # fmt: skip

VERDICT, WINNER, ORDER = "verdict", "winner", "order"

OPPOSITE = {"supported": "contradicted", "contradicted": "supported"}

SPLITS = 400
"""The repetitions of both studies are divided again this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What one of the two studies reports.

    `claims`, `ranked` (of datasets where something was learned), `tied`, `contrasts` and
    `importance` are the tables of its report, and `runs` the runs that rank configurations.
    """

    claims: pd.DataFrame
    ranked: pd.DataFrame
    tied: pd.DataFrame
    contrasts: pd.DataFrame
    importance: pd.DataFrame
    runs: pd.DataFrame


def replication(
    first: Reported, second: Reported, aim: Objective, rng: np.random.Generator
) -> pd.DataFrame:
    """Compare a study with its replication, a row for each verdict, winner and order.

    verdict: of each hypothesis, dataset and network; two verdicts `disagree` if they are opposite.
    winner: of each dataset; they disagree if the first one's is not in the set of configurations
    that the second one finds tied with its best, null where the second cannot separate any, or did
    not try it. order: of the parameters by their share of the objective's variance, the largest
    first; they disagree if two levels of any parameter differ in both studies in opposite
    directions, null where nothing is compared.

    `expected` bounds the probability that the row disagrees by chance. One of two opposite verdicts
    goes the wrong way, which each does with at most 0.025 divided by their number; so of all rows
    of this kind any disagrees in at most 5 % of replications, and the same holds for orders. Of a
    winner it is the share of `SPLITS` random divisions of the repetitions of both studies in which
    the winner of one part is not tied with the best of the other: what happens if both studies
    measure the same.
    """
    rows = [
        *_verdicts(first, second),
        *_winners(first, second, aim, rng),
        *_orders(first, second),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"disagree": "boolean", "expected": float}
    )


def _verdicts(first: Reported, second: Reported) -> Iterator[tuple[object, ...]]:
    keys = ["id", *GROUPS]
    verdicts = second.claims.set_index(keys)["verdict"].to_dict()
    for row in first.claims.to_dict("records"):
        one, other = row["verdict"], verdicts.get(tuple(row[name] for name in keys))
        if other is not None:
            about = row["dataset"], row["implementation"], row["id"]
            opposite = OPPOSITE.get(one) == other
            yield VERDICT, *about, one, other, one == other, opposite, ALPHA / len(first.claims)


def _winners(
    first: Reported, second: Reported, aim: Objective, rng: np.random.Generator
) -> Iterator[tuple[object, ...]]:
    for row in best(first.ranked).to_dict("records"):
        dataset, one = row["dataset"], row["configuration"]
        there = best(second.ranked[second.ranked["dataset"] == dataset])
        if there.empty:
            continue
        other = there.iloc[0]["configuration"]
        tied = second.tied[second.tied["dataset"] == dataset].set_index("configuration")
        disagree = expected = None
        if one in tied.index and tied["separable"].any():
            disagree = not tied.loc[one, "tied"]
            before, after = (_values(study.runs, dataset, aim) for study in (first, second))
            expected = lost(before, after, aim.quantile, rng)
        yield WINNER, dataset, None, aim.metric, one, other, one == other, disagree, expected


def _values(runs: pd.DataFrame, dataset: str, aim: Objective) -> pd.DataFrame:
    own = compared(runs[runs["dataset"].astype(str) == dataset])
    return by_repetition(own, aim.sign * measured(own, aim.metric, aim.goal))


def lost(
    first: pd.DataFrame, second: pd.DataFrame, quantile: float, rng: np.random.Generator
) -> float:
    """Return how often the winner of some repetitions is not tied with the best of the others.

    Both have a row for each configuration and a column for each repetition, less being better.
    Their repetitions are put together and divided again into parts of the same sizes.
    """
    common = first.index.intersection(second.index, sort=False)
    together = np.hstack([first.loc[common].to_numpy(), second.loc[common].to_numpy()])
    n, count = first.shape[1], 0
    for _ in range(SPLITS):
        mixed = rng.permuted(np.arange(together.shape[1]))
        one, other = together[:, mixed[:n]], together[:, mixed[n:]]
        winner = _best(one, quantile)
        low, high, separable = bounds([*other], quantile)
        out = separable and low[winner] > high.min() and winner != _best(other, quantile)
        count += bool(out)
    return count / SPLITS


def _best(values: Array, quantile: float) -> int:
    ordered = np.sort(values, axis=1)
    return int(np.argmin(ordered[:, place(quantile, values.shape[1])]))


def _orders(first: Reported, second: Reported) -> Iterator[tuple[object, ...]]:
    opposite = _opposite(first.contrasts, second.contrasts)
    orders = _order(second.importance)
    for key, one in _order(first.importance).items():
        if key in orders:
            signs = opposite.get(key)
            disagree = None if signs is None else sum(signs) > 0
            expected = None if signs is None else ALPHA * len(signs) / len(first.contrasts)
            other = orders[key]
            yield ORDER, *key, "parameters", one, other, one == other, disagree, expected


def _order(importance: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the parameters of each dataset and network, the largest share first."""
    if importance.empty:
        return {}
    first = importance["metric"] == importance["metric"].iloc[0]
    rows = importance[first & (importance["kind"] == "parameter") & importance["share"].notna()]
    return {
        (str(dataset), str(network)): " > ".join(
            of.sort_values("share", ascending=False, kind="stable")["term"]
        )
        for (dataset, network), of in rows.groupby(list(GROUPS), sort=False)
    }


def _opposite(first: pd.DataFrame, second: pd.DataFrame) -> dict[tuple[str, str], list[bool]]:
    """Return for each two levels whether they differ in both, and in opposite directions."""
    keys = [*GROUPS, "parameter", "level", "other"]
    directions: dict[tuple[str, str], list[bool]] = {}
    for row in first.merge(second, on=keys).to_dict("records"):
        down = [2 * row[f"lower_{s}"] > row[f"n_{s}"] - row[f"ties_{s}"] for s in ("x", "y")]
        both = bool(row["differ_x"] and row["differ_y"])
        key = str(row["dataset"]), str(row["implementation"])
        directions.setdefault(key, []).append(both and down[0] != down[1])
    return directions
