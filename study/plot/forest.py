"""Hypotheses side by side: the share of the repetitions in which each came out as claimed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, legend_on_top, named_rows, panels
from study.plot.theme import INK, VERDICTS

NAMES = 2.8
"""Inches, of the names before the first panel and of the legend after the last."""

LONG = 60
"""A longer name takes three or four lines of its row."""

HIGH, LEAST = 3.9, 0.2
"""Inches, of all rows together, and the least of a row."""

_SHAPES = ("o", "s", "D", "v")
_APART = 0.26
"""The distance between the networks of one hypothesis, in rows."""


def forest(claims: pd.DataFrame) -> Figure:
    """Draw each hypothesis as a row, its networks one below the other, a panel for each dataset.

    `claims` has one row per hypothesis, dataset and implementation: id, dataset, implementation,
    verdict, and share, share_low, share_high, threshold: the share of repetitions that came out as
    claimed, its interval, and the share to beat, drawn as a tick. The share is NaN if nothing
    was tested.
    """
    datasets = list(dict.fromkeys(claims["dataset"]))
    names = list(dict.fromkeys(claims["id"]))
    networks = list(dict.fromkeys(claims["implementation"]))
    each = min(0.36 if max(map(len, names)) <= LONG else 0.56, max(HIGH / len(names), LEAST))
    figure, (row,) = panels(
        1, len(datasets), height=1.2 + each * len(names), share_y=True, width=WIDTH
    )
    for axes, dataset in zip(row, datasets, strict=True):
        shown = claims[claims["dataset"] == dataset]
        own = shown["id"].map(claims.groupby("id")["implementation"].unique())
        aside = [
            list(of).index(network) - 0.5 * (len(of) - 1)
            for of, network in zip(own, shown["implementation"], strict=True)
        ]
        rows = shown.assign(place=shown["id"].map(names.index) + _APART * np.array(aside))
        _rows(axes, rows, networks)
        axes.set_xlim(-0.04, 1.04)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", "100 %"])
        named_rows(axes, names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        title = str(dataset) * (len(datasets) > 1)
        beside = 1 + NAMES / len(datasets)
        label(axes, title=title, x="repetitions as claimed", beside=beside)
    for verdict, colour in VERDICTS.items():
        if (claims["verdict"] == verdict).any():
            row[-1].plot([], [], color=colour, linewidth=3, label=verdict)
    for network, shape in zip(networks, _SHAPES, strict=False):
        if len(networks) > 1:
            row[-1].scatter([], [], color=INK, marker=shape, s=22, label=network)
    row[-1].plot([], [], color=INK, marker="|", linestyle="", label="share to beat")
    legend_on_top(figure, row[-1])
    return figure


def _rows(axes: Axes, rows: pd.DataFrame, networks: list[str]) -> None:
    import seaborn as sns  # slow to load, and only drawing needs it

    colours = [VERDICTS[verdict] for verdict in rows["verdict"]]
    axes.hlines(rows["place"], rows["share_low"], rows["share_high"], color=colours, linewidth=2)
    axes.scatter(rows["threshold"], rows["place"], color=INK, marker="|", s=60, linewidths=0.9)
    sns.scatterplot(
        rows.assign(claim=rows["verdict"]),
        x="share",
        y="place",
        hue="claim",
        palette=VERDICTS,
        style="implementation",
        markers=dict(zip(networks, _SHAPES, strict=False)),
        s=30,
        legend=False,
        zorder=3,
        ax=axes,
    )
