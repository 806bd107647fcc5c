"""Learning curves as small multiples over two parameters, with single runs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import (
    HIGHEST,
    LOWEST,
    SMALL,
    WIDTH,
    label,
    logarithmic,
    panels,
)
from study.plot.curves import BROKEN
from study.plot.groups import cell, rows_of
from study.plot.measure import ends, measure
from study.plot.theme import INK, OKABE_ITO, SOFT, words


def multiples(curves: pd.DataFrame, singles: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw a metric against the epoch for each pair of levels: rows the first parameter's.

    `curves` has one row per metric, dataset, first_level, second_level and epoch: first, second,
    median, low, high; `singles` one per epoch of each run that is drawn alone: repetition, and the
    first metric's value. A second metric is a broken line. The datasets stand below each other, and
    a pair without a run stays empty.
    """
    rows = rows_of(curves)
    columns = list(dict.fromkeys(curves["second_level"]))
    first, second, metric = curves[["first", "second", "metric"]].iloc[0]
    between = ends(metric, [curves["median"], singles["value"]], trivial)
    height = max(WIDTH / max(len(columns), 3) * 0.62, 0.95)
    figure, grid = panels(len(rows), len(columns), height=height, share_x=True, share_y=True)
    figure.set_figwidth(WIDTH)
    for row, (dataset, first_level) in zip(grid, rows, strict=True):
        for axes, second_level in zip(row, columns, strict=True):
            at = dataset, first_level, second_level
            here = cell(curves, *at)
            _panel(axes, here[here["metric"] == metric], cell(singles, *at))
            beside = here[(here["metric"] != metric) & np.isfinite(here["median"])]
            if len(beside):
                axes.plot(beside["epoch"], beside["median"], color=OKABE_ITO[0], **BROKEN)
            measure(axes, "y", metric, between, trivial.get(dataset))
            logarithmic(axes, "x", 1, max(curves["epoch"].max(), 2))
            label(
                axes,
                title=f"{words(second)}\n{second_level}" if row is grid[0] else "",
                x="epoch" if row is grid[-1] else "",
                y=f"{dataset}\n{first_level}" if axes is row[0] else "",
            )
    figure.supylabel(f"{words(metric)}, by {words(first)}", fontsize=8.5, color=SOFT)
    return figure


def _panel(axes: Axes, curve: pd.DataFrame, alone: pd.DataFrame) -> None:
    """Draw single runs thin, the band, and the median, which ends where it is infinite."""
    for _, run in alone.groupby("repetition"):
        axes.plot(run["epoch"], run["value"], color=SOFT, linewidth=0.5)
    low, high = (curve[end].clip(LOWEST, HIGHEST) for end in ("low", "high"))
    axes.fill_between(curve["epoch"], low, high, color=OKABE_ITO[0], alpha=0.2, linewidth=0)
    median = curve["median"].where(np.isfinite(curve["median"]))
    if len(curve) and median.isna().iloc[-1]:
        axes.text(0.97, 0.9, "median ∞", transform=axes.transAxes, fontsize=SMALL - 1, color=INK,
                  ha="right", va="top")  # fmt: skip
    axes.plot(curve["epoch"], median, color=OKABE_ITO[0], linewidth=1.5)
