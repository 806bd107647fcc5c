"""Trials as paths through their parameters: all of them faint, the best in colour."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from study.plot.axes import SMALL, label, panels
from study.plot.theme import FAINT, INK, OKABE_ITO, SOFT, words

BEST = 10
"""So many are drawn in colour; with the others faint, where many pass is dark."""


def paths(table: pd.DataFrame) -> Figure:
    """Draw parallel coordinates: an axis a parameter, a row of panels a dataset.

    `table` has one row per trial and parameter: dataset, number, rank, parameter, value, place.
    """
    datasets = list(dict.fromkeys(table["dataset"]))
    names = list(dict.fromkeys(table["parameter"]))
    figure, grid = panels(len(datasets), 1, height=2.6)
    for (axes,), dataset in zip(grid, datasets, strict=True):
        rows = table[table["dataset"] == dataset]
        wide = rows.pivot_table(index="rank", columns="parameter", values="place", dropna=False)
        lines = wide.reindex(columns=names).sort_index().to_numpy()
        _draw(axes, lines[BEST:], FAINT, max(0.08, min(0.5, 15 / max(len(lines), 1))), 0.7)
        _draw(axes, lines[:BEST], OKABE_ITO[0], 0.85, 1.4)
        axes.set_xlim(-0.3, len(names) - 0.5)
        axes.set_ylim(-0.12, 1.12)
        axes.set_xticks(range(len(names)), [words(name) for name in names])
        axes.set_yticks([])
        axes.grid(visible=True, axis="x", color=SOFT, linewidth=0.8)
        for i, name in enumerate(names):
            _ends(axes, i, rows[(rows["parameter"] == name) & rows["place"].notna()])
        label(axes, title=f"{dataset}: the best {min(BEST, len(lines))} of {len(lines)} trials")
    return figure


def _draw(axes: Axes, lines: "np.typing.NDArray[np.float64]", colour: str, alpha: float,
          width: float) -> None:  # fmt: skip
    """Draw paths; where a parameter is not searched, a path goes on from its other parts."""
    drawn = [
        np.column_stack([np.flatnonzero(known), line[known]])
        for line, known in zip(lines, ~np.isnan(lines), strict=True)
    ]
    axes.add_collection(LineCollection(drawn, colors=colour, alpha=alpha, linewidths=width))


def _ends(axes: Axes, at: int, rows: pd.DataFrame) -> None:
    """Write the least and the greatest value, or each where they are few."""
    values = rows.drop_duplicates("value").sort_values("place")
    shown = values if len(values) <= 6 else values.iloc[[0, -1]]  # noqa: PLR2004  # room for so many
    for value, place in zip(shown["value"], shown["place"], strict=True):
        axes.text(
            at + 0.03, place, str(value)[:9], fontsize=SMALL - 1, color=INK, va="center",
            bbox={"facecolor": "white", "alpha": 0.7, "pad": 0.5, "linewidth": 0},
        )  # fmt: skip
