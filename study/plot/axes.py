"""Axes that all figures share: panels of one width, plain numbers on log scales, PNG."""

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray
from typing_extensions import override

from study.plot.texts import RAISED, breadth, folded
from study.plot.theme import FAINT, GRID, INK, SOFT

Drawing: TypeAlias = Figure
"""The result of every figure function; `picture` turns it into an image."""

Panels: TypeAlias = list[list[Axes]]
"""Rows of axes."""

WIDTH = 10 / 3
"""Inches, of a figure of one column: 400 pixels of a page, about a phone's width."""

COLUMN = 2.6
"""Inches, of a column in a figure of several, which a phone shows in parts."""

TALLEST = 5.83
"""Inches: the largest height of a figure, 700 pixels of a page, if possible."""

MARGIN = 0.4
"""Inches of a figure's height in addition to its rows."""

CEILING = 100.0
"""The end of a loss axis, in units of the trivial loss: exploding lines leave it at the top."""

LOWEST = 1e-12
"""A loss of 0 is drawn here, at the bottom of its logarithmic axis."""

HIGHEST = 1e30
"""An infinite end of a band or bar is drawn here, beyond the axis."""

_FAR = 1e200  # no axis extends farther: matplotlib's own sums would overflow

SMALL, LARGE = 7.8, 8.6
"""Points, of all texts and of titles: 13 pixels, so that a phone shows at least 11."""

_CHARACTER = 0.07
"""Inches, of a character at `SMALL`."""

ROW = 0.36
"""Inches, of a row whose name is above its marks."""

DIGITS = 6
"""Decimal digits of a panel's place, as a share of the figure: a thousandth of a pixel."""

_HANDLE, LINE = 0.36, 1.5
"""Inches, of the mark of a name in a legend; and the height of a line, in sizes of its text."""

_TITLE, BESIDE = 0.077, 0.6
"""Inches, of a character of a panel's title, and of the usual margin of its column."""

SHORTEST = 24
"""Characters of a title's line in the narrowest column."""

_NARROW = 1.6
"""The number of decades below which a logarithmic axis has ticks at 2 and 5 too."""


class Layout(ConstrainedLayoutEngine):
    """Matplotlib's layout, in round numbers: its last digits differ from process to process."""

    @override
    def execute(self, fig: Figure) -> None:
        super().execute(fig)
        for axes in fig.axes:
            inside, place = axes.get_in_layout(), axes.get_position(original=True)
            rounded = Bbox.from_extents(*(round(of, DIGITS) for of in place.extents))
            axes.set_position(rounded, which="original")
            axes.set_in_layout(inside)  # as it was: to be placed takes it out


def panels(  # noqa: PLR0913  # what panels may share
    rows: int,
    columns: int,
    *,
    height: float | Sequence[float],
    share_x: bool | Literal["col", "row"] = False,
    share_y: bool | Literal["col", "row"] = False,
    width: float | None = None,
) -> tuple[Figure, Panels]:
    """Return a figure of rows × columns axes, each row `height` inches high (or its own height).

    It is `width` inches wide: by default `WIDTH`, and `COLUMN` for each of several columns.
    """
    heights = [height] * rows if isinstance(height, float) else list(height)
    wide = width or max(WIDTH, COLUMN * columns)
    figure = Figure(figsize=(wide, sum(heights) + MARGIN), layout=Layout())
    grid: Panels = figure.subplots(
        rows, columns, squeeze=False, sharex=share_x, sharey=share_y, height_ratios=heights
    ).tolist()
    for row in grid:
        for axes in row:
            _dress(axes)
    return figure, grid


