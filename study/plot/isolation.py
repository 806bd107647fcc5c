"""Isolation plots: how good each value of a parameter can be, all others being free."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import label, limits, linear_limits, panels, tilt
from study.plot.measure import drawn, measure
from study.plot.theme import SOFT, STATUS, Colours, words


def isolation(table: pd.DataFrame, trivial: Mapping[str, float], colours: Colours) -> Figure:
    """Draw the best configuration's value at each level: a row a parameter, a column a dataset.

    `table` has one row per dataset, parameter and level: tried, metric, value, low, high. Below
    each level stands how many configurations were tried there. A value that is not finite is a
    cross at the top.
    """
    parameters, datasets = (list(dict.fromkeys(table[name])) for name in ("parameter", "dataset"))
    figure, grid = panels(len(parameters), len(datasets), height=1.75)
    metric = str(table["metric"].iloc[0])
    for row, parameter in zip(grid, parameters, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            here = table[(table["parameter"] == parameter) & (table["dataset"] == dataset)]
            of_dataset = table.loc[table["dataset"] == dataset, ["value", "low", "high"]]
            known = [trivial[dataset]] if dataset in trivial and METRICS[metric].is_loss else []
            parts = [of_dataset, known]
            between = limits(parts) if METRICS[metric].logarithmic else linear_limits(parts)
            measure(axes, "y", metric, between, trivial.get(dataset))
            _levels(axes, here, colours[parameter], metric)
            texts = [
                f"{level}\n({n})" for level, n in zip(here["level"], here["tried"], strict=True)
            ]
            axes.set_xticks(range(len(texts)), texts)
            tilt(axes, [str(level) for level in here["level"]], len(datasets))
            axes.set_xlim(-0.6, max(len(texts), 1) - 0.4)
            y = words(metric) if axes is row[0] else ""
            label(axes, title=f"{dataset}, by {words(parameter)}", y=y)
    return figure


def _levels(axes: Axes, rows: pd.DataFrame, colours: Mapping[str, str], metric: str) -> None:
    for x, row in enumerate(rows.to_dict("records")):
        if np.isfinite(row["value"]):
            colour = colours.get(row["level"], SOFT)
            low, high, value = drawn(metric, [row["low"], row["high"], row["value"]])
            axes.vlines(x, low, high, color=colour, alpha=0.4, linewidth=4)
            axes.scatter([x], [value], color=colour, s=30)
        else:
            axes.scatter(
                [x], [0.97], marker="x", s=22, color=STATUS["diverged"],
                transform=axes.get_xaxis_transform(),
            )  # fmt: skip
