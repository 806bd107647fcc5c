"""How did the search go? Each trial, the best so far, and whether it beat random trials."""

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
from study.report.sentence import each, sentence, span
from study.spec.constraints import described
from study.stats.feasible import flags
from study.stats.search import history


def tables(material: Material) -> Tables:
    """Return the trials of each arm, its best, the size of the search, and which ended early."""
    trials = history(material.trials, material.pipeline.search.aims[0].goal)
    early = [(*name.partition(", ")[::2], why) for name, why in material.early.items()]
    ended = pd.DataFrame(early, columns=["dataset", "arm", "ended"])
    return {
        "search_history": trials,
        "search_bests": bests(trials),
        "search_size": _size(material),
        "search_ended": ended,
    }


def _size(material: Material) -> pd.DataFrame:
    """Return one row: the method and its parameters, its budget, and the epochs it did not train.

    `moved` parameters are chosen by the method, by earlier results where it `learns`; `drawn` ones
    are chosen at random.
    """
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
        "goal": declared.aims[0].goal,
        "constraints": "; ".join(map(described, declared.constraints)),
        "repetitions": declared.repetitions,
        "runs": len(material.runs),
        "pruned": len(pruned),
        "epochs": epochs * len(material.runs),
        "spared": int(epochs * len(pruned) - pruned["epochs"].sum()),
    }
    return pd.DataFrame([row])


def bests(trials: pd.DataFrame) -> pd.DataFrame:
    """Return the best completed trial of each dataset and arm, and when it was found.

    `trials` are counted, and so are the `pruned` ones; without a finite objective, `best` is ∞ or
    −∞ and `found` is null.
    """
    rows = []
    for (dataset, arm), of in trials.groupby(["dataset", "arm"], sort=False):
        best = float(of["best"].iloc[-1])
        completed = (of["state"] == "completed") & flags(of)
        done = of[completed & (of["objective"] == best)]
        order = int(done["order"].iloc[0]) if math.isfinite(best) else None
        pruned = int((of["state"] == "pruned").sum())
        rows.append((dataset, arm, len(of), pruned, best, order))
    columns = ["dataset", "arm", "trials", "pruned", "best", "found"]
    return pd.DataFrame(rows, columns=columns).astype({"found": "Int64"})


def finding(best: pd.DataFrame, size: pd.DataFrame) -> list[str]:
    """Report whether the search beat random trials, else after how many it found its best."""
    about = size.iloc[0]
    method, metric = str(about["method"]), words(str(about["metric"]))
    own = best[best["arm"] == "search"].set_index("dataset")
    random = best[best["arm"] == "random"].set_index("dataset")["best"]
    finite = own[np.isfinite(own["best"].astype(float))]
    if len(random):
        sign = 1 if about["goal"] == "minimize" else -1
        apart = (sign * random.reindex(own.index) - sign * own["best"]).dropna()
        compared = {
            str(
                dataset
            ): f"{'beat' if more > 0 else 'lost to' if more < 0 else 'equalled'} the best "
            "random trial"
            for dataset, more in apart.items()
        }
        if compared:
            return sentence(
                f"the best trial of {method} {each(compared)}",
                f"whether {method} beat random trials differs between datasets",
            )
    if finite.empty:
        which = "feasible trial" if about.get("constraints") else "trial"
        return sentence(f"no {which} has a finite {metric}") if len(own) else []
    return sentence(
        f"the {method} search found its best after {span(finite['found'], _whole)} of "
        f"{span(finite['trials'], _whole)} trials, with a {metric} of {span(finite['best'])}",
        f"the {method} search found its best after {span(finite['found'], _whole)} trials",
    )


def _whole(n: float) -> str:
    return f"{n:,.0f}"


def caption(tables: Tables) -> str:
    """Explain the marks that this search has."""
    trials = tables["search_history"]
    said = "A point is a trial, in the order of the search; the line is the best so far."
    if (trials["state"] == "pruned").any():
        said += " Rings are pruned trials, at their last value."
    if not flags(trials).all():
        said += " Faint points are infeasible trials."
    if not np.isfinite(trials["objective"].astype(float)).all():
        said += " Crosses at the top have no finite objective."
    return said


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
            alpha = np.where(flags(rows), 0.55, 0.2)[done]
            axes.scatter(rows["order"][done], y[done], s=10, color=colour, alpha=alpha, lw=0)
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
    finding=lambda t: finding(t["search_bests"], t["search_size"]),
    figure=lambda t, looks: figure(t["search_history"], looks.metrics[0]),
    code=CODE,
    draws="best",
    picture="Points: the objective of each trial in the order in which they were tried, and a "
    "line for the best so far, one column a dataset",
    caption=caption,
    note="A trial's objective is an order statistic over its repetitions. `search_bests` has the "
    "best of each dataset, and `search_size` the parameters that the method chose itself and the "
    "epochs that pruning did not train.",
    basis=Basis(
        n={"": "trials"},
        interval=EVERY,
        chosen="all trials but the repetitions of confirmation",
    ),
    absent="No trial is finished.",
    unfolded=("search_ended",),
)
