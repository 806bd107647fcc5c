"""Small multiples: a panel for each row and column of a table, or for each ranking."""

from collections.abc import Callable, Sequence
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import label, legend, named_rows, panels


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
    named: bool | Callable[[str], str] = False,
) -> Figure:
    """Draw a panel for each value of two columns, `by`: the first's are rows, the second's columns.

    They are in the order of the table. `draw` receives a panel's axes and its rows of the table,
    and `scale` its axes, row and column; without it, a panel that has no rows is blank.
    `labels` returns a panel's title and the y label, which the panels at the left have; `x` is the
    label below each, or below the lowest ones where they share it. Where marks are `named`, a
    legend is next to the upper right panel, or next to each row if `named` returns its title.
    """
    rows, columns = (list(dict.fromkeys(table[name])) for name in by)
    figure, grid = panels(len(rows), len(columns), height=height, share_x=share_x, share_y=share_y)
    figure.set_figwidth(width or figure.get_figwidth())
    for line, row in zip(grid, rows, strict=True):
        for axes, column in zip(line, columns, strict=True):
            here = table[(table[by[0]] == row) & (table[by[1]] == column)]
            if len(here) or scale is not None:
                draw(axes, here)
            else:
                axes.set_axis_off()
            if scale is not None:
                scale(axes, row, column)
            title, y = labels(row, column)
            lowest = line is grid[-1] or not share_x
            label(axes, title=title, x=x if lowest else "", y=y if axes is line[0] else "")
        if callable(named):
            legend(line[-1], title=named(row))
    if named is True:
        legend(grid[0][-1])
    return figure


def rankings(table: pd.DataFrame, draw: Callable[[Axes, pd.DataFrame], None], x: str) -> Figure:
    """Draw a panel for each dataset, with a line for each of its rows, the first at the top.

    `draw` receives a panel's axes and its rows with their `place`; `name` is written at the left.
    """

    def panel(axes: Axes, rows: pd.DataFrame) -> None:
        draw(axes, rows.assign(place=range(len(rows))))
        named_rows(axes, rows["name"].tolist(), characters=70)
        axes.set_ylim(len(rows) - 0.4, -0.6)

    return facets(
        table.assign(only=""),
        ("dataset", "only"),
        panel,
        height=[0.65 + 0.2 * n for n in table.groupby("dataset", sort=False).size()],
        labels=lambda dataset, _: (dataset, ""),
        x=x,
    )
