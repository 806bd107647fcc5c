"""Which configurations were best? The ranking, what is tied with the best, and its luck."""

import math

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.metrics import METRICS
from study.plot.facets import rankings
from study.plot.measure import drawn, ends_of, measure
from study.plot.theme import INK, OKABE_ITO, STATUS, Looks, words
from study.report.learned import announced, nothing, stuck
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.report.wording import count, interval, number, numbers, objective, ordinal
from study.stats.own_units import own_units
from study.stats.winners import optimism

BEST = 12
"""So many of each dataset's best configurations are drawn; the table has all."""

SETUPS = {"base": "base setup", "near": "configuration nearest to the base setup"}


def tables(material: Material) -> Tables:
    """Return every configuration, ranked, whether it is tied with the best, and the best's luck.

    `tied` and what goes with it are of `winners.tied`: null for what was pruned.
    `fresh` says where those that were confirmed are ranked, by their fresh repetitions alone;
    `base` which is the base setup, or `near` what is nearest to it, where that is not stored.
    """
    aim, trials = material.pipeline.search.aims[0], material.trials
    keys = ["dataset", "configuration"]
    setups = material.base.set_index(keys)["differs"]
    differ = setups.reindex(pd.MultiIndex.from_frame(material.ranked[keys])).to_numpy()
    near = ~(pd.isna(differ) | (differ == ""))
    tied = ["at_best", "at_worst", "separable", "tied", "cheapest", "parameters"]
    of = material.tied[[*keys, *tied]]
    configurations = material.ranked.assign(base=differ == "", near=near)
    ranked = configurations.merge(of, on=keys, how="left", validate="one_to_one")
    again = trials[(trials["phase"] == "confirm") & (trials["state"] == "completed")]
    return {
        "configurations": ranked.assign(fresh=ranked["dataset"].isin(again["dataset"])),
        "optimism": optimism(material.rankable, aim),
        "trivial": material.trivial,
        "learned": material.learned,
        "own_units": own_units(material.ranked, material.rankable, material.spreads, aim),
    }


def finding(ranked: pd.DataFrame, luck: pd.DataFrame) -> list[str]:
    """Report which configuration is best on each dataset, and how sure that is."""
    lucky = {str(row["dataset"]): row for _, row in luck.iterrows()}
    return [
        _best(str(dataset), rows, lucky.get(str(dataset)))
        for dataset, rows in ranked.groupby("dataset", sort=False)
    ]


def _best(dataset: str, rows: pd.DataFrame, luck: "pd.Series[float] | None") -> str:
    first, runs = rows.iloc[0], int(rows["runs"].iloc[0])
    named = objective(str(first["metric"]), str(first["goal"]), first["quantile"], runs)
    if not math.isfinite(first["value"]):
        return f"On {dataset}, no configuration has a finite {named}."
    base = "".join(
        f" The {setup} is {ordinal(place)} of {len(rows):,}."
        for column, setup in SETUPS.items()
        for place in rows.loc[rows[column], "rank"]
    )
    if first["quantile"] == 0.5:  # noqa: PLR2004  # the interval is the median's
        what = _between(first, "value")
    else:
        what = f"{number(float(first['value']))}, and the median {_between(first, 'median')}"
    of_those = f"of the {len(rows):,} that were confirmed, by their fresh runs, "
    same = int((rows["value"] == first["value"]).sum()) - 1
    as_good = f", with {count(same, 'other')} exactly as good," if same else ""
    return (
        f"On {dataset}, {of_those * bool(first['fresh'])}{first['configuration']}{as_good} has the "
        f"best {named}, {what}. {_tied(rows)}"
        f"{base or ' The base setup is not among those that are ranked.'}{_luck(luck, named)}"
    )


def _between(row: "pd.Series[float]", name: str) -> str:
    """Write a number and the interval of the median."""
    runs = int(row["runs"])
    middle, low, high = numbers(*(float(row[key]) for key in (name, "low", "high")))
    if METRICS[str(row["metric"])].timed:
        return f"{middle} (timed a stack at a time, so without an interval)"
    ends = f"{low} to {high}: " if runs > 1 else ""
    return f"{middle} ({ends}{interval(runs)})"


def _tied(rows: pd.DataFrame) -> str:
    """Report how many configurations are tied with the best, and the cheapest of them."""
    first, others = rows.iloc[0], len(rows) - 1
    runs, quantile = int(first["runs"]), float(first["quantile"])
    if METRICS[str(first["metric"])].timed:
        return "Repetitions that were trained in one stack are one timing, so nothing is tested."
    if runs == 1:
        return "A single run says nothing of how far repetitions differ."
    if not others:
        return "It is the only configuration that is ranked."
    if not rows["separable"].eq(other=True).any():
        return f"{count(runs, 'repetition')} cannot separate {others + 1:,} configurations."
    tied = rows[rows["tied"].eq(other=True)]
    what = "median" if quantile == 0.5 else f"{quantile:g} quantile"  # noqa: PLR2004  # a word
    level = f"order-statistic bounds of the {what}, 95 % for the true best"
    if len(tied) == 1:
        return f"None of the {count(others, 'other')} is tied with it ({level})."
    cheapest = rows[rows["cheapest"].eq(other=True)].iloc[0]
    it = "this one" if cheapest["rank"] == 1 else str(cheapest["configuration"])
    differ = tied["parameters"].min() < tied["parameters"].max()
    says = f"of these, {it} has the fewest weights" if differ else "all have the same size"
    return (
        f"{len(tied) - 1:,} of the {count(others, 'other')} {'is' if len(tied) == 2 else 'are'} "  # noqa: PLR2004
        f"tied with it ({level}); {says}: {int(cheapest['parameters']):,}."
    )


