"""Where runs diverge: the share over two parameters as a map, with the counts in its cells."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import label, panels, tilt
from study.plot.groups import groups
from study.plot.theme import INK, words

MAP = "Oranges"

HALF = 0.6
"""Above this share, texts are white."""


def divergence(cells: pd.DataFrame) -> Figure:
    """Draw a map for every two parameters (rows), dataset and implementation (columns).

    `cells` has one row per dataset, implementation, parameter, level, other and other_level: runs,
    diverged, share. A cell says how many of how many runs diverged; one that was not tried is
    empty.
    """
    names = groups(cells)
    pairs = list(dict.fromkeys(zip(cells["parameter"], cells["other"], strict=True)))
    chosen = {
        pair: cells[(cells["parameter"] == pair[0]) & (cells["other"] == pair[1])] for pair in pairs
    }
    heights = [0.75 + 0.24 * chosen[pair]["other_level"].nunique() for pair in pairs]
    figure, grid = panels(len(pairs), len(names), height=heights)
    for row, (parameter, other) in zip(grid, pairs, strict=True):
        rows = chosen[parameter, other]
        levels = list(dict.fromkeys(rows["level"]))
        others = list(dict.fromkeys(rows["other_level"]))
        for axes, (dataset, implementation) in zip(row, names, strict=True):
            here = (rows["dataset"] == dataset) & (rows["implementation"] == implementation)
            _map(axes, rows[here], levels, others)
            tilt(axes, levels, len(names))
            title = names[dataset, implementation] if row is grid[0] else ""
            y = words(other) if axes is row[0] and other != "none" else ""
            label(axes, title=title, x=words(parameter), y=y)
    return figure


def _map(axes: Axes, cells: pd.DataFrame, levels: list[str], others: list[str]) -> None:
    shares = pd.DataFrame(index=others, columns=levels, dtype=float)
    for cell in cells.to_dict("records"):
        shares.loc[cell["other_level"], cell["level"]] = cell["share"]
        axes.text(
            levels.index(cell["level"]), others.index(cell["other_level"]),
            f"{cell['diverged']}/{cell['runs']}", ha="center", va="center", fontsize=6.8,
            color="white" if cell["share"] > HALF else INK,
        )  # fmt: skip
    axes.imshow(shares.to_numpy(), cmap=MAP, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(levels)), levels)
    axes.set_yticks(range(len(others)), others)
    axes.tick_params(length=0)
    axes.grid(visible=False)
