"""Learning curves: the median at each epoch as a line, its interval or spread as a band."""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS, OF_EPOCHS, Quantity
from study.plot.axes import HIGHEST, LOWEST, label, legend, logarithmic, panels
from study.plot.measure import ends, measure
from study.plot.theme import OKABE_ITO, Colours, words

HEIGHT = 2.2

TRAINING, HELD_OUT = "training samples", "held-out samples"
PARTS = {TRAINING: OKABE_ITO[0], HELD_OUT: OKABE_ITO[1]}
BROKEN: Mapping[str, Any] = {"linewidth": 0.9, "linestyle": (0, (3, 2)), "label": "_nolegend_"}
"""How a line of a second metric is drawn."""


def of_one_setup(curves: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw each quantity of one configuration against the epoch (rows), a column a dataset.

    `curves` has one row per dataset, metric of `OF_EPOCHS` and epoch: epoch, median, low, high.
    `trivial` is each dataset's trivial loss. A quantity that no dataset has is left out.
    """
    datasets = list(dict.fromkeys(curves["dataset"]))
    first: dict[Quantity, str] = {}
    for name in OF_EPOCHS:
        if (curves["metric"] == name).any():
            first.setdefault(METRICS[name].quantity, name)
    metrics = list(first.values())
    figure, grid = panels(len(metrics), len(datasets), height=HEIGHT, share_x=True, share_y="row")
    for row, metric in zip(grid, metrics, strict=True):
        quantity = METRICS[metric].quantity
        of_quantity = curves[[METRICS[name].quantity == quantity for name in curves["metric"]]]
        between = _ends(metric, of_quantity[["median", "low", "high"]], trivial)
        for axes, dataset in zip(row, datasets, strict=True):
            rows = of_quantity[of_quantity["dataset"] == dataset]
            if rows.empty:
                axes.annotate(
                    "none: the target is a number", (0.5, 0.5), xycoords="axes fraction",
                    ha="center", va="center",
                )  # fmt: skip
            else:
                _lines(axes, rows.assign(part=rows["metric"].map(_part)), "part", PARTS)
            measure(axes, "y", metric, between, trivial.get(dataset))
            logarithmic(axes, "x", 1, max(curves["epoch"].max(), 2))
            label(
                axes,
                title=dataset if row is grid[0] else "",
                x="epoch" if row is grid[-1] else "",
                y=quantity.name if axes is row[0] else "",
            )
    fullest = max(grid[0], key=lambda axes: len(axes.lines))
    legend(grid[0][-1], title="median", of=fullest)
    return figure


def _ends(metric: str, values: pd.DataFrame, trivial: Mapping[str, float]) -> tuple[float, float]:
    """Return the ends of an axis: of a linear scale the quantity's limits, if it has both."""
    quantity = METRICS[metric].quantity
    width = quantity.high - quantity.low
    if quantity.logarithmic or math.isinf(width):
        return ends(metric, [values], trivial)
    return quantity.low - 0.03 * width, quantity.high + 0.03 * width


def _part(metric: str) -> str:
    return HELD_OUT if METRICS[metric].held_out else TRAINING


def by_level(curves: pd.DataFrame, trivial: Mapping[str, float], colours: Colours) -> Figure:
    """Draw a metric against the epoch, a line a level: a row a parameter, a column a dataset.

    `curves` has one row per metric, dataset, parameter, level and epoch: epoch, median, low, high.
    The first metric has lines and bands, a second one broken lines. `colours` are the report's.
    """
    metric = str(curves["metric"].iloc[0])
    between = ends(metric, [curves["median"]], trivial)

    def draw(axes: Axes, rows: pd.DataFrame, of: Mapping[str, str], dataset: str) -> None:
        _lines(axes, rows[rows["metric"] == metric], "level", of)
        beside = rows[(rows["metric"] != metric) & np.isfinite(rows["median"])]
        for level, line in beside.groupby("level", sort=False):
            axes.plot(line["epoch"], line["median"], color=of[str(level)], **BROKEN)
        measure(axes, "y", metric, between, trivial.get(dataset))

    return _by_parameter(curves, colours, draw, y=words(metric))


def arriving(arrivals: pd.DataFrame, colours: Colours) -> Figure:
    """Draw the share of runs that has arrived against the epoch: a row a parameter, a line a level.

    `arrivals` has one row per dataset, parameter, level and epoch of an arrival, and the last one:
    epoch, share, metric. What a line lacks of 1 at the end never arrives.
    """

    def draw(axes: Axes, rows: pd.DataFrame, of: Mapping[str, str], _: str) -> None:
        for level in [level for level in of if (rows["level"] == level).any()]:
            line = rows[rows["level"] == level]
            axes.step(
                [1, *line["epoch"]], [0, *line["share"]], where="post", linewidth=1.6,
                color=of[level], label=level,
            )  # fmt: skip
        axes.set_ylim(-0.03, 1.03)

    return _by_parameter(arrivals, colours, draw, y="share of runs")


Draw: TypeAlias = Callable[[Axes, pd.DataFrame, Mapping[str, str], str], None]
"""(axes, the rows of one parameter and dataset, its levels' colours, the dataset)."""


def _by_parameter(table: pd.DataFrame, colours: Colours, draw: Draw, *, y: str) -> Figure:
    """Return a panel for each parameter (rows) and dataset (columns), over the epochs."""
    datasets = list(dict.fromkeys(table["dataset"]))
    parameters = list(dict.fromkeys(table["parameter"]))
    figure, grid = panels(len(parameters), len(datasets), height=HEIGHT, share_x=True, share_y=True)
    for row, parameter in zip(grid, parameters, strict=True):
        of_parameter = table[table["parameter"] == parameter]
        for axes, dataset in zip(row, datasets, strict=True):
            rows = of_parameter[of_parameter["dataset"] == dataset]
            draw(axes, rows, colours[parameter], str(dataset))
            logarithmic(axes, "x", 1, max(table["epoch"].max(), 2))
            label(
                axes,
                title=f"{dataset}, by {words(parameter)}",
                x="epoch" if row is grid[-1] else "",
                y=y if axes is row[0] else "",
            )
        legend(row[-1], title=words(parameter))
    return figure


def _lines(axes: Axes, rows: pd.DataFrame, hue: str, colours: Mapping[str, str]) -> None:
    """Draw a line and a band a level: a median of ∞ ends its line, a band of ∞ leaves the top."""
    shown = rows.assign(median=rows["median"].where(np.isfinite(rows["median"])))
    alpha = min(0.15, 0.4 / len(colours))
    for level in [level for level in colours if (shown[hue] == level).any()]:
        line = shown[shown[hue] == level]
        sns.lineplot(
            line,
            x="epoch",
            y="median",
            color=colours[level],
            estimator=None,
            linewidth=1.6,
            label=level,
            legend=False,
            ax=axes,
        )
        low, high = (line[end].clip(LOWEST, HIGHEST) for end in ("low", "high"))
        axes.fill_between(line["epoch"], low, high, color=colours[level], alpha=alpha, linewidth=0)
