"""The levels of every parameter: a text for each value, in the order of the values."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from study.space import PARAMETERS, Value

FEW = 6
"""The most levels of a parameter in a gallery over two parameters."""

WRITTEN = 12
"""A number with up to 12 digits is written in full: somebody chose it."""

DIGITS, ALL = 6, 17
"""A longer number has at least `DIGITS` digits; `ALL` digits distinguish any two numbers."""

CLOSE = 1e-5
"""A shortened number differs by at most this share of its distance to 0, and to 1."""

Texts: TypeAlias = Mapping[Value, str]
"""Value → its text, no two of them alike."""


def texts(values: Collection[Value]) -> dict[Value, str]:
    """Write the values of one parameter, with as many digits as tell them apart.

    >>> texts([1e-4, 0.1, 0.1000000001, 0.9999999]).values()
    dict_values(['0.0001', '0.1', '0.1000000001', '0.9999999'])
    >>> texts([1 / 3, 2 / 3, "128x64"]).values()
    dict_values(['0.333333', '0.666667', '128x64'])
    """
    digits = dict.fromkeys(values, DIGITS)
    while True:
        labels = {value: _text(value, least) for value, least in digits.items()}
        counts = Counter(labels.values())
        alike = [value for value, text in labels.items() if counts[text] > 1]
        if not alike:
            return labels
        digits |= {value: digits[value] + 1 for value in alike}


def _text(value: Value, least: int) -> str:
    if isinstance(value, str):
        return value
    short = f"{value:.{WRITTEN}g}"
    if float(short) == value:
        return short
    near = CLOSE * min(abs(value), abs(1 - value))  # of a decay rate, what lacks of 1 counts
    shortened = (f"{value:.{digits}g}" for digits in range(least, ALL + 1))
    return next(text for text in shortened if abs(float(text) - value) <= near)


def written(runs: pd.DataFrame, declared: Mapping[str, Sequence[Value]]) -> dict[str, Texts]:
    """Return the texts of each parameter's values, in the order of the values.

    `runs` has a column for each parameter; `declared` names values that count as levels even where
    no run has them.
    """
    return {
        name: texts(
            sorted({*runs[name].dropna().unique(), *declared.get(name, ())}, key=parameter.order)
        )
        for name, parameter in PARAMETERS.items()
    }


def levelled(runs: pd.DataFrame, texts: Mapping[str, Texts]) -> pd.DataFrame:
    """Return `runs` with every parameter as an ordered categorical of its texts; null stays null.

    A level is a value, so that runs of different values never share one.
    """
    columns = {
        name: runs[name]
        .astype(object)
        .map(of, na_action="ignore")
        .astype(pd.CategoricalDtype([*of.values()], ordered=True))
        for name, of in texts.items()
    }
    return runs.assign(**columns)


def searched(
    levels: pd.DataFrame, values: pd.DataFrame, conditions: Mapping[str, Mapping[str, Value]]
) -> pd.DataFrame:
    """Return `levels` with null in each parameter where it is not searched: `when` is not met.

    There it has a value that no one asked for. `levels` and `values` have the same rows, and a
    column for each parameter; `conditions` has the `when` of each searched one.
    """
    cleared = {}
    for name, when in conditions.items():
        met = np.ones(len(values), dtype=bool)
        for key, value in when.items():
            met &= (values[key] == value).to_numpy(dtype=bool, na_value=False)
        cleared[name] = levels[name].where(met)
    return levels.assign(**cleared)


def of(runs: pd.DataFrame, name: str) -> list[str]:
    """Return the levels of one parameter, in order, of a frame that `levelled` made."""
    return [str(level) for level in runs[name].cat.categories]


def studied(runs: pd.DataFrame) -> tuple[str, ...]:
    """Return the parameters that have more than one level, in the order of `PARAMETERS`."""
    return tuple(name for name in PARAMETERS if len(of(runs, name)) > 1)


def crossed(runs: pd.DataFrame) -> tuple[str, ...]:
    """Return the two parameters to show together: the ones with the most levels, up to `FEW`.

    The one with fewer levels is first. The implementation is not among them. Fewer than two are
    returned if no more parameters qualify.
    """
    counts = {name: len(of(runs, name)) for name in studied(runs) if name != "implementation"}
    names = [name for name, n in counts.items() if n <= FEW]
    most = sorted(names, key=lambda name: -counts[name])[:2]
    return tuple(sorted(most, key=lambda name: counts[name]))


def configurations(levels: pd.DataFrame, names: Sequence[str]) -> "pd.Series[str]":
    """Name each row's configuration by its levels of `names`: two names are alike where all are."""
    rows = levels[list(names)].astype(object)
    labels: dict[tuple[object, ...], str] = {}
    keys = [*rows.itertuples(index=False, name=None)] if names else [()] * len(rows)
    for key in keys:
        if key not in labels:
            labels[key] = configuration(dict(zip(names, key, strict=True)))
    return pd.Series([labels[key] for key in keys], index=levels.index, dtype="str")


def configuration(levels: Mapping[str, object]) -> str:
    """Write a configuration as its levels, named where it is not plain whose they are.

    >>> configuration({"activation": "none", "hidden": "8", "lr": "0.1", "momentum": None})
    'activation none · 8 · lr 0.1'
    """
    parts = []
    for name, level in levels.items():
        if level is None or level != level:  # noqa: PLR0124  # NaN
            continue
        parts.append(PARAMETERS[name].called(str(level)))
    return " · ".join(parts) or "the one configuration"
