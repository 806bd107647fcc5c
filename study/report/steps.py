"""What to do next: commands that follow from this study."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from study.plan.counting import extends
from study.plan.trials import planned
from study.report.question import Tables
from study.spec.pipeline import Pipeline

DECIDE = 40
"""How many repetitions a claim may get where the pipeline has no `decide` yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: its reason and its command."""

    text: str
    command: str


def repeated(pipeline: Pipeline, datasets: Collection[str]) -> str:
    """Return the option that gives undecided claims on these datasets more repetitions, if any.

    `decide` adds none on a table of the user's, whose rows are the same each time.
    """
    search = pipeline.search
    if any(extends(pipeline, name) for name in datasets):
        return f"search.decide={2 * search.decide if search.decide else DECIDE}"
    listed = datasets and planned(pipeline).listed
    return f"search.repetitions={2 * search.repetitions}" if listed else ""


def steps(declared: Pipeline, name: str, tables: Tables, best: Sequence[str] = ()) -> list[Step]:
    """Return the commands that are useful after this study, the most urgent first.

    `best` are the ids of typical runs of the best configurations.
    """
    pipeline, size = f"results/{name}/pipeline.toml", tables["size"].iloc[0]
    claims = tables.get("claims", pd.DataFrame())
    commands = []
    if tables["outcomes"]["missing"].any() or size["planned"] < size["at_most"]:
        commands.append(Step("Train the missing runs:", f"study run {pipeline}"))
    undecided = claims[claims["verdict"] == "undecided"] if "verdict" in claims else claims
    if len(undecided) and (more := repeated(declared, {*undecided["dataset"].astype(str)})):
        command = f"study run {pipeline} --set {more}"
        commands.append(Step("Add repetitions where a claim is undecided:", command))
    if best:
        again = f"study reproduce results/{name} {best[0]} --weights best.npz"
        commands.append(Step("Train a run of the best configuration again, and save it:", again))
    longer = f"study run {pipeline} --set name={name}-longer --set training.epochs=20000"
    return [*commands, Step("Ask a question of your own, here with more epochs:", longer)]
