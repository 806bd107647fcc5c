"""The columns of a figure: panels below each other, and the names at the left of the first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

UNITS = 72
"""Points of an inch, the unit of all lengths here."""

MARGIN = 1.0
"""Around all that is drawn."""


class Box(NamedTuple):
    """A rectangle, its lengths from the top left of the figure."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Column:
    """Panels below each other, and the names of their rows, which are only at the far left."""

    box: Box
    names: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """What a panel draws: a box, or the boxes of its cells; and what is at its left."""

    boxes: tuple[Box, ...]
    labels: tuple[Box, ...]
    ticks: tuple[Box, ...]


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around some.

    >>> around([Box(0, 1, 2, 3), Box(1, 0, 5, 2)])
    Box(left=0, top=0, right=5, bottom=3)
    """
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def joined(boxes: Iterable[Box]) -> list[Box]:
    """Join boxes to columns, between which nothing is drawn.

    >>> [(of.left, of.right) for of in joined([Box(6, 0, 8, 1), Box(0, 0, 3, 1), Box(2, 1, 5, 2)])]
    [(0, 5), (6, 8)]
    """
    columns: list[Box] = []
    for box in sorted(boxes):
        if columns and box.left < columns[-1].right:
            columns[-1] = around([columns[-1], box])
        else:
            columns.append(box)
    return columns


def columns(figure: Figure) -> tuple[list[Column], Box | None]:
    """Return the columns of a drawn figure, and what is above all of them."""
    if isinstance(figure.canvas, FigureCanvasAgg):
        renderer = figure.canvas.get_renderer()  # type: ignore[no-untyped-call]  # it knows texts
    else:
        renderer = RendererAgg(1, figure.bbox.height, figure.dpi)  # type: ignore[no-untyped-call]
    panels = [axes for axes in figure.axes if axes.get_subplotspec()]
    bars = [axes for axes in figure.axes if not axes.get_subplotspec()]
    return named(
        [_panel(axes, renderer) for axes in panels if axes.axison or axes.texts or axes.has_data()],
        [_box(text, renderer) for text in figure.texts],
        [_box(of, renderer) for of in (*bars, *figure.legends)],
    )


def named(
    panels: Sequence[Panel], texts: Sequence[Box], others: Sequence[Box]
) -> tuple[list[Column], Box | None]:
    """Return the columns of some panels, and which of the `others` are above all of them.

    A column lacks the labels and ticks of the first one if it has none of its own, next to its
    panels; and the `texts`, which name all rows.
    """
    boxes = [box for panel in panels for box in panel.boxes]
    top = min(box.top for box in boxes)
    above = [box for box in others if box.bottom <= top]
    first, *further = joined([*boxes, *(box for box in others if box not in above)])
    leading = [panel for panel in panels if around(panel.boxes).left < first.right]
    beside = [name for panel in leading for name in (*panel.labels, *panel.ticks)]
    result = [Column(around([first, *texts, *beside]))]
    for column in further:
        shown = [p for p in panels if any(column.left <= of.left < column.right for of in p.boxes)]
        own = [panel for panel in shown if panel not in leading]
        names = list(texts) if shown else []
        for panel in leading if shown else []:
            if around(panel.boxes).top < column.bottom and around(panel.boxes).bottom > column.top:
                names += [] if any(of.labels for of in own) else panel.labels
                names += [] if any(of.ticks for of in own) else panel.ticks
        result.append(Column(column, tuple(names)))
    return result, around(above) if above else None


def _panel(axes: Axes, renderer: RendererAgg) -> Panel:
    boxes, names = [], [axes.yaxis.label] if axes.axison else []
    if axes.spines["bottom"].get_visible() or axes.collections:
        boxes.append(_box(axes, renderer))
        names += axes.texts
    else:  # it has cells alone, and a title that may be next to them
        texts = set(axes.texts)
        cells = [*axes.patches, *axes.get_xticklabels()]
        boxes += [_box(cell, renderer, 0.0) for cell in cells]
        names += [of for of in axes.get_children() if isinstance(of, Text) and of not in texts]
    ticks = axes.get_yticklabels() if axes.axison else []
    return Panel(tuple(boxes), _left(axes, names, renderer), _left(axes, ticks, renderer))


def _left(axes: Axes, texts: Iterable[Text], renderer: RendererAgg) -> tuple[Box, ...]:
    """Return the boxes of those texts that are at the left of a panel."""
    edge = axes.bbox.x0 * UNITS / renderer.dpi
    boxes = [_box(text, renderer) for text in texts if text.get_text().strip()]
    return tuple(box for box in boxes if box.right <= edge + MARGIN)


def _box(artist: Artist, renderer: RendererAgg, margin: float = MARGIN) -> Box:
    """Return the box around an artist, or around a panel with its texts."""
    if isinstance(artist, Axes):
        texts = [*artist.texts, *filter(None, [artist.get_legend()])]
        extent: Any = artist.get_tightbbox(renderer, bbox_extra_artists=texts)
    else:
        extent = artist.get_window_extent(renderer)
    left, low, right, up = (of * UNITS / renderer.dpi for of in extent.extents)
    high = renderer.height * UNITS / renderer.dpi
    sides = left - margin, high - up - margin, right + margin, high - low + margin
    return Box(*(round(float(of), 1) for of in sides))
