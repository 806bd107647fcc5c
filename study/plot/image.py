"""A figure as an image: vectors where they are few, else a bitmap at double density."""

import io
import math
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from PIL import Image

LIBRARY = f"matplotlib {mpl.__version__}"
"""What draws: another version may draw another picture of the same figure."""

DENSITY = 2 * 120
"""Dots per inch of a bitmap: two for each pixel of a page at its full width."""

PIXELS = 9_000_000
"""A bitmap has about so many at most: what is larger, of very many datasets, is less dense."""

COLOURS = 256
"""A bitmap has so many colours at most: half the bytes, and no eye sees it."""

PACKED = 8
"""How hard a bitmap is packed: 9 saves 3 % more, and takes twice as long and more."""

POINTS = 700
"""With more points than this in a figure, vectors are larger than a bitmap."""

LARGEST = 160_000
"""Bytes that a drawing in vectors may take, as they are estimated before it is drawn."""

LEAST = 0.2
"""A panel has this share of its column and row at least; the rest is its texts."""

ENLARGE, ENLARGED = 1.25, 6
"""How much a figure is enlarged where very long names take that room, and how often at most."""

LETTER, STEP, PATCH = 105, 65, 200
"""Bytes of a drawing for each letter, each point of a line and each patch, fitted on a lab's."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as a page holds it."""

    kind: Literal["svg+xml", "png"]
    data: bytes


def picture(figure: Figure) -> Picture:
    """Return the figure as an image: the same figure, the same bytes."""
    drawn = figure.findobj()  # once: each call makes all ticks anew
    points = sum(_points(artist) for artist in drawn if isinstance(artist, Collection))
    if points <= POINTS and _estimated(drawn) <= LARGEST:
        return Picture("svg+xml", _vectors(figure))
    return Picture("png", _bitmap(figure))


def _with_room(figure: Figure, draw: Callable[[], None]) -> None:
    """Draw a figure; where its texts leave too little room for a panel, enlarge it, and again."""
    for _ in range(ENLARGED):
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "constrained_layout not applied", UserWarning)
            try:
                draw()
                narrow, low = _squeezed(figure)
            except UserWarning:  # there is none at all
                narrow = low = True
        if not (narrow or low):
            return
        wide, high = figure.get_size_inches()
        figure.set_size_inches(wide * (ENLARGE if narrow else 1), high * (ENLARGE if low else 1))
    draw()


def _squeezed(figure: Figure) -> tuple[bool, bool]:
    """Return whether a panel is too narrow, and whether one is too low, for its texts."""
    high = figure.get_figheight()
    narrow = low = False
    for axes in figure.axes:
        if (place := axes.get_subplotspec()) is None or not axes.axison:
            continue
        grid, box = place.get_gridspec(), axes.get_position()
        heights = np.ravel(np.asarray(grid.get_height_ratios(), dtype=np.float64))
        row = high * float(heights[place.rowspan.start] / heights.sum())
        narrow |= box.width < LEAST / grid.ncols
        low |= high * box.height < LEAST * row
    return bool(narrow), bool(low)


def _points(collection: Collection) -> int:
    if isinstance(collection, QuadMesh):
        return POINTS + 1
    return np.shape(collection.get_offsets())[0] if isinstance(collection, PathCollection) else 0


def _estimated(drawn: Iterable[Artist]) -> int:
    """Return about how many bytes a figure's artists take in vectors."""
    size = 0
    for artist in drawn:
        if isinstance(artist, Text):
            size += LETTER * len(artist.get_text())
        elif isinstance(artist, Line2D):
            size += STEP * len(np.atleast_1d(artist.get_xdata()))
        elif isinstance(artist, Patch):
            size += PATCH
    return size


def _vectors(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    canvas: Any = FigureCanvasSVG(figure)

    def draw() -> None:
        buffer.seek(buffer.truncate(0))
        canvas.print_svg(buffer, metadata=nothing)  # `savefig` draws twice

    with mpl.rc_context({"svg.hashsalt": "study"}):
        _with_room(figure, draw)
    return numbered(buffer.getvalue())


def numbered(drawing: bytes) -> bytes:
    """Return an SVG whose generated names are counted: they hash the last bits of coordinates.

    Those are the layout solver's, and not the same in each process.

    >>> numbered(b'<g clip-path="url(#p0123456789)"/><a id="p0123456789"/>')
    b'<g clip-path="url(#p1)"/><a id="p1"/>'
    """
    names: dict[bytes, bytes] = {}

    def name(found: re.Match[bytes]) -> bytes:
        return names.setdefault(found[0], b"%b%d" % (found[0][:1], len(names) + 1))

    return re.sub(rb'(?<=[#"])[A-Za-z][0-9a-f]{10}(?=[)"])', name, drawing)


def _bitmap(figure: Figure) -> bytes:
    canvas: Any = FigureCanvasAgg(figure)

    def draw() -> None:
        wide, high = figure.get_size_inches()
        figure.set_dpi(min(DENSITY, math.sqrt(PIXELS / (wide * high))))
        canvas.draw()  # `savefig` draws twice, and packs what is unpacked here

    _with_room(figure, draw)
    whole = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    few = whole.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, "PNG", compress_level=PACKED)
    return buffer.getvalue()
