"""Which configurations are best? The ranking with all runs, and what is tied with the best."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.axes import CEILING, MAJORITY, short, trivial_line
from study.plot.facets import rankings
from study.plot.marks import titled
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import INK, RESULT, STATUS, Looks, words
from study.report.learned import which
from study.report.material import Material
from study.report.question import ONE_ANSWER, ORDER, Basis, Question, Tables
from study.report.sentence import across
from study.report.wording import count, objective
from study.stats import summaries
from study.stats.feasible import counts, feasible, flags
from study.stats.leading import KEYS, leading
from study.stats.own_units import own_units
from study.stats.trivial import of_metric
from study.stats.winners import optimism

BEST, ROWS = 5, 24
"""The most rows of a dataset and of all datasets, without the base setup."""


def tables(material: Material) -> Tables:
    """Return the best configurations with their runs, and the whole ranking.

    `best` has the first of each dataset's ranking and the base setup, or the configuration nearest
    to it. `configurations` has all: `tied` and its columns are from `winners.tied`, null for pruned
    trials and infeasible ones. `constraints` counts the configurations that meet each of them.
    `fresh` marks a ranking by the fresh repetitions of confirmed trials. `optimism` measures the
    best in repetitions that did not choose it.
    """
    aim, ranked = material.pipeline.search.aims[0], _ranked(material)
    limits, ranking = material.pipeline.search.constraints, summaries.stored(material.rankable)
    most = ROWS // max(ranked["dataset"].nunique(), 1) - 1
    first = ranked["rank"] <= min(BEST, max(most, 1))
    shown = ranked[first | ranked["base"] | ranked["near"]]
    runs = ranking.astype({"dataset": str})
    runs = runs.assign(value=summaries.measured(runs, aim.metric, aim.goal))
    of = shown[[*KEYS, "rank"]].merge(runs, on=KEYS)
    return {
        "best": _beside(leading(shown, of, aim), material.majority, aim.metric),
        "best_runs": of[[*KEYS, "rank", "run_id", "repetition", "status", "value"]],
        "own_units": own_units(
            material.ranked, material.rankable, material.spreads, aim, material.losses[0]
        ),
        "configurations": ranked,
        "optimism": optimism(material.competing, aim),
        **({"constraints": counts(ranking, limits, aim)} if limits else {}),
        "trivial": material.trivial,
        "learned": material.learned,
        "majority": material.majority,
    }


def _beside(best: pd.DataFrame, majority: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Add the accuracy of the most frequent class where configurations are ranked by accuracy."""
    shares = of_metric(majority, metric)
    return best.assign(most_frequent_class=best["dataset"].map(shares)) if shares else best


def _ranked(material: Material) -> pd.DataFrame:
    """Return every configuration, ranked, with what is tied with the best."""
    trials = material.trials
    setups = material.base.set_index(KEYS)["differs"]
    differ = setups.reindex(pd.MultiIndex.from_frame(material.ranked[KEYS])).to_numpy()
    near = ~(pd.isna(differ) | (differ == ""))
    tied = ["at_best", "at_worst", "separable", "tied", "cheapest"]
    configurations = material.ranked.assign(base=differ == "", near=near)
    of = material.tied[[*KEYS, *tied]]
    ranked = configurations.merge(of, on=KEYS, how="left", validate="one_to_one")
    sizes = summaries.stored(material.rankable).astype({"dataset": str}).groupby(KEYS)
    ranked = ranked.join(sizes["parameters"].first().astype(float), on=KEYS)
    again = trials[(trials["phase"] == "confirm") & (trials["state"] == "completed")]
    return ranked.assign(fresh=ranked["dataset"].isin(again["dataset"]))


def finding(ranked: pd.DataFrame, learned: pd.DataFrame) -> list[str]:
    """Name the best configuration of each dataset, if anything was learned, and what is tied."""
    nothing = set(learned.loc[learned["better"] == 0, "dataset"])
    of = [(str(name), *_said(rows)) for name, rows in ranked.groupby("dataset", sort=False)]
    chosen = ranked["dataset"].duplicated().any()
    if not chosen and not nothing and np.isfinite(ranked["value"]).all():
        return []  # the only configuration is no finding
    trivial = f"no {which(learned)} beats the trivial predictor"
    return across(*(
        [(name, trivial if name in nothing else versions[i]) for name, *versions in of]
        for i in range(3)
    ))  # fmt: skip


