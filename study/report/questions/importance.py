"""How much does each parameter matter? Paired contrasts, and shares of the variance."""

from operator import itemgetter

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from study.plan.trials import planned
from study.plot.bars import shares
from study.plot.theme import words
from study.report.material import SEED, Material
from study.report.question import Basis, Question, Tables
from study.report.wording import count, listing, share
from study.stats import decomposition, importance, matters
from study.stats.ranges import binned
from study.stats.scales import GROUPS


def tables(material: Material) -> Tables:
    """Return variance shares of balanced designs, shares of ranks of others, and contrasts.

    None where all that is left was chosen by its results (see `Material.unchosen`).
    """
    runs, names = material.unchosen, list(material.varied)
    shares = _shares(material, runs, names) if len(runs) else _NOTHING
    matter = matters.matter(material.contrasts).to_dict()
    first, keys = shares["metric"] == material.pipeline.search.aims[0].metric, [*GROUPS, "term"]
    each = [matter.get(key) for key in shares[keys].itertuples(index=False, name=None)]
    decided = pd.Series(each, shares.index, dtype="boolean").where(first)
    return {"importance": shares.assign(matters=decided), "contrasts": material.contrasts}


_NOTHING = pd.DataFrame(columns=list(importance.COLUMNS))


def _shares(material: Material, runs: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    aim, rng = material.pipeline.search.aims[0], np.random.default_rng(SEED)
    metrics = material.comparable(aim.first(decomposition.FINAL))
    table = decomposition.decomposition(
        runs, names, material.trivial_losses,
        metrics=metrics, merge=planned(material.pipeline).listed,
    )  # fmt: skip
    balanced = pd.MultiIndex.from_frame(table[list(GROUPS)])
    parts = []
    for one in material.analysed:
        of_trials = importance.objectives(runs, names, one)
        balanced_rows = pd.MultiIndex.from_frame(of_trials[list(GROUPS)].astype(str)).isin(balanced)
        of_ranges = binned(of_trials[~balanced_rows], names)
        parts.append(importance.importance(of_ranges, names, metric=one.metric, rng=rng))
    ranks = pd.concat(parts, ignore_index=True).assign(kind="parameter")
    if ranks.empty:
        return table.assign(null=np.nan)
    return ranks if table.empty else pd.concat([table, ranks], ignore_index=True)


def finding(table: pd.DataFrame, contrasts: pd.DataFrame) -> list[str]:
    """Name the parameters that matter and the undecided ones, in one sentence."""
    if table.empty:
        return []
    rows = table[table["metric"] == table["metric"].iloc[0]]
    metric = words(str(rows["metric"].iloc[0]))
    if rows["share"].isna().all() and (contrasts["ties"] == contrasts["n"]).all():
        alone = "levels" in rows and (rows["levels"] == rows["trials"]).any()
        return [] if alone else [f"No parameter changes the {metric}: all runs end alike."]
    largest, noise = _largest(rows), _noise(rows)
    if contrasts.empty:
        return [f"{largest} of the {metric}'s {'variance' if noise else 'ranks'}."]
    n, least = int(contrasts["n"].max()), matters.needed(contrasts)
    if n < least:
        cannot = f"{count(n, 'repetition')} cannot decide which parameters matter"
        need = f"{count(len(contrasts), 'comparison')} need{'s' if len(contrasts) == 1 else ''}"
        return [f"{cannot}: {need} {least}.{f' {largest}{noise}.' if largest else ''}"]
    decided = matters.matter(contrasts).groupby("parameter", sort=False)
    groups = rows[list(GROUPS)].drop_duplicates()
    each = {
        words(str(name)): f" (in {int(of.sum())} of {len(groups)} panels)" * (len(groups) > 1)
        for name, of in decided
        if of.any()
    }
    rest = [words(str(name)) for name, of in decided if not of.any()]
    if not each:
        return [f"{count(n, 'repetition')} do not decide whether any parameter matters."]
    verb = "matters" if len(each) == 1 else "matter"
    named = [f"{name}{where}" for name, where in each.items()]
    unsure = f"; {_some(rest)} {'is' if len(rest) == 1 else 'are'} undecided" if rest else ""
    return [f"{_upper(_some(named))} {verb} for the {metric}{unsure}."]


NAMED = 3
"""The most parameters that a sentence names; the table has all of them."""


def _some(names: list[str]) -> str:
    more = len(names) - NAMED
    return listing([*names[:NAMED], f"{more} more"] if more > 0 else names)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _largest(rows: pd.DataFrame) -> str:
    """Name the parameter, or the two together, with the largest share in any panel, if known."""
    terms = rows[rows["kind"].isin(["parameter", "pair"]) & rows["share"].notna()]
    if terms.empty:
        return ""
    term, most = max(zip(terms["term"], terms["share"], strict=True), key=itemgetter(1))
    return f"{_upper(_term(term))} has the largest share ({share(max(most, 0.0))})"


def _noise(rows: pd.DataFrame) -> str:
    """Name the smallest and the largest share of noise; nothing where shares are of ranks."""
    shares = rows.loc[rows["kind"] == "noise", "share"].dropna().clip(0, 1)
    ends = dict.fromkeys(share(end) for end in (shares.min(), shares.max()) if len(shares))
    return f", noise {' to '.join(ends)}" if ends else ""


def _term(term: str) -> str:
    return " with ".join(words(name) for name in term.split(" × "))


def caption(table: pd.DataFrame, contrasts: pd.DataFrame) -> str:
    """Explain the bars of this study, and the test where there is one."""
    stroke = " The stroke is what chance alone reaches." if table["null"].notna().any() else ""
    bars = "ε² of its ranks" if (table["kind"] != "noise").all() else "ω²"
    tested = (
        " A parameter matters where two of its levels differ by the verdicts' test in matched "
        "settings; undecided is not refuted."
    )
    return (
        f"A bar is the part of the metric's variance ({bars}) that a parameter explains."
        f"{stroke}{'' if contrasts.empty else tested}"
    )


def figure(table: pd.DataFrame) -> Figure:
    """Draw the share of each term, a row a metric, a column a dataset and implementation.

    `table` has one row per dataset, implementation, metric and term: kind, share, and null, what
    chance alone reaches, drawn as a stroke; NaN without one. Noise is grey.
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
    finding=lambda t: finding(t["importance"], t["contrasts"]),
    figure=lambda t, _: figure(t["importance"]),
    code=CODE,
    draws="share",
    picture="Bars: the share of the variance that each parameter, each two of them, and noise "
    "have, one row a metric, one column a dataset and network",
    caption=lambda t: caption(t["importance"], t["contrasts"]),
    note="ω² is the share of the variance that goes with a term (Hays 1963). It is not "
    "biased upwards by chance, so it may be negative, and shares need not sum to 1. An interaction "
    "has what two parameters explain together and neither alone; noise (grey) is the rest. "
    "Parameters that always change together, joined by &, count as one. In a search, bars are "
    "ε² of the ranks among the trials drawn at random, and the stroke is what chance alone "
    "reaches in 95 % of shuffles. Shares have no interval: in simulations, no interval kept "
    "its nominal coverage. Of many metrics the first are drawn, and of many terms the largest. "
    "A parameter matters where any two of its levels differ. Each "
    "repetition is the median difference over the settings that both levels met; the signs "
    "have the verdicts' test, at 5 % divided by the number of all pairs of levels. A search "
    "has no matched settings, so nothing is tested.",
    basis=Basis(
        n={"repetitions": "repetitions", "trials": "trials"},
        interval="none; `contrasts` has the tests",
        chosen="runs that no result chose",
    ),
    absent="Shares are not given: too few configurations are completed, or they were chosen or "
    "pruned by their results, and a level that is tried because it is good is met with the "
    'other good levels. [search] compare_with = "random" tries some that are not chosen.',
)
