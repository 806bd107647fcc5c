"""Heat maps of two parameters: the median as colour, divergence and gaps in words."""

from collections.abc import Hashable, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter

from study.metrics import METRICS
from study.plot.axes import SMALL, label, panels, plain, ticks, tilt
from study.plot.measure import drawn, ends
from study.plot.theme import FAINT, INK, SOFT, STATUS, words

MAPS = {"minimize": "viridis_r", "maximize": "viridis"}
"""What is good is bright."""

DARK = 0.5
"""Beyond this share of the map, where it is dark, texts are white."""

INFINITE = "#f3ddd0"
"""The colour of a median of ∞, outside the map."""


def heat_maps(pairs: pd.DataFrame) -> Figure:
    """Draw a map for every pair of parameters (rows) and dataset (columns).

    `pairs` has one row per metric, dataset, first, second, first_level, second_level: goal, runs,
    diverged, median, state. The first metric is drawn. A cell holds its median, and the share of
    diverged runs where there are any; excluded cells are hatched, and cells without stored runs
    have a note.
    """
    metric, goal = (str(pairs[name].iloc[0]) for name in ("metric", "goal"))
    pairs = pairs[pairs["metric"] == metric]
    names = pairs[["first", "second"]].drop_duplicates()
    datasets = list(dict.fromkeys(pairs["dataset"]))
    heights = [
        0.75 + 0.34 * pairs.loc[pairs["first"] == first, "first_level"].nunique()
        for first in names["first"]
    ]
    figure, grid = panels(len(names), len(datasets), height=heights)
    low, high = ends(metric, [pairs["median"]], {})
    norm = LogNorm(low, high) if METRICS[metric].logarithmic else Normalize(low, high)
    for row, (first, second) in zip(grid, names.itertuples(index=False), strict=True):
        chosen = pairs[(pairs["first"] == first) & (pairs["second"] == second)]
        for axes, dataset in zip(row, datasets, strict=True):
            _map(axes, chosen[chosen["dataset"] == dataset], norm)
            y = words(first) if axes is row[0] else ""
            tilt(axes, list(dict.fromkeys(chosen["second_level"])), len(datasets))
            label(axes, title=dataset if row is grid[0] else "", x=words(second), y=y)
    scale = mpl.cm.ScalarMappable(norm, MAPS[goal])
    flat = [axes for row in grid for axes in row]
    bar = figure.colorbar(
        scale, ax=flat, location="top", aspect=45, shrink=0.6, pad=0.06 / len(grid)
    )
    bar.set_label(f"median {words(metric)} (bright is good)", fontsize=8.5, color=INK)
    if METRICS[metric].logarithmic:
        bar.ax.xaxis.set_major_locator(ticks(low, high))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
        bar.ax.xaxis.set_minor_formatter(NullFormatter())
    bar.ax.tick_params(labelsize=SMALL, labelcolor=SOFT)
    return figure


def _map(axes: Axes, cells: pd.DataFrame, norm: Normalize) -> None:
    firsts = list(dict.fromkeys(cells["first_level"]))
    seconds = list(dict.fromkeys(cells["second_level"]))
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    medians = cells["median"].to_numpy().reshape(len(firsts), len(seconds))
    sns.heatmap(
        np.where(np.isfinite(medians), drawn(metric, medians), np.nan),
        norm=norm,
        vmin=norm.vmin,
        vmax=norm.vmax,
        cmap=MAPS[goal],
        cbar=False,
        linewidths=1,
        linecolor="white",
        xticklabels=seconds,
        yticklabels=firsts,
        ax=axes,
    )
    axes.tick_params(length=0, labelrotation=0)
    axes.grid(visible=False)
    for cell in cells.to_dict("records"):
        at = seconds.index(cell["second_level"]), firsts.index(cell["first_level"])
        _paint(axes, at, cell)
        _write(axes, at, cell, norm)


def _paint(axes: Axes, at: tuple[int, int], cell: Mapping[Hashable, Any]) -> None:
    """Paint what the map cannot: an exclusion, or a median of ∞."""
    if cell["state"] == "excluded":
        axes.add_patch(Rectangle(at, 1, 1, fc="white", ec=FAINT, hatch="////", linewidth=0))
    elif np.isinf(cell["median"]):
        axes.add_patch(Rectangle(at, 1, 1, fc=INFINITE, ec="white", linewidth=1))


def _write(axes: Axes, at: tuple[int, int], cell: Mapping[Hashable, Any], norm: Normalize) -> None:
    """Write the median and the share of diverged runs, or why there are none."""
    text, ink = (
        {"missing": "not stored", "impossible": "–", "untried": "untried"}.get(cell["state"], ""),
        FAINT,
    )
    if cell["state"] == "measured":
        median, share = cell["median"], cell["diverged"] / cell["runs"]
        number = f"{median:.2g}" if np.isfinite(median) else "∞" if median > 0 else "−∞"
        text = number + (f"\n{share:.0%} div." if share else "")
        ink = INK if np.isfinite(median) else STATUS["diverged"]
        ink = "white" if _dark(cell, norm) else ink
    axes.text(at[0] + 0.5, at[1] + 0.5, text, ha="center", va="center", fontsize=6.8, color=ink)


def _dark(cell: Mapping[Hashable, Any], norm: Normalize) -> bool:
    """Return whether a cell's colour is dark, as bad values are."""
    place = float(norm(float(drawn(cell["metric"], cell["median"]))))
    bad = place if cell["goal"] == "minimize" else 1 - place
    return bool(np.isfinite(cell["median"]) and bad > DARK)
