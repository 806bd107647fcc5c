"""Shares of variance as horizontal bars: a panel for each row, dataset and network."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from study.plot.axes import label, legend, panels
from study.plot.groups import titles
from study.plot.marks import Mark
from study.plot.theme import FAINT, INK, LEVELS, RESULT

COLOURS = {
    "parameter": RESULT,
    "pair": LEVELS[5],
    "rest": LEVELS[4],
    "noise": FAINT,
}
"""Kind of term → its colour."""

KINDS = {
    "parameter": "one parameter",
    "pair": "two together",
    "rest": "three or more together",
    "noise": "noise",
}


def shares(table: pd.DataFrame, x: str) -> Figure:
    """Draw the share of each term: a row for each value of `row`, a column a dataset and network.

    `table` has one row per dataset, implementation, `row` and term: kind (a key of `COLOURS`),
    share, and null, which is drawn as a stroke; NaN without one. `x` labels the axis.
    """
    rows, names = list(dict.fromkeys(table["row"])), titles(table)
    terms = {row: list(dict.fromkeys(table.loc[table["row"] == row, "term"])) for row in rows}
    heights = [0.7 + 0.17 * len(terms[row]) for row in rows]
    figure, grid = panels(len(rows), len(names), height=heights, share_x=True)
    for row, name in zip(grid, rows, strict=True):
        for axes, (dataset, implementation) in zip(row, names, strict=True):
            here = (table["dataset"] == dataset) & (table["implementation"] == implementation)
            _bars(axes, table[here & (table["row"] == name)], terms[name])
            title = names[dataset, implementation]
            label(axes, title=f"{title}\n{name}".strip(), x=x if row is grid[-1] else "")
            axes.tick_params(axis="y", labelleft=axes is row[0])
    shown = [kind for kind in COLOURS if (table["kind"] == kind).any()]
    if len(shown) > 1:
        for kind in shown:
            grid[0][-1].barh([0], [np.nan], color=COLOURS[kind], label=KINDS[kind])
        legend(grid[0][0], of=grid[0][-1])
    return figure


def _bars(axes: Axes, rows: pd.DataFrame, terms: list[str]) -> None:
    place = rows["term"].map(terms.index).astype(float)
    share = rows["share"].fillna(0).clip(lower=0)
    bars = axes.barh(place, share, color=[COLOURS[kind] for kind in rows["kind"]], height=0.7)
    for bar, term, of in zip(bars, rows["term"], rows["share"], strict=True):
        bar.set_url(Mark(f"{term}: {of:.0%}" if np.isfinite(of) else f"{term}: unknown").url())
    axes.vlines(rows["null"], place - 0.42, place + 0.42, color=INK, linewidth=1.4)
    axes.set_yticks(range(len(terms)), terms)
    axes.set(xlim=(0, 1), ylim=(len(terms) - 0.4, -0.6))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
