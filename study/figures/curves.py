"""Learning curves: the median at each epoch as a line, its interval or spread as a band."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.figures.axes import (
    HIGHEST,
    LOWEST,
    label,
    legend,
    logarithmic,
    loss_limits,
    panels,
    trivial_line,
)
from study.figures.theme import OKABE_ITO, Colours, words

HEIGHT = 2.2

PARTS = {"training samples": OKABE_ITO[0], "held-out samples": OKABE_ITO[1]}
METRICS = {
    "train_loss": "training samples",
    "train_accuracy": "training samples",
    "test_loss": "held-out samples",
    "test_accuracy": "held-out samples",
}
"""Which of the lines a metric is."""


def of_one_setup(curves: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw one configuration's loss and accuracy against the epoch (rows), a column a dataset.

    `curves` has one row per dataset, metric (`METRICS`) and epoch: epoch, median, low, high.
    `trivial` is each dataset's trivial loss.
    """
    datasets = list(dict.fromkeys(curves["dataset"]))
    figure, grid = panels(2, len(datasets), height=HEIGHT, share_x=True, share_y="row")
    for row, quantity in zip(grid, ("loss", "accuracy"), strict=True):
        of_quantity = curves[curves["metric"].str.endswith(quantity)]
        for axes, dataset in zip(row, datasets, strict=True):
            rows = of_quantity[of_quantity["dataset"] == dataset]
            _lines(axes, rows.assign(part=rows["metric"].map(METRICS)), "part", PARTS)
            if quantity == "loss":
                trivial_line(axes, trivial.get(dataset))
                ends = loss_limits([of_quantity[["median", "low", "high"]]], trivial)
                logarithmic(axes, "y", *ends)
            else:
                axes.set_ylim(-0.03, 1.03)
            logarithmic(axes, "x", 1, max(curves["epoch"].max(), 2))
            label(
                axes,
                title=dataset if row is grid[0] else "",
                x="epoch" if row is grid[-1] else "",
                y=quantity if axes is row[0] else "",
            )
    fullest = max(grid[0], key=lambda axes: len(axes.lines))
    legend(grid[0][-1], title="median", of=fullest)
    return figure


def by_level(curves: pd.DataFrame, trivial: Mapping[str, float], colours: Colours) -> Figure:
    """Draw the loss against the epoch, a line a level: a row a parameter, a column a dataset.

    `curves` has one row per dataset, parameter, level and epoch: epoch, median, low, high.
    `colours` are the report's.
    """
    datasets = list(dict.fromkeys(curves["dataset"]))
    parameters = list(dict.fromkeys(curves["parameter"]))
    figure, grid = panels(len(parameters), len(datasets), height=HEIGHT, share_x=True, share_y=True)
    for row, parameter in zip(grid, parameters, strict=True):
        of_parameter = curves[curves["parameter"] == parameter]
        for axes, dataset in zip(row, datasets, strict=True):
            rows = of_parameter[of_parameter["dataset"] == dataset]
            _lines(axes, rows, "level", colours[parameter])
            trivial_line(axes, trivial.get(dataset))
            logarithmic(axes, "y", *loss_limits([curves["median"]], trivial))
            logarithmic(axes, "x", 1, max(curves["epoch"].max(), 2))
            label(
                axes,
                title=f"{dataset}, by {words(parameter)}",
                x="epoch" if row is grid[-1] else "",
                y="training loss" if axes is row[0] else "",
            )
        legend(row[-1], title=words(parameter))
    return figure


def arriving(arrivals: pd.DataFrame, colours: Colours) -> Figure:
    """Draw the share of runs that has arrived against the epoch: a row a parameter, a line a level.

    `arrivals` has one row per dataset, parameter, level and epoch of an arrival, and the last one:
    epoch, share, metric. What a line lacks of 1 at the end never arrives.
    """
    datasets = list(dict.fromkeys(arrivals["dataset"]))
    parameters = list(dict.fromkeys(arrivals["parameter"]))
    figure, grid = panels(len(parameters), len(datasets), height=HEIGHT, share_x=True, share_y=True)
    for row, parameter in zip(grid, parameters, strict=True):
        of_parameter = arrivals[arrivals["parameter"] == parameter]
        for axes, dataset in zip(row, datasets, strict=True):
            here = of_parameter[of_parameter["dataset"] == dataset]
            for level in [name for name in colours[parameter] if (here["level"] == name).any()]:
                line = here[here["level"] == level]
                axes.step(
                    [1, *line["epoch"]], [0, *line["share"]], where="post", linewidth=1.6,
                    color=colours[parameter][level], label=level,
                )  # fmt: skip
            logarithmic(axes, "x", 1, max(arrivals["epoch"].max(), 2))
            axes.set_ylim(-0.03, 1.03)
            label(
                axes,
                title=f"{dataset}, by {words(parameter)}",
                x="epoch" if row is grid[-1] else "",
                y="share of runs" if axes is row[0] else "",
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
