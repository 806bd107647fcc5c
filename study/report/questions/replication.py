"""Did the study replicate? Verdicts, winners and orders next to the first study."""

from pathlib import Path

import numpy as np
import pandas as pd

from study.errors import StudyError
from study.plan.replication import replicated, seed
from study.report.gather import gather
from study.report.learned import announced
from study.report.material import SEED, Material
from study.report.question import Question, Tables
from study.report.questions import importance
from study.report.wording import count
from study.stats.replication import COLUMNS, ORDER, VERDICT, WINNER, Reported, replication
from study.store.kept import kept_pipeline


def origin(material: Material) -> Path | None:
    """Return the folder of the study that this one replicates; None where it is no replication.

    The name gives the first study, and the seed proves it: no other study has that seed.
    """
    replication = replicated(material.pipeline.name)
    if replication is None:
        return None
    name, number = replication
    folder = material.results.folder.parent / name
    try:
        first = kept_pipeline(folder)
    except StudyError:
        return None
    own = material.pipeline.search.seed
    return folder if own == seed(first.search.seed, number) else None


def tables(material: Material) -> Tables:
    """Return what came out the same, from the results of both studies."""
    folder = origin(material)
    if folder is None:
        raise RuntimeError("a question is asked where it applies")
    try:
        first = gather(folder)
    except StudyError:  # the first study is damaged: that is no fault of this one
        return {"replication": pd.DataFrame(columns=list(COLUMNS))}
    aim, rng = material.pipeline.search.aims[0], np.random.default_rng(SEED)
    return {"replication": replication(_reported(first), _reported(material), aim, rng)}


def _reported(material: Material) -> Reported:
    return Reported(
        claims=material.claims,
        ranked=announced(material.ranked, material.learned),
        tied=material.tied,
        contrasts=material.contrasts,
        importance=importance.tables(material)["importance"],
        runs=material.competing,
    )


def finding(table: pd.DataFrame) -> list[str]:
    """Count what came out the same, and what disagrees, in one sentence."""
    words = {VERDICT: "verdict", WINNER: "winner", ORDER: "order of parameters"}
    parts = []
    for kind, noun in words.items():
        rows = table[table["kind"] == kind]
        if rows.empty:
            continue
        of = noun.replace("order", "orders") if len(rows) > 1 and kind == ORDER else noun
        plural = "s" if len(rows) > 1 and kind != ORDER else ""
        parts.append(f"{int(rows['same'].sum())} of {len(rows)} {of}{plural}")
    if not parts:
        return []
    disagree = int(table["disagree"].sum())
    verb = "disagrees" if disagree == 1 else "disagree"
    return [
        f"The same: {', '.join(parts)}; {count(disagree, 'row') if disagree else 'none'} {verb}."
    ]


QUESTION = Question(
    name="replication",
    question="Did the study replicate?",
    applies=lambda m: bool(m.varied or m.pipeline.hypotheses) and origin(m) is not None,
    tables=tables,
    finding=lambda t: finding(t["replication"]),
    unfolded=("replication",),
    note="The same pipeline was trained with a fresh seed. Two verdicts disagree if they are "
    "opposite; a winner, if the set tied with the best of the replication lacks it; orders of "
    "parameters, by their shares of the variance, if two levels differ in opposite directions. "
    "Opposite verdicts appear by chance in at most 5 % of replications, and so do opposite levels. "
    "`expected` is the rate of each row: of a winner, how often it is lost when the repetitions of "
    "both studies are divided again.",
    absent="The first study cannot be read, or the two have nothing in common.",
)
