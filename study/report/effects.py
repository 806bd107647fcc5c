"""The report's sections on what each parameter does: importance, behaviour, isolation."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from study.plan.trials import planned
from study.plot import effects
from study.plot.bars import shares
from study.plot.theme import words
from study.report import behaviour_sentences
from study.report import finding_sentences as says
from study.report.material import SEED, Material
from study.report.question import ORDER, Basis, Question, Tables
from study.stats import (
    behaviour,
    cost,
    decomposition,
    importance,
    trials,
)
from study.stats.ranges import binned
from study.stats.scales import GROUPS


def _importance(material: Material) -> Tables:
    """Return variance shares of what is balanced, and ranks' shares of what is not.

    None where all that is left was chosen by its results (see `Material.unchosen`).
    """
    runs, names = material.unchosen, list(material.varied)
    if runs.empty:
        return {"importance": pd.DataFrame(columns=list(importance.COLUMNS))}
    aim, rng = material.pipeline.search.aims[0], np.random.default_rng(SEED)
    found = decomposition.decomposition(
        runs, names, material.trivial_losses,
        metrics=aim.first(decomposition.FINAL), merge=planned(material.pipeline).known,
    )  # fmt: skip
    balanced = pd.MultiIndex.from_frame(found[list(GROUPS)])
    parts = []
    for one in aim.analysed:
        of_trials = trials.objectives(runs, names, one)
        here = pd.MultiIndex.from_frame(of_trials[list(GROUPS)].astype(str)).isin(balanced)
        of_ranges = binned(of_trials[~here], names)
        parts.append(importance.importance(of_ranges, names, metric=one.metric, rng=rng))
    ranks = pd.concat(parts, ignore_index=True)
    if ranks.empty:
        return {"importance": found.assign(null=np.nan)}
    ranks = ranks.assign(kind="parameter", low=np.nan, high=np.nan)
    return {"importance": ranks if found.empty else pd.concat([found, ranks], ignore_index=True)}


def _behaviour(material: Material) -> Tables:
    runs = material.measurable(material.unchosen)
    metric = material.pipeline.search.aims[0].metric
    found = behaviour.behaviour(runs, material.studied, material.references, metric)
    costs = cost.cost(runs, material.studied, material.references)
    parts = [part for part in (found, cost.effects(costs)) if len(part)]
    together = pd.concat(parts, ignore_index=True) if parts else found
    return {"behaviour": together[list(behaviour.COLUMNS)], "cost": costs}


def _has_late(material: Material) -> bool:
    return bool(material.studied) and not pd.isna(material.runs["status"]).all()


def _drawn(table: pd.DataFrame) -> Figure:
    """Draw the share of each term, a row a metric, a column a dataset and implementation.

    `table` has one row per dataset, implementation, metric and term: kind, share, low, high, and
    null, what chance alone reaches, drawn as a stroke; NaN where there is none. Noise is grey.
    """
    rows = table.assign(row=table["metric"].map(words), term=table["term"].map(_term))
    return shares(rows, "share of variance")


def _term(term: str) -> str:
    return " × ".join(words(name) for name in term.split(" × "))


SECTIONS: tuple[Question, ...] = (
    Question(
        name="importance",
        question="How much does each parameter matter?",
        applies=lambda m: bool(m.varied),
        tables=_importance,
        finding=lambda t: says.importance(t["importance"]),
        figure=lambda t, _: _drawn(t["importance"]),
        picture="Bars: the share of the variance that each parameter, each two of them, and noise "
        "have, one row a metric, one column a dataset and network",
        reading="A share says how much of all differences between runs goes with a parameter: "
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
    ),
    Question(
        name="behaviour",
        question="What does each parameter act on?",
        applies=_has_late,
        tables=_behaviour,
        finding=lambda t: [
            *behaviour_sentences.behaviour(t["behaviour"]),
            *behaviour_sentences.cost(t["cost"]),
        ],
        figure=lambda t, _: effects.matrix(t["behaviour"]),
        picture="A matrix of effects: each level against a reference down, the objective's metric "
        "where it is not of training, speed, ceiling, stability, divergence, gap and cost across, "
        "one matrix a dataset and network",
        reading="A cell compares runs that agree in the level of every other parameter, pair by "
        "pair, within each repetition: × is a ratio (of epochs or losses), others are "
        "differences. ×∞ means that mostly the reference alone gets there, ×0 that the level alone "
        "does. A run that gives one constant answer to all training samples counts as that, and "
        "not as steady. Orange is worse, blue better, where the 95 % interval leaves out no "
        "effect; grey cells are not distinguishable from none, or smaller than 5 % (than 0.005, "
        "if a difference). Cost has no interval: runs are timed a stack at a time, on this "
        "machine, so it is the ratio of two typical times per run and epoch, and always grey. The "
        "table “cost” has both times in µs, and how many stacks each rests on.",
        basis=Basis(
            n={"repetitions": "repetitions of paired differences a cell"},
            interval=ORDER,
            chosen="pairs of runs that agree in every other level, and that no result chose",
        ),
        absent="No two configurations differ in one parameter alone, but for such as were chosen "
        "by their results.",
    ),
)
