"""Shares of variance as horizontal bars: a panel for each row, dataset and network."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from study.plot.axes import MARGIN, SHORTEST, TALLEST, label, legend, panels
from study.plot.groups import titles
from study.plot.marks import Mark
from study.plot.texts import breadth, folded
from study.plot.theme import FAINT, INK, LEVELS, RESULT

COLOURS = {
    "parameter": RESULT,
    "pair": LEVELS[5],
    "rest": LEVELS[4],
    "noise": FAINT,
}
"""Kind of term → its colour."""

ABOVE, LINE, EACH = 0.7, 0.15, 0.17
"""Inches: above and below a panel's bars, for another line of its title, and for a bar."""

SUMMED = ("rest", "noise")
"""Kinds of terms that are always drawn."""

KINDS = {
    "parameter": "one parameter",
    "pair": "two together",
    "rest": "three or more together",
    "noise": "noise",
}


def shares(table: pd.DataFrame, x: str) -> Figure:
    """Draw the share of each term: a row for each value of `row`, a column per dataset and network.

    `table` has one row per dataset, implementation, `row` and term: kind (a key of `COLOURS`),
    share, and null, which is drawn as a stroke; NaN without one. `x` labels the axis. As many
    of the first rows are drawn as fit, and of many terms the ones with the largest shares.
    """
    names = titles(table)
    above = ABOVE + LINE * (max(map(_lines, names.values())) - 1)
    terms = _fitting(table, above)
    rows = list(terms)
    heights = [above + EACH * len(terms[row]) for row in rows]
    figure, grid = panels(len(rows), len(names), height=heights, share_x=True)
    for row, name in zip(grid, rows, strict=True):
        for axes, (dataset, implementation) in zip(row, names, strict=True):
            cell = (table["dataset"] == dataset) & (table["implementation"] == implementation)
            _bars(axes, table[cell & (table["row"] == name)], terms[name])
            title = names[dataset, implementation]
            label(axes, title=f"{title}\n{name}".strip(), x=x if row is grid[-1] else "")
            axes.tick_params(axis="y", labelleft=axes is row[0])
    shown = [kind for kind in COLOURS if (table["kind"] == kind).any()]
    if len(shown) > 1:
        for kind in shown:
            grid[0][-1].barh([0], [np.nan], color=COLOURS[kind], label=KINDS[kind])
        legend(grid[0][0], of=grid[0][-1])
    return figure


def _lines(title: str) -> int:
    """Return the number of lines of a title above one of several panels."""
    return folded(title, int(SHORTEST / breadth(title))).count("\n") + 1


def _fitting(table: pd.DataFrame, above: float) -> dict[str, list[str]]:
    """Return the rows with a share that fit into a figure, with their terms; else the first row."""
    room = TALLEST - MARGIN
    fitting: dict[str, list[str]] = {}
    explained = set(table.loc[table[["share", "null"]].notna().any(axis=1), "row"])
    for row, of in table.groupby("row", sort=False):
        if (explained or fitting) and row not in explained:
            continue
        share = of.groupby("term", sort=False)["share"].max().fillna(-1)
        summed = set(of.loc[of["kind"].isin(SUMMED), "term"])
        fit = len(share) if fitting else max(int((room - above) / EACH) - len(summed), 1)
        largest = share.drop(list(summed)).nlargest(fit).index
        shown = [term for term in share.index if term in summed or term in largest]
        room -= above + EACH * len(shown)
        if fitting and room < 0:
            break
        fitting[str(row)] = [str(term) for term in shown]
    return fitting


def _bars(axes: Axes, rows: pd.DataFrame, terms: list[str]) -> None:
    rows = rows[rows["term"].isin(terms)]
    place = rows["term"].map(terms.index).astype(float)
    share = rows["share"].fillna(0).clip(lower=0)
    bars = axes.barh(place, share, color=[COLOURS[kind] for kind in rows["kind"]], height=0.7)
    for bar, term, of in zip(bars, rows["term"], rows["share"], strict=True):
        bar.set_url(Mark(f"{term}: {of:.0%}" if np.isfinite(of) else f"{term}: unknown").url())
    axes.vlines(rows["null"], place - 0.42, place + 0.42, color=INK, linewidth=1.4)
    axes.set_yticks(range(len(terms)), terms)
    axes.set(xlim=(0, 1), ylim=(len(terms) - 0.4, -0.6))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