def _dress(axes: Axes) -> None:
    """Draw quietly: two spines, a faint grid, small grey ticks."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.spines[:].set_in_layout(False)  # their panel needs as much room, and is measured sooner
    axes.tick_params(color=FAINT, labelcolor=SOFT, labelsize=SMALL, length=3)
    axes.grid(visible=True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def label(axes: Axes, *, title: str = "", x: str = "", y: str = "", beside: float = BESIDE) -> None:
    """Write a panel's title and labels in lines that fit, less `beside` inches of other texts."""
    wide, high = _room(axes)
    line = max(int((wide - beside) / _TITLE), min(int(wide / _TITLE), SHORTEST)) / breadth(title)
    side = max(int(high / _CHARACTER), 14) / breadth(y)
    _entitle(axes, folded(title, int(line)))
    axes.set_xlabel(x, fontsize=SMALL, color=INK, parse_math=False)
    axes.set_ylabel(folded(y, int(side)), fontsize=SMALL, color=INK, parse_math=False)
    for axis, text in ((axes.xaxis, x), (axes.yaxis, y)):
        if not text:  # a fixed place: else the ticks are measured to find one for no text
            axis.set_label_coords(0, 0)


def _entitle(axes: Axes, title: str, above: float = 0.0) -> None:
    """Write a title above the panel, this many points higher if something else is above it.

    Its place is fixed, `y`: else all ticks are measured again to find one.
    """
    axes.set_title(
        title, fontsize=LARGE, color=INK, loc="left", parse_math=False, pad=4.0 + above, y=1.0
    )  # fmt: skip


def _room(axes: Axes) -> tuple[float, float]:
    """Return the inches of a panel's column and row."""
    place = axes.get_subplotspec()
    if place is None:
        return WIDTH, WIDTH
    grid, box = place.get_gridspec(), axes.figure.bbox
    heights = np.ravel(np.asarray(grid.get_height_ratios(), dtype=np.float64))
    share = heights[place.rowspan.start] / heights.sum()
    wide, high = (size / axes.figure.dpi for size in (box.width, box.height))
    return wide / grid.ncols, high * float(share)


def named_rows(axes: Axes, names: Sequence[str], *, characters: int = 20) -> None:
    """Write the names of the rows 0, 1, …, in lines that leave room for the panel."""
    texts = [folded(name, int(characters / breadth(name))) for name in names]
    axes.set_yticks(range(len(names)), texts, fontsize=SMALL, parse_math=False)


