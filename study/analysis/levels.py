"""The levels of every parameter: texts in the order of their values, few enough to be drawn."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from study.space import PARAMETERS, Parameter, Value

MANY = 12
"""A parameter with more values than this is drawn in ranges, or by its number of layers."""

RANGES = 5
"""Into how many ranges such a number's values are gathered."""


FEW = 6
"""A gallery over two parameters shows so many levels of each at most."""


def text(value: Value) -> str:
    """Write one value of a parameter.

    >>> text(0.0001), text("128x64")
    ('0.0001', '128x64')
    """
    return value if isinstance(value, str) else f"{value:g}"


def levelled(runs: pd.DataFrame, declared: Mapping[str, Sequence[Value]]) -> pd.DataFrame:
    """Return `runs` with every parameter as an ordered categorical of texts; null stays null.

    `runs` has a column for each parameter; `declared` names values that count as levels even
    where no run has them. More than `MANY` numbers become `RANGES` ranges, even in the
    parameter's scale; more than `MANY` shapes become their numbers of layers.
    """
    columns = {
        name: _levels(runs[name], declared.get(name, ()), parameter)
        for name, parameter in PARAMETERS.items()
    }
    return runs.assign(**columns)


def _levels(column: pd.Series, declared: Sequence[Value], parameter: Parameter) -> pd.Series:
    present = column.dropna().unique().tolist()
    values = sorted({*present, *declared}, key=parameter.order)
    if len(values) > MANY and parameter.kind == "real":
        return _ranges(column.astype(float), log=parameter.scale == "log")
    if len(values) > MANY and parameter.kind == "shape":
        values = sorted({_depth(value) for value in values})
        column = column.astype(object).map(_depth, na_action="ignore")
    texts = [text(value) for value in values]
    written = column.astype(object).map(text, na_action="ignore")
    kind = pd.CategoricalDtype(texts, ordered=True)
    return written.astype(kind)


def _depth(shape: str) -> str:
    layers = shape.count("x") + 1
    return "1 layer" if layers == 1 else f"{layers} layers"


def _ranges(column: pd.Series, *, log: bool) -> pd.Series:
    low, high = column.min(), column.max()
    edges = (np.geomspace if log else np.linspace)(low, high, RANGES + 1)
    edges[0], edges[-1] = low, high
    digits = next(d for d in range(2, 18) if len({f"{edge:.{d}g}" for edge in edges}) == len(edges))
    names = [f"{a:.{digits}g}–{b:.{digits}g}" for a, b in pairwise(edges)]
    return pd.cut(column, edges.tolist(), labels=names, include_lowest=True)


def searched(
    runs: pd.DataFrame, conditions: Mapping[str, Mapping[str, Value]], columns: Mapping[str, str]
) -> pd.DataFrame:
    """Return `runs` with null in each parameter where it is not searched, since `when` is not met.

    There it has a value that no one asked for. `runs` has the levels of all parameters,
    `conditions` the `when` of each; `columns` names, for columns to be cleared, their parameter.
    """
    cleared = {}
    for column, name in columns.items():
        met = np.ones(len(runs), dtype=bool)
        for key, value in conditions.get(name, {}).items():
            met &= (runs[key].astype(object) == text(value)).to_numpy()
        cleared[column] = runs[column].where(met)
    return runs.assign(**cleared)


def of(runs: pd.DataFrame, name: str) -> list[str]:
    """Return the levels of one parameter, in order, of a frame that `levelled` made."""
    return [str(level) for level in runs[name].cat.categories]


def studied(runs: pd.DataFrame) -> tuple[str, ...]:
    """Return the parameters that have more than one level, in the order of `PARAMETERS`."""
    return tuple(name for name in PARAMETERS if len(of(runs, name)) > 1)


def crossed(runs: pd.DataFrame) -> tuple[str, ...]:
    """Return the two parameters that are shown together: those with the most levels, up to `FEW`.

    The one with fewer levels comes first; the implementation is none of them. Where there are no
    two, fewer are returned.
    """
    counts = {name: len(of(runs, name)) for name in studied(runs) if name != "implementation"}
    names = [name for name, n in counts.items() if n <= FEW]
    most = sorted(names, key=lambda name: -counts[name])[:2]
    return tuple(sorted(most, key=lambda name: counts[name]))


def configuration(values: Mapping[str, Value | None], names: Sequence[str]) -> str:
    """Write a configuration as the values of `names`, saying whose value where that is not plain.

    >>> configuration({"hidden": "8", "activation": "none", "lr": 0.1}, ["activation", "lr"])
    'activation none · lr 0.1'
    """
    parts = []
    for name in names:
        value = values[name]
        if value is None or value != value:  # noqa: PLR0124  # null is NaN in a frame of numbers
            continue
        plain = PARAMETERS[name].kind in {"choice", "shape"} and value != "none"
        parts.append(text(value) if plain else f"{name} {text(value)}")
    return " · ".join(parts) or "the one configuration"
