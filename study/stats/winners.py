"""What is tied with the best, the cheapest of it, and what luck gave the best."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.spec.objective import Objective, place
from study.stats.intervals import Array, median
from study.stats.mixture import ALPHA
from study.stats.scales import compared
from study.stats.summaries import measured

TIED = (
    "dataset", "configuration", "repetitions", "at_best", "at_worst", "separable", "tied",
    "parameters", "epochs_to_loss_05", "cheapest",
)  # fmt: skip

_FLAGS = ("separable", "tied", "cheapest")

OPTIMISM = ("dataset", "configurations", "left_out", "repetitions", "apparent", "held_out")


def tied(runs: pd.DataFrame, aim: Objective) -> pd.DataFrame:
    """Return one row per dataset and configuration: whether it is tied with the best.

    Each configuration has two bounds for the quantile of its metric that the objective declares:
    `at_best` is passed in the better direction with a probability of at most 0.025, and `at_worst`
    in the worse direction with at most 0.025/K, for K rivals. Both are order statistics of its own
    repetitions (Conover 1999, section 3.2), infinite where so few repetitions have none. It is not
    tied if a rival, at its worst, is better than it is at its best. The first of the ranking always
    is. The true best is tied with a probability of at least 95 %, whatever the distributions and
    however repetitions depend on each other: one of K + 1 bounds would have to fail.

    Where no repetitions can exclude a configuration, the dataset is not `separable`, and all are
    tied: at the quantile 1, for the median of fewer than 13 repetitions and 127 rivals, and for
    times, since the runs of a stack share one. `parameters` is the network's size,
    `epochs_to_loss_05` the median (∞: never). `cheapest` is the tied one with the fewest
    parameters, then the fewest epochs, then the best by the objective: one a dataset.
    """
    parts = [_tied(str(name), group, aim) for name, group in compared(runs).groupby("dataset")]
    if not parts:
        return pd.DataFrame(columns=list(TIED)).astype(dict.fromkeys(_FLAGS, "bool"))
    return pd.concat(parts, ignore_index=True)


def _tied(dataset: str, runs: pd.DataFrame, aim: Objective) -> pd.DataFrame:
    about = runs.groupby("configuration", sort=False)
    signed = (aim.sign * measured(runs, aim.metric, aim.goal)).to_numpy()
    reached = measured(runs, "epochs_to_loss_05").to_numpy()
    groups = about.indices
    values = [signed[at] for at in groups.values()]
    low, high, separable = bounds(values, aim.quantile)
    frame = pd.DataFrame({
        "dataset": dataset,
        "configuration": list(groups),
        "repetitions": [len(of) for of in values],
        "at_best": aim.sign * low,
        "at_worst": aim.sign * high,
        "separable": separable and not METRICS[aim.metric].timed,
        "parameters": [float(runs["parameters"].iloc[at[0]]) for at in groups.values()],
        "epochs_to_loss_05": [float(median(reached[at])) for at in groups.values()],
        "badness": [aim.sign * aim.of((aim.sign * of).tolist()) for of in values],
    })  # fmt: skip
    beaten = (low > high.min()) & frame["separable"]
    beaten &= frame.index != frame["badness"].argmin()
    frame = frame.assign(tied=~beaten)
    order = ["parameters", "epochs_to_loss_05", "badness"]
    first = frame[frame["tied"]].sort_values(order, kind="stable").index[:1]
    return frame.assign(cheapest=frame.index.isin(first))[list(TIED)]


def bounds(values: Sequence[Array], quantile: float) -> tuple[Array, Array, bool]:
    """Return a lower and an upper bound for each quantile, and whether they can be compared.

    The k-th of n ordered values is above the quantile q with a probability of at most P(B < k), and
    below it with at most P(B ≥ k), for B binomial with n and q. A lower bound errs with at most
    0.025, an upper one with at most 0.025 divided by the number of rivals. They can be compared
    where some lower and some upper bound is one of the values.

    >>> low, high, _ = bounds([np.arange(1.0, 11.0), np.arange(5.0, 15.0)], 0.5)
    >>> low.tolist(), high.tolist()
    ([2.0, 6.0], [9.0, 13.0])
    """
    low, high = np.empty((2, len(values)))
    bounded = np.zeros((2, len(values)), np.bool_)
    for i, of in enumerate(values):
        ordered, n = np.sort(of), len(of)
        below, above = _places(n, quantile, max(len(values) - 1, 1))
        low[i] = ordered[below - 1] if below else -np.inf
        high[i] = ordered[above - 1] if above <= n else np.inf
        bounded[:, i] = below > 0, above <= n
    return low, high, bool(bounded.any(axis=1).all())


@cache
def _places(n: int, quantile: float, rivals: int) -> tuple[int, int]:
    """Return the places of both bounds among n ordered values, from 1; 0 and n + 1 are none."""
    from scipy.special import bdtr, bdtrc  # drawing does without SciPy

    places = np.arange(n)
    below = int((bdtr(places, n, quantile) <= ALPHA / 2).sum())
    above = int((bdtrc(places, n, quantile) > ALPHA / 2 / rivals).sum())
    return below, above + 1


def by_repetition(runs: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Return the values with a row per configuration and a column per repetition, without holes.

    It has the repetitions that at least half of the configurations have; a configuration that
    lacks one of them has no row.
    """
    wide = runs.assign(value=values).pivot_table(
        index="configuration", columns="repetition", values="value", sort=False
    )
    return wide.loc[:, wide.notna().mean() >= 0.5].dropna()  # noqa: PLR2004  # half of them


def optimism(runs: pd.DataFrame, aim: Objective) -> pd.DataFrame:
    """Return how much of each dataset's best value is luck, by leaving out repetitions.

    One row per dataset: `apparent`, the best value of the objective, and `held_out`: each
    repetition is left out in turn, the best configuration by the others is chosen, and its value in
    the repetition left out is taken; this is the objective of those values (leave-one-out
    cross-validation, Stone 1974). `configurations` compete, `left_out` lack a repetition (see
    `by_repetition`). `held_out` is NaN where none competes, or with fewer than 3 repetitions,
    and of times.
    """

    def value(signed: Array) -> Array:
        return np.asarray(np.sort(signed, axis=-1)[..., place(aim.quantile, signed.shape[-1])])

    rows = []
    for dataset, group in compared(runs).groupby("dataset"):
        table = by_repetition(group, aim.sign * measured(group, aim.metric, aim.goal))
        values = table.to_numpy()
        n = values.shape[1]
        held = math.nan
        if values.size and n > 2 and not METRICS[aim.metric].timed:  # noqa: PLR2004  # of two, one chooses
            others = [np.delete(values, i, axis=1) for i in range(n)]
            chosen = [int(np.argmin(value(rest))) for rest in others]
            held = float(value(values[chosen, np.arange(n)]))
        apparent = float(value(values).min()) if values.size else math.inf
        missing = group["configuration"].nunique() - len(table)
        rows.append((str(dataset), len(table), missing, n, aim.sign * apparent, aim.sign * held))
    return pd.DataFrame(rows, columns=list(OPTIMISM))
