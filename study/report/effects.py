"""The report's sections on what each parameter does: importance, behaviour, isolation."""

import pandas as pd

from study.plot import effects
from study.report import behaviour_sentences
from study.report.material import Material
from study.report.question import ORDER, Basis, Question, Tables
from study.stats import (
    behaviour,
    cost,
)


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


SECTIONS: tuple[Question, ...] = (
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
