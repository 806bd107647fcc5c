"""Where did every single run end? The objective's metric of each run, over all levels."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import plain, tilt
from study.plot.facets import facets
from study.plot.measure import drawn, ends, measure
from study.plot.theme import FAINT, INK, STATUS, Looks, words
from study.report.material import Material
from study.report.question import DESCRIBES, EVERY, ONE_ANSWER, PRUNED, Basis, Question, Tables
from study.report.sentence import across
from study.report.wording import number
from study.spec.objective import ENDED_WELL
from study.stats import summaries
from study.stats.ranges import binned
from study.stats.widest import widest

GOLDEN = 0.6180339887498949
"""Steps of this share of a width never pile up: a jitter without randomness."""


def tables(material: Material) -> Tables:
    """Return how runs ended at each level of each parameter, and every run.

    By the objective's metric first, then by the training part's.
    """
    aims = material.analysed
    columns = ["run_id", "dataset", "repetition", *material.studied, "status"]
    parts = [
        summaries.by_level(material.declared, material.studied, aim.metric, aim.goal)
        for aim in aims
    ]
    runs = binned(summaries.stored(material.declared), material.studied)
    return {
        "final_loss": pd.concat(parts, ignore_index=True),
        "final_loss_runs": runs[[*columns, *(aim.metric for aim in aims)]],
    }


def finding(medians: pd.DataFrame) -> list[str]:
    """Name the parameter with the largest difference of medians, on each dataset."""
    first = medians[medians["metric"].isin(medians["metric"].head(1))]
    each = [(str(name), *_said(rows)) for name, rows in first.groupby("dataset", sort=False)]
    return across(*([(name, versions[i]) for name, *versions in each] for i in range(2)))


def _said(rows: pd.DataFrame) -> tuple[str, str]:
    """Return which parameter moves the median most on a dataset, with its ends and without."""
    metric = str(rows["metric"].iloc[0])
    what = f"the median {words(metric)}"
    if np.isinf(rows["median"].astype(float)).all():
        return (f"{what} is infinite at every level",) * 2
    name = widest(rows, "median", metric)
    if name is None:
        return (f"{what} is the same at every level",) * 2
    of = rows[rows["parameter"] == name].sort_values("median", kind="stable")
    low, high = (f"{number(row['median'])} at {row['level']}" for row in _ends(of))
    apart = f"{what} differs most across {words(name)}"
    return f"{apart}, from {low} to {high},", apart


def _ends(rows: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return rows.iloc[[0, -1]].to_dict("records")


def figure(runs: pd.DataFrame, medians: pd.DataFrame, looks: Looks) -> Figure:
    """Draw how every run ended over the levels: a panel for each parameter and dataset.

    `runs` has one row per run: dataset, a column of levels for each parameter, status, and the
    metrics. `medians` has one row per metric, dataset, parameter and level: goal, median. The first
    metric is drawn, its medians as black bars, and the medians of a second one as grey bars. Runs
    that diverged, failed or never got there are crosses outside the scale, at its worse end;
    finite losses beyond it are triangles on its edge.
    """
    import seaborn as sns  # slow to load, and only drawing needs it

    metric, goal = (str(medians[name].iloc[0]) for name in ("metric", "goal"))
    trivial = looks.trivial_losses
    values = runs[metric].astype(float)
    ended = runs["status"].isin(ENDED_WELL) & np.isfinite(values)
    others = medians.loc[medians["metric"] != metric, "median"]
    low, high = ends(metric, [values[ended], others], trivial)
    edge, outside = (high, 1.0) if goal == "minimize" else (low, -1.0)
    axis = sorted([low, high, _beside(metric, low, high, edge, 2 * outside)])

    def draw(axes: Axes, chosen: pd.DataFrame) -> None:
        dataset, parameter = chosen[["dataset", "parameter"]].iloc[0]
        colours = looks.colours[parameter]
        levels = list(colours)
        own = runs[(runs["dataset"] == dataset) & runs[parameter].notna()]
        own = own.assign(x=jittered(own[parameter].astype(str), levels), y=values[own.index])
        measure(axes, "y", metric, (axis[0], axis[-1]), trivial.get(dataset))
        axes.yaxis.set_major_formatter(
            lambda y, _: plain(y) if low <= y * 1.0001 and y <= high * 1.0001 else ""
        )
        shown = ended.loc[own.index]
        inside = shown & (own["y"] <= high)
        points = own[inside].assign(y=drawn(metric, own.loc[inside, "y"]))
        if len(points):
            sns.scatterplot(
                points, x="x", y="y", hue=parameter, hue_order=levels, palette=dict(colours),
                s=9, alpha=0.5, linewidth=0, legend=False, ax=axes,
            )  # fmt: skip
        beyond = own.loc[shown & ~inside, "x"]
        axes.scatter(beyond, np.full(len(beyond), high), marker="^", s=12, color=INK)
        crosses = own.loc[~shown, "x"]
        at = np.full(len(crosses), _beside(metric, low, high, edge, outside))
        axes.scatter(crosses, at, marker="x", s=12, linewidths=0.6, color=STATUS["diverged"])
        axes.axhline(edge, color=FAINT, linewidth=0.5)
        for name, of in [*chosen.groupby("metric", sort=False)][::-1]:  # the first one on top
            finite = of[np.isfinite(of["median"])]
            place = finite["level"].map(levels.index).astype(float)
            bars, ink = drawn(str(name), finite["median"]), INK if name == metric else FAINT
            axes.hlines(bars, place - 0.38, place + 0.38, color=ink, linewidth=1.5)
        axes.set_xticks(range(len(levels)), levels)
        tilt(axes, levels)
        axes.set_xlim(-0.6, len(levels) - 0.4)

    return facets(
        medians,
        ("parameter", "dataset"),
        draw,
        height=1.75,
        labels=lambda parameter, _: (f"by {words(parameter)}", words(metric)),
        share_y=True,
    )


def caption(runs: pd.DataFrame, medians: pd.DataFrame) -> str:
    """Explain the marks that this figure has."""
    if medians.empty:
        return ""
    first, *others = dict.fromkeys(medians["metric"])
    parts = ["A point is a run; black bars are medians."]
    if (~np.isfinite(runs[first].astype(float)) | ~runs["status"].isin(ENDED_WELL)).any():
        parts.append(f"Crosses have no {words(first)}.")
    if METRICS[first].is_loss:
        parts.append("Triangles are beyond the scale. Dashed: the trivial predictor.")
    if others:
        parts.append("Grey bars: training samples.")
    return " ".join(parts)


def _beside(metric: str, low: float, high: float, edge: float, steps: float) -> float:
    """Return a place some small steps from the edge of an axis."""
    if METRICS[metric].logarithmic:
        return float(edge * (high / low) ** (0.07 * steps))
    return edge + 0.07 * steps * (high - low)


def jittered(levels: pd.Series, order: list[str]) -> pd.Series:
    """Return each run's place on the axis: its level's, moved aside by golden steps."""
    aside = levels.groupby(levels).cumcount() * GOLDEN % 1 - 0.5
    return levels.map(order.index).astype(float) + 0.7 * aside


CODE = """
table = pd.read_parquet(f"{folder}/tables/final_loss_runs.parquet")
finite = table[table["{{ metric }}"].abs() < float("inf")]
grid = sns.catplot(
    finite, kind="strip", x="{{ parameter }}", y="{{ metric }}", col="dataset", size=2
)
{% if log %}
grid.set(yscale="log")
{% endif %}
"""

QUESTION = Question(
    name="final-loss",
    question="Where did every single run end?",
    applies=lambda m: bool(m.studied),
    tables=tables,
    finding=lambda t: finding(t["final_loss"]),
    figure=lambda t, looks: figure(t["final_loss_runs"], t["final_loss"], looks),
    code=CODE,
    picture="Points: the objective's metric of every run over the levels of each parameter, "
    "diverged runs as crosses outside the scale",
    caption=lambda t: caption(t["final_loss_runs"], t["final_loss"]),
    note="Points are moved sideways so that they hide each other less. Crosses are runs that "
    "diverged, failed or never reached the threshold. They count as infinite in the medians, and a "
    "level with an infinite median has no bar. Medians cover the settings of the other parameters "
    "that occur at every level." + ONE_ANSWER + DESCRIBES,
    basis=Basis(
        n={"runs": "runs a level"},
        interval=EVERY,
        chosen="declared repetitions; medians of settings that every level met",
    ),
    absent="There is nothing to compare: no parameter has more than one level" + PRUNED,
)
