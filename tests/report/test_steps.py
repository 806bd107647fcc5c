"""The next steps follow from the study: each command changes what it is for."""

import pandas as pd

from study.report.question import Tables
from study.report.steps import repeated, steps
from study.spec.load import load_pipeline
from tests.pages import ROOT
from tests.pipelines import small

DAYLIGHT = load_pipeline(ROOT / "pipelines" / "daylight.toml")


def made(verdict: str, *, missing: int = 0) -> Tables:
    """Return the tables of a study with one claim on xor."""
    return {
        "size": pd.DataFrame([{"planned": 4, "at_most": 4}]),
        "outcomes": pd.DataFrame({"missing": [missing, 0]}),
        "claims": pd.DataFrame([{"dataset": "xor", "verdict": verdict}]),
    }


def commands(tables: Tables) -> list[str]:
    return [step.command for step in steps(small(), "lab", tables, ["4f1c"])]


def test_missing_runs_come_first_and_then_the_best_network() -> None:
    assert commands(made("supported", missing=2))[:2] == [
        "study run results/lab/pipeline.toml",
        "study reproduce results/lab 4f1c --weights best.npz",
    ]


def test_an_undecided_claim_gets_more_repetitions_and_a_decided_one_none() -> None:
    more = "study run results/lab/pipeline.toml --set search.decide=40"
    assert more in commands(made("undecided"))
    assert more not in commands(made("supported"))


def test_the_option_adds_repetitions_on_every_kind_of_dataset() -> None:
    assert repeated(small(), ["xor"]) == "search.decide=40"
    assert repeated(small("search.decide=40"), ["xor"]) == "search.decide=80"
    assert repeated(DAYLIGHT, ["daylight"]) == "search.repetitions=40"
    assert repeated(DAYLIGHT, []) == ""
