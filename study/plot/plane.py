"""The plane of two inputs: one square for all panels of a dataset, answers as its colour."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from numpy.typing import NDArray

Mesh = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""x0, x1, and what is answered there: (columns,), (rows,), (rows, columns)."""


def frame(axes: Axes, points: pd.DataFrame) -> None:
    """Give all panels of a dataset the same square."""
    for which, column in {"x": points["x0"], "y": points["x1"]}.items():
        room = 0.03 * (column.max() - column.min()) or 0.5
        axes.set(**{f"{which}lim": (column.min() - room, column.max() + room)})
    axes.set_box_aspect(1)
    axes.grid(visible=False)


def paint(axes: Axes, grid: pd.DataFrame, colours: Colormap | str, scale: Normalize) -> Mesh | None:
    """Paint the network's output over the plane, and return it; None where there is none.

    `grid` has one row per point: x0, x1, prediction, NaN where the weights have overflowed.
    """
    if grid["prediction"].isna().all():
        return None
    plane = grid.pivot_table(index="x1", columns="x0", values="prediction", dropna=False)
    x, y, z = plane.columns.to_numpy(), plane.index.to_numpy(), plane.to_numpy()
    axes.pcolormesh(x, y, z, cmap=colours, norm=scale, shading="gouraud")
    axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
    return x, y, z
