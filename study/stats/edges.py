"""Whether the best lies at an edge of what was tried, and the line that moves the edge."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd
import tomlkit

from study.space import PARAMETERS, Choices, Dimension, Parameter, Range, Space, Value
from study.stats import feasible
from study.stats.levels import Texts, texts
from study.stats.mixture import surely
from study.stats.scales import GROUPS

LEAST = 3
"""With fewer values than this no edge is reported: two have nothing between them."""

NEAR = 0.05
"""A value within this share of a range, in the range's own scale, lies at its end."""

COLUMNS = (
    "dataset", "parameter", "level", "edge", "tried", "inner", "better", "repetitions", "line",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Separated:
    """What separates levels: the configurations tied with the best, and the table of `matters`."""

    tied: Collection[tuple[str, str]]
    contrasts: pd.DataFrame


def edges(
    runs: pd.DataFrame,
    ranked: pd.DataFrame,
    separated: Separated,
    *,
    space: Space,
    written: Mapping[str, Texts],
) -> pd.DataFrame:
    """Return the parameters whose outermost value each dataset's best configuration has.

    `runs` has dataset, configuration and the levels of each parameter, all that were tried;
    `ranked` is `summaries.configurations`; `written` has the texts of all values. One row per
    dataset and parameter that has an order and at least `LEAST` tried values: the best one's
    `level` is the least or the greatest of the `tried` ones (`edge`: low or high), something may
    lie beyond it, and it beats the next value inwards, `inner`.

    Where the two are compared, it does if p of the `better` among the `repetitions` that differ,
    multiplied by the number of parameters with edges (see `_family`), is at most 0.05: in at least
    95 % of studies no edge is reported by luck, whichever the best is. In a search nothing is
    compared, and it does if no tied configuration has that value; `better` and
    `repetitions` are null. `line` is what to write in [search.parameters] to have the next values
    searched too; null if the declared space extends further.
    """
    tied, contrasts = separated.tied, separated.contrasts
    rows, m = [], _family(contrasts) if len(contrasts) else 0
    for best in feasible.best(ranked).to_dict("records"):
        of_dataset = runs[runs["dataset"].astype(str) == best["dataset"]]
        alike = of_dataset["configuration"].isin(
            [name for of, name in tied if of == best["dataset"]]
        )
        own = of_dataset[of_dataset["configuration"] == best["configuration"]].iloc[0]
        for name, p in PARAMETERS.items():
            levels = of_dataset[name].cat.remove_unused_categories()
            tried = [str(level) for level in levels.cat.categories]
            if not p.ordered or len(tried) < LEAST or own[name] not in (tried[0], tried[-1]):
                continue
            edge, inner = ("low", tried[1]) if own[name] == tried[0] else ("high", tried[-2])
            counts: tuple[int, int] | None = None
            if len(contrasts):
                place = (best["dataset"], str(own["implementation"]), name)
                counts = _better(contrasts, place, (own[name], inner), best["goal"])
            beats = not (levels[alike] == inner).any() if counts is None else surely(*counts, m)
            if own[name] in p.ends or not beats:
                continue
            values = {text: value for value, text in written[name].items()}
            line = _line(values[own[name]], edge, space[name], p) if name in space else None
            about = best["dataset"], name, own[name], edge, len(tried), inner
            rows.append((*about, *(counts or (None, None)), line))
    numbers = dict.fromkeys(("better", "repetitions"), "Int64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"line": object, **numbers})


def _better(
    contrasts: pd.DataFrame, place: tuple[str, str, str], levels: tuple[str, str], goal: str
) -> tuple[int, int]:
    """Return in how many repetitions the first level is better, and in how many they differ."""
    for row in contrasts.to_dict("records"):
        same = place == tuple(row[name] for name in (*GROUPS, "parameter"))
        if same and {row["level"], row["other"]} == {*levels}:
            n = row["n"] - row["ties"]
            lower = row["lower"] if row["level"] == levels[0] else n - row["lower"]
            return (lower if goal == "minimize" else n - lower), n
    return 0, 0


def _family(contrasts: pd.DataFrame) -> int:
    """Count the parameters with an order and `LEAST` values, in each dataset and network.

    A parameter has two edges, and of each only one direction counts: p is two-sided.
    """
    ordered = contrasts[contrasts["parameter"].map(lambda name: PARAMETERS[name].ordered)]
    counts = ordered.groupby([*GROUPS, "parameter"])["level"].nunique()
    return int((counts >= LEAST - 1).sum())


def _line(value: Value, edge: str, dimension: Dimension, p: Parameter) -> str | None:
    """Return the line that moves an edge, where the declared space ends there too."""
    if isinstance(value, str):
        return None
    if isinstance(dimension, Choices):
        return _of_choices(value, edge, dimension, p)
    return _of_range(value, edge, dimension, p) if isinstance(dimension, Range) else None


def _of_choices(value: float, edge: str, dimension: Choices, p: Parameter) -> str | None:
    choices = sorted(map(float, dimension.choices))
    if len(choices) == 1 or value != (choices[-1] if edge == "high" else choices[0]):
        return None
    inner = choices[-2] if edge == "high" else choices[1]
    further = _further(inner, value, p, log=p.scale == "log")
    if further is None:
        return None
    widened = [*choices, further] if edge == "high" else [further, *choices]
    listed = f"[{', '.join(texts(widened).values())}]"
    when = dimension.when
    return f"{p.name} = {f'{{choices = {listed}, {_when(when)}}}' if when else listed}"


def _of_range(value: float, edge: str, bounds: Range, p: Parameter) -> str | None:
    scale = math.log if bounds.log else float
    low, high, at = scale(bounds.low), scale(bounds.high), scale(value)
    place = (at - low) / (high - low)
    if (place if edge == "low" else 1 - place) > NEAR:
        return None
    ends = (bounds.high, bounds.low) if edge == "low" else (bounds.low, bounds.high)
    middle = math.sqrt(ends[0] * ends[1]) if bounds.log else (ends[0] + ends[1]) / 2
    further = _further(middle, ends[1], p, log=bounds.log)
    if further is None:
        return None
    widened = (further, bounds.high) if edge == "low" else (bounds.low, further)
    numbers = texts([*widened, *([] if bounds.step is None else [bounds.step])])
    keys = [f"low = {numbers[widened[0]]}", f"high = {numbers[widened[1]]}"]
    keys += ["log = true"] if bounds.log else []
    keys += [f"step = {numbers[bounds.step]}"] if bounds.step is not None else []
    keys += [_when(bounds.when)] if bounds.when else []
    return f"{p.name} = {{{', '.join(keys)}}}"


def _further(inner: float, edge: float, p: Parameter, *, log: bool) -> float | None:
    """Return as large a step beyond the edge again, if that is valid."""
    further = edge * edge / inner if log and inner > 0 else 2 * edge - inner
    further = float(f"{further:.3g}")
    try:
        p.read(further)
    except ValueError:
        return None
    return further


def _when(when: Mapping[str, Value]) -> str:
    table = tomlkit.inline_table()
    table.update({name: PARAMETERS[name].write(value) for name, value in when.items()})
    return f"when = {table.as_string()}"
