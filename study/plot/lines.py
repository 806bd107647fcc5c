"""Learning curves: a median after each epoch as a line, its interval or spread as a band."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from study.plot.axes import HIGHEST, LOWEST, logarithmic

_BROKEN: Mapping[str, Any] = {"linewidth": 0.9, "linestyle": (0, (3, 2)), "label": "_nolegend_"}
"""How the line of a second metric is drawn."""


def curves(axes: Axes, rows: pd.DataFrame, hue: str, colours: Mapping[str, str]) -> None:
    """Draw a line and a band for each value of the column `hue`, in the order of its colours.

    `rows` has one row per value and epoch: epoch, median, low, high. A median of ∞ ends its line.
    """
    for value, colour in colours.items():
        of = rows[rows[hue] == value]
        if len(of):
            sns.lineplot(
                of[np.isfinite(of["median"])], x="epoch", y="median", color=colour,
                estimator=None, linewidth=1.6, label=value, legend=False, ax=axes,
            )  # fmt: skip
            band(axes, of, colour, alpha=min(0.15, 0.4 / len(colours)))


def band(axes: Axes, rows: pd.DataFrame, colour: str, *, alpha: float) -> None:
    """Draw the band of a line: what is ∞ of it leaves the axis at the top."""
    low, high = (rows[end].clip(LOWEST, HIGHEST) for end in ("low", "high"))
    axes.fill_between(rows["epoch"], low, high, color=colour, alpha=alpha, linewidth=0)


def beside(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw the median of a second metric: a broken line without a band."""
    line = rows[np.isfinite(rows["median"])]
    if len(line):
        axes.plot(line["epoch"], line["median"], color=colour, **_BROKEN)


def epochs(axes: Axes, last: float) -> None:
    """Give the axis of the epochs its scale."""
    logarithmic(axes, "x", 1, max(last, 2))
