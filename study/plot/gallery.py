"""A gallery of decision boundaries over two parameters, white where repetitions disagree."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import SMALL, WIDTH, label, panels
from study.plot.groups import cell, rows_of
from study.plot.predictions import surface
from study.plot.theme import FAINT, INK, words


def gallery(surfaces: pd.DataFrame, cells: pd.DataFrame) -> Figure:
    """Draw each pair of levels: rows the first parameter's, columns the second's.

    `surfaces` has one row per dataset, first_level, second_level and point: x0, x1, ones (the share
    of repetitions that answer 1); `cells` per pair: first, second, their levels, disagreement, and
    how many of the runs give a constant answer. The datasets stand below each other. A pair without
    an answer stays empty.
    """
    rows = rows_of(cells)
    columns = list(dict.fromkeys(cells["second_level"]))
    first, second = cells[["first", "second"]].iloc[0]
    size = WIDTH / max(len(columns), 4)
    figure, grid = panels(len(rows), len(columns), height=size * 0.95)
    figure.set_figwidth(WIDTH)  # squares: no room is left between them
    for row, (dataset, first_level) in zip(grid, rows, strict=True):
        for axes, second_level in zip(row, columns, strict=True):
            at = dataset, first_level, second_level
            here = cell(surfaces, *at)
            axes.set(xticks=[], yticks=[])
            axes.set_box_aspect(1)
            top = f"{words(second)}\n{second_level}" if row is grid[0] else ""
            side = f"{dataset}\n{first_level}" if axes is row[0] else ""
            label(axes, title=top, y=side)
            if len(here):
                _plane(axes, here, _number(cell(cells, *at).iloc[0]))
                continue
            axes.set_axis_off()
            beside = axes.yaxis.label.get_text()  # in lines that fit
            axes.text(-0.1, 0.5, beside, rotation=90, ha="right", va="center", fontsize=SMALL)
    figure.supylabel(words(first), fontsize=SMALL, color=INK)
    return figure


def _number(cell: "pd.Series[float]") -> str:
    """Write the disagreement, and whether most of the repetitions give one answer."""
    known = not math.isnan(cell["disagreement"])  # as it is of a single repetition
    parts = [f"{cell['disagreement']:.0%}"] if known else []
    return ", ".join([*parts, "constant"] if cell["constant"] > cell["runs"] / 2 else parts)


def _plane(axes: Axes, points: pd.DataFrame, number: str) -> None:
    """Draw the share as colour, the majority's boundary, and the disagreement in a corner."""
    surface(axes, points.rename(columns={"ones": "prediction"}))
    axes.grid(visible=False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    if number:
        axes.text(
            0.04, 0.05, number, transform=axes.transAxes, fontsize=SMALL - 1,
            color=INK, bbox={"facecolor": "white", "alpha": 0.7, "pad": 1, "linewidth": 0},
        )  # fmt: skip
