"""Do the winners hold up? The best trials, trained again, and the best random ones."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.facets import rankings
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import ARMS, INK, words
from study.report.learned import which
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.sentence import across
from study.report.wording import ordinal
from study.stats import search
from study.stats.feasible import feasible, flags
from study.stats.intervals import DECIDABLE_FROM


def tables(material: Material) -> Tables:
    """Return the confirmed trials, and the comparison of the winner with the best random trial.

    Without confirmed trials the best so far are compared, by the repetitions that chose them.
    """
    declared, runs = material.pipeline.search, material.runs.astype({"dataset": "str"})
    aim = declared.aims[0]
    confirmed = search.confirmed(material.trials, runs, metric=aim.metric, goal=aim.goal)
    fresh = declared.repetitions if len(confirmed) else 0
    best = feasible(confirmed[confirmed["place"] == 1])
    if confirmed.empty:
        trials = search.history(material.trials, aim.goal)
        completed = feasible(trials[trials["state"] == "completed"])
        best = search.best_first(completed, "objective", aim.goal)
    first = best.drop_duplicates(["dataset", "arm"])
    chance = search.against_chance(first, runs, metric=aim.metric, goal=aim.goal, fresh=fresh)
    verdicts = [verdict(row) for row in chance.to_dict("records")]
    return {
        "confirmed": confirmed,
        "against_random": chance.assign(fresh=fresh > 0, verdict=pd.Series(verdicts, dtype="str")),
        "learned": material.learned,
    }


def finding(confirmed: pd.DataFrame, chance: pd.DataFrame, learned: pd.DataFrame) -> list[str]:
    """Report whether the winner of each search stays first, and whether it beats random trials."""
    nothing = set(learned.loc[learned["better"] == 0, "dataset"])
    against = dict(zip(chance["dataset"], chance["verdict"], strict=True))
    each = []
    for name in dict.fromkeys([*confirmed["dataset"], *chance["dataset"]]):
        own = confirmed[(confirmed["dataset"] == name) & (confirmed["arm"] == "search")]
        if name in nothing:
            said = [f"no {which(learned)} beats the trivial predictor"] * 2
        elif own.empty and len(confirmed):
            feasible_one = "feasible trial" if "feasible" in confirmed else "trial"
            said = [f"no {feasible_one} of the search has a finite objective"] * 2
        else:
            parts = [*_place(own), *([AGAINST[against[name]]] if name in against else [])]
            said = [f"the search's winner {what}" for what in (" and ".join(parts), parts[-1])]
        each.append((str(name), *said))
    return across(*([(name, versions[i]) for name, *versions in each] for i in range(2)))


def _place(own: pd.DataFrame) -> list[str]:
    """Return the winner's place among the confirmed trials of the search, if there are any."""
    winner = own["place"].eq(1).to_numpy()
    return [
        f"is {ordinal(i)} with fresh repetitions" if meets else "breaks a constraint when confirmed"
        for i, meets in enumerate(flags(own), start=1)
        if winner[i - 1]
    ]


AGAINST = {
    "better": "beats the best random trial",
    "worse": "is worse than the best random trial",
    "alike": "ties with the best random trial",
    "undecided": "is indistinguishable from the best random trial",
}
"""Verdict of the comparison with random trials → what a sentence has."""


def verdict(row: Mapping[Any, Any]) -> str:
    """Return whether the winner is better than the best random trial, worse, alike or undecided."""
    better, worse = int(row["better"]), int(row["worse"])
    if not better and not worse:
        return "alike"
    if row["runs"] >= DECIDABLE_FROM and (row["low"] > 0 or row["high"] < 0):
        return "better" if better > worse else "worse"
    return "undecided"


def figure(trials: pd.DataFrame, metric: str) -> Figure:
    """Draw the confirmed trials: a ring at the searched objective, a dot at the confirmed one.

    `trials` has one row per trial in the order to be drawn: dataset, arm, configuration, searched,
    confirmed, low, high. The bar is the interval of the fresh repetitions.
    """
    import seaborn as sns  # slow to load, and only drawing needs it

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        columns = ["searched", "confirmed", "low", "high"]
        measure(axes, "x", metric, ends_of(metric, [rows[columns]], None), None)
        finite = rows.assign(**{name: drawn(metric, rows[name]) for name in columns})
        for arm, colour in ARMS.items():
            of = finite[finite["arm"] == arm]
            axes.hlines(of["place"], of["low"], of["high"], color=colour, alpha=0.3, linewidth=5)
            sns.scatterplot(of, x="confirmed", y="place", color=colour, s=34, legend=False, ax=axes)
            axes.scatter(
                of["searched"], of["place"], s=30, facecolors="none", edgecolors=INK, linewidths=0.8
            )

    named = trials.assign(name=trials["configuration"])
    return rankings(named, draw, words(metric))


CODE = """
table = pd.read_parquet(f"{folder}/tables/confirmed.parquet")
grid = sns.relplot(table, x="searched", y="confirmed", hue="arm", style="arm", col="dataset")
metric = pd.read_parquet(f"{folder}/tables/configurations.parquet")["metric"].iloc[0]
if "accuracy" not in metric:
    grid.set(xscale="log", yscale="log")
"""


def caption(confirmed: pd.DataFrame) -> str:
    """Explain the marks that this figure has."""
    text = (
        "A ring is the objective in the search, a dot the objective with fresh repetitions, its "
        "bar the interval of their median."
    )
    arms = " Teal: the search; olive: random trials."
    return text + arms * bool((confirmed["arm"] == "random").any())


QUESTION = Question(
    name="confirmed",
    question="Do the winners hold up?",
    applies=lambda m: m.searched,
    tables=tables,
    finding=lambda t: finding(t["confirmed"], t["against_random"], t["learned"]),
    figure=lambda t, looks: figure(t["confirmed"], looks.metrics[0]),
    code=CODE,
    draws="confirmed",
    picture="Rings for the objective in the search next to dots for the same configuration's "
    "objective with fresh repetitions, with their interval as a bar",
    caption=lambda t: caption(t["confirmed"]),
    note="The best of many trials is partly lucky, so its objective tends to be worse with fresh "
    "repetitions, which had no part in the search. Fresh draws can also move all trials together: "
    "compare the order. Random trials are compared with the winner of the search, in pairs of runs "
    f"that share their draws; fewer than {DECIDABLE_FROM} pairs cannot decide. Without fresh "
    "repetitions (fresh: no) both sides are measured by the repetitions that chose them, and both "
    "are optimistic. This is one search: another seed may find another best.",
    basis=Basis(
        n={"runs": "fresh repetitions a dot"},
        interval=ORDER,
        chosen="the trials that were trained again",
    ),
    absent="No winner was trained again: [search] confirm was not set, or no trial qualified for "
    "it. The objective of a search's best trial is optimistic.",
)