def _said(rows: pd.DataFrame) -> tuple[str, str, str]:
    """Return what is best on a dataset, with its ties, without them, and without its name."""
    rows = feasible(rows)
    if rows.empty:
        return ("no configuration is feasible",) * 3
    first, sure = rows.iloc[0], _sure(rows)
    if not math.isfinite(first["value"]):
        return ("no configuration has a finite objective",) * 3
    what = f"the best configuration is {first['configuration']}"
    short = f"the best configuration is {sure or 'a different one'}"
    return (f"{what}, {sure}," if sure else what), what, short


def _sure(rows: pd.DataFrame) -> str:
    """Return how many configurations are tied with the best; "" if that was not tested."""
    first, others = rows.iloc[0], len(rows) - 1
    runs = int(first["runs"])
    if METRICS[str(first["metric"])].timed or runs == 1 or not others:
        return ""
    if not rows["separable"].eq(other=True).any():
        return f"not separable from {count(others, 'other')}"
    tied = int(rows["tied"].eq(other=True).sum()) - 1
    return f"tied with {count(tied, 'other')}"


def figure(
    best: pd.DataFrame,
    runs: pd.DataFrame,
    learned: pd.DataFrame,
    looks: Looks,
    majority: Mapping[str, float] = MappingProxyType({}),
) -> Figure:
    """Draw the best of each dataset: every run, the objective as a dot, the median's interval.

    `best` has one row per dataset and configuration, best first: rank, configuration, setup, tied
    (with the best; null or absent if unknown), value, low, high. `runs` has one row per run:
    dataset, configuration, value. `learned` has the trivial predictor's loss on the
    part of the data that the metric is of, and `majority` the accuracy of each dataset's most
    frequent class, if the metric is an accuracy. Tied ones are ringed. Runs without a finite value,
    and losses far above the trivial predictor's, are crosses at the worse end.
    """
    import seaborn as sns  # slow to load, and only drawing needs it

    metric = looks.metrics[0]
    marks = best["setup"].where(best["setup"] == "", best["setup"] + ": ")
    names = marks + best["configuration"] + "  #" + best["rank"].astype(str)
    names += np.where(flags(best), "", ", infeasible")

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        dataset = rows["dataset"].iloc[0]
        same = (learned["dataset"] == dataset) & (learned["metric"] == metric)
        losses = learned.loc[same & learned["dataset"].isin(looks.trivial_losses), "trivial"]
        trivial = next(iter(losses.dropna()), majority.get(dataset))
        places = rows.set_index("configuration")["place"]
        own = runs[runs["dataset"] == dataset]
        own = own.assign(place=own["configuration"].map(places))
        far = own["value"] > max(CEILING * (trivial or math.inf), _largest(rows["value"]))
        far &= METRICS[metric].is_loss
        inside = np.isfinite(own["value"]) & ~far
        parts = [rows[["value", "low", "high"]], own.loc[inside, "value"]]
        measure(axes, "x", metric, ends_of(metric, parts, trivial), trivial)
        trivial_line(axes, majority.get(dataset), "x", label=MAJORITY)
        finite = rows[np.isfinite(rows["value"])]
        dots = finite.assign(**{n: drawn(metric, finite[n]) for n in ("value", "low", "high")})
        axes.hlines(dots["place"], dots["low"], dots["high"], color=RESULT, alpha=0.25, linewidth=7)
        points = own[inside].assign(value=drawn(metric, own.loc[inside, "value"]))
        single = axes.scatter(
            points["value"], points["place"], s=9, color=RESULT, alpha=0.5, linewidth=0
        )
        titled(single, map(_title, points["configuration"], points["value"]))
        sns.scatterplot(dots, x="value", y="place", color=RESULT, s=40, legend=False, ax=axes)
        titled(axes.collections[-1], map(_title, dots["configuration"], dots["value"]))
        tied = dots[dots["tied"].eq(other=True)] if "tied" in dots else dots[:0]
        axes.scatter(tied["value"], tied["place"], s=95, facecolor="none", edgecolor=INK)
        outside = own[~inside]
        axes.scatter(
            np.where(outside["value"] > 0, 0.99, 0.01), outside["place"], marker="x", s=22,
            color=STATUS["diverged"], transform=axes.get_yaxis_transform(),
        )  # fmt: skip

    return rankings(best.assign(name=names), draw, words(metric))


