"""A search in pictures: history, confirmed winners, where it looked, Pareto front."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import (
    HIGHEST,
    LOWEST,
    label,
    legend,
    limits,
    linear_limits,
    logarithmic,
    panels,
    tilt,
)
from study.plot.theme import ARMS, FAINT, OKABE_ITO, STATUS, words


def history(trials: pd.DataFrame, metric: str) -> Figure:
    """Draw each trial's objective in the order asked, and the best so far as a line.

    `trials` has one row per trial of an arm: dataset, arm, order, state, objective, best. A trial
    that has no finite objective is a cross at the top, a pruned one a ring at its last value.
    """
    datasets = list(dict.fromkeys(trials["dataset"]))
    figure, grid = panels(1, len(datasets), height=2.6, share_y=True)
    values = [trials["objective"], trials["best"]]
    for axes, dataset in zip(grid[0], datasets, strict=True):
        low, high = _scale(axes, "y", values, metric)
        for arm, rows in trials[trials["dataset"] == dataset].groupby("arm", sort=False):
            colour = ARMS[str(arm)]
            known = rows[np.isfinite(rows["objective"])]
            done = known[known["state"] == "completed"]
            left = known[known["state"] == "pruned"]
            y = done["objective"].clip(low, high)
            axes.scatter(done["order"], y, s=10, color=colour, alpha=0.55, linewidths=0)
            axes.scatter(
                left["order"], left["objective"].clip(low, high), s=12, facecolors="none",
                edgecolors=colour, linewidths=0.6, alpha=0.6,
            )  # fmt: skip
            never = rows[~np.isfinite(rows["objective"])]
            axes.scatter(
                never["order"], np.full(len(never), 0.98), marker="x", s=12, linewidths=0.7,
                color=STATUS["diverged"], transform=axes.get_xaxis_transform(),
            )  # fmt: skip
            best = rows[np.isfinite(rows["best"])]
            axes.step(
                best["order"], best["best"].clip(low, high), where="post", color=colour,
                linewidth=1.6, label=f"{arm}: best so far",
            )  # fmt: skip
        y_name = words(metric) if axes is grid[0][0] else ""
        label(axes, title=str(dataset), x="trials", y=y_name)
    legend(grid[0][-1])
    return figure


def _scale(
    axes: Axes, which: Literal["x", "y"], values: Sequence[pd.Series], metric: str
) -> tuple[float, float]:
    """Give an axis the metric's scale; return the ends of what can be drawn."""
    if METRICS[metric].logarithmic:
        ends = limits(values)
        logarithmic(axes, which, *ends)
        return ends
    axes.set(**{f"{which}lim": linear_limits(values)})
    return -HIGHEST, HIGHEST


def density(counts: pd.DataFrame) -> Figure:
    """Draw how often each level was tried: a row a parameter, a column a dataset.

    `counts` has one row per dataset, parameter, level and arm: first, second (half of the trials).
    """
    datasets = list(dict.fromkeys(counts["dataset"]))
    parameters = list(dict.fromkeys(counts["parameter"]))
    figure, grid = panels(len(parameters), len(datasets), height=1.7)
    for row, parameter in zip(grid, parameters, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            here = counts[(counts["dataset"] == dataset) & (counts["parameter"] == parameter)]
            levels = list(dict.fromkeys(here["level"]))
            _bars(axes, here, levels)
            axes.set_xticks(range(len(levels)), levels)
            tilt(axes, levels, len(datasets))
            axes.grid(visible=False, axis="x")
            y = "trials" if axes is row[0] else ""
            label(axes, title=f"{dataset}, {words(parameter)}", y=y)
    legend(grid[0][-1])
    return figure


_HALVES = (
    ("search", "first", "search, first half", "#a6cbe3"),
    ("search", "second", "search, second half", OKABE_ITO[0]),
    ("random", None, "random", OKABE_ITO[4]),
)


def _bars(axes: Axes, counts: pd.DataFrame, levels: Sequence[str]) -> None:
    present = [half for half in _HALVES if half[0] in set(counts["arm"])]
    width = 0.8 / len(present)
    for i, (arm, half, name, colour) in enumerate(present):
        here = counts[counts["arm"] == arm].set_index("level").loc[list(levels)]
        heights = here["first"] + here["second"] if half is None else here[half]
        at = np.arange(len(levels)) + (i - (len(present) - 1) / 2) * width
        axes.bar(at, heights, width=width, color=colour, label=name)


def front(trials: pd.DataFrame, metrics: Sequence[str]) -> Figure:
    """Draw two objectives against each other, the trials that no other beats joined by a line.

    `trials` has one row per trial: dataset, objective_1, objective_2, front (0: not beaten).
    """
    datasets = list(dict.fromkeys(trials["dataset"]))
    figure, grid = panels(1, len(datasets), height=3.0, share_y=True)
    good = trials[trials["front"] >= 0]
    for axes, dataset in zip(grid[0], datasets, strict=True):
        rows = good[good["dataset"] == dataset]
        _scale(axes, "x", [good["objective_2"]], metrics[1])
        low, _ = _scale(axes, "y", [good["objective_1"]], metrics[0])
        low = max(low, LOWEST) if METRICS[metrics[0]].logarithmic else low
        rest = rows[rows["front"] > 0]
        axes.scatter(
            rest["objective_2"],
            rest["objective_1"].clip(low),
            s=12,
            color=FAINT,
            linewidths=0,
            label="other trials",
        )
        best = rows[rows["front"] == 0].sort_values("objective_2")
        axes.plot(
            best["objective_2"], best["objective_1"].clip(low), color=ARMS["search"], marker="o",
            markersize=4.5, linewidth=1.2, drawstyle="steps-post", label="not beaten by any",
        )  # fmt: skip
        y_name = words(metrics[0]) if axes is grid[0][0] else ""
        label(axes, title=str(dataset), x=words(metrics[1]), y=y_name)
    legend(grid[0][-1])
    return figure
