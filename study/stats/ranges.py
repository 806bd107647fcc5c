"""How a figure bins an axis: many levels of one parameter become a few ranges of them."""

import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from study.space import PARAMETERS, Parameter

MANY = 12
"""An axis with more levels than this is binned."""

RANGES = 5
"""The largest number of ranges."""


def binned(runs: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return `runs` with these parameters in few enough levels for an axis: see `ranges`.

    `runs` has the levels of each as an ordered categorical of texts. A range divides an axis
    and never identifies runs: a configuration is its values.
    """
    columns = {}
    for name in names:
        of = ranges([str(level) for level in runs[name].cat.categories], name)
        kind = pd.CategoricalDtype([*dict.fromkeys(of.values())], ordered=True)
        columns[name] = runs[name].astype(object).map(of, na_action="ignore").astype(kind)
    return runs.assign(**columns)


def axis(runs: pd.DataFrame, name: str) -> list[str]:
    """Return what one parameter's axis shows, in order: its levels, or ranges of them."""
    return [*dict.fromkeys(ranges([*map(str, runs[name].cat.categories)], name).values())]


def ranges(levels: Sequence[str], name: str) -> dict[str, str]:
    """Return for each of a parameter's levels, in their order, its text on an axis.

    Up to `MANY` levels keep their texts. More become at most `RANGES` ranges, each named by the
    least and the greatest level tried in it: numbers even in the parameter's scale, others in parts
    of equal number. Layers of different depths are gathered by their number instead.

    >>> set(ranges([f"{width}" for width in range(1, 17)], "hidden").values()) == {
    ...     "1", "2–3", "4–5", "6–9", "10–16"}
    True
    """
    parameter = PARAMETERS[name]
    if len(levels) <= MANY or not parameter.ordered:
        return {level: level for level in levels}
    depths = {level: parameter.depth(level) for level in levels}
    if len(set(depths.values())) > 1:
        return {level: _layers(depth) for level, depth in depths.items()}
    numbers = {level: number for level in levels if (number := parameter.number(level)) is not None}
    parts = _even(numbers, log=parameter.scale != "linear") if numbers else _equal(levels)
    names = _named(parts, parameter)
    return {level: names[parts[level]] if level in parts else level for level in levels}


def _layers(depth: int) -> str:
    return "none" if depth == 0 else "1 layer" if depth == 1 else f"{depth} layers"


def _even(numbers: Mapping[str, float], *, log: bool) -> dict[str, int]:
    """Divide the whole range of the numbers evenly, in their logarithm if all have one."""
    log = log and min(numbers.values()) > 0
    places = {level: math.log(n) if log else n for level, n in numbers.items()}
    low, high = min(places.values()), max(places.values())
    width = (high - low) / RANGES
    return {level: min(int((at - low) / width + 1e-9), RANGES - 1) for level, at in places.items()}


def _equal(levels: Sequence[str]) -> dict[str, int]:
    """Divide the levels into parts of about equal number, in their order."""
    return {level: RANGES * i // len(levels) for i, level in enumerate(levels)}


def _named(parts: Mapping[str, int], parameter: Parameter) -> dict[int, str]:
    """Name each part by its ends, with as few digits as distinguish the parts."""
    ends: dict[int, list[str]] = {}
    for level, part in parts.items():
        ends.setdefault(part, []).append(level)
    for digits in range(2, 18):
        names = {part: _between(inside, parameter, digits) for part, inside in ends.items()}
        if len(set(names.values())) == len(names):
            break
    return names


def _between(inside: Sequence[str], parameter: Parameter, digits: int) -> str:
    if len(inside) == 1:
        return inside[0]
    low, high = (
        f"{float(end):.{digits}g}" if parameter.numeric else end for end in (inside[0], inside[-1])
    )
    return f"{low}–{high}"
