"""At which values do runs diverge? How many of them, how soon, and where none does."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import MARGIN, SMALL, TALLEST, label, panels, tilt
from study.plot.groups import by_group, titles
from study.plot.marks import Mark
from study.plot.theme import ON_DARK, ON_LIGHT, SOFT, words
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.sentence import each, sentence, span
from study.report.wording import at, listing, share
from study.stats import divergence
from study.stats.ranges import binned

MAP = "RdPu"

_CHARACTER, _LINE = 0.075, 14  # inches of a letter beside a map, and letters of its line

HALF = 0.6
"""Above this share, texts are white."""


def tables(material: Material) -> Tables:
    """Return how many runs diverged at each two levels, and up to which value none did."""
    runs, names = binned(material.runs, material.studied), material.studied
    cells = divergence.cells(runs, names)
    some = cells.groupby(["parameter", "other"])["diverged"].transform("sum") > 0
    return {"divergence": cells[some], "stable": divergence.stable(runs, names)}


def finding(cells: pd.DataFrame) -> list[str]:
    """Report where most runs diverge: where each dataset and network has its largest share."""
    worst_of = {}
    for name, rows in by_group(cells):
        several = rows[rows["configurations"] > 1]
        rates = rows if several.empty else several
        worst = rates.sort_values(["share", "runs"], ascending=False, kind="stable").iloc[0]
        if worst["diverged"]:
            same = ["parameter", "other", "other_level", "runs", "diverged"]
            tied = rates.loc[(rates[same] == worst[same]).all(axis=1), "level"]
            worst_of[name] = worst.to_dict() | {"level": listing(tied.tolist())}
    if not worst_of:
        return []
    places = {name: _place(worst) for name, worst in worst_of.items()}
    shares = span([worst["share"] for worst in worst_of.values()], share)
    if len({*places.values()}) == 1:
        place = next(iter(places.values()))
        return sentence(f"runs diverge most often with {place}: {shares}")
    versions = [f"runs diverge most often with {each(places)}"]
    if len({(worst["other"], worst["other_level"]) for worst in worst_of.values()}) == 1:
        cell = next(iter(worst_of.values()))
        versions.append(
            f"runs diverge most often with {at(cell['other'], cell['other_level'])}; the worst "
            f"{words(cell['parameter'])} differs between datasets or networks"
        )
    last = "the levels at which most runs diverge differ between datasets or networks"
    return sentence(*versions, last)


def _place(cell: Mapping[Hashable, Any]) -> str:
    """Write the levels of a cell, of one or of two parameters."""
    if cell["other"] == "none":
        return at(cell["parameter"], cell["level"])
    other = at(cell["other"], cell["other_level"])
    return f"{other} and {at(cell['parameter'], cell['level'])}"


def figure(cells: pd.DataFrame) -> Figure:
    """Draw a map for every two parameters (rows), dataset and implementation (columns).

    `cells` has one row per dataset, implementation, parameter, level, other and other_level: runs,
    diverged, share. A cell shows how many of its runs diverged; one that was not tried has
    a dash.
    """
    names = titles(cells)
    pairs = _shown(cells)
    chosen = {
        pair: cells[(cells["parameter"] == pair[0]) & (cells["other"] == pair[1])] for pair in pairs
    }
    heights = [_height(chosen[pair]) for pair in pairs]
    drawing, grid = panels(len(pairs), len(names), height=heights)
    for row, (parameter, other) in zip(grid, pairs, strict=True):
        rows = chosen[parameter, other]
        levels = list(dict.fromkeys(rows["level"]))
        others = list(dict.fromkeys(rows["other_level"]))
        for axes, (dataset, implementation) in zip(row, names, strict=True):
            cell = (rows["dataset"] == dataset) & (rows["implementation"] == implementation)
            _map(axes, rows[cell], levels, others)
            tilt(axes, levels)
            title = names[dataset, implementation] if row is grid[0] else ""
            y = words(other) if axes is row[0] and other != "none" else ""
            label(axes, title=title, x=words(parameter), y=y)
    return drawing


def _height(rows: pd.DataFrame) -> float:
    """Return the inches of a map that leave room for its name."""
    name = _CHARACTER * min(len(words(str(rows["other"].iloc[0]))), _LINE)
    cells = max(0.24 * rows["other_level"].nunique(), name)
    return min(0.75 + cells, TALLEST - MARGIN)


def _shown(cells: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs of parameters in whose maps the shares differ most, as many as fit."""
    groups = cells.groupby(["parameter", "other"], sort=False)
    order = groups["share"].std(ddof=0).sort_values(ascending=False, kind="stable").index
    shown: list[tuple[str, str]] = []
    room = TALLEST - MARGIN
    for pair in order:
        room -= _height(groups.get_group(pair))
        if shown and room < 0:
            break
        shown.append((str(pair[0]), str(pair[1])))
    return shown


def _map(axes: Axes, cells: pd.DataFrame, levels: list[str], others: list[str]) -> None:
    shares = pd.DataFrame(index=others, columns=levels, dtype=float)
    for cell in cells.to_dict("records"):
        shares.loc[cell["other_level"], cell["level"]] = cell["share"]
        axes.text(
            levels.index(cell["level"]), others.index(cell["other_level"]),
            f"{cell['diverged']}/{cell['runs']}", ha="center", va="center", fontsize=SMALL,
            color=ON_DARK if cell["share"] > HALF else ON_LIGHT,
            url=Mark(f"{_place(cell)}: {cell['diverged']} of {cell['runs']} diverged").url(),
        )  # fmt: skip
    for y, x in np.argwhere(shares.isna().to_numpy()).tolist():
        axes.text(x, y, "–", ha="center", va="center", fontsize=SMALL, color=SOFT)
    axes.imshow(shares.to_numpy(), cmap=MAP, vmin=0, vmax=1, aspect="auto")
    axes.set_xticks(range(len(levels)), levels)
    axes.set_yticks(range(len(others)), others)
    axes.tick_params(length=0)
    axes.grid(visible=False)


CODE = """
table = pd.read_parquet(f"{folder}/tables/divergence.parquet")
first, second = table.loc[table.index[0], ["parameter", "other"]]  # or others of the table
part = table[(table["parameter"] == first) & (table["other"] == second)]
part = part.sort_values("share").drop_duplicates(["level", "other_level"], keep="last")
cells = part.pivot(index="other_level", columns="level", values="share")
figure, axes = plt.subplots()
sns.heatmap(cells, annot=True, vmin=0, vmax=1, cmap="Reds", ax=axes)
"""

NOTE = (
    "A run diverges where its loss is no longer finite, or passes the study's limit. Of many pairs "
    "of parameters, those with the largest differences are drawn. The table has an interval for "
    "each share, and the first and the median epoch; `stable` has the largest value up to which no "
    "run diverged. Pruned runs had not diverged by then."
)

QUESTION = Question(
    name="diverging",
    question="At which values do runs diverge?",
    applies=lambda m: bool((m.runs["status"] == "diverged").any()),
    tables=tables,
    finding=lambda t: finding(t["divergence"]),
    figure=lambda t, _: figure(t["divergence"]),
    code=CODE,
    picture="Maps: how many of how many runs diverged at each two levels, one row a pair of "
    "parameters, one column a dataset and network",
    caption="A cell counts its diverged runs: the darker, the larger the share; – is untried.",
    note=NOTE,
    basis=Basis(
        n={"runs": "runs a cell"},
        interval="Clopper and Pearson's with as many draws as repetitions, at least 95 %, in the "
        "table",
        chosen="runs that completed, diverged or were pruned",
    ),
    absent="No parameter on a logarithmic scale was varied.",
)
