"""Whether the best lies at an edge of what was searched, and the line that moves the edge."""

import math
from collections.abc import Mapping

import pandas as pd

from study.space import PARAMETERS, Choices, Parameter, Range, Space, Value

NEAR = 0.05
"""A value within this share of a range, in the range's own scale, lies at its edge."""

COLUMNS = ("dataset", "parameter", "value", "edge", "line")


def edges(best: pd.DataFrame, space: Space) -> pd.DataFrame:
    """Return the numbers of each dataset's best configuration that lie at an edge of the space.

    `best` has one row per dataset: dataset, and each parameter's value (null where it does not
    act). One row per dataset and parameter that could be taken further: `value`, `edge` (low or
    high), and `line`, what to write in [search.parameters] to have the next values searched too.
    """
    rows = []
    for _, row in best.iterrows():
        for name, dimension in space.items():
            p = PARAMETERS[name]
            if p.kind != "real" or pd.isna(row[name]):
                continue
            found = _edge(float(row[name]), dimension, p)
            if found is not None:
                rows.append((row["dataset"], name, float(row[name]), *found))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _edge(value: float, dimension: object, p: Parameter) -> tuple[str, str] | None:
    """Return which edge a value lies at, and the line that moves it; None where there is none."""
    if isinstance(dimension, Choices):
        return _of_choices(value, sorted(map(float, dimension.choices)), dimension.when, p)
    if isinstance(dimension, Range):
        return _of_range(value, dimension, p)
    return None


def _of_choices(
    value: float, choices: list[float], when: Mapping[str, Value], p: Parameter
) -> tuple[str, str] | None:
    if len(choices) == 1 or value not in (choices[0], choices[-1]):
        return None
    edge = "high" if value == choices[-1] else "low"
    inner = choices[-2] if edge == "high" else choices[1]
    further = _further(inner, value, p)
    if further is None:
        return None
    widened = [*choices, further] if edge == "high" else [further, *choices]
    listed = f"[{', '.join(f'{choice:g}' for choice in widened)}]"
    return edge, f"{p.name} = {f'{{choices = {listed}, {_when(when)}}}' if when else listed}"


def _of_range(value: float, bounds: Range, p: Parameter) -> tuple[str, str] | None:
    scale = math.log if bounds.log else float
    low, high, here = scale(bounds.low), scale(bounds.high), scale(value)
    place = (here - low) / (high - low)
    if NEAR < place < 1 - NEAR:
        return None
    edge = "low" if place <= NEAR else "high"
    ends = (bounds.high, bounds.low) if edge == "low" else (bounds.low, bounds.high)
    middle = math.sqrt(ends[0] * ends[1]) if bounds.log else (ends[0] + ends[1]) / 2
    further = _further(middle, ends[1], p)
    if further is None:
        return None
    widened = (further, bounds.high) if edge == "low" else (bounds.low, further)
    keys = [f"low = {widened[0]:g}", f"high = {widened[1]:g}"]
    keys += ["log = true"] if bounds.log else []
    keys += [f"step = {bounds.step:g}"] if bounds.step is not None else []
    keys += [_when(bounds.when)] if bounds.when else []
    return edge, f"{p.name} = {{{', '.join(keys)}}}"


def _further(inner: float, edge: float, p: Parameter) -> float | None:
    """Return as large a step beyond the edge again, in the parameter's scale, if that is valid."""
    log = p.scale == "log"
    further = edge * edge / inner if log and inner > 0 else 2 * edge - inner
    further = float(f"{further:.3g}")
    try:
        p.read(further)
    except ValueError:
        return None
    return further


def _when(when: Mapping[str, Value]) -> str:
    pairs = [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {value:g}"
        for name, value in when.items()
    ]
    return f"when = {{{', '.join(pairs)}}}"
