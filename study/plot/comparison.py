"""Configurations side by side: which were best, and where every single run came out."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import label, limits, linear_limits, named_rows, panels, plain, tilt
from study.plot.measure import drawn, ends, measure
from study.plot.theme import FAINT, INK, OKABE_ITO, STATUS, Colours, words

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


def final_loss(
    runs: pd.DataFrame, medians: pd.DataFrame, trivial: Mapping[str, float], colours: Colours
) -> Figure:
    """Draw how every run ended over the levels: a row a parameter, a column a dataset.

    `runs` has one row per run: dataset, a column of levels for each parameter, status, and the
    metrics. `medians` has one row per metric, dataset, parameter and level: goal, median. The first
    metric is drawn, its medians as black bars, and the medians of a second one as grey bars. Runs
    that diverged, failed or never got there are crosses outside the scale, at its worse end;
    finite losses beyond it are triangles on its edge.
    """
    datasets = list(dict.fromkeys(medians["dataset"]))
    parameters = list(dict.fromkeys(medians["parameter"]))
    metric, goal = (str(medians[name].iloc[0]) for name in ("metric", "goal"))
    figure, grid = panels(len(parameters), len(datasets), height=2.2, share_y=True)
    values = runs[metric].astype(float)
    ended = runs["status"].isin(["completed", "pruned"]) & np.isfinite(values)
    others = medians.loc[medians["metric"] != metric, "median"]
    low, high = ends(metric, [values[ended], others], trivial)
    edge, outside = (high, 1.0) if goal == "minimize" else (low, -1.0)
    axis = sorted([low, high, _beside(metric, low, high, edge, 2 * outside)])
    for row, parameter in zip(grid, parameters, strict=True):
        levels = list(colours[parameter])
        for axes, dataset in zip(row, datasets, strict=True):
            here = runs[(runs["dataset"] == dataset) & runs[parameter].notna()]
            here = here.assign(
                x=jittered(here[parameter].astype(str), levels), value=values[here.index]
            )
            measure(axes, "y", metric, (axis[0], axis[-1]), trivial.get(dataset))
            axes.yaxis.set_major_formatter(
                lambda y, _: plain(y) if low <= y * 1.0001 and y <= high * 1.0001 else ""
            )
            shown = ended.loc[here.index]
            inside = shown & (here["value"] <= high)
            _points(axes, here[inside], metric, parameter, colours[parameter])
            beyond = here.loc[shown & ~inside, "x"]
            axes.scatter(beyond, np.full(len(beyond), high), marker="^", s=12, color=INK)
            crosses = here.loc[~shown, "x"]
            at = np.full(len(crosses), _beside(metric, low, high, edge, outside))
            axes.scatter(crosses, at, marker="x", s=12, linewidths=0.6, color=STATUS["diverged"])
            axes.axhline(edge, color=FAINT, linewidth=0.5)
            chosen = medians[(medians["dataset"] == dataset) & (medians["parameter"] == parameter)]
            for name, of in [*chosen.groupby("metric", sort=False)][::-1]:  # the first one on top
                _bars(axes, of, levels, INK if name == metric else FAINT)
            axes.set_xticks(range(len(levels)), levels)
            tilt(axes, levels, len(datasets))
            axes.set_xlim(-0.6, len(levels) - 0.4)
            y = words(metric) if axes is row[0] else ""
            label(axes, title=f"{dataset}, by {words(parameter)}", y=y)
    return figure


def _beside(metric: str, low: float, high: float, edge: float, steps: float) -> float:
    """Return a place some small steps from the edge of an axis."""
    if METRICS[metric].logarithmic:
        return float(edge * (high / low) ** (0.07 * steps))
    return edge + 0.07 * steps * (high - low)


def _points(
    axes: Axes, runs: pd.DataFrame, metric: str, hue: str, colours: Mapping[str, str]
) -> None:
    if runs.empty:
        return
    sns.scatterplot(
        runs.assign(value=drawn(metric, runs["value"])),
        x="x",
        y="value",
        hue=hue,
        hue_order=list(colours),
        palette=dict(colours),
        s=9,
        alpha=0.5,
        linewidth=0,
        legend=False,
        ax=axes,
    )


def _bars(axes: Axes, medians: pd.DataFrame, levels: Sequence[str], colour: str) -> None:
    finite = medians[np.isfinite(medians["median"])]
    at = finite["level"].map(levels.index).astype(float)
    bars = drawn(str(medians["metric"].iloc[0]), finite["median"])
    axes.hlines(bars, at - 0.38, at + 0.38, color=colour, linewidth=1.5)


def jittered(levels: pd.Series, order: Sequence[str]) -> pd.Series:
    """Return each run's place on the axis: its level's, moved aside by golden steps."""
    aside = levels.groupby(levels).cumcount() * GOLDEN % 1 - 0.5
    return levels.map(order.index).astype(float) + 0.7 * aside
