"""The plane of two inputs: samples as marks, a network's answers as colour."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from study.plot.axes import SMALL
from study.plot.theme import CLASSES, FAINT, INK, SOFT

BETWEEN = LinearSegmentedColormap.from_list("labels", ["#86b8dc", "#ffffff", "#f0ad80"])
"""From output 0 over the boundary, white, to output 1."""

NUMBERS = "viridis"
"""The colours of a target that is a number."""

MARKERS = ("o", "^")

THRESHOLD = 0.5

COLUMNS = 3
"""A row has room for at least this many panels, so that all figures have panels of one size."""

DATASETS = 6
"""A figure with a row for each dataset shows at most this many."""

Mesh = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""x0, x1, and what is answered there: (columns,), (rows,), (rows, columns)."""


def frame(axes: Axes, points: pd.DataFrame) -> None:
    """Give all panels of a dataset the same square."""
    for which, column in {"x": points["x0"], "y": points["x1"]}.items():
        room = 0.03 * (column.max() - column.min()) or 0.5
        axes.set(**{f"{which}lim": (column.min() - room, column.max() + room)})
    axes.set_box_aspect(1)
    axes.grid(visible=False)


def surface(axes: Axes, grid: pd.DataFrame) -> None:
    """Paint the output between two labels, and its boundary where it crosses one half.

    `grid` has one row per point: x0, x1, prediction, NaN where the weights have overflowed.
    """
    mesh = _paint(axes, grid, BETWEEN, Normalize(0, 1))
    if mesh is not None and np.nanmin(mesh[2]) <= THRESHOLD < np.nanmax(mesh[2]):
        axes.contour(*mesh, levels=[THRESHOLD], colors=INK, linewidths=1)


def numbers(axes: Axes, grid: pd.DataFrame, of: Normalize) -> None:
    """Paint the output where the target is a number; `grid` as in `surface`."""
    _paint(axes, grid, NUMBERS, of)


def _paint(
    axes: Axes, grid: pd.DataFrame, colours: Colormap | str, scale: Normalize
) -> Mesh | None:
    """Paint the network's output over the plane, and return it; None without an output."""
    if grid["prediction"].isna().all():
        return None
    plane = grid.pivot_table(index="x1", columns="x0", values="prediction", dropna=False)
    x, y, z = plane.columns.to_numpy(), plane.index.to_numpy(), plane.to_numpy()
    axes.pcolormesh(x, y, z, cmap=colours, norm=scale, shading="gouraud")
    axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
    return x, y, z


def labelled(axes: Axes, samples: pd.DataFrame, answer: pd.Series, *, size: float = 24) -> None:
    """Draw each sample in the colour and shape of the label that `answer` gives it."""
    for number in (0, 1):
        chosen = samples[(answer > THRESHOLD) == bool(number)]
        axes.scatter(
            chosen["x0"], chosen["x1"], s=size, marker=MARKERS[number], color=CLASSES[number],
            edgecolor="white", linewidth=0.5, label=f"label {number}", zorder=3,
        )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)


def valued(axes: Axes, samples: pd.DataFrame, of: Normalize) -> None:
    """Draw each sample in the colour of its target, which is a number."""
    axes.scatter(
        samples["x0"], samples["x1"], c=samples["target"], s=24, cmap=NUMBERS, norm=of,
        edgecolor="white", linewidth=0.5, zorder=3,
    )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)


def scale(targets: pd.Series) -> Normalize | None:
    """Return the scale of colours of targets that are numbers; None for the labels 0 and 1.

    >>> scale(pd.Series([0.0, 1.0, None])), scale(pd.Series([0.0, 0.5, 3.0])).vmax
    (None, 3.0)
    """
    if targets.dropna().isin([0, 1]).all():
        return None
    return Normalize(float(targets.min()), float(targets.max()))


def bar(figure: Figure, axes: Sequence[Axes], of: Normalize) -> None:
    """Put the scale of colours beside some panels."""
    made = figure.colorbar(
        mpl.cm.ScalarMappable(of, NUMBERS), ax=list(axes), shrink=0.8, aspect=25, pad=0.02
    )
    made.set_label("target", fontsize=SMALL, color=SOFT)
    made.ax.tick_params(labelsize=SMALL, labelcolor=SOFT)
