"""Predictions beside the truth: samples, the network's answers, and its decision boundary."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure

from study.plot import values
from study.plot.axes import WIDTH, label, legend, panels, short
from study.plot.plane import frame, paint
from study.plot.theme import CLASSES, FAINT, INK

BETWEEN = LinearSegmentedColormap.from_list("labels", ["#86b8dc", "#ffffff", "#f0ad80"])
"""From output 0 over the boundary, white, to output 1."""

MARKERS = ("o", "^")

THRESHOLD = 0.5

COLUMNS = 3
"""A row has at least so many places, so that panels of different figures have one size."""

DATASETS = 6
"""A figure with a row for each dataset has so many at most."""

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
    part (train, test, grid), x0, x1, target, prediction. Where the target is a number, accuracy is
    NaN and colours are values.
    """
    datasets = list(dict.fromkeys(points["dataset"]))[:DATASETS]
    figure, grid = panels(len(datasets), COLUMNS, height=WIDTH / COLUMNS + 0.15)
    for row, dataset in zip(grid, datasets, strict=True):
        here = points[points["dataset"] == dataset]
        roles = list(dict.fromkeys(here["role"]))
        numbers, scale = values.are_numbers(here["target"]), values.scale(here["target"])
        frame(row[0], here)
        truth = here[(here["role"] == roles[0]) & (here["part"] != "grid")]
        if numbers:
            values.samples(row[0], truth, scale)
            values.bar(figure, row[: 1 + len(roles)], scale)
        else:
            _samples(row[0], truth, truth["target"])
        label(row[0], title=f"{dataset}: the truth\n", x="x0", y="x1")
        for axes, role in zip(row[1:], roles, strict=False):
            run = here[here["role"] == role]
            frame(axes, here)
            if numbers:
                values.answers(axes, run, scale)
            else:
                _answers(axes, run)
            accuracy, loss = run["accuracy"].iloc[0], run["loss"].iloc[0]
            right = "" if numbers else f"accuracy {accuracy:.1%}, "
            label(axes, title=f"{dataset}: {ROLES[role]}\n{right}loss {short(loss)}", x="x0")
        for axes in row[1 + len(roles) :]:
            axes.set_axis_off()
    return figure


def boundary(points: pd.DataFrame) -> Figure:
    """Draw the output over the plane after some epochs (columns), for each dataset (rows).

    `points` has one row per point of one run a dataset: dataset, epoch, part (train, grid), x0,
    x1, target, prediction; the samples are drawn with their labels.
    """
    datasets = list(dict.fromkeys(points["dataset"]))[:DATASETS]
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
            frame(axes, here)
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
        frame(axes, here)
        if values.are_numbers(here["target"]):
            scale = values.scale(here["target"])
            values.samples(axes, here, scale)
            values.bar(figure, [axes], scale)
        else:
            _samples(axes, here, here["target"])
        label(axes, title=dataset, x="first input, x0", y="second input, x1")
    for axes in grid[0][len(datasets) :]:
        axes.set_axis_off()
    labelled = [axes for axes in grid[0] if axes.get_legend_handles_labels()[0]]
    if labelled:
        legend(grid[0][len(datasets) - 1], of=labelled[0])
    return figure


def _answers(axes: Axes, run: pd.DataFrame) -> None:
    """Draw the output over the plane, its boundary, and the samples; wrong ones are ringed."""
    surface(axes, run[run["part"] == "grid"])
    samples = run[run["part"] != "grid"]
    wrong = samples[(samples["prediction"] > THRESHOLD) != (samples["target"] > THRESHOLD)]
    axes.scatter(wrong["x0"], wrong["x1"], s=70, facecolor="none", edgecolor=INK, linewidth=1)
    _samples(axes, samples, samples["prediction"])


def surface(axes: Axes, grid: pd.DataFrame) -> None:
    """Draw the network's output over the plane, and its boundary where it crosses one half."""
    mesh = paint(axes, grid, BETWEEN, Normalize(0, 1))
    if mesh is not None and np.nanmin(mesh[2]) <= THRESHOLD < np.nanmax(mesh[2]):
        axes.contour(*mesh, levels=[THRESHOLD], colors=INK, linewidths=1)


def _samples(axes: Axes, samples: pd.DataFrame, answer: pd.Series, *, size: float = 24) -> None:
    """Draw each sample in the colour and shape of what `answer` says of it."""
    for number in (0, 1):
        chosen = samples[(answer > THRESHOLD) == bool(number)]
        axes.scatter(
            chosen["x0"], chosen["x1"], s=size, marker=MARKERS[number], color=CLASSES[number],
            edgecolor="white", linewidth=0.5, label=f"label {number}", zorder=3,
        )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)
