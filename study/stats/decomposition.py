"""Which parameters move a metric, and how much is noise: variance shares of a balanced grid."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from study.metrics import METRICS, OF_RUNS
from study.stats.intervals import Array
from study.stats.scales import GROUPS, compared, finite

FINAL = tuple(name for name in OF_RUNS if METRICS[name].summary == "last")

COLUMNS = (*GROUPS, "metric", "term", "kind", "repetitions", "share")


def decomposition(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    trivial: Mapping[str, float],
    *,
    metrics: Sequence[str] = FINAL,
    merge: bool = False,
) -> pd.DataFrame:
    """Return the share of each term in the variance of each metric, where the grid is balanced.

    One row per dataset, implementation, metric and `term`; `kind` is `parameter`, `pair` (a two-way
    interaction, "lr × optimizer"), `rest` (three parameters or more together) or `noise`. Losses
    enter as `scales.finite`. With C configurations, n repetitions, N = C · n, MSe the mean square
    of configuration × repetition and SS, df the term's sum of squares and degrees of freedom,

        ω² = (SS − df · MSe) / (SSt + MSe),      noise = 1 − Σ ω²:

    the repetitions' own variance and the residual (Hays 1963; Olejnik & Algina 2003). Shares are
    not normalised: the parameters' shares sum to the explained variance, and the share of a term
    without effect scatters around 0. They describe, and have no interval: one by the jackknife over
    repetitions held the share in 86 to 100 % of simulated grids instead of 95 %. No row where a
    combination of levels is missing or pruned, a parameter does not always act, or fewer than 2
    repetitions are common to all: then there is `importance`. With `merge`, parameters that always
    change together are one term ("hidden & convolution", see `together`): in a grid that is
    planned, in a search it is chance. All shares are NaN where the metric is the same in all runs.
    """
    rows = []
    for key, group in runs.groupby(list(GROUPS)):
        names = [name for name in parameters if group[name].drop_duplicates().size > 1]
        factors = together(group, names) if merge else [[name] for name in names]
        for metric in metrics:
            if group[metric].notna().any():
                values = cube(group, [of[0] for of in factors], finite(group, metric, trivial))
                if values is not None:
                    terms = [TOGETHER.join(of) for of in factors]
                    rows += [(*key, metric, *row) for row in _terms(values, terms)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(GROUPS, "str"))


TOGETHER = " & "
"""Stands between parameters that always change together, and so are one factor."""


def together(runs: pd.DataFrame, names: Sequence[str]) -> list[list[str]]:
    """Return the parameters as factors: those whose levels name each other are one.

    So it is where exclusions leave but one partner to each level. What one does there, and what the
    other, no run can tell.

    >>> runs = pd.DataFrame({"a": [1, 1, 2, 2], "b": ["x", "x", "y", "y"], "c": [1, 2, 1, 2]})
    >>> together(runs, ["a", "b", "c"])
    [['a', 'b'], ['c']]
    """
    factors: list[list[str]] = []
    for name in names:
        levels = runs[name].nunique(dropna=False)
        for factor in factors:
            pairs = len(runs[[factor[0], name]].drop_duplicates())
            if pairs == levels == runs[factor[0]].nunique(dropna=False):
                factor.append(name)
                break
        else:
            factors.append([name])
    return factors


def cube(runs: pd.DataFrame, names: Sequence[str], values: pd.Series) -> Array | None:
    """Return the values as an array with an axis for each parameter, and one of repetitions.

    It holds the repetitions that every combination of levels has; None where it would have holes,
    or fewer than two repetitions, or where no parameter varies.
    """
    levels = [runs[name].astype("category").cat.remove_unused_categories() for name in names]
    if not levels or any(column.isna().any() for column in levels):
        return None
    repetitions, place = np.unique(runs["repetition"].to_numpy(), return_inverse=True)
    shape = [len(column.cat.categories) for column in levels]
    kept = runs.index.isin(compared(runs).index)
    if kept.sum() < math.prod(shape):  # of a search, whose array would be huge
        return None
    array = np.full((*shape, len(repetitions)), np.nan)
    at = (*(column.cat.codes.to_numpy()[kept] for column in levels), place[kept])
    array[at] = values.to_numpy()[kept]
    full = array[..., ~np.isnan(array).any(axis=tuple(range(len(names))))]
    return full if full.shape[-1] > 1 else None


def _terms(values: Array, names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    pairs = [" × ".join(pair) for pair in itertools.combinations(names, 2)]
    terms = [(name, "parameter") for name in names] + [(pair, "pair") for pair in pairs]
    if len(names) > 2:  # noqa: PLR2004  # with two, no three act together
        terms.append(("three or more together", "rest"))
    terms.append(("noise", "noise"))
    for (term, kind), share in zip(terms, shares(values), strict=True):
        yield term, kind, values.shape[-1], float(share)


def shares(values: Array) -> Array:
    """Return ω² of each axis but the last, of each two of them, of more together, and the noise.

    `values` has an axis for each parameter, and one of repetitions. The entry for more together is
    there where there are more than two parameters.
    """
    axes = range(values.ndim - 1)
    mean, n = values.mean(), values.shape[-1]
    deviations = values - mean
    total = float(np.sum(deviations**2))
    cells = deviations.mean(axis=-1)
    if np.ptp(values) == 0:
        count = len(axes) + len(axes) * (len(axes) - 1) // 2 + (len(axes) > 2)  # noqa: PLR2004
        return np.full(count + 1, np.nan)
    variations = [_variation(cells, (axis,)) for axis in axes]
    variations += [_variation(cells, pair) for pair in itertools.combinations(axes, 2)]
    between = float(np.sum(cells**2))
    if len(axes) > 2:  # noqa: PLR2004  # with two, no three act together
        square, freedom = np.sum(variations, axis=0)
        variations.append((between - square, cells.size - 1 - freedom))
    repetitions = cells.size * float(np.sum(deviations.mean(axis=tuple(axes)) ** 2))
    residual = (total - n * between - repetitions) / ((cells.size - 1) * (n - 1))
    omega = [
        (n * square - freedom * residual) / (total + residual) for square, freedom in variations
    ]
    return np.array([*omega, 1 - sum(omega)])


def _variation(cells: Array, axes: tuple[int, ...]) -> tuple[float, int]:
    """Return sum of squares (for one repetition) and degrees of freedom of one effect."""
    others = tuple(axis for axis in range(cells.ndim) if axis not in axes)
    effect = cells.mean(axis=others, keepdims=True)
    for axis in axes:
        effect = effect - effect.mean(axis=axis, keepdims=True)
    freedom = math.prod(cells.shape[axis] - 1 for axis in axes)
    return float(np.sum(effect**2)) * cells.size / effect.size, freedom
