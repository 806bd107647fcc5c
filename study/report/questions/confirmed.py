"""Do the winners hold up? The best trials, trained again, and the best random ones."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.facets import rankings
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import ARMS, INK, words
from study.report.learned import announced, nothing
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.wording import count, interval, number, numbers
from study.stats import search
from study.stats.intervals import DECIDABLE_FROM


def tables(material: Material) -> Tables:
    """Return what the confirmed trials came to, and the winner beside the best of random ones.

    Where nothing was confirmed, the best so far are compared, by the repetitions that chose them.
    """
    declared, runs = material.pipeline.search, material.runs.astype({"dataset": "str"})
    aim = declared.aims[0]
    confirmed = search.confirmed(material.trials, runs, metric=aim.metric, goal=aim.goal)
    fresh = declared.repetitions if len(confirmed) else 0
    best = confirmed[confirmed["place"] == 1]
    if confirmed.empty:
        trials = search.history(material.trials, aim.goal)
        completed = trials[trials["state"] == "completed"]
        best = search.best_first(completed, "objective", aim.goal)
    first = best.drop_duplicates(["dataset", "arm"])
    chance = search.against_chance(first, runs, metric=aim.metric, goal=aim.goal, fresh=fresh)
    return {
        "confirmed": confirmed,
        "against_random": chance.assign(fresh=fresh > 0),
        "learned": material.learned,
    }


def finding(confirmed: pd.DataFrame, chance: pd.DataFrame) -> list[str]:
    """Report what became of the best when they were trained again, and whether they beat chance."""
    own = confirmed[confirmed["arm"] == "search"]
    found = [
        f"On {dataset}, no trial of the search came to a finite objective, so that none of its own "
        "was trained again."
        for dataset in confirmed["dataset"].drop_duplicates()
        if dataset not in set(own["dataset"])
    ]
    for dataset, rows in own.groupby("dataset", sort=False):
        searched, first = rows[rows["place"] == 1].iloc[0], rows.iloc[0]
        best = f"Confirmed best is {first['configuration']}, {number(first['confirmed'])}."
        if searched["configuration"] == first["configuration"]:
            best = "It is still the best of them."
        found.append(
            f"On {dataset}, the winner of the search, {searched['configuration']}, had "
            f"{number(searched['searched'])} and has {number(searched['confirmed'])} with fresh "
            f"repetitions. {best}"
        )
    return [*found, *(_chance(row) for _, row in chance.iterrows())]


def _chance(row: "pd.Series[float]") -> str:
    """Report whether the search's best beats the best of as many random trials."""
    runs, better, worse = int(row["runs"]), int(row["better"]), int(row["worse"])
    if not better and not worse:
        return (
            f"On {row['dataset']}, the best of this search and the best of as many random "
            f"configurations come out alike in {count(runs, 'pair')} of runs."
        )
    verdict = "not distinguishable from it"
    if runs >= DECIDABLE_FROM and (row["low"] > 0 or row["high"] < 0):
        verdict = f"{'better' if better > worse else 'worse'} than it"
    chose = "the repetitions that chose them, so both are optimistic"
    median, low, high = numbers(*(float(row[n]) for n in ("difference", "low", "high")))
    few = f" Fewer than {DECIDABLE_FROM} pairs decide nothing." * (runs < DECIDABLE_FROM)
    return (
        f"On {row['dataset']}, against the best of as many random configurations, the best of this "
        f"search is {verdict}: better in {better} and worse in {worse} of {runs} pairs of runs "
        f"({'fresh repetitions' if row['fresh'] else chose}), median difference {median} "
        f"({low} to {high}: {interval(runs)}).{few} This is one "
        "search: another seed may find another best."
    )


def figure(trials: pd.DataFrame, metric: str) -> Figure:
    """Draw the confirmed trials: a ring at the searched objective, a dot at the confirmed one.

    `trials` has one row per trial in the order to be drawn: dataset, arm, configuration, searched,
    confirmed, low, high. The bar is the interval of the fresh repetitions.
    """

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        columns = ["searched", "confirmed", "low", "high"]
        measure(axes, "x", metric, ends_of(metric, [rows[columns]], None), None)
        here = rows.assign(**{name: drawn(metric, rows[name]) for name in columns})
        for arm, colour in ARMS.items():
            of = here[here["arm"] == arm]
            axes.hlines(of["place"], of["low"], of["high"], color=colour, alpha=0.3, linewidth=5)
            sns.scatterplot(of, x="confirmed", y="place", color=colour, s=34, legend=False, ax=axes)
            axes.scatter(
                of["searched"], of["place"], s=30, facecolors="none", edgecolors=INK, linewidths=0.8
            )

    named = trials.assign(name=trials["configuration"])
    return rankings(named, draw, f"{words(metric)}: median over repetitions")


CODE = """
table = pd.read_parquet(f"{folder}/tables/confirmed.parquet")
grid = sns.relplot(table, x="searched", y="confirmed", hue="arm", style="arm", col="dataset")
metric = pd.read_parquet(f"{folder}/tables/configurations.parquet")["metric"].iloc[0]
if "accuracy" not in metric:
    grid.set(xscale="log", yscale="log")
"""

QUESTION = Question(
    name="confirmed",
    question="Do the winners hold up?",
    applies=lambda m: m.searched,
    tables=tables,
    finding=lambda t: [
        *nothing(t["learned"]),
        *finding(*(announced(t[name], t["learned"]) for name in ("confirmed", "against_random"))),
    ],
    figure=lambda t, looks: figure(t["confirmed"], looks.metrics[0]),
    code=CODE,
    draws="confirmed",
    picture="Rings for the objective as it was searched beside dots for the same "
    "configuration's objective over fresh repetitions, with their interval as a bar",
    caption="The best of many is partly lucky: what was chosen for its value tends to be worse "
    "when it is measured again. (Fresh repetitions have other draws, so that all may be better "
    "or worse: compare the order.) Here the best trials were trained again with fresh "
    "repetitions, which had no part in the search, and are ranked by these (so that the first "
    "of this ranking is a little lucky again). Chance is held against the winner of the "
    "search, which was chosen without them.",
    basis=Basis(
        n={"runs": "fresh repetitions a dot"},
        interval=ORDER,
        chosen="the trials that were trained again",
    ),
    absent="No winner was trained again: [search] confirm was not set, or no trial came to a "
    "finite objective. What a search says of its best is optimistic.",
)
