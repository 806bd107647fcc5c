"""What to do next: commands that follow from this study."""

from dataclasses import dataclass

import pandas as pd

from study.report.question import Tables


@dataclass(frozen=True, slots=True)
class Step:
    """A next step: its reason and its command."""

    text: str
    command: str


def steps(name: str, tables: Tables) -> list[Step]:
    """Return the commands that are useful after this study, the most urgent first.

    >>> tables = {name: pd.DataFrame() for name in ("claims", "shown_runs")}
    >>> size = pd.DataFrame([{"planned": 4, "at_most": 4}])
    >>> outcomes = pd.DataFrame({"missing": [2, 0]})
    >>> [s.command for s in steps("lab", {**tables, "size": size, "outcomes": outcomes})][0]
    'study run results/lab/pipeline.toml'
    """
    pipeline, size = f"results/{name}/pipeline.toml", tables["size"].iloc[0]
    claims, shown = tables.get("claims", pd.DataFrame()), tables["shown_runs"]
    found = []
    if tables["outcomes"]["missing"].any() or size["planned"] < size["at_most"]:
        found.append(Step("Train the missing runs:", f"study run {pipeline}"))
    if "verdict" in claims and (claims["verdict"] == "undecided").any():
        more = f"study run {pipeline} --set search.decide=40"
        found.append(Step("Add repetitions where a claim is undecided:", more))
    if "role" in shown and (shown["role"] == "best").any():
        best = shown.loc[shown["role"] == "best", "run_id"].iloc[0]
        again = f"study reproduce results/{name} {best} --weights best.npz"
        found.append(Step("Train a run of the best configuration again, and save it:", again))
    longer = f"study run {pipeline} --set name={name}-longer --set training.epochs=20000"
    return [*found, Step("Ask a question of your own, here with more epochs:", longer)]
