"""Do parameters act together? The strongest interactions of two parameters as maps."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, NullFormatter

from study.metrics import METRICS
from study.plot.axes import COLUMN, SMALL, label, panels, plain, short, ticks, tilt
from study.plot.measure import drawn, ends
from study.plot.theme import FAINT, INK, SOFT, STATUS, words
from study.report.material import Material
from study.report.question import DECLARED, DESCRIBES, PRUNED, Basis, Question, Tables
from study.report.sentence import across
from study.report.wording import at, listing
from study.stats import pairs
from study.stats.dependence import Turn, interactions, turns

MAPS = {"minimize": "viridis_r", "maximize": "viridis"}
"""What is good is bright."""

DARK = 0.5
"""Beyond this share of the map, where it is dark, texts are white."""

INFINITE = "#f3ddd0"
"""The colour of a median of ∞, outside the map."""

HATCHED = ("excluded", "missing", "untried")
"""States of a cell without a median that is hatched; elsewhere a parameter does not act."""

MOST = 2
"""The strongest interactions are drawn; the table has all pairs."""

TALLEST, BESIDE, CELL = 4.4, 1.1, 0.54
"""Inches: the height of a map at most, the margin of its cells, and the width of a cell."""


def tables(material: Material) -> Tables:
    """Return the median at every two levels, and how strongly the two parameters interact."""
    parts = [
        pairs.pairs(
            material.declared, material.studied, material.exclusions,
            metric=aim.metric, goal=aim.goal,
        )
        for aim in material.analysed
    ]  # fmt: skip
    table = interactions(pd.concat(parts, ignore_index=True))
    return {"pairs": table.iloc[:0] if material.declared.empty else table}


def finding(cells: pd.DataFrame) -> list[str]:
    """Report whether the best level of one parameter depends on another one, on each dataset."""
    if cells.empty:
        return []
    shown = _shown(cells)
    each = [(str(name), *_said(rows)) for name, rows in shown.groupby("dataset", sort=False)]
    return across(*([(name, versions[i]) for name, *versions in each] for i in range(2)))


def _said(cells: pd.DataFrame) -> tuple[str, str]:
    """Return what depends on what on a dataset, with the levels and without them.

    The strongest interaction that moves a best level is named.
    """
    measured = cells[cells["state"] == "measured"]
    if not np.isfinite(measured["median"]).any():
        return ("no two levels have a finite median",) * 2
    same = next(filter(None, (turns(of) for _, of in measured.groupby("place"))), None)
    if same is None:
        return ("no parameter's best level depends on the other parameter",) * 2
    what = _each(same, lambda turn: words(turn.parameter))
    best, other = _each(same, lambda turn: turn.best), _each(same, lambda turn: turn.other)
    there, elsewhere, of = same[0].there, same[0].elsewhere, same[0].of
    return (
        f"the best level of {what} is {best} with {at(of, there)} but {other} with {elsewhere}",
        f"the best level of {what} depends on {words(of)}",
    )


def _each(same: Sequence[Turn], name: Callable[[Turn], str]) -> str:
    return listing(list(dict.fromkeys(map(name, same))))


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that are drawn: of the first metric, and the strongest interactions."""
    shown = (table["metric"] == table["metric"].iloc[0]) & (table["place"] <= MOST)
    rows: pd.DataFrame = table[shown].sort_values("place", kind="stable")
    return rows


def figure(table: pd.DataFrame) -> Figure:
    """Draw a map for each of the strongest pairs of parameters: a row for each dataset.

    `table` has one row per metric, dataset, first, second, first_level, second_level: goal, runs,
    diverged, median, state, place (of the pair, the strongest first). The first metric is drawn. A
    cell has its median, and the share of diverged runs if there are any; cells without runs are
    hatched, except where a parameter does not act.
    """
    cells = pairs.upright(_shown(table))
    metric, goal = (str(cells[name].iloc[0]) for name in ("metric", "goal"))
    names, datasets = cells[["first", "second"]].drop_duplicates(), table["dataset"].unique()
    counts = cells.groupby("place")[["first_level", "second_level"]].nunique().max()
    high = min(0.8 + 0.34 * counts["first_level"], TALLEST)
    wide = len(names) * max(BESIDE + CELL * counts["second_level"], COLUMN)
    figure, grid = panels(len(datasets), len(names), height=float(high), width=float(wide))
    low, high = ends(metric, [cells["median"]], {})
    norm = LogNorm(low, high) if METRICS[metric].logarithmic else Normalize(low, high)
    for row, dataset in zip(grid, datasets, strict=True):
        for axes, (first, second) in zip(row, names.itertuples(index=False), strict=True):
            chosen = cells[(cells["first"] == first) & (cells["second"] == second)]
            _map(axes, chosen[chosen["dataset"] == dataset], norm)
            tilt(axes, list(dict.fromkeys(chosen["second_level"])))
            label(axes, x=words(second), y=words(first))
    bar = figure.colorbar(
        mpl.cm.ScalarMappable(norm, MAPS[goal]), ax=[axes for row in grid for axes in row],
        location="top", aspect=40, shrink=0.5, pad=0.1 / len(grid),
    )  # fmt: skip
    bar.set_label(f"median {words(metric)} (bright is good)", fontsize=8.5, color=INK)
    if METRICS[metric].logarithmic:
        bar.ax.xaxis.set_major_locator(ticks(low, high))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: plain(value)))
        bar.ax.xaxis.set_minor_formatter(NullFormatter())
    bar.ax.tick_params(labelsize=SMALL, labelcolor=SOFT)
    return figure


