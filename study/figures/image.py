"""A figure as an image: vectors where they are few, else a bitmap at double density."""

import io
from dataclasses import dataclass
from typing import Literal

import matplotlib as mpl
import numpy as np
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.figure import Figure
from PIL import Image

DENSITY = 2 * 120
"""Dots per inch of a bitmap: two for each pixel of a page at its full width."""

COLOURS = 256
"""A bitmap has so many colours at most: half the bytes, and no eye sees it."""

POINTS = 1500
"""With more points than this in a figure, vectors are larger than a bitmap."""

LARGEST = 160_000
"""Bytes that a drawing in vectors may take."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as a page holds it."""

    kind: Literal["svg+xml", "png"]
    data: bytes


def picture(figure: Figure) -> Picture:
    """Return the figure as an image: the same figure, the same bytes."""
    if sum(map(_points, figure.findobj(Collection))) <= POINTS:
        drawing = _vectors(figure)
        if len(drawing) <= LARGEST:
            return Picture("svg+xml", drawing)
    return Picture("png", _bitmap(figure))


def _points(collection: Collection) -> int:
    if isinstance(collection, QuadMesh):
        return POINTS + 1
    return np.shape(collection.get_offsets())[0] if isinstance(collection, PathCollection) else 0


def _vectors(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "study"}):
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        figure.savefig(buffer, format="svg", facecolor="white", metadata=nothing)
    return buffer.getvalue()


def _bitmap(figure: Figure) -> bytes:
    buffer, small = io.BytesIO(), io.BytesIO()
    figure.savefig(
        buffer, format="png", dpi=DENSITY, facecolor="white", pil_kwargs={"compress_level": 0}
    )
    few = (
        Image.open(buffer)
        .convert("RGB")
        .quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    few.save(small, "PNG", optimize=True)
    return small.getvalue()
