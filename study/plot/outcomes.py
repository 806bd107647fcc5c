"""How runs ended: shares of completed, diverged, failed and missing runs as bars."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from study.plot.axes import label, legend, panels
from study.plot.theme import STATUS, words


def outcomes(counts: pd.DataFrame) -> Figure:
    """Draw how the runs ended as bars of shares: a row a parameter, a column a dataset.

    `counts` has one row per dataset, parameter (`all`: all runs together) and level: planned, and
    a column for each status.
    """
    datasets = list(dict.fromkeys(counts["dataset"]))
    parameters = list(dict.fromkeys(counts["parameter"]))
    present = [status for status in STATUS if counts[status].any()]
    heights = [
        0.42 + 0.17 * counts.loc[counts["parameter"] == parameter, "level"].nunique()
        for parameter in parameters
    ]
    figure, grid = panels(len(parameters), len(datasets), height=heights, share_x=True)
    for row, parameter in zip(grid, parameters, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            here = (counts["dataset"] == dataset) & (counts["parameter"] == parameter)
            _bars(axes, counts[here], present)
            name = "" if parameter == "all" else f", by {words(parameter)}"
            label(
                axes,
                title=f"{dataset}{name}",
                x="share of the planned runs" if row is grid[-1] else "",
            )
    legend(grid[0][-1])
    return figure


def _bars(axes: Axes, counts: pd.DataFrame, statuses: list[str]) -> None:
    if counts.empty:  # a parameter that acts in no run of this dataset
        axes.set_axis_off()
        return
    left = np.zeros(len(counts))
    for status in statuses:
        share = (counts[status] / counts["planned"]).to_numpy()
        axes.barh(
            counts["level"], share, left=left, color=STATUS[status], label=status, height=0.75
        )
        left += share
    axes.set(xlim=(0, 1), ylim=(len(counts) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
