"""Small multiples: a panel for each row and column of a table, or for each ranking."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import MARGIN, ROW, TALLEST, captioned_rows, label, legend, panels


def facets(  # noqa: PLR0913  # what panels may share
    table: pd.DataFrame,
    by: tuple[str, str],
    draw: Callable[[Axes, pd.DataFrame], None],
    *,
    height: float | Sequence[float],
    labels: Callable[[str, str], tuple[str, str]],
    scale: Callable[[Axes, str, str], None] | None = None,
    x: str = "",
    share_x: bool = False,
    share_y: bool | Literal["row"] = False,
    width: float | None = None,
    named: bool | Literal["row"] = False,
) -> Figure:
    """Draw a panel for each value of two columns, `by`: the first's are rows, the second's columns.

    They are in the order of the table. If the second column has one value, rows that exceed the
    height `TALLEST` are placed side by side. `draw` receives a panel's axes and its rows of the
    table, and `scale` its axes, row and column; without it, a panel that has no rows is blank.
    `labels` returns a panel's title and the y label, which only the panels at the left have; `x` is
    the label below each, or below the lowest ones if they share it. If marks are `named`, a
    legend is above the first panel, or above each row.
    """
    rows, columns = (list(dict.fromkeys(table[name])) for name in by)
    heights = [height] * len(rows) if isinstance(height, float) else list(height)
    cells = [[(row, column) for column in columns] for row in rows]
    if len(columns) == 1:
        cells, heights = _wrapped([line[0] for line in cells], heights)
        share_y = share_y is True  # a line has several rows
    figure, grid = panels(
        len(cells), len(cells[0]), height=heights, share_x=share_x, share_y=share_y, width=width
    )
    for line, of, below in zip(grid, cells, [*cells[1:], []], strict=True):
        for axes in line[len(of) :]:
            axes.set_axis_off()
        for axes, (row, column) in zip(line, of, strict=False):
            facet = table[(table[by[0]] == row) & (table[by[1]] == column)]
            axes.set(xlabel=" ", ylabel=" ")  # without labels, seaborn makes all ticks for its own
            if len(facet) or scale is not None:
                draw(axes, facet)
            else:
                axes.set_axis_off()
            if scale is not None:
                scale(axes, row, column)
            title, y = labels(row, column)
            lowest = line.index(axes) >= len(below)
            if lowest and share_x:
                axes.tick_params(axis="x", labelbottom=True)
            lowest |= not share_x
            label(axes, title=title, x=x if lowest else "", y=y if axes is line[0] else "")
            if named == "row" and (len(columns) == 1 or axes is line[0]):
                legend(axes)
    if named is True:
        legend(grid[0][0])
    return figure


Cell: TypeAlias = tuple[str, str]
"""The row and the column of a panel."""


def _wrapped(
    cells: Sequence[Cell], heights: Sequence[float]
) -> tuple[list[list[Cell]], list[float]]:
    """Place panels side by side, in as few columns as keep the figure no higher than `TALLEST`.

    >>> _wrapped([("a", ""), ("b", ""), ("c", "")], [1.0, 3.0, 2.0])
    ([[('a', ''), ('b', '')], [('c', '')]], [3.0, 2.0])
    """
    for columns in range(1, len(cells) + 1):
        starts = range(0, len(cells), columns)
        high = [max(heights[start : start + columns]) for start in starts]
        if sum(high) + MARGIN <= TALLEST or columns == len(cells):
            return [list(cells[start : start + columns]) for start in starts], high
    return [], []


def rankings(table: pd.DataFrame, draw: Callable[[Axes, pd.DataFrame], None], x: str) -> Figure:
    """Draw a panel for each dataset, with a line for each of its rows, the first at the top.

    `draw` receives a panel's axes and its rows with their `place`; `name` is written at the left.
    """

    def panel(axes: Axes, rows: pd.DataFrame) -> None:
        draw(axes, rows.assign(place=range(len(rows))))
        captioned_rows(axes, rows["name"].tolist())

    return facets(
        table.assign(only=""),
        ("dataset", "only"),
        panel,
        height=[0.65 + ROW * n for n in table.groupby("dataset", sort=False).size()],
        labels=lambda *_: ("", ""),
        x=x,
    )
