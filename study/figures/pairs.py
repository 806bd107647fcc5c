"""Heat maps of two parameters: the median final loss as colour, divergence and gaps in words."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from study.figures.theme import FAINT, INK, LOWEST, STATUS, label, limits, panels, words


def heat_maps(pairs: pd.DataFrame) -> Figure:
    """Draw a map for every pair of parameters (rows) and dataset (columns).

    `pairs` has one row per dataset, first, second, first_level, second_level: runs, diverged,
    median, state. A cell holds its median, and the share of diverged runs where there are any;
    excluded cells are hatched, cells without stored runs are blank and say so.
    """
    names = pairs[["first", "second"]].drop_duplicates().to_numpy().tolist()
    datasets = list(dict.fromkeys(pairs["dataset"]))
    most = pairs.groupby(["first", "second"])["first_level"].nunique().max()
    figure, grid = panels(len(names), len(datasets), height=0.8 + 0.34 * most)
    norm = LogNorm(*limits(pairs["median"]))
    for row, (first, second) in zip(grid, names, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            chosen = (
                (pairs["dataset"] == dataset)
                & (pairs["first"] == first)
                & (pairs["second"] == second)
            )
            _map(axes, pairs[chosen], norm)
            label(axes, title=dataset, x=words(second), y=words(first))
    colours = mpl.cm.ScalarMappable(norm, "viridis_r")
    bar = figure.colorbar(colours, ax=grid, shrink=0.5 / len(names) ** 0.5, aspect=25)
    bar.set_label("median final training loss", fontsize=8.5)
    bar.ax.tick_params(labelsize=8)
    return figure


def _map(axes: Axes, rows: pd.DataFrame, norm: LogNorm) -> None:
    firsts, seconds = (
        list(dict.fromkeys(rows["first_level"])),
        list(dict.fromkeys(rows["second_level"])),
    )
    table = rows.set_index(["first_level", "second_level"])
    medians = table["median"].unstack().reindex(index=firsts, columns=seconds)
    sns.heatmap(
        medians.clip(lower=LOWEST).where(np.isfinite(medians)), norm=norm, cmap="viridis_r", cbar=False,
        linewidths=1, linecolor="white", xticklabels=seconds, yticklabels=firsts, ax=axes,
    )  # fmt: skip
    axes.tick_params(length=0, labelsize=8)
    axes.tick_params(axis="y", rotation=0)
    axes.tick_params(axis="x", rotation=0)
    axes.grid(visible=False)
    for y, first in enumerate(firsts):
        for x, second in enumerate(seconds):
            _cell(axes, x, y, table.loc[(first, second)], norm)


def _cell(axes: Axes, x: int, y: int, cell: Mapping[str, object], norm: LogNorm) -> None:
    median, state = float(cell["median"]), str(cell["state"])  # type: ignore[arg-type]
    ink = INK
    if state == "excluded":
        axes.add_patch(
            Rectangle((x, y), 1, 1, facecolor="white", edgecolor=FAINT, hatch="////", linewidth=0)
        )
        text = ""
    elif state != "measured":
        text = "not stored" if state == "missing" else ""
    elif np.isfinite(median):
        text = f"{median:.1e}" if median < 1e-3 else f"{median:.2g}"
        ink = "white" if float(norm(max(median, LOWEST))) > 0.45 else INK
    else:
        axes.add_patch(Rectangle((x, y), 1, 1, facecolor="#f3ddd0", linewidth=0))
        text = "∞"
    share = int(cell["diverged"]) / max(int(cell["runs"]), 1)  # type: ignore[call-overload]
    if share > 0:
        text += f"\n{share:.0%} div."
        ink = STATUS["diverged"] if not np.isfinite(median) else ink
    axes.text(
        x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=7, color=ink, linespacing=0.95
    )
