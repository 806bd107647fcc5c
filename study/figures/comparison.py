"""Configurations side by side: how runs ended, which were best, where each run came out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from study.figures.theme import (
    FAINT, INK, OKABE_ITO, STATUS, Colours, label, limits, panels, trivial_line, words,
)  # fmt: skip

GOLDEN = 0.6180339887498949
"""Steps of this share of the width never pile up: a jitter without randomness."""


def outcomes(counts: pd.DataFrame) -> Figure:
    """Draw how the runs ended as bars of shares: a row a dataset, a column a parameter.

    `counts` has one row per dataset, parameter and level: planned, and a column for each status.
    """
    datasets, parameters = (
        list(dict.fromkeys(counts["dataset"])),
        list(dict.fromkeys(counts["parameter"])),
    )
    present = [status for status in STATUS if counts[status].any()]
    most = counts.groupby(["dataset", "parameter"])["level"].size().max()
    figure, grid = panels(len(parameters), len(datasets), height=0.35 + 0.2 * most, sharex=True)
    for row, parameter in zip(grid, parameters, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            rows = counts[(counts["dataset"] == dataset) & (counts["parameter"] == parameter)]
            left = np.zeros(len(rows))
            for status in present:
                share = rows[status].to_numpy() / rows["planned"].to_numpy()
                axes.barh(
                    rows["level"], share, left=left, color=STATUS[status], label=status, height=0.75
                )
                left += share
            axes.invert_yaxis()
            axes.grid(visible=False)
            axes.set_xlim(0, 1)
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
            name = "" if parameter == "all" else f", by {words(parameter)}"
            label(
                axes,
                title=f"{dataset}{name}",
                x="share of the runs" if parameter == parameters[-1] else "",
            )
    grid[0][-1].legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8)
    return figure


def ranking(best: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw the best configurations of each dataset: the median as a dot, its interval as a bar.

    `best` has one row per dataset and configuration, best first: configuration, metric, median,
    low, high. `trivial` is each dataset's trivial loss, or empty where the metric is none.
    """
    datasets = list(dict.fromkeys(best["dataset"]))
    most = best.groupby("dataset")["rank"].size().max()
    figure, grid = panels(len(datasets), 1, height=0.6 + 0.24 * most)
    log = bool((best["median"] > 0).all()) and "loss" in best["metric"].iloc[0]
    for axes, dataset in zip(grid.flat, datasets, strict=True):
        rows = best[best["dataset"] == dataset]
        finite = rows[np.isfinite(rows["median"])]
        axes.set_xscale("log" if log else "linear")
        low, high = limits(rows[["median", "low", "high"]], [trivial.get(dataset, np.nan)])
        axes.hlines(
            finite["configuration"], finite["low"].clip(lower=low if log else None), finite["high"].clip(upper=1e30),
            color=OKABE_ITO[0], alpha=0.35, linewidth=5,
        )  # fmt: skip
        sns.scatterplot(
            finite, x="median", y="configuration", color=OKABE_ITO[0], s=32, ax=axes, legend=False
        )
        if log:
            axes.set_xlim(low, high)
        axes.invert_yaxis()
        trivial_line(axes, trivial.get(dataset), vertical=True)
        metric = words(str(best["metric"].iloc[0]))
        label(axes, title=dataset, x=f"{metric}: median and interval over repetitions")
    return figure


def final_loss(
    runs: pd.DataFrame, summary: pd.DataFrame, trivial: Mapping[str, float], colours: Colours
) -> Figure:
    """Draw the final loss of every run as a point, over each parameter's levels.

    `runs` has one row per run: dataset, a column of levels for each parameter, status,
    final_train_loss. `summary` has each level's median: dataset, parameter, level, median.
    Runs that diverged or failed are crosses at the top, outside the scale.
    """
    parameters, datasets = (
        list(dict.fromkeys(summary["parameter"])),
        list(dict.fromkeys(summary["dataset"])),
    )
    figure, grid = panels(len(parameters), len(datasets), height=2.4, sharey=True)
    drawn = runs["status"].isin(["completed", "pruned"]) & np.isfinite(runs["final_train_loss"])
    low, high = limits(runs.loc[drawn, "final_train_loss"], list(trivial.values()))
    top = high * (high / low) ** 0.06
    for row, parameter in zip(grid, parameters, strict=True):
        for axes, dataset in zip(row, datasets, strict=True):
            here = runs[(runs["dataset"] == dataset) & runs[parameter].notna()]
            levels = list(colours[parameter])
            here = here.assign(x=_jittered(here[parameter].astype(str), levels))
            points, crosses = here[drawn.loc[here.index]], here[~drawn.loc[here.index]]
            axes.set_yscale("log")
            sns.scatterplot(
                points.assign(y=points["final_train_loss"].clip(lower=low)), x="x", y="y",
                hue=parameter, hue_order=levels, palette=dict(colours[parameter]), s=9, alpha=0.45, linewidth=0,
                legend=False, ax=axes,
            )  # fmt: skip
            axes.scatter(
                crosses["x"],
                np.full(len(crosses), top),
                marker="x",
                s=14,
                linewidths=0.7,
                color=STATUS["diverged"],
                label="diverged",
            )
            medians = summary[(summary["dataset"] == dataset) & (summary["parameter"] == parameter)]
            for level, value in zip(medians["level"], medians["median"], strict=True):
                if np.isfinite(value):
                    at = levels.index(level)
                    axes.plot([at - 0.38, at + 0.38], [value, value], color=INK, linewidth=1.5)
            trivial_line(axes, trivial.get(dataset))
            axes.axhline(high, color=FAINT, linewidth=0.5)
            axes.set(xticks=range(len(levels)), xticklabels=levels, xlim=(-0.6, len(levels) - 0.4))
            axes.set_ylim(low, top * (high / low) ** 0.05)
            label(axes, title=f"{dataset}, by {words(parameter)}", y="final training loss")
    return figure


def _jittered(levels: pd.Series, order: list[str]) -> pd.Series:
    """Return each run's place on the axis: its level's, moved aside by golden steps."""
    steps = levels.groupby(levels).cumcount() * GOLDEN % 1 - 0.5
    return levels.map(order.index).astype(float) + 0.7 * steps