def _title(configuration: str, value: float) -> str:
    return f"{configuration}: {short(value)}"


def _largest(values: pd.Series) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if len(finite) else -math.inf


def caption(best: pd.DataFrame, runs: pd.DataFrame, ranked: pd.DataFrame) -> str:
    """Explain the marks that this figure has."""
    if best.empty:
        return ""
    first = ranked.iloc[0]
    named = objective(
        str(first["metric"]), str(first["goal"]), float(first["quantile"]), int(first["runs"])
    )
    bar = "" if METRICS[str(first["metric"])].timed else ", a bar the median's interval"
    parts = [f"A large dot is the {named}, a small one a single run{bar}."]
    if not bar:
        parts.append("Runs of a stack share one timing, so there is no interval and no test.")
    if "tied" in best and best["tied"].eq(other=True).any():
        parts.append("Rings mark ties with the best.")
    if METRICS[str(first["metric"])].is_loss:
        parts.append("Dashed: the trivial predictor.")
    if "most_frequent_class" in best:
        parts.append("Dashed: always the most frequent class.")
    if not np.isfinite(runs["value"]).all():
        parts.append("Crosses: runs without a finite value.")
    return " ".join(parts)


CODE = """
table = pd.read_parquet(f"{folder}/tables/best.parquet")
runs = pd.read_parquet(f"{folder}/tables/best_runs.parquet")
grid = sns.relplot(table, x="value", y="configuration", row="dataset", facet_kws={"sharey": False})
for dataset, axes in grid.axes_dict.items():
    rows = table[table["dataset"] == dataset]
    axes.hlines(rows["configuration"], rows["low"], rows["high"])
    own = runs[(runs["dataset"] == dataset) & (runs["value"].abs() < float("inf"))]
    axes.scatter(own["value"], own["configuration"], s=9, alpha=0.5)
{% if log %}
grid.set(xscale="log")
{% endif %}
"""

QUESTION = Question(
    name="best",
    unfolded=("best", "own_units"),
    question="Which configurations are best?",
    tables=tables,
    finding=lambda t: finding(t["configurations"], t["learned"]),
    figure=lambda t, looks: figure(
        t["best"], t["best_runs"], t["learned"], looks, of_metric(t["majority"], looks.metrics[0])
    ),
    code=CODE,
    draws="value",
    picture=f"Dots with bars: the objective of the {BEST} best configurations, every run of theirs "
    "and the median's interval, best at the top, ties with the best ringed, one panel a dataset",
    caption=lambda t: caption(t["best"], t["best_runs"], t["configurations"]),
    note="Configurations are ranked by the objective, the declared quantile of their repetitions, "
    "feasible ones first, and only these compete where the study has constraints; the median of "
    "an even number is the worse of the middle two. The loss or accuracy in the last columns is "
    "the same quantile. Diverged and failed runs count as the worst. "
    "Equal configurations keep the order in which they were tried. A configuration is tied with "
    "the best unless another one is better even if each has the least favourable value that its "
    "repetitions allow; both limits are order statistics, and the true best is among the ties "
    "with at least 95 %. Confirmed trials of a search are ranked by their fresh repetitions."
    + ONE_ANSWER
    + " In the table optimism, held_out is the leave-one-out check: each repetition measures the "
    "configuration that the others chose. own_units has the error in the unit of a "
    "standardized target, and learned counts the best configuration's runs that are no better "
    "than the trivial predictor (stuck).",
    basis=Basis(
        n={"runs": "runs a configuration"},
        interval=ORDER,
        chosen="the best configurations, and the base setup",
    ),
    absent="No configuration has a stored run.",
)