def captioned_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write the names of the rows 0, 1, …, above their marks, since they may be long."""
    characters = int(_room(axes)[0] / _CHARACTER)
    for place, name in enumerate(names):
        axes.text(
            0.0, place - 0.18, folded(name, int(characters / breadth(name))), fontsize=SMALL,
            color=SOFT, va="bottom", transform=axes.get_yaxis_transform(), parse_math=False,
            bbox={"facecolor": "white", "linewidth": 0, "pad": 0.5},  # no line crosses them
        )  # fmt: skip
    axes.set(yticks=[], ylim=(len(names) - 0.5, -0.9))
    axes.spines["left"].set_visible(False)


def tilt(axes: Axes, texts: Sequence[str]) -> None:
    """Rotate the texts below an axis if they would overlap side by side."""
    room = _room(axes)[0] - BESIDE
    if (sum(map(len, texts)) + 2 * len(texts)) * _CHARACTER > room:
        axes.tick_params(axis="x", labelrotation=30, labelrotation_mode="xtick")


def legend(axes: Axes, title: str | None = None, *, of: Axes | None = None) -> None:
    """Put the legend (of another panel, if given) between a panel and its title.

    It has as many columns as fit the panel.
    """
    handles, labels = (of or axes).get_legend_handles_labels()
    if not labels:
        return
    room = _room(axes)[0] - BESIDE
    columns = max(int(room / (_CHARACTER * max(map(len, labels)) + _HANDLE)), 1)
    rows = math.ceil(len(labels) / columns) + bool(title)
    axes.legend(
        handles, labels, ncols=columns, title=title, loc="lower left", bbox_to_anchor=(0, 1),
        borderaxespad=0.2, alignment="left", **_LEGEND,
    )  # fmt: skip
    _entitle(axes, axes.get_title(loc="left"), rows * LINE * SMALL)


def legend_on_top(figure: Figure, axes: Axes) -> None:
    """Put the legend of a panel above the whole figure, in as many columns as fit its width."""
    handles, labels = axes.get_legend_handles_labels()
    columns = int(figure.get_figwidth() / (_CHARACTER * max(map(len, labels)) + _HANDLE))
    figure.legend(handles, labels, ncols=max(columns, 1), loc="outside upper left", **_LEGEND)


_LEGEND: Mapping[str, Any] = MappingProxyType({
    "borderpad": 0.0, "frameon": False, "fontsize": SMALL, "title_fontsize": SMALL,
    "handlelength": 1.4, "handletextpad": 0.5, "columnspacing": 1.2, "labelspacing": 0.3,
})  # fmt: skip
"""The look of a legend."""


def logarithmic(axes: Axes, which: Literal["x", "y"], low: float, high: float) -> None:
    """Give an axis a logarithmic scale from `low` to `high`, with plain numbers at its ticks."""
    axes.set(**{f"{which}scale": "log", f"{which}lim": (low, high)})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(ticks(low, high))
    axis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
    axis.set_minor_locator(NullLocator())  # small ticks would be half of the time to draw


def ticks(low: float, high: float) -> LogLocator:
    """Return the ticks of a logarithmic scale: few enough to be read."""
    narrow = math.log10(high / low) < _NARROW
    return LogLocator(subs=(1.0, 2.0, 5.0) if narrow else (1.0,))


def plain(value: float) -> str:
    """Write a tick of a logarithmic axis.

    >>> plain(0.001), plain(5000.0), plain(1e-5), plain(2e-5)
    ('0.001', '5000', '10⁻⁵', '2·10⁻⁵')
    """
    if value * 1.001 >= 1e-3 and value < 1e4:  # noqa: PLR2004  # shorter as they are
        return f"{value:g}"
    mantissa, exponent = f"{value:.0e}".split("e")
    factor = "" if mantissa == "1" else f"{mantissa}·"
    return f"{factor}10{str(int(exponent)).translate(RAISED)}"


def short(value: float) -> str:
    """Write a number in three digits, as a power of ten if it is small or large.

    >>> short(0.04503), short(4.27e-7)
    ('0.045', '4.27·10⁻⁷')
    """
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    return f"{mantissa}·10{str(int(exponent)).translate(RAISED)}" if exponent else mantissa


def limits(parts: Iterable[ArrayLike]) -> tuple[float, float]:
    """Return the ends of a logarithmic axis that shows all finite values, with some room.

    >>> [f"{end:.2g}" for end in limits([[0.01, 1.0, float("inf")], 0.1])]
    ['0.0079', '1.3']
    """
    numbers = np.maximum(_finite(parts), LOWEST)
    if not len(numbers):
        return 1e-3, 1.0
    low, high = np.log10([numbers.min(), numbers.max()])
    room = max(0.05 * (high - low), math.log10(1.1))
    return float(10 ** (low - room)), float(10 ** (high + room))


def _finite(parts: Iterable[ArrayLike]) -> NDArray[np.float64]:
    numbers = np.concatenate([np.ravel(np.asarray(part, dtype=np.float64)) for part in parts])
    finite: NDArray[np.float64] = numbers[np.isfinite(numbers)]
    return finite.clip(-_FAR, _FAR)


def linear_limits(parts: Iterable[ArrayLike]) -> tuple[float, float]:
    """Return the ends of a linear axis that shows all finite values, with some room."""
    numbers = _finite(parts)
    low, high = (numbers.min(), numbers.max()) if len(numbers) else (0.0, 1.0)
    room = max(0.07 * (high - low) or 0.05, 1e-9 * abs(high))  # never 0 for a huge number
    return float(low - room), float(high + room)


def loss_limits(parts: Iterable[ArrayLike], trivial: Mapping[str, float]) -> tuple[float, float]:
    """Return the ends of an axis for these losses and the trivial ones, up to its ceiling."""
    losses = list(trivial.values())
    low, high = limits([*parts, losses])
    return low, min(high, CEILING * max(losses, default=high))


MAJORITY = "most frequent class"
"""What the line is called at the accuracy of always predicting the most frequent class."""


def trivial_line(
    axes: Axes,
    value: float | None,
    which: Literal["x", "y"] = "y",
    *,
    label: str = "trivial predictor",
    colour: str = INK,
) -> None:
    """Draw what the trivial predictor has as a dashed line, where it is known."""
    if value is not None:
        draw = axes.axhline if which == "y" else axes.axvline
        draw(value, color=colour, linewidth=0.9, linestyle=(0, (4, 3)), label=label)
