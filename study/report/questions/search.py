"""How did the search go? What was tried and how, what pruning spared, and the best so far."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plan.trials import learns, moved
from study.plot.facets import facets
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import ARMS, STATUS, words
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.report.wording import count, listing, number, ordinal, share
from study.stats.search import history


def tables(material: Material) -> Tables:
    """Return the trials of each arm, the size of the search, and which arms ended early."""
    trials = history(material.trials, material.pipeline.search.aims[0].goal)
    early = [(*name.partition(", ")[::2], why) for name, why in material.early.items()]
    ended = pd.DataFrame(early, columns=["dataset", "arm", "ended"])
    return {"search_history": trials, "search_size": _size(material), "search_ended": ended}


def _size(material: Material) -> pd.DataFrame:
    """Return one row: the method and what it moves, its budget, and the epochs that were spared."""
    declared, epochs = material.pipeline.search, material.pipeline.training.epochs
    parameters = moved(material.pipeline)
    pruned = material.runs[material.runs["status"] == "pruned"]
    row = {
        "method": declared.method,
        "learns": learns(material.pipeline),
        "moved": ", ".join(parameters),
        "drawn": ", ".join(name for name in declared.parameters if name not in parameters),
        "trials": declared.trials,
        "metric": declared.aims[0].metric,
        "repetitions": declared.repetitions,
        "runs": len(material.runs),
        "pruned": len(pruned),
        "epochs": epochs * len(material.runs),
        "spared": int(epochs * len(pruned) - pruned["epochs"].sum()),
    }
    return pd.DataFrame([row])


def finding(trials: pd.DataFrame, size: pd.DataFrame, ended: pd.DataFrame) -> list[str]:
    """Report what was tried and how, how much pruning spared, and where the best of each arm came.

    `ended` has a row for each search that ended before its last trial: dataset, arm (empty where
    the method's own) and why, in words.
    """
    about = size.iloc[0]
    method = str(about["method"])
    found = [f"On each dataset, {method} tried {_tried(trials)}. {_choosing(about)}"]
    found += [
        f"On {dataset}, {arm or method} ended {why}. Declared were {int(about['trials']):,} trials."
        for dataset, arm, why in ended[["dataset", "arm", "ended"]].itertuples(index=False)
    ]
    if about["pruned"]:
        found.append(
            f"Of {count(about['runs'], 'run')} {about['pruned']:,} were given up on the way, which "
            f"spared {share(about['spared'] / about['epochs'])} of all epochs."
        )
    metric = words(str(about["metric"]))
    names = {"search": method, "random": "random"}
    for dataset, rows in trials.groupby("dataset", sort=False):
        bests = {str(arm): _best(of_arm) for arm, of_arm in rows.groupby("arm", sort=False)}
        parts = [
            f"{names[arm]} found its best, {number(best[0]['objective'])}, as its "
            f"{ordinal(int(best[0]['order']))} trial"
            if best
            else f"{names[arm]} found no finite {metric}"
            for arm, best in bests.items()
        ]
        says = listing(parts) if any(bests.values()) else f"no trial came to a finite {metric}"
        found.append(f"On {dataset}, {says}.")
    return found


def _tried(trials: pd.DataFrame) -> str:
    """Count the configurations that were tried on a dataset, and those drawn at random beside."""
    arms = trials.groupby(["dataset", "arm"], sort=False).size()
    own = arms.xs("search", level="arm") if len(arms) else arms
    tried = sorted({int(n) for n in own})
    each = "" if len(tried) == 1 else f"{tried[0]:,} to "
    each += count(tried[-1], "configuration")
    if "random" not in arms.index.get_level_values("arm"):
        return each
    random = arms.xs("random", level="arm").reindex(own.index)
    many = [f"{n:g} ({dataset!s})" for dataset, n in random.items()]
    beside = "as many" if random.equals(own) else listing(many)
    return f"{each}, beside {beside} that were drawn at random"


def _choosing(about: "pd.Series[float]") -> str:
    """Report which parameters the method moved, how, and which it drew at random."""
    moves, draws = (
        [words(name) for name in str(about[key]).split(", ") if name] for key in ("moved", "drawn")
    )
    rest = f", and drew {listing(draws)} at random" if draws else ""
    if about["learns"]:
        return f"Once it knew some, it moved {listing(moves)} by what it was told{rest}."
    spread = f"It spread {listing(moves)} evenly{rest}. " if moves else ""
    return f"{spread}It learns nothing from what it is told."


def _best(trials: pd.DataFrame) -> list["pd.Series[float]"]:
    """Return the row of the best completed trial, if there is one that is finite."""
    last = float(trials["best"].iloc[-1])
    if not math.isfinite(last):
        return []
    done = trials[(trials["state"] == "completed") & (trials["objective"] == last)]
    return [done.iloc[0]]


def figure(trials: pd.DataFrame, metric: str) -> Figure:
    """Draw each trial's objective in the order asked, and the best so far as a line.

    `trials` has one row per trial of an arm: dataset, arm, order, state, objective, best. A trial
    that has no finite objective is a cross at the top, a pruned one a ring at its last value.
    """
    between = ends_of(metric, [trials["objective"], trials["best"]], None)

    def draw(axes: Axes, of_dataset: pd.DataFrame) -> None:
        for arm, rows in of_dataset.groupby("arm", sort=False):
            colour, finite = ARMS[str(arm)], np.isfinite(rows["objective"])
            y = pd.Series(drawn(metric, rows["objective"]), rows.index)
            done, left = (finite & (rows["state"] == state) for state in ("completed", "pruned"))
            axes.scatter(rows["order"][done], y[done], s=10, color=colour, alpha=0.55, linewidths=0)
            axes.scatter(
                rows["order"][left], y[left], s=12, facecolors="none",
                edgecolors=colour, linewidths=0.6, alpha=0.6,
            )  # fmt: skip
            never = rows.loc[~finite, "order"]
            axes.scatter(
                never, np.full(len(never), 0.98), marker="x", s=12, linewidths=0.7,
                color=STATUS["diverged"], transform=axes.get_xaxis_transform(),
            )  # fmt: skip
            best = rows[np.isfinite(rows["best"])]
            axes.step(
                best["order"], drawn(metric, best["best"]), where="post", color=colour,
                linewidth=1.6, label=f"{arm}: best so far",
            )  # fmt: skip

    return facets(
        trials.assign(row=""),
        ("row", "dataset"),
        draw,
        scale=lambda axes, *_: measure(axes, "y", metric, between, None),
        height=2.6,
        labels=lambda *_: ("", words(metric)),
        x="trials",
        share_y=True,
        named=True,
    )


CODE = """
table = pd.read_parquet(f"{folder}/tables/search_history.parquet")
grid = sns.relplot(
    table, kind="line", x="order", y="best", hue="arm", col="dataset", estimator=None,
    drawstyle="steps-post",
)
{% if log %}
grid.set(yscale="log")
{% endif %}
"""

QUESTION = Question(
    name="search",
    question="How did the search go?",
    applies=lambda m: m.searched,
    tables=tables,
    finding=lambda t: finding(t["search_history"], t["search_size"], t["search_ended"]),
    figure=lambda t, looks: figure(t["search_history"], looks.metrics[0]),
    code=CODE,
    draws="best",
    picture="Points: the objective of each trial in the order in which they were tried, and a "
    "line for the best so far, one column a dataset",
    caption="A point is a configuration: its objective is an order statistic over repetitions. "
    "Rings are trials that were given up, at the value that they had then; crosses at the top "
    "have no finite objective. The line is the best completed trial so far.",
    basis=Basis(
        n={"": "trials"},
        interval=EVERY,
        chosen="all trials but the repetitions of confirmation",
    ),
    absent="No trial is finished.",
)
