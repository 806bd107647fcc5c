"""One look: panels, labels, and one colour per level for a whole report."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from numpy.typing import NDArray

from study.space import PARAMETERS

Colours: TypeAlias = Mapping[str, Mapping[str, str]]
"""Parameter → level → colour."""

Panels: TypeAlias = NDArray[np.object_]

OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#6b6b6b")
"""Eight-colour palette for the colour-blind, without its black and yellow: Okabe & Ito 2008."""

CLASSES = ("#0072b2", "#d55e00")
"""The colours of label 0 and label 1."""

STATUS = {
    "completed": "#9fcdb8",
    "diverged": "#d55e00",
    "pruned": "#e69f00",
    "failed": "#222222",
    "missing": "#e4e4e4",
}
"""The colour of every way in which a run can stand."""

INK, FAINT = "#222222", "#8a8a8a"
WIDTH = 8.6
"""Inches, of every figure: so that all texts have one size in the report."""

DPI = 120
LOWEST = 1e-12
"""A loss of 0 is drawn here, at the bottom of its logarithmic axis."""

LABELS = {
    "train_loss": "training loss",
    "train_accuracy": "training accuracy",
    "final_train_loss": "final training loss",
    "final_test_loss": "final test loss",
}
"""Metrics in words; others are written with spaces."""


def words(name: str) -> str:
    """Write a metric's or a parameter's column name as an axis says it.

    >>> words("final_train_loss"), words("best_test_loss")
    ('final training loss', 'best test loss')
    """
    return LABELS.get(name, name.replace("_", " "))


def colours(levels: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """Return one colour for each level of each parameter.

    Choices have the colour of their place among all that the parameter offers, the same in every
    report; ordered levels run through viridis, whose lightest end is left out.
    """
    return {name: _colours(name, of) for name, of in levels.items()}


def _colours(name: str, levels: Sequence[str]) -> dict[str, str]:
    parameter = PARAMETERS[name]
    if parameter.scale == "nominal":
        known = {option: i for i, option in enumerate(parameter.options)}
        return {x: OKABE_ITO[known.get(x, i) % len(OKABE_ITO)] for i, x in enumerate(levels)}
    spread = mpl.colormaps["viridis"](np.linspace(0.02, 0.86, len(levels)))
    return {level: to_hex(colour) for level, colour in zip(levels, spread, strict=True)}


def panels(rows: int, columns: int, *, height: float, **sharing: Any) -> tuple[Figure, Panels]:
    """Return a figure of one width and `rows` × `columns` axes, each row `height` inches high."""
    figure = Figure(figsize=(WIDTH, height * rows + 0.5), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False, **sharing)
    for axes in grid.flat:
        dress(axes)
    return figure, grid


def dress(axes: Axes) -> None:
    """Draw the axes quietly: two spines, faint grid, small grey ticks."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(FAINT)
    axes.tick_params(colors="#444444", labelsize=8, length=3)
    axes.grid(visible=True, color="#ececec", linewidth=0.6)
    axes.set_axisbelow(True)


def label(axes: Axes, *, title: str = "", x: str = "", y: str = "") -> None:
    """Write an axes' title and labels in the report's sizes."""
    axes.set_title(title, fontsize=9.5, color=INK, loc="left")
    axes.set_xlabel(x, fontsize=8.5, color=INK)
    axes.set_ylabel(y, fontsize=8.5, color=INK)


def trivial_line(axes: Axes, value: float | None, *, vertical: bool = False) -> None:
    """Draw the loss of the trivial predictor as a dashed line, where it is known."""
    if value is None or not np.isfinite(value):
        return
    draw = axes.axvline if vertical else axes.axhline
    draw(value, color=INK, linewidth=0.9, linestyle=(0, (4, 3)), label="always the mean label")


def limits(*values: Any) -> tuple[float, float]:
    """Return the ends of a logarithmic axis that shows all finite values, with some room.

    >>> [f"{end:.2g}" for end in limits([0.01, 1.0, float("inf")])]
    ['0.0079', '1.3']
    """
    numbers = np.concatenate([np.asarray(part, dtype=float).ravel() for part in values])
    numbers = np.maximum(numbers[np.isfinite(numbers)], LOWEST)
    if not len(numbers):
        return 1e-3, 1.0
    room = max((numbers.max() / numbers.min()) ** 0.05, 1.1)
    return float(numbers.min() / room), float(numbers.max() * room)


def png(figure: Figure) -> bytes:
    """Return the figure as a PNG image: the same figure, the same bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, facecolor="white", metadata={"Software": None})
    return buffer.getvalue()
