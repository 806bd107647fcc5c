"""The report's sections on what each parameter does: importance, behaviour, isolation."""

import numpy as np
import pandas as pd

from study.plan.trials import planned
from study.plot import effects, shares
from study.plot import isolation as isolated
from study.report import behaviour_sentences
from study.report import finding_sentences as says
from study.report.basis import ORDER, Basis
from study.report.material import SEED, Material
from study.report.section import Section
from study.report.tables import Tables
from study.stats import (
    behaviour,
    cost,
    decomposition,
    importance,
    isolation,
    summaries,
    trials,
)
from study.stats.ranges import axis, binned
from study.stats.scales import GROUPS


def _importance(material: Material) -> Tables:
    """Return variance shares of what is balanced, and ranks' shares of what is not.

    None where all that is left was chosen by its results (see `Material.tested`).
    """
    runs, names = material.tested, list(material.varied)
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
    runs = material.measurable(material.tested_late)
    metric = material.pipeline.search.aims[0].metric
    found = behaviour.behaviour(runs, material.studied, material.references, metric)
    costs = cost.cost(runs, material.studied, material.references)
    parts = [part for part in (found, cost.effects(costs)) if len(part)]
    together = pd.concat(parts, ignore_index=True) if parts else found
    return {"behaviour": together[list(behaviour.COLUMNS)], "cost": costs}


def _isolation(material: Material) -> Tables:
    of = {name: axis(material.runs, name) for name in material.studied}
    aim = material.pipeline.search.aims[0]  # of a search all trials, not the confirmed ones alone
    of_ranges = binned(material.compared, material.studied)
    ranked = summaries.configurations(of_ranges, material.studied, aim)
    return {"isolation": isolation.isolation(ranked, of)}


def _has_late(material: Material) -> bool:
    return bool(material.studied) and not pd.isna(material.late["status"]).all()


SECTIONS: tuple[Section, ...] = (
    Section(
        name="importance",
        question="How much does each parameter matter?",
        applies=lambda m: bool(m.varied),
        tables=_importance,
        answer=lambda t: says.importance(t["importance"]),
        figure=lambda t, _: shares.importance(t["importance"]),
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
    Section(
        name="behaviour",
        question="What does each parameter act on?",
        applies=_has_late,
        tables=_behaviour,
        answer=lambda t: [
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
    Section(
        name="isolation",
        question="How good can each value be?",
        applies=lambda m: bool(m.studied),
        tables=_isolation,
        answer=lambda t: says.isolation(t["isolation"]),
        figure=lambda t, m: isolated.isolation(t["isolation"], m.trivial_losses, m.colours),
        picture="Points with bars: the objective of the best configuration at each level of each "
        "parameter, all others being free, one column a dataset",
        reading="At each value the best configuration that has it: its objective, and its median's "
        "interval. In "
        "brackets, how many configurations were tried there. The best of more is better by luck "
        "alone, so compare values that were tried about equally often (Deep Learning Tuning "
        "Playbook, isolation plots). Of a search all trials count, by the repetitions that they "
        "were searched with.",
        basis=Basis(
            n={"runs": "runs a point"},
            interval=ORDER,
            chosen="at each value the best configuration, by its declared repetitions",
        ),
        absent="No configuration can be ranked, or trials were pruned: at a value whose trials "
        "were all given up, nothing shows how good it can be.",
    ),
)
