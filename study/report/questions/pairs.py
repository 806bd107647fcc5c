"""Do parameters act together? The median at each two levels of each two parameters."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter

from study.metrics import METRICS
from study.plot.axes import SMALL, label, panels, plain, ticks, tilt
from study.plot.measure import drawn, ends
from study.plot.theme import FAINT, INK, SOFT, STATUS, words
from study.report.material import Material
from study.report.question import DECLARED, DESCRIBES, PRUNED, Basis, Question, Tables
from study.report.wording import at, count, listing, number
from study.stats import pairs
from study.stats.dependence import Dependence, dependences, turns

MAPS = {"minimize": "viridis_r", "maximize": "viridis"}
"""What is good is bright."""

DARK = 0.5
"""Beyond this share of the map, where it is dark, texts are white."""

INFINITE = "#f3ddd0"
"""The colour of a median of ∞, outside the map."""

EMPTY = {"missing": "not stored", "impossible": "–", "untried": "untried"}
"""State of a cell without a median → its text."""


def tables(material: Material) -> Tables:
    """Return the median at every pair of levels, of what the objective analyses."""
    parts = [
        pairs.pairs(
            material.declared, material.studied, material.exclusions,
            metric=aim.metric, goal=aim.goal,
        )
        for aim in material.analysed
    ]  # fmt: skip
    found = pd.concat(parts, ignore_index=True)
    return {"pairs": found.iloc[:0] if material.declared.empty else found}


def finding(cells: pd.DataFrame) -> list[str]:
    """Name the best pair of levels, and where the best level of one depends on the other.

    A sentence for each dataset and metric, the objective's first. Also where runs diverged, and
    the excluded cells.
    """
    measured = cells[cells["state"] == "measured"]
    sentences = [
        f"{_best(str(dataset), rows)}{_turn(rows)}{_depends(rows)}"
        for (dataset, _), rows in measured.groupby(["dataset", "metric"], sort=False)
    ]
    out = cells[(cells["state"] == "excluded") & cells["metric"].isin(cells["metric"].head(1))]
    sentences += [
        f"{count(n, 'cell')} excluded beforehand: {str(reason).rstrip('.')}."
        for reason, n in out.groupby("reason", sort=False).size().items()
    ]
    return sentences


def _best(dataset: str, cells: pd.DataFrame) -> str:
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    best = cells.sort_values("median", kind="stable", ascending=goal == "minimize").iloc[0]
    diverged = int((cells["diverged"] > 0).sum())
    where = f"in {diverged:,} of {count(len(cells), 'cell')}" if diverged else "in no cell"
    if not np.isfinite(best["median"]):
        return f"On {dataset}, no cell has a finite median. Runs diverged {where}."
    return (
        f"On {dataset}, the {'lowest' if goal == 'minimize' else 'highest'} cell is "
        f"{at(best['first'], best['first_level'])} with "
        f"{at(best['second'], best['second_level'])}: median {words(metric)} "
        f"{number(best['median'])}. Runs diverged {where}."
    )


def _turn(cells: pd.DataFrame) -> str:
    """Report where it costs most to take the level that is best at another one."""
    if not np.isfinite(cells["median"]).any():
        return ""
    if not (same := turns(cells)):
        return " Each parameter's best level is the same at every level of each other."
    most, goal = same[0], cells["goal"].iloc[0]
    what = _each(same, lambda turn: words(turn.parameter))
    best, other = _each(same, lambda turn: turn.best), _each(same, lambda turn: turn.other)
    way = "times as high" if most.ratios else "higher" if goal == "minimize" else "lower"
    finite = np.isfinite(most.times)
    costs = f"ends {number(most.times)} {way}" if finite else "has an infinite median"
    return (
        f" The best {what} depends most on {words(most.of)}: {best} with {most.there}, but {other} "
        f"with {most.elsewhere}, where {best} {costs}."
    )


def _depends(cells: pd.DataFrame) -> str:
    """Report at which level of another parameter one matters most, and at which least."""
    if not (same := dependences(cells)):
        return ""
    what = _each(same, lambda one: words(one.parameter))
    verb = "matters" if len({one.parameter for one in same}) == 1 else "matter"
    most = at(same[0].of, same[0].most.at)
    return (
        f" {what.capitalize()} {verb} most with {most}, from {_moved(same, 'most')}, and least "
        f"with {same[0].least.at}, from {_moved(same, 'least')}."
    )


def _moved(same: Sequence[Dependence], side: str) -> str:
    end = getattr(same[0], side)
    low = _each(same, lambda one: getattr(one, side).low_level)
    high = _each(same, lambda one: getattr(one, side).high_level)
    return f"{number(end.low)} at {low} to {number(end.high)} at {high}"


def _each(same: Sequence[Any], name: Callable[[Any], str]) -> str:
    return listing(list(dict.fromkeys(map(name, same))))


def figure(table: pd.DataFrame) -> Figure:
    """Draw a map for every pair of parameters (rows) and dataset (columns).

    `table` has one row per metric, dataset, first, second, first_level, second_level: goal, runs,
    diverged, median, state. The first metric is drawn. A cell holds its median, and the share of
    diverged runs where there are any; excluded cells are hatched, and cells without stored runs
    have a note.
    """
    metric, goal = (str(table[name].iloc[0]) for name in ("metric", "goal"))
    cells = table[table["metric"] == metric]
    names, datasets = cells[["first", "second"]].drop_duplicates(), cells["dataset"].unique()
    levels = [cells.loc[cells["first"] == one, "first_level"].nunique() for one in names["first"]]
    figure, grid = panels(len(names), len(datasets), height=[0.75 + 0.34 * n for n in levels])
    low, high = ends(metric, [cells["median"]], {})
    norm = LogNorm(low, high) if METRICS[metric].logarithmic else Normalize(low, high)
    for row, (first, second) in zip(grid, names.itertuples(index=False), strict=True):
        chosen = cells[(cells["first"] == first) & (cells["second"] == second)]
        for axes, dataset in zip(row, datasets, strict=True):
            _map(axes, chosen[chosen["dataset"] == dataset], norm)
            tilt(axes, list(dict.fromkeys(chosen["second_level"])), len(datasets))
            title, y = dataset * (row is grid[0]), words(first) * (axes is row[0])
            label(axes, title=title, x=words(second), y=y)
    bar = figure.colorbar(
        mpl.cm.ScalarMappable(norm, MAPS[goal]), ax=[axes for row in grid for axes in row],
        location="top", aspect=45, shrink=0.6, pad=0.06 / len(grid),
    )  # fmt: skip
    bar.set_label(f"median {words(metric)} (bright is good)", fontsize=8.5, color=INK)
    if METRICS[metric].logarithmic:
        bar.ax.xaxis.set_major_locator(ticks(low, high))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
        bar.ax.xaxis.set_minor_formatter(NullFormatter())
    bar.ax.tick_params(labelsize=SMALL, labelcolor=SOFT)
    return figure


def _map(axes: Axes, cells: pd.DataFrame, norm: Normalize) -> None:
    firsts = list(dict.fromkeys(cells["first_level"]))
    seconds = list(dict.fromkeys(cells["second_level"]))
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    medians = cells["median"].to_numpy().reshape(len(firsts), len(seconds))
    sns.heatmap(
        np.where(np.isfinite(medians), drawn(metric, medians), np.nan),
        norm=norm, vmin=norm.vmin, vmax=norm.vmax, cmap=MAPS[goal], cbar=False, linewidths=1,
        linecolor="white", xticklabels=seconds, yticklabels=firsts, ax=axes,
    )  # fmt: skip
    axes.tick_params(length=0, labelrotation=0)
    axes.grid(visible=False)
    for cell in cells.to_dict("records"):
        x, y = seconds.index(cell["second_level"]), firsts.index(cell["first_level"])
        if cell["state"] == "excluded":
            axes.add_patch(Rectangle((x, y), 1, 1, fc="white", ec=FAINT, hatch="////", linewidth=0))
        elif np.isinf(cell["median"]):
            axes.add_patch(Rectangle((x, y), 1, 1, fc=INFINITE, ec="white", linewidth=1))
        text, ink = _text(cell, norm)
        axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=6.8, color=ink)


def _text(cell: Mapping[Hashable, Any], norm: Normalize) -> tuple[str, str]:
    """Return the median and the share of diverged runs, or why there are none, and the ink."""
    if cell["state"] != "measured":
        return EMPTY.get(cell["state"], ""), FAINT
    median, share = cell["median"], cell["diverged"] / cell["runs"]
    number = f"{median:.2g}".replace("-inf", "−∞").replace("inf", "∞")
    text = number + (f"\n{share:.0%} div." if share else "")
    if not np.isfinite(median):
        return text, STATUS["diverged"]
    place = float(norm(float(drawn(cell["metric"], median))))
    bad = place if cell["goal"] == "minimize" else 1 - place
    return text, "white" if bad > DARK else INK


CODE = """
table = pd.read_parquet(f"{folder}/tables/pairs.parquet")
names = ["metric", "dataset", "first", "second"]
shown = table.loc[table["median"].abs() < float("inf"), names].iloc[0]  # or those of another row
part = table[(table[names] == shown).all(axis=1)]
cells = part.pivot(index="first_level", columns="second_level", values="median")
figure, axes = plt.subplots()
sns.heatmap(cells.where(cells.abs() < float("inf")), annot=True, cmap="viridis", ax=axes)
"""

QUESTION = Question(
    name="pairs",
    question="Do parameters act together?",
    tables=tables,
    finding=lambda t: finding(t["pairs"]),
    figure=lambda t, _: figure(t["pairs"]),
    code=CODE,
    picture="Heat maps: the median of the objective's metric for each two levels of each pair "
    "of parameters, one column a dataset",
    caption="A cell is the median of the runs with these two levels, over settings of the "
    "other parameters that occur in every cell. Where runs of a cell "
    "diverged, “div.” gives their share; ∞ means that at least half of them did. Hatched "
    "cells were excluded in advance; a dash marks a parameter that does not act at the other's "
    "level." + DESCRIBES,
    basis=Basis(n={"runs": "runs a cell"}, interval="none", chosen=DECLARED),
    absent="There is no pair: fewer than two parameters have more than one level" + PRUNED,
)