def _luck(luck: "pd.Series[float] | None", named: str) -> str:
    """Report what the best has where it was not chosen by the repetition that measures it."""
    if luck is None or math.isnan(luck["held_out"]) or luck["configurations"] <= 1:
        return ""
    return (
        f" Chosen by all repetitions but one, and measured in that one, the {named} of the best is "
        f"{number(float(luck['held_out']))}."
    )


def errors(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each finite row of the table `own_units`."""
    return [
        f"On {row['dataset']}, that loss of {number(row['loss'])} is a root-mean-square error of "
        f"{number(row['error'])} in the unit of {row['target']}."
        for row in table.to_dict("records")
        if math.isfinite(row["error"])
    ]


def figure(ranked: pd.DataFrame, looks: Looks) -> Figure:
    """Draw the best of each dataset: the objective as a dot, the median's interval as a bar.

    `ranked` has one row per dataset and configuration, best first: rank, configuration, base
    (whether it is the base setup), near (or the nearest to it), tied (with the best), separable
    (whether that could be told), metric, value, low, high. Tied ones are ringed, and a value of ∞
    is a cross at the end.
    """
    metric = str(ranked["metric"].iloc[0])
    best = ranked[(ranked["rank"] <= BEST) | ranked["base"] | ranked["near"]]
    marks = np.select([best["base"], best["near"]], ["base setup: ", "nearest to the base: "], "")
    names = marks + best["configuration"] + "  #" + best["rank"].astype(str)

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        known = looks.trivial_losses if METRICS[metric].is_loss else {}
        trivial = known.get(rows["dataset"].iloc[0])
        between = ends_of(metric, [rows[["value", "low", "high"]]], trivial)
        measure(axes, "x", metric, between, trivial)
        finite = np.isfinite(rows["value"])
        dots = rows[finite].assign(
            **{name: drawn(metric, rows.loc[finite, name]) for name in ("value", "low", "high")}
        )
        blue = OKABE_ITO[0]
        axes.hlines(dots["place"], dots["low"], dots["high"], color=blue, alpha=0.3, linewidth=5)
        sns.scatterplot(dots, x="value", y="place", color=blue, s=34, legend=False, ax=axes)
        tied = dots[dots["tied"].eq(other=True) & dots["separable"].eq(other=True)]
        axes.scatter(tied["value"], tied["place"], s=90, facecolor="none", edgecolor=INK)
        never = rows.loc[~finite, "place"]
        axes.scatter(
            np.full(len(never), 0.99), never, marker="x", s=22,
            color=STATUS["diverged"], transform=axes.get_yaxis_transform(),
        )  # fmt: skip

    x = f"{words(metric)}: the objective, and the median's interval"
    return rankings(best.assign(name=names), draw, x)


CODE = """
table = pd.read_parquet(f"{folder}/tables/configurations.parquet")
best = table[table["rank"] <= 12]
grid = sns.relplot(best, x="value", y="configuration", row="dataset", facet_kws={"sharey": False})
for dataset, axes in grid.axes_dict.items():
    rows = best[best["dataset"] == dataset]
    axes.hlines(rows["configuration"], rows["low"], rows["high"])
{% if log %}
grid.set(xscale="log")
{% endif %}
"""

QUESTION = Question(
    name="best",
    question="Which configurations were best?",
    tables=tables,
    finding=lambda t: [
        *nothing(t["learned"]),
        *finding(announced(t["configurations"], t["learned"]), t["optimism"]),
        *errors(t["own_units"]),
        *stuck(t["learned"]),
    ],
    figure=lambda t, looks: figure(t["configurations"], looks),
    code=CODE,
    draws="value",
    picture=f"Dots with bars: the objective of the {BEST} best configurations and the median's "
    "interval, best at the top, those tied with the best ringed, one panel a dataset",
    caption="The dot is the objective, which ranks: the repetition at the declared quantile "
    "(0.5 is the median, of an even number the worse of the middle two; equal ones are in the "
    "order in which they were tried). The bar is an interval for the median whose ends are two "
    "of the values; the text above gives its confidence. The dashed line is the loss "
    "of the trivial predictor, which always answers the mean of the training labels "
    "(averaged over the repetitions): what lies to its right is no better than that. Ringed "
    "dots are tied with the best, where the repetitions can separate configurations: a "
    "configuration is not tied if another one, at the worst that its repetitions allow, is better "
    "than this one at its best. Each bound is an order statistic of the repetitions, and the true "
    "best is among the tied ones with at least 95 %. A cross is an "
    "infinite objective. The base setup, or the nearest configuration, is always "
    "named; # gives places in the ranking, and lr is the learning rate.",
    basis=Basis(
        n={"runs": "runs a dot"},
        interval=ORDER,
        chosen="the best, and the base setup; diverged runs count as the worst",
    ),
    absent="No configuration has a stored run.",
)
