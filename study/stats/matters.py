"""Which parameters matter: every two levels of each, compared by the test of the verdicts."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.stats.agreement import DIFFERENCE, RATIO, TOLERANCE, differences
from study.stats.cells import Cells
from study.stats.intervals import Array, combined
from study.stats.mixture import ALPHA, probability
from study.stats.reach import fewest
from study.stats.scales import GROUPS

COLUMNS = (
    *GROUPS, "parameter", "level", "other", "metric", "settings", "n", "lower", "ties", "effect",
    "unit", "p", "p_adjusted", "differ",
)  # fmt: skip


def contrasts(runs: pd.DataFrame, parameters: Sequence[str], metric: str) -> pd.DataFrame:
    """Return one row per dataset, implementation, parameter and two of its levels.

    `runs` has the parameters as levels, and no run that a result chose. Of the `settings` of all
    other parameters that both levels met, each repetition has one difference of `metric`, level
    less other: the median, on the metric's scale (see `agreement.differences`). Of the `n`
    repetitions that have every run, the metric is `lower` at `level` in so many, and `ties` in
    others. `effect` is the median ratio or difference over repetitions. `p` is the verdicts' (see
    `mixture`), `p_adjusted` is p times the number of rows, at most 1, and the levels `differ` where
    that is at most 0.05: no row of the page is wrong with a probability of at least 95 %.

    Levels that no setting has in common are left out, and so are times, which stacks share. Of more
    than `MANY` levels, each is compared with the first and the next one alone.
    """
    rows = []
    for key, group in runs.groupby(list(GROUPS)) if not METRICS[metric].timed else ():
        cells = Cells.of(group)
        for parameter in parameters:
            present = set(cells.configurations[parameter].dropna())
            levels = [str(level) for level in group[parameter].cat.categories if level in present]
            for other, level in _pairs(levels):
                row = _contrast(cells, parameter, level, other, metric)
                if row is not None:
                    rows.append((*map(str, key), parameter, level, other, metric, *row))
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-2]))
    adjusted = (table["p"].astype(float) * len(table)).clip(upper=1.0)
    return table.assign(p_adjusted=adjusted, differ=adjusted <= ALPHA)


MANY = 20
"""Of more levels than this, not every two are compared."""


def _pairs(levels: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield every two levels; of many levels, the first with each, and each with the next.

    >>> len(list(_pairs([*map(str, range(20))]))), len(list(_pairs([*map(str, range(21))])))
    (190, 39)
    """
    if len(levels) <= MANY:
        return itertools.combinations(levels, 2)
    first = ((levels[0], level) for level in levels[2:])
    return itertools.chain(itertools.pairwise(levels), first)


def _contrast(
    cells: Cells, parameter: str, level: str, other: str, metric: str
) -> tuple[object, ...] | None:
    chosen = cells.matched([{parameter: level}, {parameter: other}], [parameter])
    if not chosen:
        return None
    values = cells.values(metric, chosen)
    whole = values[:, :, ~np.isnan(values).any(axis=(0, 1))]
    log = METRICS[metric].logarithmic
    sizes = differences(whole, log=log)
    lower, ties, p = signs(sizes)
    middle = combined(sizes) if len(sizes) else np.nan
    with np.errstate(over="ignore"):
        effect = float(np.power(10.0, middle) if log else middle)
    return len(chosen), len(sizes), lower, ties, effect, RATIO if log else DIFFERENCE, p


def signs(sizes: Array) -> tuple[int, int, float]:
    """Return how many differences are lower than 0, how many tie, and the verdicts' p.

    >>> signs(np.array([-1.0, -2.0, 1e-7, 3.0]))
    (2, 1, 1.0)
    """
    ties = int((np.abs(sizes) <= TOLERANCE).sum())
    lower = int((sizes < -TOLERANCE).sum())
    return lower, ties, probability(lower, len(sizes) - ties, 0.5)


def matter(tested: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each parameter matters, by dataset, implementation and parameter.

    It does where any two of its levels differ; where none do, it is undecided.
    """
    return tested.groupby([*GROUPS, "parameter"], sort=False)["differ"].any()


def needed(tested: pd.DataFrame) -> int:
    """Return the fewest repetitions with which two levels of the page can differ."""
    return fewest(0.5, max(len(tested), 1)) or 0