def _map(axes: Axes, cells: pd.DataFrame, norm: Normalize) -> None:
    import seaborn as sns  # slow to load, and only drawing needs it

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
        if cell["state"] in HATCHED:
            axes.add_patch(Rectangle((x, y), 1, 1, fc="white", ec=FAINT, hatch="////", linewidth=0))
        elif np.isinf(cell["median"]):
            axes.add_patch(Rectangle((x, y), 1, 1, fc=INFINITE, ec="white", linewidth=1))
        text, ink = _text(cell, norm)
        axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=6.8, color=ink)


def _text(cell: Mapping[Hashable, Any], norm: Normalize) -> tuple[str, str]:
    """Return the median with the share of diverged runs, and the ink."""
    if cell["state"] != "measured":
        return "" if cell["state"] in HATCHED else "–", FAINT
    median, share = cell["median"], cell["diverged"] / cell["runs"]
    number = short(float(f"{median:.2g}")).replace("-inf", "−∞").replace("inf", "∞")
    text = number + (f"\n{share:.0%} div." if share else "")
    if not np.isfinite(median):
        return text, STATUS["diverged"]
    place = float(norm(float(drawn(cell["metric"], median))))
    bad = place if cell["goal"] == "minimize" else 1 - place
    return text, "white" if bad > DARK else INK


CODE = """
table = pd.read_parquet(f"{folder}/tables/pairs.parquet")
names = ["metric", "dataset", "first", "second"]
shown = table.loc[table["median"].abs() < float("inf"), names].iloc[0]  # or of another row
part = table[(table[names] == shown).all(axis=1)]
cells = part.pivot(index="first_level", columns="second_level", values="median")
figure, axes = plt.subplots()
sns.heatmap(cells.where(cells.abs() < float("inf")), annot=True, cmap="viridis", ax=axes)
"""


def caption(cells: pd.DataFrame) -> str:
    """Explain the cells that this figure has."""
    if cells.empty:
        return ""
    shown = _shown(cells)
    parts = ["A cell is the median of the runs with these two levels; bright is good."]
    if (shown["diverged"] > 0).any():
        parts.append("“div.” is the share of diverged runs.")
    if shown["state"].isin(HATCHED).any():
        parts.append("Hatched cells have no runs.")
    if (shown["state"] == "impossible").any():
        parts.append("–: one parameter does not act.")
    return " ".join(parts)


QUESTION = Question(
    name="pairs",
    question="Do parameters act together?",
    applies=lambda m: len(m.studied) > 1,
    tables=tables,
    finding=lambda t: finding(t["pairs"]),
    figure=lambda t, _: figure(t["pairs"]),
    code=CODE,
    picture="Heat maps: the median of the objective's metric for each two levels of two "
    "parameters, one row a dataset",
    caption=lambda t: caption(t["pairs"]),
    note=f"The {MOST} pairs with the strongest interactions are drawn; the table pairs has all of "
    "them, and the reason of each excluded cell. The strength of an interaction is the part of the "
    "cell medians that two separate effects do not explain: the root mean square, in log₁₀ for "
    "losses and epochs, averaged over datasets. A median covers the settings of the other "
    "parameters that occur in every cell. It is ∞ if at least half of the runs diverged, and "
    "counts as the worst finite median in the strength." + DESCRIBES,
    basis=Basis(n={"runs": "runs a cell"}, interval="none", chosen=DECLARED),
    absent="There is no pair: fewer than two parameters have more than one level" + PRUNED,
)
