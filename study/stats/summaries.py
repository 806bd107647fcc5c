"""How many runs ended how, and how good each configuration and each level is."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.metrics import METRICS, Goal
from study.spec.constraints import Constraint
from study.spec.objective import ENDED_WELL, Objective, worst
from study.stats.comparable import matched
from study.stats.feasible import met, values_of
from study.stats.intervals import Array, median, median_interval, quartiles
from study.stats.ranges import binned

STATUSES = ("completed", "diverged", "pruned", "failed", "missing")
"""How a planned run can stand; `missing` is one that is not stored yet."""


def measured(
    runs: pd.DataFrame, metric: str = "final_train_loss", goal: Goal = "minimize"
) -> pd.Series:
    """Return each run's metric, being the worst where the run diverged or failed, or has none."""
    good = runs["status"].isin(ENDED_WELL)
    return runs[metric].astype(float).where(good).fillna(worst(goal))


def stored(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that are stored."""
    return runs[runs["status"] != "missing"]


def outcomes(runs: pd.DataFrame, parameters: Sequence[str]) -> pd.DataFrame:
    """Count how the runs of every dataset ended: all together, and at each level of each parameter.

    One row per dataset, `parameter` (`all` for all runs together) and `level`: planned, and one
    column for each of `STATUSES`.
    """
    everything = binned(runs, parameters).assign(all="all runs")
    rows = []
    for parameter in ("all", *parameters):
        for (dataset, level), group in everything.groupby(["dataset", parameter]):
            counts = group["status"].value_counts()
            each = {status: int(counts.get(status, 0)) for status in STATUSES}
            rows.append(
                {"dataset": dataset, "parameter": parameter, "level": level}
                | {"planned": len(group)}
                | each
            )
    return pd.DataFrame(
        rows, columns=["dataset", "parameter", "level", "planned", *STATUSES]
    ).astype({"dataset": str, "level": str})


def configurations(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    aim: Objective,
    constraints: Sequence[Constraint] = (),
) -> pd.DataFrame:
    """Rank the configurations of every dataset by the objective, the feasible ones first.

    One row per dataset and configuration, best first: `rank`, the text `configuration`, the
    columns of `parameters`, `runs`, `diverged`, `failed`, `full_accuracy` (runs that end with
    training accuracy 1), the objective's `metric`, `goal`, `quantile` and `value`, which ranks (of
    equal ones, that is first whose runs come first), and as a description `median`, `low`, `high`,
    `confidence` of the metric: the order-statistic interval with its actual level, of times over
    stacks. Diverged and failed runs count as the worst. Where there are constraints, `feasible`
    follows `rank`: whether the configuration meets them.
    """
    kept = stored(runs)
    limited = [values_of(kept, limit) for limit in constraints]
    counted = {
        "diverged": (kept["status"] == "diverged").to_numpy(),
        "failed": (kept["status"] == "failed").to_numpy(),
    }
    completed = (kept["status"] == "completed").to_numpy()
    accuracies = kept["final_train_accuracy"].to_numpy(dtype=float, na_value=math.nan)
    texts = {p: kept[p].to_numpy(dtype=object) for p in parameters}
    values = measured(kept, aim.metric, aim.goal).to_numpy()
    rows = [
        {
            "dataset": str(dataset),
            "configuration": name,
            **{p: _text(of[at[0]]) for p, of in texts.items()},
            "runs": len(at),
            **{what: int(of[at].sum()) for what, of in counted.items()},
            "full_accuracy": _full(completed[at], accuracies[at]),
            "metric": aim.metric,
            "goal": aim.goal,
            "quantile": aim.quantile,
            **_interval(values[at], aim),
            "feasible": met([of[at] for of in limited], constraints, aim),
        }
        for (dataset, name), at in places(kept)
    ]
    frame = pd.DataFrame(rows, columns=[*_RANKED[:2], *parameters, *_RANKED[2:], "feasible"])
    frame = frame.astype(dict.fromkeys(_RANKED[-6:], float) | {"feasible": bool})  # no rows too
    order = list(dict.fromkeys(runs["dataset"].astype(str)))
    frame = frame.assign(
        place=frame["dataset"].map(order.index),
        last=~frame["feasible"],
        badness=aim.sign * frame["value"],
    )
    frame = frame.sort_values(["place", "last", "badness"], kind="stable")
    ranks = frame.groupby("dataset", sort=False).cumcount() + 1
    frame.insert(1, "rank", ranks)
    flagged = frame.pop("feasible")
    if constraints:
        frame.insert(2, "feasible", flagged)
    return frame.drop(columns=["place", "last", "badness"]).reset_index(drop=True)


def places(runs: pd.DataFrame) -> Iterator[tuple[tuple[object, object], NDArray[np.intp]]]:
    """Yield each dataset and configuration with the places of its runs, as they come first.

    A frame for each of them, as `groupby` makes, would take a hundred times as long.
    """
    keys = ["dataset", "configuration"]
    indices = runs.groupby(keys, sort=False).indices
    for key in runs[keys].drop_duplicates().itertuples(index=False, name=None):
        yield key, np.asarray(indices[key])


_RANKED = (
    "dataset", "configuration", "runs", "diverged", "failed", "full_accuracy", "metric",
    "goal", "quantile", "value", "median", "low", "high", "confidence",
)  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _full(completed: NDArray[np.bool_], accuracies: Array) -> float:
    """Count the runs that end with accuracy 1; NaN if no run has an accuracy."""
    full = completed & (accuracies >= 1)
    return math.nan if np.isnan(accuracies).all() else int(full.sum())


def _interval(values: Array, aim: Objective) -> dict[str, float]:
    """Return what a configuration has; equal values count once where they are one timing."""
    each = np.unique(values) if METRICS[aim.metric].timed else values
    interval = median_interval(each, worst=worst(aim.goal))
    return {
        "value": aim.of(values.tolist()),
        "median": float(median(values, worst=worst(aim.goal))),
        "low": float(interval.low),
        "high": float(interval.high),
        "confidence": interval.level,
    }


def by_level(
    runs: pd.DataFrame,
    parameters: Sequence[str],
    metric: str = "final_train_loss",
    goal: Goal = "minimize",
) -> pd.DataFrame:
    """Summarise a metric at each level of each parameter.

    One row per dataset, parameter and level: `metric`, `goal`, `runs`, `diverged`, `median`, and
    the quartiles `low` and `high`, between which the middle half of these runs lies: they describe,
    over the matched configurations and all repetitions at that level, and are no confidence
    interval. Diverged and failed runs count as the worst.
    """
    columns = ["dataset", "parameter", "level", "metric", "goal", *_SUMMARISED]
    rows = [
        (dataset, parameter, level, metric, goal, *numbers)
        for parameter in parameters
        for dataset, level, numbers in _levels(runs, parameter, parameters, metric, goal)
    ]
    return pd.DataFrame(rows, columns=columns)


_SUMMARISED = ("runs", "diverged", "median", "low", "high")


def _levels(
    runs: pd.DataFrame, parameter: str, parameters: Sequence[str], metric: str, goal: Goal
) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    comparable = stored(matched(binned(runs, [parameter]), [parameter], parameters))
    for (dataset, level), group in comparable.groupby(["dataset", parameter]):
        values, never = measured(group, metric, goal), worst(goal)
        low, high = quartiles(values, worst=never)
        diverged = int((group["status"] == "diverged").sum())
        middle = float(median(values, worst=never))
        yield str(dataset), str(level), (len(group), diverged, middle, float(low), float(high))
