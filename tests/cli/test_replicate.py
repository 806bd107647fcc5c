"""`study replicate`: a study with a fresh seed, and how far both studies agree."""

import json
from pathlib import Path

import pandas as pd
import pytest

import study
from study.execution.driver import Options, run
from study.plan.replication import seed
from study.report.chapters import CHAPTERS
from study.report.gather import gather
from study.report.questions import replication
from study.spec.load import load_pipeline
from tests.cli.calling import call

TEXT = """
name = "mine"

[datasets.own]
generator = "csv"
path = "own.csv"
features = ["a", "b"]
target = "label"
test_fraction = 0.25

[datasets.linear]
generator = "linear"
samples = 20

[training]
epochs = 5

[search]
method = "grid"
repetitions = 2

[search.parameters]
lr = [0.01, 0.1]

[[hypotheses]]
id = "faster"
claim = "lr 0.1 ends lower"
compare = {parameter = "lr", value = 0.1, with = 0.01}
metric = "final_train_loss"
expect = "lower"
"""


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """Return the folder of a small study that has ended, with a table of its own."""
    rows = "".join(f"{i / 20},{(7 * i % 20) / 20},{int(i > 9)}\n" for i in range(20))
    (tmp_path / "own.csv").write_text(f"a,b,label\n{rows}")
    (tmp_path / "mine.toml").write_text(TEXT)
    return trained(tmp_path)


def trained(to: Path, *overrides: str) -> Path:
    """Train the study in this process, without a report, and return its folder."""
    pipeline = load_pipeline(to / "mine.toml", overrides)
    for _ in run(pipeline, Options(to / "results", executor="inline")):
        pass
    return to / "results" / pipeline.name


@pytest.mark.usefixtures("undrawn")
def test_a_study_is_replicated_next_to_the_first(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    code, output, _ = call(capsys, "replicate", first, "--workers", 1)
    own = first.with_name("mine-replication-1")
    assert code == 0
    assert f"replicates {first} with seed {seed(0, 1)}." in output
    assert before == {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    one, other = study.load_results(first), study.load_results(own)
    assert len(one.runs) == len(other.runs) == 8
    assert not set(one.runs["run_id"]) & set(other.runs["run_id"])
    assert not set(one.runs["final_train_loss"]) & set(other.runs["final_train_loss"])
    held = [
        set(of.predictions({"part": "test"})["target"].groupby(level=0).size())
        for of in (one, other)
    ]
    assert held[0] == held[1], "the table's rows are split again, into parts of the same sizes"
    table = pd.read_parquet(own / "tables" / "replication.parquet")
    assert table.groupby("kind").size()["verdict"] == 2
    assert set(table.loc[table["kind"] == "verdict", "same"]) == {True}, "two cannot decide"
    assert 'id="replication"' in (own / "report.html").read_text("utf-8")

    code, again, _ = call(capsys, "replicate", first, "--json")
    assert code == 0
    last = json.loads(again.splitlines()[-1])
    assert (last["event"], last["of"], last["seed"]) == ("replicated", str(first), seed(0, 1))
    assert last["verdict"] == {"same": 2, "disagree": 0}
    assert "training" not in again, "the same command resumes, and nothing is missing"


def test_a_study_of_another_seed_or_without_a_first_one_is_no_replication(
    first: Path, tmp_path: Path
) -> None:
    for name in (f"{first.name}-replication-2", "nobody-replication-1"):
        material = gather(trained(tmp_path, f"name={name}"))
        assert replication.origin(material) is None
        assert not replication.QUESTION.applies(material)
    assert replication.QUESTION in CHAPTERS[0].questions


def test_a_first_study_that_is_damaged_does_not_harm_the_report_of_the_second(
    first: Path, tmp_path: Path
) -> None:
    own = ("name=mine-replication-1", f"search.seed={seed(0, 1)}")
    material = gather(trained(tmp_path, *own))
    assert replication.origin(material) == first
    assert len(replication.tables(material)["replication"]) > 0
    trials = first / "trials.parquet"
    trials.write_bytes(trials.read_bytes()[:-9])
    table = replication.tables(material)["replication"]
    assert table.empty
    assert replication.finding(table) == []


def test_a_replication_that_is_not_possible_is_refused_with_a_sentence(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, wrong = call(capsys, "replicate", tmp_path)
    assert (code, "holds no runs yet" in wrong) == (2, True)
    code, _, wrong = call(capsys, "replicate", first, "--quiet", "--json")
    assert (code, "--quiet" in wrong) == (2, True)
    code, _, wrong = call(capsys, "replicate", first, "--number", 0)
    assert (code, "--number" in wrong) == (2, True)
    provenance = json.loads((first / "provenance.json").read_text())
    provenance["finished"] = None
    (first / "provenance.json").write_text(json.dumps(provenance))
    code, _, wrong = call(capsys, "replicate", first)
    assert (code, f"{first} has not ended" in wrong) == (2, True)
