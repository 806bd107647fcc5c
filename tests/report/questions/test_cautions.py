"""Every warning is a sentence with the numbers and names of its row."""

import shlex
from pathlib import Path

import pandas as pd
import pytest

from study.report.gather import gather
from study.report.questions import cautions
from study.space import Choices
from study.spec.load import load_pipeline
from study.stats.cautions import CAUTIONS
from tests.pipelines import small
from tests.searches import made
from tests.words import has, only

GROUP = {"dataset": "xor", "implementation": "exact", "severity": "warning"}


def finding(rows: pd.DataFrame) -> list[str]:
    """Return the sentences of rows that no command helps with."""
    return cautions.finding(cautions.said(rows, lambda _: ""))


PARTS: dict[str, tuple[str, ...]] = {
    "trivial": ("epochs to full accuracy", "10"),
    "stuck": ("3 of 10 runs", "best configuration"),
    "constant": ("3 of 10 configurations",),
    "edge": ("learning rate 1", "10 values", "0.1", "9 of 10 repetitions"),
    "overfits": ("test loss", "40 epochs", "0.0914", "0.0977"),
    "improving": ("final test loss", "a factor of 1,000"),
    "reversal": ("learning rate 1", "worse", "0.1", "better", "optimizer adam", "10 repetitions"),
    "separates": ("learning rate", "diverge"),
    "unheld": ("no held-out part",),
    "undecided": ("3 of 10 verdicts",),
    "shared": ("1",),
    "identical": ("3 of 10 configurations", "same run"),
    "few": ("3 repetitions", "8"),
    "never": ("over 99 %", "10 runs", "full accuracy"),
    "unpaired": ("correlation", "10 repetitions", "3", "epochs to full accuracy"),
}


def test_every_kind_of_warning_is_tried() -> None:
    assert list(PARTS) == list(CAUTIONS)


@pytest.mark.parametrize("kind", CAUTIONS)
def test_every_warning_has_the_numbers_and_names_of_its_row(kind: str) -> None:
    row: dict[str, object] = {
        **GROUP, "caution": kind, "parameter": "lr", "level": "1", "reference": "0.1",
        "other": "optimizer", "other_level": "adam", "metric": "epochs_to_full_accuracy",
        "value": 3.0, "beside": 0.5, "n": 10.0,
    }  # fmt: skip
    of_kind: dict[str, dict[str, object]] = {
        "never": {"value": 0.999, "severity": "note"},
        "edge": {"value": 9.0, "beside": 10.0},
        "overfits": {"metric": "test_loss", "value": 0.0914, "beside": 0.0977, "after": 40.0},
        "improving": {"metric": "final_test_loss"},
    }
    row |= of_kind.get(kind, {})
    sentences = finding(pd.DataFrame([row]))
    assert only(sentences, "xor", *PARTS[kind])
    assert "warning" not in sentences[0].lower()


def test_a_reversal_of_a_level_that_is_better_in_general_is_reported() -> None:
    row = {
        **GROUP, "caution": "reversal", "parameter": "lr", "level": "1", "reference": "0.1",
        "other": "optimizer", "other_level": "adam", "value": -1.0, "beside": 0.5, "n": 10.0,
    }  # fmt: skip
    (sentence,) = finding(pd.DataFrame([row]))
    assert has(sentence, "learning rate 1", "better", "0.1", "worse", "optimizer adam")


def test_an_accuracy_improves_by_a_difference() -> None:
    row = {**GROUP, "caution": "improving", "metric": "final_test_accuracy", "value": 0.03}
    (sentence,) = finding(pd.DataFrame([row]))
    assert has(sentence, "final test accuracy", "0.03")
    assert "factor" not in sentence


def test_a_kind_has_one_line_that_names_its_other_places() -> None:
    row = {**GROUP, "caution": "few", "value": 3.0, "n": 10.0}
    rows = [{**row, "dataset": name} for name in ("a", "b", "c", "d", "e", "f")]
    (line,) = finding(pd.DataFrame(rows))
    assert has(line, "On a", "Likewise on b, c and d and 2 more")
    both = pd.DataFrame([{**row, "caution": "never", "metric": "epochs_to_loss_05"}] * 2)
    both["implementation"] = ["exact", "as_printed"]
    (line,) = finding(both)
    assert has(line, "On xor, exact network", "xor, network as printed")
    assert finding(pd.DataFrame(columns=["caution", "severity", "dataset", "implementation"])) == []


def test_the_number_of_runs_with_full_accuracy_is_reported() -> None:
    row = {**GROUP, "caution": "never", "metric": "epochs_to_loss_05", "n": 12.0}
    for part, words in {0.0: "none of 12 runs", 0.25: "25 % of 12 runs"}.items():
        assert only(finding(pd.DataFrame([{**row, "value": part}])), "xor", words, "loss 0.05")


def test_an_edge_of_a_search_was_not_compared() -> None:
    row = {
        **GROUP,
        "caution": "edge",
        "parameter": "lr",
        "level": "1",
        "reference": "0.1",
        "n": 9.0,
    }
    (sentence,) = finding(pd.DataFrame([{**row, "value": None, "beside": None}]))
    assert has(sentence, "learning rate 1", "tied", "0.1")
    assert "repetitions" not in sentence


HELP = """
name = "helped"

[datasets.xor]
generator = "xor"

[training]
epochs = 20

[search]
method = "grid"
repetitions = 3

[search.parameters]
lr = [1e-4, 1e-3]
"""


def test_each_command_that_helps_is_a_command(tmp_path: Path) -> None:
    material = gather(made(small(text=HELP), tmp_path))
    table = cautions.tables(material)["cautions"].set_index("caution")
    run = "study run results/helped/pipeline.toml --set "
    assert table.loc["few", "command"] == f"{run}search.repetitions=10"
    assert set(table.loc[["never"], "command"]) == {
        f"{run}training.epochs=40 --set name=helped-longer"
    }
    edge = pd.DataFrame([{
        "dataset": "xor", "parameter": "lr", "level": "0.001", "inner": "0.0001",
        "line": "lr = [0.0001, 0.001, 0.01]",
    }])  # fmt: skip
    material.__dict__["edges"] = edge
    help_with = cautions.helping(material)
    words = shlex.split(help_with({"caution": "edge", "dataset": "xor", "parameter": "lr"}))
    assert words[-1] == "search.parameters.lr=[0.0001, 0.001, 0.01]"
    widened = load_pipeline(tmp_path / "helped" / "pipeline.toml", words[-1:])
    assert widened.search.parameters["lr"] == Choices(choices=(0.0001, 0.001, 0.01))
    assert help_with({"caution": "edge", "dataset": "linear", "parameter": "lr"}) == ""
    assert help_with({"caution": "overfits", "after": 7.0}).endswith("=7 --set name=helped-shorter")
    assert help_with({"caution": "reversal"}) == ""
    assert any("`study run" in sentence for sentence in cautions.finding(table.reset_index()))
