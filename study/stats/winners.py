"""What cannot be told from the best, the cheapest of it, and what luck gave it."""

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.spec.objective import Objective, place
from study.stats.intervals import Array, median
from study.stats.mixture import ALPHA
from study.stats.scales import compared, finite
from study.stats.summaries import measured

DECIDABLE_FROM = 6
"""Fewer repetitions cannot tell two configurations apart, so they exclude none."""

ENUMERATED = 12
"""Up to so many repetitions, all their signs are tried; beyond, `DRAWN` of them are drawn."""

DRAWN = 4095

CANDIDATES = (
    "dataset", "configuration", "repetitions", "p", "candidate", "parameters",
    "epochs_to_loss_05", "cheapest",
)  # fmt: skip

OPTIMISM = ("dataset", "configurations", "left_out", "repetitions", "apparent", "held_out")


def candidates(
    runs: pd.DataFrame,
    trivial: Mapping[str, float],
    aim: Objective,
    *,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row per dataset and configuration: whether it may be the best, and what it costs.

    With values x (`scales.finite`, less being better) of configuration i and the n repetitions that
    nearly all have (`by_repetition`), and dⱼ = xᵢ − xⱼ in each repetition,

        Tᵢ = maxⱼ Σ dⱼ / √(n Σ dⱼ²),

    which grows with the greatest paired t by which another is better, is compared with its values
    when the signs of whole repetitions are flipped: all 2ⁿ of them up to 12 repetitions, else
    4,095 draws and the signs as they are. `p` is the share that reaches Tᵢ; i stays a `candidate`
    where p > 0.05. The true best stays with probability of at least 95 %, whatever the number of
    configurations: a confidence set for the best (Hsu 1996, Multiple Comparisons, chapter 5; the
    permutation of the maximum after Westfall & Young 1993). Differences must be symmetric around
    their mean for this to be exact. Fewer than 6 repetitions exclude nothing: p is NaN. So it
    is for times: the repetitions of one stack have one.

    `parameters` is the network's size, `epochs_to_loss_05` the median (∞: never). `cheapest` is the
    candidate with the fewest parameters, then the fewest epochs, then the best by the objective:
    one a dataset.
    """
    parts = []
    for dataset, group in compared(runs).groupby("dataset"):
        table = by_repetition(group, aim.sign * finite(group, aim.metric, trivial))
        n = table.shape[1]
        told = n >= DECIDABLE_FROM and not METRICS[aim.metric].timed
        p = contest(table.to_numpy(), rng=rng) if told else np.full(len(table), None)
        about = group.groupby("configuration", sort=False)
        reached = measured(group, "epochs_to_loss_05").to_numpy()
        epochs = {key: float(median(reached[at])) for key, at in about.indices.items()}
        each = measured(group, aim.metric, aim.goal).to_numpy()
        value = {key: aim.of(each[at].tolist()) for key, at in about.indices.items()}
        rows = pd.DataFrame({
            "dataset": str(dataset),
            "configuration": table.index,
            "repetitions": n,
            "p": p.astype(float),
            "parameters": about["parameters"].first().reindex(table.index).to_numpy(),
            "epochs_to_loss_05": [epochs[name] for name in table.index],
            "badness": [aim.sign * value[name] for name in table.index],
        })  # fmt: skip
        rows["candidate"] = ~(rows["p"] <= ALPHA)
        order = ["parameters", "epochs_to_loss_05", "badness"]
        cheapest = rows[rows["candidate"]].sort_values(order, kind="stable").index[:1]
        parts.append(rows.assign(cheapest=rows.index.isin(cheapest)))
    if not parts:
        return pd.DataFrame(columns=list(CANDIDATES))
    return pd.concat(parts, ignore_index=True)[list(CANDIDATES)]


def by_repetition(runs: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Return the values with a row per configuration and a column per repetition, without holes.

    The repetitions are those that at least half of the configurations have; a configuration that
    lacks one of them has no row.
    """
    wide = runs.assign(value=values).pivot_table(
        index="configuration", columns="repetition", values="value", sort=False
    )
    return wide.loc[:, wide.notna().mean() >= 0.5].dropna()  # noqa: PLR2004  # half of them


def contest(values: Array, *, rng: np.random.Generator) -> Array:
    """Return for each row the p of "no other row is better", less being better: see `candidates`.

    >>> apart = np.array([[0.0], [1.0]]) + np.linspace(0, 0.1, 6)
    >>> contest(apart, rng=np.random.default_rng(0)).tolist()
    [1.0, 0.015625]
    """
    n = values.shape[1]
    if n <= ENUMERATED:
        signs = np.array(list(itertools.product((1.0, -1.0), repeat=n)))
    else:
        drawn = rng.choice((1.0, -1.0), size=(DRAWN, n))
        signs = np.vstack([np.ones(n), drawn])  # the signs as they are come first, here and above
    p = np.ones(len(values))
    for i, row in enumerate(values):
        behind = np.delete(row - values, i, axis=0)
        length = np.sqrt(n * np.sum(behind**2, axis=1))
        different = length > 0
        if different.any():
            each = signs @ (behind[different] / length[different, None]).T
            greatest = each.max(axis=1)
            p[i] = np.mean(greatest >= greatest[0] - 1e-12)
    return p


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
