"""Predictions beside the truth: the samples, the network's answers, and its decision boundary."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from study.figures.theme import CLASSES, INK, label, panels

BETWEEN = LinearSegmentedColormap.from_list("classes", ["#8fbfe0", "#ffffff", "#f0b48a"])
"""From label 0 over the boundary, white, to label 1."""

MARKERS = ("o", "^")
THRESHOLD = 0.5


def beside_truth(points: pd.DataFrame) -> Figure:
    """Draw, for each dataset, the truth, and each shown run's predictions over its boundary.

    `points` has one row per point of a shown run: dataset, role, configuration, accuracy, loss,
    part (train, test, grid), x0, x1, target, prediction.
    """
    shown = points[["dataset", "role"]].drop_duplicates()
    datasets = list(dict.fromkeys(shown["dataset"]))
    most = 1 + max(shown.groupby("dataset").size())
    figure, grid = panels(len(datasets), most, height=8.6 / max(most, 2.6) + 0.35)
    for row, dataset in zip(grid, datasets, strict=True):
        here = points[points["dataset"] == dataset]
        roles = list(dict.fromkeys(here["role"]))
        _truth(row[0], here[here["role"] == roles[0]])
        label(row[0], title=f"{dataset}\nthe truth", x="x0", y="x1")
        for axes, role in zip(row[1:], roles, strict=False):
            one = here[here["role"] == role]
            _prediction(axes, one)
            name = {"base": "base setup", "best": "best configuration"}.get(
                role, "base setup, also the best"
            )
            title = (
                f"{name}\naccuracy {one['accuracy'].iloc[0]:.1%}, loss {one['loss'].iloc[0]:.3g}"
            )
            label(axes, title=title, x="x0")
        for axes in row[1 + len(roles) :]:
            axes.set_visible(False)
    return figure


def truths(points: pd.DataFrame) -> Figure:
    """Draw the samples of one repetition of each dataset with their labels.

    `points` has one row per sample: dataset, part, x0, x1, target.
    """
    datasets = list(dict.fromkeys(points["dataset"]))
    columns = max(len(datasets), 3)
    figure, grid = panels(1, columns, height=8.6 / columns)
    for axes, dataset in zip(grid.flat, datasets, strict=False):
        _truth(axes, points[points["dataset"] == dataset])
        label(axes, title=dataset, x="x0", y="x1")
    for axes in grid.flat[len(datasets) :]:
        axes.set_visible(False)
    grid.flat[len(datasets) - 1].legend(
        loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=8
    )
    return figure


def _truth(axes: Axes, points: pd.DataFrame) -> None:
    samples = points[points["part"] != "grid"]
    _samples(axes, samples, samples["target"])


def _prediction(axes: Axes, points: pd.DataFrame) -> None:
    grid = points[points["part"] == "grid"]
    if not grid.empty:
        surface = grid.pivot_table(index="x1", columns="x0", values="prediction", dropna=False)
        x, y, z = (
            surface.columns.to_numpy(),
            surface.index.to_numpy(),
            surface.to_numpy(dtype=float),
        )
        axes.pcolormesh(x, y, z, cmap=BETWEEN, vmin=0, vmax=1, shading="gouraud", rasterized=True)
        if np.nanmin(z) < THRESHOLD < np.nanmax(z):
            axes.contour(x, y, z, levels=[THRESHOLD], colors=INK, linewidths=1)
    samples = points[points["part"] != "grid"]
    _samples(axes, samples, samples["prediction"])


def _samples(axes: Axes, samples: pd.DataFrame, answer: pd.Series) -> None:
    """Draw each sample in the colour and shape of what `answer` says of it, and equal scales."""
    for number, is_one in enumerate((False, True)):
        chosen = samples[(answer > THRESHOLD) == is_one]
        axes.scatter(
            chosen["x0"], chosen["x1"], s=16, marker=MARKERS[number], color=CLASSES[number],
            edgecolor="white", linewidth=0.4, label=f"label {number}", zorder=3,
        )  # fmt: skip
    axes.set_aspect("equal")
    axes.grid(visible=False)
