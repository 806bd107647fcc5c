"""How much does each parameter matter? Shares of the variance, beside that of noise."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from study.plan.trials import planned
from study.plot.bars import shares
from study.plot.groups import by_group
from study.plot.theme import words
from study.report.material import SEED, Material
from study.report.question import Basis, Question, Tables
from study.report.wording import listing, share
from study.stats import decomposition, importance
from study.stats.ranges import binned
from study.stats.scales import GROUPS


def tables(material: Material) -> Tables:
    """Return variance shares of what is balanced, and ranks' shares of what is not.

    None where all that is left was chosen by its results (see `Material.unchosen`).
    """
    runs, names = material.unchosen, list(material.varied)
    if runs.empty:
        return {"importance": pd.DataFrame(columns=list(importance.COLUMNS))}
    aim, rng = material.pipeline.search.aims[0], np.random.default_rng(SEED)
    metrics = material.comparable(aim.first(decomposition.FINAL))
    found = decomposition.decomposition(
        runs, names, material.trivial_losses,
        metrics=metrics, merge=planned(material.pipeline).known,
    )  # fmt: skip
    balanced = pd.MultiIndex.from_frame(found[list(GROUPS)])
    parts = []
    for one in material.analysed:
        of_trials = importance.objectives(runs, names, one)
        here = pd.MultiIndex.from_frame(of_trials[list(GROUPS)].astype(str)).isin(balanced)
        of_ranges = binned(of_trials[~here], names)
        parts.append(importance.importance(of_ranges, names, metric=one.metric, rng=rng))
    ranks = pd.concat(parts, ignore_index=True)
    if ranks.empty:
        return {"importance": found.assign(null=np.nan)}
    ranks = ranks.assign(kind="parameter", low=np.nan, high=np.nan)
    return {"importance": ranks if found.empty else pd.concat([found, ranks], ignore_index=True)}


def finding(table: pd.DataFrame) -> list[str]:
    """Name what moves the first metric most, how much of it is noise, and what cannot be told."""
    found = []
    for name, every in by_group(table):
        rows = every[every["metric"] == every["metric"].iloc[0]]
        metric = words(str(rows["metric"].iloc[0]))
        ranked = "told" in rows and rows["told"].notna().all()
        found.append((_ranks if ranked else _shares)(name, metric, rows))
    return found


def _shares(name: str, metric: str, rows: pd.DataFrame) -> str:
    """Name the three largest shares whose intervals lie above 0, if there are intervals."""
    if rows["share"].isna().all():
        return f"On {name}, nothing moves the {metric}: all runs end alike."
    terms = rows[rows["kind"] != "noise"].sort_values("share", ascending=False, kind="stable")
    intervals = terms["low"].notna().any()
    surely = (terms["low"] if intervals else terms["share"]) > 0
    named = terms[surely].head(3)[["term", "share"]].itertuples(index=False)
    each = [f"{_term(term)} ({share(part)})" for term, part in named]
    luck = rows[rows["kind"] == "noise"].iloc[0]
    part, *ends = (share(min(max(float(luck[key]), 0), 1)) for key in ("share", "low", "high"))
    between = "" if math.isnan(luck["low"]) else f" ({' to '.join(ends)})"
    noise_has = f"noise has {part}{between}"
    if not each:
        return f"On {name}, nothing can be told from noise in the {metric}: {noise_has}."
    rest = [words(term) for term in terms.loc[(terms["kind"] == "parameter") & ~surely, "term"]]
    unsure = f" {listing(rest).capitalize()} alone cannot be told from noise." if rest else ""
    sure = ", of those that are surely above none," if intervals else ""
    first = f"On {name}, the largest shares of the {metric}'s variance{sure} are those of"
    return f"{first} {listing(each)}; {noise_has}.{unsure}"


def _ranks(name: str, metric: str, rows: pd.DataFrame) -> str:
    """Name the parameters that can be told from noise, the largest share first."""
    sure = rows["told"].astype(bool)
    told = rows[sure].sort_values("share", ascending=False, kind="stable")
    each = [
        f"{words(term)} ({share(part)})"
        for term, part in told[["term", "share"]].itertuples(index=False)
    ]
    rest = [words(term) for term in rows.loc[~sure, "term"]]
    unsure = f" {listing(rest).capitalize()} cannot be told from noise." if rest else ""
    if not each:
        return f"On {name}, no parameter's effect on the {metric} can be told from noise."
    return f"On {name}, the ranks of the {metric} depend on {listing(each)}.{unsure}"


def _term(term: str) -> str:
    if term == "three or more together":
        return "three or more parameters together"
    return " with ".join(words(name) for name in term.split(" × "))


def figure(table: pd.DataFrame) -> Figure:
    """Draw the share of each term, a row a metric, a column a dataset and implementation.

    `table` has one row per dataset, implementation, metric and term: kind, share, low, high, and
    null, what chance alone reaches, drawn as a stroke; NaN where there is none. Noise is grey.
    """
    names = [" × ".join(map(words, term.split(" × "))) for term in table["term"]]
    return shares(table.assign(row=table["metric"].map(words), term=names), "share of variance")


CODE = """
table = pd.read_parquet(f"{folder}/tables/importance.parquet")
grid = sns.catplot(
    table, kind="bar", x="share", y="term", hue="implementation", row="metric", col="dataset",
    errorbar=None, sharey=False,
)
"""

QUESTION = Question(
    name="importance",
    question="How much does each parameter matter?",
    applies=lambda m: bool(m.varied),
    tables=tables,
    finding=lambda t: finding(t["importance"]),
    figure=lambda t, _: figure(t["importance"]),
    code=CODE,
    draws="share",
    picture="Bars: the share of the variance that each parameter, each two of them, and noise "
    "have, one row a metric, one column a dataset and network",
    caption="A share says how much of all differences between runs goes with a parameter: "
    "with 30 %, knowing its level takes away about a third of the variance. An interaction has "
    "what two parameters explain together and neither alone; noise (grey) what is left when "
    "all levels are known. Parameters that always change together, joined by &, count as one. "
    "On a balanced grid these are ω², which has no luck in it on "
    "average (so that it may be negative, and shares need not sum to 1), with an interval by "
    "leaving out repetitions. In a search they are ε², the same of the ranks, among the trials "
    "that were drawn at random; the stroke is what chance alone reaches in 95 % of shuffles.",
    basis=Basis(
        n={"repetitions": "repetitions", "trials": "trials"},
        interval="jackknife over repetitions, 95 %; in a search none",
        chosen="runs that no result chose",
    ),
    absent="Shares are not given: too few configurations are completed, or they were chosen or "
    "pruned by their results, and a level that is tried because it is good is met with the "
    'other good levels. [search] compare_with = "random" tries some that are not chosen.',
)
