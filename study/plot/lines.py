"""Learning curves: single runs as thin lines, their median as a thick one, a band around it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from study.plot.axes import HIGHEST, LOWEST, logarithmic

_BROKEN: Mapping[str, Any] = {"linewidth": 0.9, "linestyle": (0, (3, 2)), "label": "_nolegend_"}
"""How the line of a second metric is drawn."""


def runs(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw each run as a thin line: `rows` has repetition, epoch and value, ∞ where a line ends."""
    import seaborn as sns  # slow to load, and only drawing needs it

    finite = rows[np.isfinite(rows["value"])]
    if len(finite):  # seaborn fails without rows
        sns.lineplot(
            finite, x="epoch", y="value", units="repetition", estimator=None, color=colour,
            linewidth=0.6, alpha=0.45, label="_nolegend_", legend=False, ax=axes,
        )  # fmt: skip


def median(axes: Axes, rows: pd.DataFrame, colour: str, name: str) -> None:
    """Draw a median as a thick line: `rows` has epoch and median, ∞ where the line ends.

    A line that ends after one epoch is a dot.
    """
    import seaborn as sns  # slow to load, and only drawing needs it

    finite = rows[np.isfinite(rows["median"])]
    sns.lineplot(
        finite, x="epoch", y="median", estimator=None, color=colour, linewidth=1.8,
        marker="o" if len(finite) == 1 else None, label=name, legend=False, ax=axes,
    )  # fmt: skip


def band(axes: Axes, rows: pd.DataFrame, colour: str, *, alpha: float) -> None:
    """Draw the band of a line: its infinite ends leave the axis at the top."""
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
