"""Predictions beside the truth: samples, the network's answers, and its decision boundary."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from study.figures.axes import WIDTH, label, legend, panels
from study.figures.theme import CLASSES, FAINT, INK

BETWEEN = LinearSegmentedColormap.from_list("labels", ["#86b8dc", "#ffffff", "#f0ad80"])
"""From output 0 over the boundary, white, to output 1."""

MARKERS = ("o", "^")

THRESHOLD = 0.5

COLUMNS = 3
"""A row has at least so many places, so that panels of different figures have one size."""

SMALLEST = 1.6
"""Inches, of a panel in a row of many."""

ROLES = {
    "base": "base setup",
    "best": "best configuration",
    "base and best": "base setup, also the best",
    "near": "nearest to the base setup",
    "near and best": "nearest to the base setup, also the best",
}


def beside_truth(points: pd.DataFrame) -> Figure:
    """Draw, for each dataset (rows), the truth and each shown run's answers over its boundary.

    `points` has one row per point of a shown run: dataset, role, configuration, accuracy, loss,
    part (train, test, grid), x0, x1, target, prediction.
    """
    datasets = list(dict.fromkeys(points["dataset"]))
    figure, grid = panels(len(datasets), COLUMNS, height=WIDTH / COLUMNS + 0.15)
    for row, dataset in zip(grid, datasets, strict=True):
        here = points[points["dataset"] == dataset]
        roles = list(dict.fromkeys(here["role"]))
        _frame(row[0], here)
        truth = here[(here["role"] == roles[0]) & (here["part"] != "grid")]
        _samples(row[0], truth, truth["target"])
        label(row[0], title=f"{dataset}: the truth\n", x="x0", y="x1")
        for axes, role in zip(row[1:], roles, strict=False):
            run = here[here["role"] == role]
            _frame(axes, here)
            _answers(axes, run)
            accuracy, loss = run["accuracy"].iloc[0], run["loss"].iloc[0]
            title = f"{dataset}: {ROLES[role]}\naccuracy {accuracy:.1%}, loss {loss:.3g}"
            label(axes, title=title, x="x0")
        for axes in row[1 + len(roles) :]:
            axes.set_axis_off()
    return figure


def boundary(points: pd.DataFrame) -> Figure:
    """Draw the output over the plane after some epochs (columns), for each dataset (rows).

    `points` has one row per point of one run a dataset: dataset, epoch, part (train, grid), x0,
    x1, target, prediction; the samples are drawn with their labels.
    """
    datasets = list(dict.fromkeys(points["dataset"]))
    grids = points[points["part"] == "grid"]
    epochs = sorted(set(grids["epoch"]))
    figure, grid = panels(len(datasets), len(epochs), height=1.75)
    figure.set_figwidth(max(WIDTH, SMALLEST * len(epochs)))
    for row, dataset in zip(grid, datasets, strict=True):
        here = points[points["dataset"] == dataset]
        samples = here[here["part"] == "train"]
        for axes, epoch in zip(row, epochs, strict=True):
            plane = here[(here["part"] == "grid") & (here["epoch"] == epoch)]
            if plane.empty:  # this network ended before
                axes.set_axis_off()
                continue
            _frame(axes, here)
            surface(axes, plane)
            _samples(axes, samples, samples["target"], size=12)
            axes.set(xticks=[], yticks=[])
            after = f"after {epoch:,} epoch{'s' if epoch > 1 else ''}"
            label(axes, title=after, y=dataset if axes is row[0] else "")
    return figure


def truths(samples: pd.DataFrame) -> Figure:
    """Draw the samples of one repetition of each dataset with their labels.

    `samples` has one row per sample: dataset, x0, x1, target.
    """
    datasets = list(dict.fromkeys(samples["dataset"]))
    columns = max(len(datasets), COLUMNS)
    figure, grid = panels(1, columns, height=WIDTH / columns)
    for axes, dataset in zip(grid[0], datasets, strict=False):
        here = samples[samples["dataset"] == dataset]
        _frame(axes, here)
        _samples(axes, here, here["target"])
        label(axes, title=dataset, x="first input, x0", y="second input, x1")
    for axes in grid[0][len(datasets) :]:
        axes.set_axis_off()
    legend(grid[0][len(datasets) - 1])
    return figure


def _frame(axes: Axes, points: pd.DataFrame) -> None:
    """Give all panels of a dataset the same square."""
    for which, column in {"x": points["x0"], "y": points["x1"]}.items():
        room = 0.03 * (column.max() - column.min()) or 0.5
        axes.set(**{f"{which}lim": (column.min() - room, column.max() + room)})
    axes.set_box_aspect(1)
    axes.grid(visible=False)


def _answers(axes: Axes, run: pd.DataFrame) -> None:
    """Draw the output over the plane, its boundary, and the samples; wrong ones are ringed."""
    surface(axes, run[run["part"] == "grid"])
    samples = run[run["part"] != "grid"]
    wrong = samples[(samples["prediction"] > THRESHOLD) != (samples["target"] > THRESHOLD)]
    axes.scatter(wrong["x0"], wrong["x1"], s=70, facecolor="none", edgecolor=INK, linewidth=1)
    _samples(axes, samples, samples["prediction"])


def surface(axes: Axes, grid: pd.DataFrame) -> None:
    """Draw the network's output over the plane, and its boundary where it crosses one half."""
    if grid["prediction"].isna().all():  # none, or of a network whose weights have overflowed
        return
    plane = grid.pivot_table(index="x1", columns="x0", values="prediction", dropna=False)
    x, y, z = plane.columns.to_numpy(), plane.index.to_numpy(), plane.to_numpy()
    axes.pcolormesh(x, y, z, cmap=BETWEEN, vmin=0, vmax=1, shading="gouraud")
    if np.nanmin(z) <= THRESHOLD < np.nanmax(z):
        axes.contour(x, y, z, levels=[THRESHOLD], colors=INK, linewidths=1)
    axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))


def _samples(axes: Axes, samples: pd.DataFrame, answer: pd.Series, *, size: float = 24) -> None:
    """Draw each sample in the colour and shape of what `answer` says of it."""
    for number in (0, 1):
        chosen = samples[(answer > THRESHOLD) == bool(number)]
        axes.scatter(
            chosen["x0"], chosen["x1"], s=size, marker=MARKERS[number], color=CLASSES[number],
            edgecolor="white", linewidth=0.5, label=f"label {number}", zorder=3,
        )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)
