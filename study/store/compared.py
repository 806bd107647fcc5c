"""Configurations by name or values, and two of them compared a repetition at a time."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.errors import ResultsError, not_one_of
from study.given import conditions
from study.metrics import METRICS
from study.space import PARAMETERS, Value

Configuration: TypeAlias = str | Mapping[str, Value | None]
"""A name, as the report's tables have it, or values of parameters that only one has."""

Array: TypeAlias = NDArray[np.float64]

SMALLEST = 1e-12
"""A loss of 0 counts as this much where ratios are compared, as in every verdict."""

PAIRS = ("dataset", "metric", "repetition", "a", "b", "difference", "lower")


def named(configuration: Configuration, explored: pd.DataFrame, runs: pd.DataFrame) -> str:
    """Return the name of a configuration; ResultsError unless exactly one fits.

    `explored` is the table `explorer_runs`; `runs` has the parameters of each run.
    """
    names = list(dict.fromkeys(explored["configuration"]))
    if isinstance(configuration, str):
        if configuration not in names:
            close = get_close_matches(configuration, names, n=1, cutoff=0.0)
            raise ResultsError(
                f"no configuration is {configuration!r}; the closest is {close[0]!r}"
            )
        return configuration
    conditions("configuration", configuration)
    met = pd.Series(data=True, index=runs.index)
    for parameter, value in configuration.items():
        if parameter not in PARAMETERS:
            raise ResultsError(f"configuration: {not_one_of(parameter, PARAMETERS)}")
        stored = runs[parameter].astype(object)
        met &= stored.isna() if value is None else stored.map(value.__eq__).eq(other=True)
    rows = explored.loc[explored["run_id"].isin(runs.loc[met, "run_id"].astype(str))]
    fitting = list(dict.fromkeys(rows["configuration"]))
    if len(fitting) == 1:
        return str(fitting[0])
    given = ", ".join(f"{name} = {value}" for name, value in configuration.items())
    if not fitting:
        raise ResultsError(f"no configuration has {given or 'these values'}")
    more = ", ".join(name for name in PARAMETERS if len(runs.loc[met, name].dropna().unique()) > 1)
    given = f"have {given}; they differ" if given else "differ"
    raise ResultsError(f"{len(fitting)} configurations {given} in {more}")


def pairs(explored: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    """Return two configurations, a repetition of a metric at a time: the columns `PAIRS`.

    A run that diverged, failed or never got there counts as ∞ (of accuracies −∞). `difference` is
    a − b, of log₁₀ where ratios are compared, and 0 where both are equal; `lower` is a, b or
    neither.
    """
    keys = ["dataset", "repetition"]
    metrics = [name for name in explored.columns if name in METRICS and name != "epochs"]
    sides = [
        explored.loc[explored["configuration"] == name, [*keys, *metrics]]
        .melt(keys, var_name="metric", value_name=side)
        .astype({side: float})
        for side, name in (("a", a), ("b", b))
    ]
    both = sides[0].merge(sides[1], on=[*keys, "metric"]).dropna(subset=["a", "b"])
    x, y = both["a"].to_numpy(), both["b"].to_numpy()
    ratios = [METRICS[name].logarithmic for name in both["metric"]]
    with np.errstate(invalid="ignore"):
        apart = np.where(ratios, _log(x) - _log(y), x - y)
    lower = np.select([x < y, y < x], ["a", "b"], "neither")
    both = both.assign(difference=np.where(x == y, 0.0, apart), lower=lower)
    order = {name: i for i, name in enumerate(metrics)}
    both = both.sort_values(
        ["dataset", "metric", "repetition"], ignore_index=True,
        key=lambda column: column.map(order) if column.name == "metric" else column,
    )  # fmt: skip
    return both[list(PAIRS)]


def _log(values: Array) -> Array:
    logarithms: Array = np.log10(values.clip(SMALLEST))
    return logarithms
