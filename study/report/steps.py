"""What to do next: commands that follow from this study."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from study.report.question import Tables


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: its reason and its command."""

    text: str
    command: str


def steps(name: str, tables: Tables, best: Sequence[str] = ()) -> list[Step]:
    """Return the commands that are useful after this study, the most urgent first.

    `best` are the ids of typical runs of the best configurations.

    >>> size = pd.DataFrame([{"planned": 4, "at_most": 4}])
    >>> tables = {"size": size, "outcomes": pd.DataFrame({"missing": [2, 0]})}
    >>> [step.command for step in steps("lab", tables, ["4f1c"])][:2]
    ['study run results/lab/pipeline.toml', 'study reproduce results/lab 4f1c --weights best.npz']
    """
    pipeline, size = f"results/{name}/pipeline.toml", tables["size"].iloc[0]
    claims = tables.get("claims", pd.DataFrame())
    found = []
    if tables["outcomes"]["missing"].any() or size["planned"] < size["at_most"]:
        found.append(Step("Train the missing runs:", f"study run {pipeline}"))
    if "verdict" in claims and (claims["verdict"] == "undecided").any():
        more = f"study run {pipeline} --set search.decide=40"
        found.append(Step("Add repetitions where a claim is undecided:", more))
    if best:
        again = f"study reproduce results/{name} {best[0]} --weights best.npz"
        found.append(Step("Train a run of the best configuration again, and save it:", again))
    longer = f"study run {pipeline} --set name={name}-longer --set training.epochs=20000"
    return [*found, Step("Ask a question of your own, here with more epochs:", longer)]
