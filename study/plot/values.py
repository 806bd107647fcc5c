"""A target that is a number, over the plane: one scale of colours for truth and answer."""

from collections.abc import Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from study.plot.axes import SMALL
from study.plot.plane import paint
from study.plot.theme import FAINT, SOFT

MAP = "viridis"


def are_numbers(targets: pd.Series) -> bool:
    """Say whether targets are numbers, and not the labels 0 and 1.

    >>> are_numbers(pd.Series([0.0, 1.0, None])), are_numbers(pd.Series([0.0, 0.5, 1.0]))
    (False, True)
    """
    return not targets.dropna().isin([0, 1]).all()


def scale(targets: pd.Series) -> Normalize:
    """Return the scale of colours, from the least target to the greatest."""
    return Normalize(float(targets.min()), float(targets.max()))


def samples(axes: Axes, table: pd.DataFrame, of: Normalize) -> None:
    """Draw each sample in the colour of its target; `table` has x0, x1, target."""
    axes.scatter(
        table["x0"], table["x1"], c=table["target"], s=24, cmap=MAP, norm=of,
        edgecolor="white", linewidth=0.5, zorder=3,
    )  # fmt: skip
    axes.spines[["left", "bottom"]].set_color(FAINT)


def answers(axes: Axes, run: pd.DataFrame, of: Normalize) -> None:
    """Draw what a network answers over the plane, and on it the samples with their targets."""
    paint(axes, run[run["part"] == "grid"], MAP, of)
    samples(axes, run[run["part"] != "grid"], of)


def bar(figure: Figure, axes: Sequence[Axes], of: Normalize) -> None:
    """Put the scale of colours beside some panels."""
    made = figure.colorbar(
        mpl.cm.ScalarMappable(of, MAP), ax=list(axes), shrink=0.8, aspect=25, pad=0.02
    )
    made.set_label("target", fontsize=SMALL, color=SOFT)
    made.ax.tick_params(labelsize=SMALL, labelcolor=SOFT)
