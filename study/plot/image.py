"""A figure as an image: vectors if these are few, else a bitmap at double density."""

import base64
import io
import math
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

from study.plot.columns import UNITS
from study.plot.inline import ANCHORS, inlined
from study.plot.parts import INCH, stacked
from study.plot.theme import CARD

LIBRARY = f"matplotlib {mpl.__version__}"
"""The versions that draw: others may draw another picture of the same figure."""

DENSITY = 2 * INCH
"""Dots per inch of a bitmap: two for each pixel of a page."""

PIXELS = 9_000_000
"""The most pixels of a bitmap: a larger one, of very many datasets, is less dense."""

COLOURS = 256
"""The most colours of a bitmap: half the bytes, without a visible difference."""

SAMPLED = 3
"""The colours are chosen from every third pixel of every third row: a ninth of the time."""

PACKED = 7
"""How hard a bitmap is packed: 8 saves 2 % more, and takes twice as long."""

POINTS = 700
"""With more points than this in a figure, vectors are larger than a bitmap."""

LARGEST = 160_000
"""Bytes that a drawing in vectors may take, by an estimate before it is drawn."""

LEAST = 0.2
"""The least share of its column and row that a panel must have; the rest is its texts."""

ENLARGE, ENLARGED = 1.25, 6
"""The factor by which a figure with very long names is enlarged, and how often at most."""

TEXT, STEP, PATCH = 110, 14, 160
"""Bytes of a drawing for each text, each point of a line and each patch."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as a page holds it: an SVG element, or a bitmap in base64; its natural size.

    `parts` is an SVG element for a phone, which shows `text` again in parts; "" if there is none.
    """

    kind: Literal["svg", "png"]
    text: str
    width: int
    height: int
    parts: str


def picture(figure: Figure, name: str = "figure") -> Picture:
    """Return the figure as an image, `name` before its ids: the same figure, the same text."""
    drawn = figure.findobj()  # once: each call makes all ticks again
    points = sum(_points(artist) for artist in drawn if isinstance(artist, Collection))
    if points <= POINTS and _estimated(drawn) <= LARGEST:
        data = _vectors(figure, drawn)
        parts = stacked(figure, name)
        text = inlined(data, name, _size(figure), again=bool(parts))
        return Picture("svg", text, *_size(figure), parts)
    text = base64.b64encode(_bitmap(figure)).decode()
    if parts := stacked(figure, name, "parts bitmap"):
        return Picture("svg", _framed(figure, text, name), *_size(figure), parts)
    return Picture("png", text, *_size(figure), parts)


def _framed(figure: Figure, bitmap: str, name: str) -> str:
    """Return a bitmap as an SVG element, which has the same units as one of vectors."""
    wide, high = (f"{inches * UNITS:g}" for inches in figure.get_size_inches())
    size = 'width="{}" height="{}"'.format(*_size(figure))
    source = f'id="{name}-0" width="{wide}" height="{high}" href="data:image/png;base64,{bitmap}"'
    return f'<svg class="bitmap" viewBox="0 0 {wide} {high}" {size}><image {source}/></svg>'


def _size(figure: Figure) -> tuple[int, int]:
    wide, high = figure.get_size_inches()
    return round(wide * INCH), round(high * INCH)


def _with_room(figure: Figure, draw: Callable[[], None]) -> None:
    """Draw a figure; enlarge it and repeat while its texts leave too little room for a panel."""
    for _ in range(ENLARGED):
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "constrained_layout not applied", UserWarning)
            try:
                draw()
                narrow, low = _squeezed(figure)
            except UserWarning:  # there is no room at all
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
    """Return the estimated bytes of a figure's artists in vectors."""
    size = 0
    for artist in drawn:
        if isinstance(artist, Text):
            size += TEXT
        elif isinstance(artist, Line2D):
            size += STEP * len(np.atleast_1d(artist.get_xdata()))
        elif isinstance(artist, Patch):
            size += PATCH
    return size


def _vectors(figure: Figure, drawn: Iterable[Artist]) -> bytes:
    buffer = io.BytesIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    canvas: Any = FigureCanvasSVG(figure)
    for artist in drawn:
        if isinstance(artist, Text):
            artist.set_gid(ANCHORS[artist.get_horizontalalignment()])
    for behind in (figure.patch, *(axes.patch for axes in figure.axes)):
        behind.set_visible(False)

    def draw() -> None:
        buffer.seek(buffer.truncate(0))
        canvas.print_svg(buffer, metadata=nothing)  # `savefig` draws twice

    with mpl.rc_context({"svg.hashsalt": "study", "svg.fonttype": "none"}):
        _with_room(figure, draw)
    return buffer.getvalue()


def _bitmap(figure: Figure) -> bytes:
    canvas: Any = FigureCanvasAgg(figure)
    for behind in (figure.patch, *(axes.patch for axes in figure.axes)):
        behind.set_facecolor(CARD)

    def draw() -> None:
        wide, high = figure.get_size_inches()
        figure.set_dpi(min(DENSITY, math.sqrt(PIXELS / (wide * high))))
        canvas.draw()  # `savefig` draws twice, and compresses what is decompressed here

    _with_room(figure, draw)
    whole = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    sample = whole.resize(
        [max(size // SAMPLED, 1) for size in whole.size], Image.Resampling.NEAREST
    )
    palette = sample.quantize(COLOURS, Image.Quantize.MEDIANCUT)
    few = whole.quantize(palette=palette, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, "PNG", compress_level=PACKED)
    return buffer.getvalue()
