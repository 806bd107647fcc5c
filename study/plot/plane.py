"""The plane of two inputs: samples as marks, a network's predictions as colour."""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray

from study.plot.axes import SMALL
from study.plot.theme import CLASSES, FAINT, INK, SOFT

BETWEEN = LinearSegmentedColormap.from_list("labels", ["#86b8dc", "#ffffff", "#f0ad80"])
"""From output 0 over the boundary, white, to output 1."""

NUMBERS = "viridis"
"""The colours of a target that is a number."""

MARKERS = ("o", "^", "s", "D", "v", "P", "X", "p", "<", ">")
"""The shapes of the classes, by their index; with more classes they begin again."""

TINT = 0.6
"""The strength of a region's colour where the prediction is certain."""

FINE, LEAST = 4, 0.02
"""Regions have `FINE` times the points of the grid; no prediction weighs less than `LEAST`."""

THRESHOLD = 0.5

PAIR = 2
"""Two classes are drawn as one output, and more as regions."""

COLUMNS = 3
"""The number of planes in a row."""

DATASETS = 6
"""The most rows of a figure with a row for each dataset."""

Mesh = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""x0, x1, and the predictions there: (columns,), (rows,), (rows, columns)."""


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


def several(points: pd.DataFrame) -> int:
    """Return the number of classes if there are more than two, else 0.

    `points` are of one dataset. Studies without such a dataset have no column `classes`.

    >>> several(pd.DataFrame({"classes": [4, 4]})), several(pd.DataFrame({"classes": [2, 2]}))
    (4, 0)
    """
    classes = int(points["classes"].iloc[0]) if "classes" in points else 0
    return classes if classes > PAIR else 0


def regions(axes: Axes, grid: pd.DataFrame) -> None:
    """Paint the region of each of several classes in its colour, and the lines between them.

    `grid` has one row per point: classes, x0, x1, answer (NaN where the weights have overflowed),
    and `sure`, from 0 (white) to 1, where NaN counts as 1.
    """
    if grid["answer"].isna().all():
        return
    answer, sure = (
        grid.assign(sure=grid["sure"].fillna(1.0)).pivot_table(
            index="x1", columns="x0", values=name, dropna=False
        )
        for name in ("answer", "sure")
    )
    x, y = (_finer(side.to_numpy()) for side in (answer.columns, answer.index))
    classes = [c for c in range(several(grid)) if (answer == c).any(axis=None)]
    weight = sure.clip(lower=LEAST)  # a boundary shifts towards the less certain class
    each = np.stack([_finest(weight.where(answer == c, 0.0)) for c in classes])
    tint = TINT * np.where(each.max(axis=0) > 0, _finest(sure), 0.0)[..., None]
    colours = np.array([to_rgb(CLASSES[c]) for c in classes])[each.argmax(axis=0)]
    axes.pcolormesh(x, y, 1 - tint * (1 - colours), shading="nearest")
    for i, region in enumerate(each):
        lead = region - np.delete(each, i, axis=0).max(axis=0, initial=0.0)
        if lead.min() < 0 < lead.max():
            axes.contour(x, y, lead, levels=[0.0], colors=INK, linewidths=1)
    axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))


def _finest(table: pd.DataFrame) -> NDArray[np.float64]:
    return _finer(_finer(table.to_numpy(float)).T).T


def _finer(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values at `FINE` times the points along the first axis, linear in between."""
    places = np.arange(FINE * (len(values) - 1) + 1) / FINE
    below = np.minimum(places.astype(int), len(values) - 2)
    share = (places - below).reshape(-1, *[1] * (values.ndim - 1))
    finer: NDArray[np.float64] = (1 - share) * values[below] + share * values[below + 1]
    return finer


def answered(axes: Axes, grid: pd.DataFrame) -> None:
    """Paint a network's predictions over the plane: regions of several classes, or its output."""
    if classes := several(grid):
        by_chance = 1 / classes
        regions(axes, grid.assign(sure=(grid["confidence"] - by_chance) / (1 - by_chance)))
    else:
        surface(axes, grid)


def numbers(axes: Axes, grid: pd.DataFrame, of: Normalize) -> None:
    """Paint the output for a target that is a number; `grid` as in `surface`."""
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


def labelled(
    axes: Axes,
    samples: pd.DataFrame,
    answer: pd.Series,
    *,
    size: float = 24,
    names: Sequence[str] = (),
) -> None:
    """Draw each sample in the colour and shape of the class that `answer` gives it.

    That is an index or, for two classes, an output; `names` are the classes' names in a legend.
    """
    classes = several(samples)
    for number in range(classes or PAIR):
        chosen = samples[answer == number if classes else (answer > THRESHOLD) == bool(number)]
        axes.scatter(
            chosen["x0"], chosen["x1"], s=size, marker=MARKERS[number % len(MARKERS)],
            color=CLASSES[number], edgecolor="white", linewidth=0.5, zorder=3,
            label=names[number] if names else f"label {number}",
        )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)


def valued(axes: Axes, samples: pd.DataFrame, of: Normalize) -> None:
    """Draw each sample in the colour of its target, which is a number."""
    axes.scatter(
        samples["x0"], samples["x1"], c=samples["target"], s=24, cmap=NUMBERS, norm=of,
        edgecolor="white", linewidth=0.5, zorder=3,
    )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)


def scale(points: pd.DataFrame) -> Normalize | None:
    """Return the scale of colours of targets that are numbers; None if they are classes.

    >>> two, number = ({"target": of} for of in ([0.0, 1.0, None], [0.0, 0.5, 3.0]))
    >>> scale(pd.DataFrame(two)), scale(pd.DataFrame(number)).vmax
    (None, 3.0)
    """
    targets = points["target"]
    if several(points) or targets.dropna().isin([0, 1]).all():
        return None
    return Normalize(float(targets.min()), float(targets.max()))


def bar(figure: Figure, axes: Sequence[Axes], of: Normalize) -> None:
    """Draw the scale of colours next to some panels."""
    made = figure.colorbar(
        mpl.cm.ScalarMappable(of, NUMBERS), ax=list(axes), shrink=0.8, aspect=25, pad=0.02
    )
    made.set_label("target", fontsize=SMALL, color=SOFT)
    made.ax.tick_params(labelsize=SMALL, labelcolor=SOFT)
