"""What a figure's artists hold, read back as numbers, and points of the plane to draw."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle


def segments(collection: Collection) -> list[list[list[float]]]:
    """Return the ends of each line, as [x, y]."""
    return [np.asarray(path.vertices).tolist() for path in collection.get_paths()]


def offsets(collection: Collection) -> list[list[float]]:
    """Return the position of each mark, as [x, y]."""
    positions: list[list[float]] = np.asarray(collection.get_offsets()).tolist()
    return positions


def boxes(axes: Axes) -> list[Rectangle]:
    """Return the rectangles that are drawn."""
    rectangles = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [box for box in rectangles if np.isfinite(box.get_width())]


def bars(axes: Axes) -> list[tuple[float, float, str]]:
    """Return the place, length and colour of each horizontal bar that is drawn."""
    return [
        (round(bar.get_y() + bar.get_height() / 2, 9), bar.get_width(), to_hex(bar.get_facecolor()))
        for bar in boxes(axes)
    ]


def lines(axes: Axes) -> dict[str, list[float]]:
    """Return the heights of each line, by its label."""
    return {str(line.get_label()): list(np.asarray(line.get_ydata(), float)) for line in axes.lines}


def points() -> pd.DataFrame:
    """Return two samples, one misclassified, and a grid split by x0 = 0.48/0.98."""
    samples = pd.DataFrame(
        {"part": "train", "x0": [0.0, 1.0], "x1": 0.5, "target": 1.0, "prediction": [0.1, 0.9]}
    )
    x0, x1 = (side.ravel() for side in np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 5)))
    grid = pd.DataFrame(
        {"part": "grid", "x0": x0, "x1": x1, "target": np.nan, "prediction": x0 * 0.98 + 0.02}
    )
    table = pd.concat([samples, grid], ignore_index=True)
    return table.assign(dataset="a", role="base", configuration="p", accuracy=0.5, loss=0.41)


def regions() -> pd.DataFrame:
    """Return three samples of three classes and a grid in three strips, class 1 least sure.

    The first sample is misclassified. Class 0 is left of x0 = 3/8, class 2 right of 5/8.
    """
    x0, x1 = (side.ravel() for side in np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 5)))
    answer = np.select([x0 < 3 / 8, x0 > 5 / 8], [0.0, 2.0], 1.0)
    grid = pd.DataFrame({"part": "grid", "x0": x0, "x1": x1, "target": np.nan, "answer": answer})
    grid["confidence"] = np.where(answer == 1, 2 / 3, 1.0)
    samples = pd.DataFrame(
        {"part": "train", "x0": [0.0, 0.5, 1.0], "x1": 0.5, "target": [0.0, 1.0, 2.0],
         "answer": [1.0, 1.0, 2.0], "confidence": 0.9}
    )  # fmt: skip
    table = pd.concat([samples, grid], ignore_index=True).assign(prediction=np.nan, classes=3)
    return table.assign(dataset="a", role="base", configuration="p", accuracy=2 / 3, loss=0.41)
