"""What do the best trials have in common? Every trial as a path through its parameters."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from study.metrics import Goal
from study.plot.axes import SMALL
from study.plot.facets import facets
from study.plot.theme import FAINT, INK, RESULT, SOFT, words
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.report.sentence import each, sentence
from study.report.wording import at
from study.space import PARAMETERS
from study.stats.feasible import feasible
from study.stats.search import best_first, by_arm

COLUMNS = ("dataset", "number", "rank", "parameter", "value", "place")

BEST = 10
"""How many trials count as the best. The others are drawn faint: it is dark where many pass."""


def tables(material: Material) -> Tables:
    """Return the table `paths`, of the parameters that were searched."""
    names = [n for n in material.pipeline.search.parameters if n in material.studied]
    return {"paths": paths(material.trials, names, material.pipeline.search.aims[0].goal)}


def paths(trials: pd.DataFrame, parameters: Sequence[str], goal: Goal) -> pd.DataFrame:
    """Return one row per completed feasible trial with a finite objective and each parameter.

    `trials` has dataset, phase, number, state, objective, and of each parameter the level ("lr")
    and the value ("lr value"), null where it is not searched. `rank` is 1 for the best of a
    dataset; `place` is where the value lies among the values that its dataset's trials tried: from
    0 to 1, numbers in their own scale, all else in the order of the values. NaN and null where the
    parameter is not searched.
    """
    finite = trials[(trials["state"] == "completed") & np.isfinite(trials["objective"])]
    proposals = by_arm(feasible(finite))
    proposals = best_first(proposals, "objective", goal)
    proposals["rank"] = proposals.groupby("dataset", sort=False).cumcount() + 1
    parts = [
        rows[["dataset", "number", "rank"]].assign(
            parameter=name,
            value=rows[name].astype(object),
            place=_places(rows[f"{name} value"], name),
        )
        for _, rows in proposals.groupby("dataset", sort=False)
        for name in parameters
    ]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return table[list(COLUMNS)]


def _places(values: pd.Series, name: str) -> pd.Series:
    parameter = PARAMETERS[name]
    present = values.dropna()
    if parameter.numeric:
        numbers = present.astype(float)
        log = parameter.scale == "log" and (numbers > 0).all()
        scaled = pd.Series(np.log(numbers)) if log else numbers
    else:
        order = sorted(set(present), key=parameter.order)
        scaled = present.map(order.index).astype(float)
    width = float(scaled.max() - scaled.min()) if len(scaled) else 0.0
    places = (scaled - scaled.min()) / width if width else scaled * 0 + 0.5
    return places.reindex(values.index)


def finding(table: pd.DataFrame) -> list[str]:
    """Report which choice most of the best trials of each dataset have in common."""
    leaders = {}
    best = table[table["rank"] <= BEST]
    for dataset, rows in best.groupby("dataset", sort=False):
        shared = [
            (int((of["value"] == value).sum()), at(str(name), value))
            for name, of in rows.groupby("parameter", sort=False)
            if not PARAMETERS[str(name)].ordered
            for value in of["value"].dropna().unique()
        ]
        if shared:
            n, level = max(shared, key=lambda one: one[0])
            leaders[str(dataset)] = f"{n} of {rows['rank'].max()} have {level}"
    if not leaders:
        return []
    return sentence(
        f"of the best trials, {each(leaders)}",
        "the best trials of each dataset have different choices in common",
    )


def figure(table: pd.DataFrame) -> Figure:
    """Draw parallel coordinates: an axis a parameter, a row of panels a dataset.

    `table` has one row per trial and parameter: dataset, number, rank, parameter, value, place.
    """
    names = list(dict.fromkeys(table["parameter"]))
    trials = table.groupby("dataset", sort=False)["rank"].nunique()

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        wide = rows.pivot_table(index="rank", columns="parameter", values="place", dropna=False)
        lines = wide.reindex(columns=names).sort_index().to_numpy()
        _draw(axes, lines[BEST:], FAINT, max(0.08, min(0.5, 15 / max(len(lines), 1))), 0.7)
        _draw(axes, lines[:BEST], RESULT, 0.85, 1.4)
        axes.set(xlim=(-0.3, len(names) - 0.5), ylim=(-0.12, 1.12), yticks=[])
        axes.set_xticks(range(len(names)), [words(name) for name in names])
        axes.grid(visible=True, axis="x", color=SOFT, linewidth=0.8)
        for i, name in enumerate(names):
            _ends(axes, i, rows[(rows["parameter"] == name) & rows["place"].notna()])

    def labels(dataset: str, _: str) -> tuple[str, str]:
        n = trials[dataset]
        return f"the best {min(BEST, n)} of {n} trials", ""

    return facets(table.assign(column=""), ("dataset", "column"), draw, height=2.6, labels=labels)


def _draw(axes: Axes, lines: NDArray[np.float64], colour: str, alpha: float, width: float) -> None:
    """Draw paths; a path passes over a parameter that is not searched."""
    drawn = [
        np.column_stack([np.flatnonzero(finite), line[finite]])
        for line, finite in zip(lines, ~np.isnan(lines), strict=True)
    ]
    axes.add_collection(LineCollection(drawn, colors=colour, alpha=alpha, linewidths=width))


def _ends(axes: Axes, at: int, rows: pd.DataFrame) -> None:
    """Write the least and the greatest value, or each where they are few."""
    values = rows.drop_duplicates("value").sort_values("place")
    shown = values if len(values) <= 6 else values.iloc[[0, -1]]  # noqa: PLR2004  # room for so many
    for value, place in zip(shown["value"], shown["place"], strict=True):
        axes.text(
            at + 0.03, place, str(value)[:9], fontsize=SMALL, color=INK, va="center",
            bbox={"facecolor": "white", "alpha": 0.7, "pad": 0.5, "linewidth": 0},
        )  # fmt: skip


CODE = """
table = pd.read_parquet(f"{folder}/tables/paths.parquet")
table = table[table["rank"] <= 10]  # leave this out to see all trials
grid = sns.relplot(
    table, kind="line", x="parameter", y="place", units="number", hue="rank", row="dataset",
    estimator=None, height=3, aspect=2.5,
)
"""

QUESTION = Question(
    name="paths",
    question="What do the best trials have in common?",
    applies=lambda m: m.searched,
    tables=tables,
    finding=lambda t: finding(t["paths"]),
    figure=lambda t, _: figure(t["paths"]),
    code=CODE,
    picture="Parallel coordinates: each trial as a line through its values of all parameters, "
    "the ten best in colour, one panel a dataset",
    caption="Each line is a trial with a finite objective, each vertical line a parameter with the "
    f"values that were tried. The {BEST} best trials are teal.",
    note="Numbers are in their own scale. A line passes over a parameter that does not act in it.",
    basis=Basis(
        n={"": "values of trials"},
        interval=EVERY,
        chosen="completed trials with a finite objective; with constraints, feasible ones alone",
    ),
    absent="No trial has a finite objective, or none of these trials is feasible.",
)
