"""What is the trade-off? Of several objectives, the trials that no other beats in all."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import Goal
from study.plot.facets import facets
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import ARMS, FAINT, words
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.report.sentence import sentence, span
from study.stats.feasible import flags
from study.stats.pareto import fronts
from study.stats.search import by_arm


def tables(material: Material) -> Tables:
    """Return every trial with its front, and what the objectives are."""
    aims = material.pipeline.search.aims
    objectives = pd.DataFrame(
        [(f"objective_{i}", aim.metric, aim.goal) for i, aim in enumerate(aims, start=1)],
        columns=["objective", "metric", "goal"],
    )
    return {"pareto": front(material.trials, [aim.goal for aim in aims]), "objectives": objectives}


def front(trials: pd.DataFrame, goals: Sequence[Goal]) -> pd.DataFrame:
    """Return the searched trials of several objectives, `front` 0 being the Pareto front.

    `trials` has objective_1, objective_2, …; a trial that did not complete, has an infinite
    objective, or is not `feasible` where there are constraints, is in no front: −1. `fresh_1`,
    `fresh_2`, … are the objectives of its fresh repetitions, NaN where it was not confirmed: the
    front is drawn from what was searched, and those on it are partly lucky.
    """
    names = [f"objective_{i}" for i in range(1, len(goals) + 1)]
    signs = [1.0 if goal == "minimize" else -1.0 for goal in goals]
    parts = []
    for _, group in by_arm(trials).groupby("dataset", sort=False):
        values = group[names].to_numpy(dtype=float) * signs
        good = np.isfinite(values).all(axis=1) & (group["state"] == "completed").to_numpy()
        good &= flags(group).to_numpy()
        ranks = np.full(len(group), -1)
        ranks[good] = fronts(values[good].tolist())
        parts.append(group.assign(front=ranks))
    fresh = {name: name.replace("objective", "fresh") for name in names}
    flag = [*trials.columns.intersection(["feasible"])]
    columns = ["dataset", "number", "configuration", *names, "front", *flag, *fresh.values()]
    if not parts:
        return pd.DataFrame(columns=columns)
    again = trials.loc[trials["phase"] == "confirm", ["dataset", "number", *names]]
    table = pd.concat(parts).merge(
        again.rename(columns=fresh), on=["dataset", "number"], how="left", validate="one_to_one"
    )
    return table[columns].sort_values(["dataset", "front", *names], ignore_index=True)


def finding(trials: pd.DataFrame) -> list[str]:
    """Report how many trials are on the front of each dataset, from the table `pareto`."""
    if trials.empty:
        return []
    by = trials.groupby("dataset", sort=False)["front"]
    counts = pd.DataFrame({"best": by.agg(lambda of: (of == 0).sum()), "all": by.size()})
    if not counts["best"].any():
        which = "feasible trial" if "feasible" in trials else "trial"
        return sentence(f"no {which} has finite objectives")
    best, every = (span(counts[name], lambda n: f"{n:,.0f}") for name in ("best", "all"))
    are = "is" if best == "1" else "are"
    where = "" if len(counts) == 1 else " of each dataset"
    return sentence(f"{best} of {every} trials{where} {are} beaten by no other")


def figure(trials: pd.DataFrame, metrics: Sequence[str]) -> Figure:
    """Draw two objectives against each other, the trials that no other beats joined by a line.

    `trials` has one row per trial: dataset, objective_1, objective_2, front (0: not beaten).
    """
    good = trials[(trials["front"] >= 0) | ~flags(trials)]
    y, x = (good[f"objective_{i}"] for i in (1, 2))

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        shown = rows.assign(
            x=drawn(metrics[1], rows["objective_2"]), y=drawn(metrics[0], rows["objective_1"])
        )
        rest, out = shown[shown["front"] > 0], shown[~flags(shown)]
        best = shown[shown["front"] == 0].sort_values("x", kind="stable")
        axes.scatter(rest["x"], rest["y"], s=12, color=FAINT, linewidths=0, label="other trials")
        if len(out):
            axes.scatter(out["x"], out["y"], s=14, color=FAINT, marker="x", label="infeasible")
        axes.plot(
            best["x"], best["y"], color=ARMS["search"], marker="o", markersize=4.5, linewidth=1.2,
            drawstyle="steps-post", label="not beaten by any",
        )  # fmt: skip

    def scale(axes: Axes, *_: str) -> None:
        measure(axes, "x", metrics[1], ends_of(metrics[1], [x], None), None)
        measure(axes, "y", metrics[0], ends_of(metrics[0], [y], None), None)

    return facets(
        trials.assign(row=""),
        ("row", "dataset"),
        draw,
        scale=scale,
        height=3.0,
        labels=lambda *_: ("", words(metrics[0])),
        x=words(metrics[1]),
        share_y=True,
        named=True,
    )


CODE = """
table = pd.read_parquet(f"{folder}/tables/pareto.parquet")
table = table[table["front"] >= 0]  # trials with finite objectives; 0 is the front
table["beaten"] = table["front"] > 0
grid = sns.relplot(table, x="objective_2", y="objective_1", hue="beaten", col="dataset")
{% if log %}
grid.set(yscale="log")
{% endif %}
"""


def caption(tables: Tables) -> str:
    """Explain the line, and which objectives are drawn."""
    said = "For each trial on the line, no other is as good in all objectives and better in one."
    return said + " The first two objectives are drawn." * (len(tables["objectives"]) > 2)  # noqa: PLR2004


QUESTION = Question(
    name="trade-off",
    question="What is the trade-off?",
    applies=lambda m: m.searched and len(m.pipeline.search.aims) > 1,
    tables=tables,
    finding=lambda t: finding(t["pareto"]),
    figure=lambda t, looks: figure(t["pareto"], looks.metrics),
    code=CODE,
    draws="objective_1",
    picture="Points: the two objectives of every trial, the trials that no other beats in both "
    "joined by a line, one column a dataset",
    caption=caption,
    note="The trials beaten by no other are the Pareto front. They were chosen by their results, "
    "so some are lucky: `fresh_1`, `fresh_2` are the objectives of fresh repetitions.",
    basis=Basis(
        n={"": "trials"},
        interval=EVERY,
        chosen="all trials as they were searched; on the line completed ones",
    ),
    absent="No trial is finished.",
)
