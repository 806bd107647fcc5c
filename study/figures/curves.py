"""Learning curves: the median at each epoch as a line, its interval or spread as a band."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.figures.theme import (
    LOWEST, OKABE_ITO, Colours, label, limits, panels, trivial_line, words,
)  # fmt: skip


def of_one_setup(curves: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw one configuration's loss and accuracy against the epoch: a row a metric.

    `curves` has one row per dataset, metric (train_loss, train_accuracy) and epoch: epoch,
    median, low, high. `trivial` is each dataset's trivial loss.
    """
    datasets, metrics = (
        list(dict.fromkeys(curves["dataset"])),
        list(dict.fromkeys(curves["metric"])),
    )
    figure, grid = panels(len(metrics), len(datasets), height=2.3, sharex=True, sharey="row")
    for i, metric in enumerate(metrics):
        for axes, dataset in zip(grid[i], datasets, strict=True):
            rows = curves[(curves["dataset"] == dataset) & (curves["metric"] == metric)]
            _lines(axes, rows.assign(setup="median"), "setup", {"median": OKABE_ITO[0]})
            if metric == "train_loss":
                axes.set(xscale="log", yscale="log")
                trivial_line(axes, trivial.get(dataset))
            else:
                axes.set(ylim=(-0.03, 1.03))
            last = i == len(metrics) - 1
            title = dataset if i == 0 else ""
            label(axes, title=title, x="epoch" if last else "", y=words(metric))
    _finish(grid[0], curves[curves["metric"] == "train_loss"], trivial)
    _legend(grid[0][-1])
    return figure


def by_level(curves: pd.DataFrame, trivial: Mapping[str, float], colours: Colours) -> Figure:
    """Draw the loss against the epoch, a line for each level: a row a parameter, a column a dataset.

    `curves` has one row per dataset, parameter, level and epoch: epoch, median, low, high.
    """
    parameters, datasets = (
        list(dict.fromkeys(curves["parameter"])),
        list(dict.fromkeys(curves["dataset"])),
    )
    figure, grid = panels(len(parameters), len(datasets), height=2.3, sharex=True, sharey=True)
    for row, parameter in zip(grid, parameters, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            rows = curves[(curves["dataset"] == dataset) & (curves["parameter"] == parameter)]
            axes.set(xscale="log", yscale="log")
            _lines(axes, rows, "level", colours[parameter])
            trivial_line(axes, trivial.get(dataset))
            x = "epoch" if parameter == parameters[-1] else ""
            label(axes, title=f"{dataset}, by {words(parameter)}", x=x, y="training loss")
        _legend(row[-1], title=words(parameter))
    _finish(grid.flat, curves, trivial)
    return figure


def _lines(axes: Axes, rows: pd.DataFrame, hue: str, colours: Mapping[str, str]) -> None:
    """Draw a line and a band for each level; a median of ∞ ends its line, a band goes off the top."""
    shown = rows.assign(median=rows["median"].where(np.isfinite(rows["median"])))
    levels = [level for level in colours if (shown[hue] == level).any()]
    sns.lineplot(
        shown, x="epoch", y="median", hue=hue, hue_order=levels, palette=dict(colours),
        estimator=None, linewidth=1.6, legend=False, ax=axes,
    )  # fmt: skip
    for line, level in zip(axes.lines, levels, strict=False):
        line.set_label(level)
    for level in levels:
        band = shown[shown[hue] == level]
        low, high = (band[end].clip(LOWEST, 1e30) for end in ("low", "high"))
        axes.fill_between(band["epoch"], low, high, color=colours[level], alpha=0.16, linewidth=0)


def _finish(grid: object, curves: pd.DataFrame, trivial: Mapping[str, float]) -> None:
    low, high = limits(curves["median"], list(trivial.values()))
    for axes in grid:  # type: ignore[attr-defined]
        axes.set_ylim(low, high)
        axes.set_xlim(curves["epoch"].min(), curves["epoch"].max())


def _legend(axes: Axes, title: str | None = None) -> None:
    """Put the legend beside the panel, where it covers nothing."""
    axes.legend(
        title=title, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False,
        fontsize=8, title_fontsize=8, handlelength=1.4,
    )  # fmt: skip
