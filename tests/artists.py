"""What a figure's artists hold, read back as numbers."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle


def segments(collection: Collection) -> list[list[list[float]]]:
    """Return the ends of each line, as [x, y]."""
    return [np.asarray(path.vertices).tolist() for path in collection.get_paths()]


def offsets(collection: Collection) -> list[list[float]]:
    """Return where each mark stands, as [x, y]."""
    found: list[list[float]] = np.asarray(collection.get_offsets()).tolist()
    return found


def boxes(axes: Axes) -> list[Rectangle]:
    """Return the rectangles that are drawn."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return [box for box in found if np.isfinite(box.get_width())]


def bars(axes: Axes) -> list[tuple[float, float, str]]:
    """Return the place, length and colour of each horizontal bar that is drawn."""
    return [
        (round(bar.get_y() + bar.get_height() / 2, 9), bar.get_width(), to_hex(bar.get_facecolor()))
        for bar in boxes(axes)
    ]
