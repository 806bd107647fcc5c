"""The report's sections on a search: history, winners, where it looked, trade-off."""

import pandas as pd

from study.plan.trials import learns, moved
from study.plot import paths as drawn
from study.plot import searching
from study.report import front_sentences
from study.report import search_sentences as says
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.stats import paths, search
from study.stats.ranges import binned


def _history(material: Material) -> Tables:
    declared = material.pipeline.search
    trials = search.history(material.trials, declared.aims[0].goal)
    early = [(*name.partition(", ")[::2], why) for name, why in material.early.items()]
    ended = pd.DataFrame(early, columns=["dataset", "arm", "ended"])
    return {"search_history": trials, "search_size": _size(material), "search_ended": ended}


def _size(material: Material) -> pd.DataFrame:
    """Return one row: the method and what it moves, its budget, and the epochs that were spared."""
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
        "repetitions": declared.repetitions,
        "runs": len(material.runs),
        "pruned": len(pruned),
        "epochs": epochs * len(material.runs),
        "spared": int(epochs * len(pruned) - pruned["epochs"].sum()),
    }
    return pd.DataFrame([row])


def _where(material: Material) -> Tables:
    names = tuple(n for n in material.pipeline.search.parameters if n in material.studied)
    density = search.density(binned(material.trials, names), names).assign(
        learns=learns(material.pipeline)
    )
    return {"search_density": density, "edges": material.edges}


def _paths(material: Material) -> Tables:
    names = [n for n in material.pipeline.search.parameters if n in material.studied]
    return {"paths": paths.paths(material.trials, names, material.pipeline.search.aims[0].goal)}


def _front(material: Material) -> Tables:
    aims = material.pipeline.search.aims
    objectives = pd.DataFrame(
        [(f"objective_{i}", aim.metric, aim.goal) for i, aim in enumerate(aims, start=1)],
        columns=["objective", "metric", "goal"],
    )
    trials = search.front(material.trials, [aim.goal for aim in aims])
    return {"pareto": trials, "objectives": objectives}


def _is_search(material: Material) -> bool:
    return material.searched


SECTIONS: tuple[Question, ...] = (
    Question(
        name="search",
        question="How did the search go?",
        applies=_is_search,
        tables=_history,
        finding=lambda t: says.history(t["search_history"], t["search_size"], t["search_ended"]),
        figure=lambda t, m: searching.history(t["search_history"], m.metrics[0]),
        picture="Points: the objective of each trial in the order in which they were tried, and a "
        "line for the best so far, one column a dataset",
        reading="A point is a configuration: its objective is an order statistic over repetitions. "
        "Rings are trials that were given up, at the value that they had then; crosses at the top "
        "have no finite objective. The line is the best completed trial so far.",
        basis=Basis(
            n={"": "trials"},
            interval=EVERY,
            chosen="all trials but the repetitions of confirmation",
        ),
        absent="No trial is finished.",
    ),
    Question(
        name="density",
        question="Where did the search look?",
        applies=_is_search,
        tables=_where,
        finding=lambda t: says.where(t["search_density"], t["edges"]),
        figure=lambda t, _: searching.density(t["search_density"]),
        picture="Bars: how many trials had each level of each parameter, in the first and in the "
        "second half of the search, one row a parameter, one column a dataset",
        reading="A method that learns tries promising levels more often in its second half. The "
        "levels of a range are parts of it, even in its own scale.",
        basis=Basis(
            n={"": "levels of each arm and dataset"},
            interval="none: these are counts",
            chosen="all trials but the repetitions of confirmation",
        ),
        absent="No searched parameter has more than one level.",
    ),
    Question(
        name="paths",
        question="What do the best trials have in common?",
        applies=_is_search,
        tables=_paths,
        finding=lambda t: says.common(t["paths"]),
        figure=lambda t, _: drawn.paths(t["paths"]),
        picture="Parallel coordinates: each trial as a line through its values of all parameters, "
        "the ten best in colour, one panel a dataset",
        reading="Each line is a trial that came to a finite objective, each vertical line a "
        "parameter with the values that were tried, numbers in their own scale. Blue are the ten "
        "best, as they were searched. A line passes over a parameter that does not act in it.",
        basis=Basis(
            n={"": "values of trials"},
            interval=EVERY,
            chosen="completed trials with a finite objective",
        ),
        absent="No trial came to a finite objective.",
    ),
    Question(
        name="trade-off",
        question="What is the trade-off?",
        applies=lambda m: _is_search(m) and len(m.pipeline.search.aims) > 1,
        tables=_front,
        finding=lambda t: front_sentences.front(t["pareto"], t["objectives"]),
        figure=lambda t, m: searching.front(t["pareto"], m.metrics),
        picture="Points: the two objectives of every trial, those that no other beats in both "
        "joined by a line, one column a dataset",
        reading="A trial is on the line where no other is at least as good in all objectives and "
        "better in one (the Pareto front). Which of these is right depends on what they cost you.",
        basis=Basis(
            n={"": "trials"},
            interval=EVERY,
            chosen="all trials as they were searched; on the line completed ones",
        ),
        absent="No trial is finished.",
    ),
)
