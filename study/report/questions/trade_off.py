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
from study.report.wording import count, listing, value
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

    `trials` has objective_1, objective_2, …; a trial that did not complete, or has an infinite
    objective, is in no front: −1. `fresh_1`, `fresh_2`, … are the objectives of its fresh
    repetitions, NaN where it was not confirmed: the front is drawn from what was searched, and
    those on it are partly lucky.
    """
    names = [f"objective_{i}" for i in range(1, len(goals) + 1)]
    signs = [1.0 if goal == "minimize" else -1.0 for goal in goals]
    parts = []
    for _, group in by_arm(trials).groupby("dataset", sort=False):
        values = group[names].to_numpy(dtype=float) * signs
        good = np.isfinite(values).all(axis=1) & (group["state"] == "completed").to_numpy()
        ranks = np.full(len(group), -1)
        ranks[good] = fronts(values[good].tolist())
        parts.append(group.assign(front=ranks))
    fresh = {name: name.replace("objective", "fresh") for name in names}
    columns = ["dataset", "number", "configuration", *names, "front", *fresh.values()]
    if not parts:
        return pd.DataFrame(columns=columns)
    again = trials.loc[trials["phase"] == "confirm", ["dataset", "number", *names]]
    found = pd.concat(parts).merge(
        again.rename(columns=fresh), on=["dataset", "number"], how="left", validate="one_to_one"
    )
    return found[columns].sort_values(["dataset", "front", *names], ignore_index=True)


def finding(trials: pd.DataFrame, objectives: pd.DataFrame) -> list[str]:
    """Report how many trials no other beats, and which of them is best in each objective.

    `objectives` has a row for each of the columns objective_1, objective_2, …: its metric, goal.
    """
    rises = dict(zip(objectives["objective"], objectives["goal"] == "minimize", strict=True))
    found = []
    for dataset, rows in trials.groupby("dataset", sort=False):
        best = rows[rows["front"] == 0]
        if best.empty:
            found.append(f"On {dataset}, no trial came to finite objectives.")
            continue
        ends = []
        for name, metric in zip(objectives["objective"], objectives["metric"], strict=True):
            order = {name: rises[name], **rises}
            by, ascending = list(order), list(order.values())
            end = best.sort_values(by, ascending=ascending, kind="stable").iloc[0]
            values = " | ".join(value(end[one]) for one in rises)
            ends.append(f"{end['configuration']} ({values}) in {words(metric)}")
        are = "is" if len(best) == 1 else "are"
        found.append(
            f"On {dataset}, {count(len(best), 'trial')} of {len(rows):,} {are} beaten by no other: "
            f"best is {listing(ends)}.{_again(best, len(rises))}"
        )
    return found


def _again(best: pd.DataFrame, objectives: int) -> str:
    """Write the objectives of the front's confirmed trials over fresh repetitions."""
    names = [f"fresh_{i + 1}" for i in range(objectives)]
    each = [
        f"{row['configuration']} ({' | '.join(value(float(row[name])) for name in names)})"
        for row in best[best["fresh_1"].notna()].to_dict("records")
    ]
    return f" With fresh repetitions: {listing(each)}." if each else ""


def figure(trials: pd.DataFrame, metrics: Sequence[str]) -> Figure:
    """Draw two objectives against each other, the trials that no other beats joined by a line.

    `trials` has one row per trial: dataset, objective_1, objective_2, front (0: not beaten).
    """
    good = trials[trials["front"] >= 0]
    y, x = (good[f"objective_{i}"] for i in (1, 2))

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        shown = rows.assign(
            x=drawn(metrics[1], rows["objective_2"]), y=drawn(metrics[0], rows["objective_1"])
        )
        rest = shown[shown["front"] > 0]
        best = shown[shown["front"] == 0].sort_values("x", kind="stable")
        axes.scatter(rest["x"], rest["y"], s=12, color=FAINT, linewidths=0, label="other trials")
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
table = table[table["front"] >= 0]  # the trials that came to finite objectives; 0 is the front
table["beaten"] = table["front"] > 0
grid = sns.relplot(table, x="objective_2", y="objective_1", hue="beaten", col="dataset")
{% if log %}
grid.set(yscale="log")
{% endif %}
"""

QUESTION = Question(
    name="trade-off",
    question="What is the trade-off?",
    applies=lambda m: m.searched and len(m.pipeline.search.aims) > 1,
    tables=tables,
    finding=lambda t: finding(t["pareto"], t["objectives"]),
    figure=lambda t, looks: figure(t["pareto"], looks.metrics),
    code=CODE,
    draws="objective_1",
    picture="Points: the two objectives of every trial, those that no other beats in both "
    "joined by a line, one column a dataset",
    caption="A trial is on the line where no other is at least as good in all objectives and "
    "better in one (the Pareto front). Which of these is right depends on what they cost you.",
    basis=Basis(
        n={"": "trials"},
        interval=EVERY,
        chosen="all trials as they were searched; on the line completed ones",
    ),
    absent="No trial is finished.",
)
