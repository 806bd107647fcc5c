"""A wide picture in parts for a phone: columns of panels, each with the names of its rows."""

from collections.abc import Iterable
from typing import NamedTuple

from matplotlib.figure import Figure

from study.plot.axes import WIDTH
from study.plot.columns import UNITS, Box, Column, around, columns

INCH = 120
"""Pixels of a page for each inch of a figure, at its natural size."""

PART, WIDEST = 3.46 * UNITS, 1.1 * WIDTH * UNITS
"""The width of a part if possible, and at most: in 352 pixels, and in 382, letters keep 11."""

GAP = 6.0
"""Between two parts."""


class Piece(NamedTuple):
    """Boxes of a figure, all moved by x and y to their place in the parts."""

    x: float
    y: float
    boxes: tuple[Box, ...]


def arranged(columns: Iterable[Column], above: Box | None = None) -> list[Piece]:
    """Return parts below each other: `above`, then as many columns in each as fit `PART`.

    A part repeats the names that its first column lacks.
    """
    parts: list[Column] = []
    for column in columns:
        if parts and _width(wider := _with(parts[-1], column)) <= PART:
            parts[-1] = wider
        else:
            parts.append(column)
    pieces, y = [], GAP / 2
    if above:
        pieces.append(Piece(-above.left, y - above.top, (above,)))
        y += above.bottom - above.top + GAP
    for part in parts:
        whole = around([part.box, *part.names])
        if part.names:
            pieces.append(Piece(-whole.left, y - whole.top, part.names))
        pieces.append(Piece(_width(part) - part.box.right, y - whole.top, (part.box,)))
        y += whole.bottom - whole.top + GAP
    return pieces


def _with(part: Column, column: Column) -> Column:
    return Column(around([part.box, column.box]), part.names)


def _width(part: Column) -> float:
    strip = around(part.names) if part.names else part.box._replace(right=part.box.left)
    return strip.right - strip.left + part.box.right - part.box.left


def stacked(figure: Figure, name: str, look: str = "parts") -> str:
    """Return the parts of a drawn figure as SVG, which shows the page's element `name`-0 again.

    `look` is its class. "" if the figure fits a phone as it is, or one of its columns does not.
    """
    if figure.get_figwidth() * UNITS <= PART:
        return ""
    pieces = arranged(*columns(figure))
    ends = [(x + box.right, y + box.bottom) for x, y, boxes in pieces for box in boxes]
    wide, high = max(right for right, _ in ends), max(low for _, low in ends) + GAP / 2
    if wide > WIDEST:
        return ""
    shown = ""
    for i, (x, y, boxes) in enumerate(pieces, start=1):
        path = "".join("M{0:g} {1:g}H{2:g}V{3:g}H{0:g}z".format(*box) for box in boxes)
        shown += f'<clipPath id="{name}-part-{i}"><path d="{path}"/></clipPath>'
        shown += f'<g transform="translate({x:g} {y:g})">'
        shown += f'<use href="#{name}-0" clip-path="url(#{name}-part-{i})"/></g>'
    size = 'width="{:.0f}" height="{:.0f}"'.format(*(of * INCH / UNITS for of in (wide, high)))
    ink = f'viewBox="0 0 {wide:g} {high:g}" fill="currentColor" stroke-linejoin="round"'
    return f'<svg class="{look}" aria-hidden="true" {size} {ink}>{shown}</svg>'
