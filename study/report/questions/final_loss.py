"""Where did every single run end? The objective's metric of each run, over all levels."""

import math

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import plain, tilt
from study.plot.facets import facets
from study.plot.measure import drawn, ends, measure
from study.plot.theme import FAINT, INK, STATUS, Looks, words
from study.report.material import Material
from study.report.question import DESCRIBES, EVERY, FREQUENCIES, PRUNED, Basis, Question, Tables
from study.report.wording import number
from study.stats import summaries
from study.stats.ranges import binned

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
    """Report across which parameter the median differs most, from `final_loss`.

    A sentence for each dataset and metric, the objective's first.
    """
    groups = medians.groupby(["dataset", "metric"], sort=False)
    return [_apart(str(dataset), str(metric), rows) for (dataset, metric), rows in groups]


def _apart(dataset: str, metric: str, rows: pd.DataFrame) -> str:
    what = f"On {dataset}, the median {words(metric)}"
    if np.isinf(rows["median"]).all():
        reached = " or never got there" * (METRICS[metric].summary == "first")
        why = f"at least half of its runs diverged or failed{reached}"
        return f"{what} is infinite at every level: {why}."
    ends = rows.groupby("parameter", sort=False)["median"].agg(["min", "max"]).astype(float)
    if (ends["min"] == ends["max"]).all():
        return f"{what} is the same at every level."
    ratios = METRICS[metric].logarithmic
    apart = [_distance(low, high, ratios=ratios) for low, high in ends.to_numpy()]
    name = str(ends.index[int(np.argmax(apart))])
    of = rows[rows["parameter"] == name].sort_values("median", kind="stable")
    low, high = of.iloc[0], of.iloc[-1]
    return (
        f"{what} differs most across {words(name)}: from {number(low['median'])} at "
        f"{low['level']} to {number(high['median'])} at {high['level']}."
    )


def _distance(low: float, high: float, *, ratios: bool) -> float:
    """Return how far apart two medians are, as a ratio or as a difference."""
    if low == high:
        return float(ratios)
    if ratios:
        return high / low if low > 0 else math.inf
    return high - low


def figure(runs: pd.DataFrame, medians: pd.DataFrame, looks: Looks) -> Figure:
    """Draw how every run ended over the levels: a row a parameter, a column a dataset.

    `runs` has one row per run: dataset, a column of levels for each parameter, status, and the
    metrics. `medians` has one row per metric, dataset, parameter and level: goal, median. The first
    metric is drawn, its medians as black bars, and the medians of a second one as grey bars. Runs
    that diverged, failed or never got there are crosses outside the scale, at its worse end;
    finite losses beyond it are triangles on its edge.
    """
    metric, goal = (str(medians[name].iloc[0]) for name in ("metric", "goal"))
    columns, trivial = medians["dataset"].nunique(), looks.trivial_losses
    values = runs[metric].astype(float)
    ended = runs["status"].isin(["completed", "pruned"]) & np.isfinite(values)
    others = medians.loc[medians["metric"] != metric, "median"]
    low, high = ends(metric, [values[ended], others], trivial)
    edge, outside = (high, 1.0) if goal == "minimize" else (low, -1.0)
    axis = sorted([low, high, _beside(metric, low, high, edge, 2 * outside)])

    def draw(axes: Axes, chosen: pd.DataFrame) -> None:
        dataset, parameter = chosen[["dataset", "parameter"]].iloc[0]
        colours = looks.colours[parameter]
        levels = list(colours)
        here = runs[(runs["dataset"] == dataset) & runs[parameter].notna()]
        here = here.assign(x=jittered(here[parameter].astype(str), levels), y=values[here.index])
        measure(axes, "y", metric, (axis[0], axis[-1]), trivial.get(dataset))
        axes.yaxis.set_major_formatter(
            lambda y, _: plain(y) if low <= y * 1.0001 and y <= high * 1.0001 else ""
        )
        shown = ended.loc[here.index]
        inside = shown & (here["y"] <= high)
        points = here[inside].assign(y=drawn(metric, here.loc[inside, "y"]))
        if len(points):
            sns.scatterplot(
                points, x="x", y="y", hue=parameter, hue_order=levels, palette=dict(colours),
                s=9, alpha=0.5, linewidth=0, legend=False, ax=axes,
            )  # fmt: skip
        beyond = here.loc[shown & ~inside, "x"]
        axes.scatter(beyond, np.full(len(beyond), high), marker="^", s=12, color=INK)
        crosses = here.loc[~shown, "x"]
        at = np.full(len(crosses), _beside(metric, low, high, edge, outside))
        axes.scatter(crosses, at, marker="x", s=12, linewidths=0.6, color=STATUS["diverged"])
        axes.axhline(edge, color=FAINT, linewidth=0.5)
        for name, of in [*chosen.groupby("metric", sort=False)][::-1]:  # the first one on top
            finite = of[np.isfinite(of["median"])]
            place = finite["level"].map(levels.index).astype(float)
            bars, ink = drawn(str(name), finite["median"]), INK if name == metric else FAINT
            axes.hlines(bars, place - 0.38, place + 0.38, color=ink, linewidth=1.5)
        axes.set_xticks(range(len(levels)), levels)
        tilt(axes, levels, columns)
        axes.set_xlim(-0.6, len(levels) - 0.4)

    return facets(
        medians,
        ("parameter", "dataset"),
        draw,
        height=2.2,
        labels=lambda parameter, dataset: (f"{dataset}, by {words(parameter)}", words(metric)),
        share_y=True,
    )


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
    tables=tables,
    finding=lambda t: finding(t["final_loss"]),
    figure=lambda t, looks: figure(t["final_loss_runs"], t["final_loss"], looks),
    code=CODE,
    picture="Points: the objective's metric of every run over the levels of each parameter, "
    "diverged runs as crosses outside the scale, one column a dataset",
    caption="Every run is one point, moved sideways so that points hide each other less. "
    "Crosses beyond the thin line are runs that diverged, failed or never got there; triangles "
    "on it are finite losses beyond the scale. Black bars are medians, in "
    "which those count as infinite: a level without a bar has an infinite one. They are taken "
    "over settings of the other parameters that occur at every level. Where the metric is of "
    "held-out samples, grey bars are the same medians of the training samples. The dashed "
    "line is the loss of always answering the mean label." + DESCRIBES,
    several=FREQUENCIES,
    basis=Basis(
        n={"runs": "runs a level"},
        interval=EVERY,
        chosen="declared repetitions; medians of settings that every level met",
    ),
    absent="There is nothing to compare: no parameter has more than one level" + PRUNED,
)
