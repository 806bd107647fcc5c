"""Configurations side by side: which were best, and where every single run came out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import label, limits, linear_limits, named_rows, panels
from study.plot.measure import drawn, measure
from study.plot.theme import INK, OKABE_ITO, STATUS, words

GOLDEN = 0.6180339887498949
"""Steps of this share of a width never pile up: a jitter without randomness."""


def ranking(best: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw configurations of each dataset: the objective as a dot, the median's interval as a bar.

    `best` has one row per dataset and configuration, in the order to be drawn: rank,
    configuration, base (whether it is the base setup), near (or the nearest to it), candidate
    (whether it may be the best, null where that is not known), metric, value, low, high. `trivial`
    is each dataset's trivial loss, empty where the metric is no loss; a loss stands on a
    logarithmic axis. Candidates are ringed, and a value of ∞ is a cross at the end.
    """
    datasets = list(dict.fromkeys(best["dataset"]))
    metric = str(best["metric"].iloc[0])
    heights = [0.65 + 0.2 * int((best["dataset"] == dataset).sum()) for dataset in datasets]
    figure, grid = panels(len(datasets), 1, height=heights)
    for (axes,), dataset in zip(grid, datasets, strict=True):
        rows = best[best["dataset"] == dataset].reset_index(drop=True)
        rows = rows.assign(place=rows.index.to_numpy())
        known = [trivial[dataset]] if dataset in trivial else []
        parts = [rows[["value", "low", "high"]], known]
        between = limits(parts) if METRICS[metric].logarithmic else linear_limits(parts)
        measure(axes, "x", metric, between, trivial.get(dataset))
        _dots(axes, rows, metric)
        names = [
            f"{'base setup: ' * base}{'nearest to the base: ' * near}{name}  #{rank}"
            for name, rank, base, near in zip(
                rows["configuration"], rows["rank"], rows["base"], rows["near"], strict=True
            )
        ]
        named_rows(axes, names, characters=70)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        label(axes, title=dataset, x=f"{words(metric)}: the objective, and the median's interval")
    return figure


def _dots(axes: Axes, rows: pd.DataFrame, metric: str) -> None:
    """Draw finite values as dots, others as crosses at the right end."""
    finite = rows[np.isfinite(rows["value"])]
    low, high = (drawn(metric, finite[end]) for end in ("low", "high"))
    axes.hlines(finite["place"], low, high, color=OKABE_ITO[0], alpha=0.3, linewidth=5)
    dots = finite.assign(value=drawn(metric, finite["value"]))
    sns.scatterplot(dots, x="value", y="place", color=OKABE_ITO[0], s=34, legend=False, ax=axes)
    may_be = dots[dots["candidate"].fillna(value=False).astype(bool)]
    axes.scatter(may_be["value"], may_be["place"], s=90, facecolor="none", edgecolor=INK)
    never = rows.loc[~np.isfinite(rows["value"]), "place"]
    axes.scatter(
        np.full(len(never), 0.99), never, marker="x", s=22,
        color=STATUS["diverged"], transform=axes.get_yaxis_transform(),
    )  # fmt: skip
