"""A study from the command line: what it prints on the way and at its end."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import study
from study.execution import supply
from study.spec.load import load_pipeline
from tests.cli.calling import call
from tests.driving import failing, finish
from tests.searches import SEARCH


@pytest.mark.usefixtures("undrawn")
def test_a_study_is_planned_trained_reported_and_reproduced(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "out"
    code, planned, _ = call(capsys, "plan", pipeline, "--results", results, "--workers", 3)
    assert code == 0
    assert "16 (a configuration on a dataset)" not in planned
    assert "trials          32 (a configuration on a dataset)" in planned
    assert "missing         32" in planned
    assert not results.exists(), "a plan writes nothing"

    code, output, _ = call(capsys, "run", pipeline, "--results", results, "--executor", "inline")
    assert code == 0
    where = [f"results: {results / 'small'}", f"report:  {results / 'small' / 'report.html'}"]
    assert [line for line in output.splitlines() if line in where] == where
    assert (results / "small" / "report.html").exists()

    code, again, _ = call(capsys, "run", pipeline, "--results", results, "--executor", "inline")
    assert (code, again.splitlines()[0]) == (
        0,
        "all 32 runs are stored already: nothing to train",
    )
    assert "\ntrain: " not in again

    code, planned, _ = call(capsys, "plan", pipeline, "--results", results, "--json")
    assert json.loads(planned)["missing"] == 0

    (results / "small" / "report.html").unlink()
    code, output, _ = call(capsys, "report", results / "small")
    assert code == 0
    assert output.startswith("drawing the report\ndrew the report in ")
    assert output.endswith(f"\nreport: {results / 'small' / 'report.html'}\n")

    run_id = study.load_results(results / "small").runs["run_id"].iloc[0]
    weights = tmp_path / "weights"
    beginning = (results / "small", run_id[:10])
    code, output, _ = call(capsys, "reproduce", *beginning, "--weights", weights)
    assert code == 0
    assert output == f"run {run_id}: all 3 epochs are bit-identical\nweights: {weights}.npz\n"
    assert (tmp_path / "weights.npz").exists()

    nowhere = tmp_path / "nowhere" / "weights.npz"
    code, output, wrong = call(capsys, "reproduce", results / "small", run_id, "--weights", nowhere)
    assert (code, output) == (2, ""), "said before anything is trained"
    assert f"there is no folder {nowhere.parent}" in wrong
    os.mkfifo(tmp_path / "pipe.npz")
    pipe = ("--weights", tmp_path / "pipe.npz")
    assert "is not a file" in call(capsys, "reproduce", results / "small", run_id, *pipe)[2]


@pytest.mark.usefixtures("unreported")
def test_json_lines_end_with_the_report(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--results", tmp_path, "--executor", "inline", "--json")
    code, output, _ = call(capsys, "run", pipeline, *options)
    events = [json.loads(line) for line in output.splitlines()]
    assert (code, events[0]["event"], events[-1]["event"]) == (0, "started", "reported")


@pytest.mark.usefixtures("unreported")
def test_quiet_prints_nothing_and_failed_runs_are_a_fault(
    pipeline: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = ("--results", tmp_path, "--executor", "inline")
    with monkeypatch.context() as broken:  # `undo` would draw the report too
        broken.setattr(supply, "train_stack", failing(1))
        code, output, wrong = call(capsys, "run", pipeline, *options)
    assert (code, wrong) == (1, "")
    assert "failed: MemoryError: too large" in output
    assert "run the same command to train the failed runs again" in output
    assert (
        call(capsys, "run", pipeline, *options, "--quiet")
        == call(capsys, "run", pipeline, *options, "-q")
        == (0, "", "")
    )


@pytest.mark.usefixtures("unreported")
def test_plan_and_run_report_undecidable_hypotheses_and_run_reports_the_verdicts(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hypothesis = """
[[hypotheses]]
id = "adam-lower"
claim = "Adam ends lower"
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "final_train_loss"
expect = "lower"
"""
    pipeline.write_text(pipeline.read_text() + hypothesis)
    where = ("--results", tmp_path, "--set", "search.repetitions=3")
    notice = "3 repetitions cannot decide adam-lower among 2 verdicts; 9 can"
    _, planned, _ = call(capsys, "plan", pipeline, *where)
    assert "hypotheses      1, with 2 verdicts on all datasets and networks\n" in planned
    assert "3 repetitions cannot decide a comparison; 9 can, if all agree\n" in planned
    _, output, _ = call(capsys, "run", pipeline, *where, "--executor", "inline")
    assert output.startswith(f"note: {notice}\n")
    assert "\nhypotheses, on each dataset and network: 2 undecided\n" in output


@pytest.mark.usefixtures("unreported")
def test_a_run_ends_with_three_commands_that_work(
    pipeline: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: "/somewhere/study")
    given = ("--set", "search.repetitions=1", "--set", "title=Two words", "--results", "my results")
    _, output, _ = call(capsys, "run", pipeline, *given, "--executor", "inline")
    *_, heading, opening, more, best = output.splitlines()
    assert (heading, opening) == ("next:", "  study open 'my results/small'")
    assert more == (
        f"  study run {pipeline} --results 'my results' --set 'title=Two words'"
        " --set search.repetitions=2"
    )
    _, again, _ = call(capsys, *shlex.split(more)[1:], "--executor", "inline")
    assert again.startswith("training 32 runs (32 are stored already)")
    best_of_all = study.load_results("my results/small").runs.nsmallest(1, "final_train_loss")
    assert best.endswith(" --weights best.npz")
    code, output, _ = call(capsys, *shlex.split(best)[1:])
    assert (code, output.splitlines()[1]) == (0, "weights: best.npz")
    assert len(best_of_all) == 1


@pytest.mark.usefixtures("unreported")
def test_more_trials_extend_a_search(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no `study` is on the path, the next commands name it by its own."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    path = tmp_path / "small.toml"
    path.write_text(SEARCH, encoding="utf-8")
    options = ("--results", tmp_path, "--set", "training.epochs=2", "--executor", "inline")
    _, output, _ = call(capsys, "run", path, *options)
    more = output.splitlines()[-2]
    assert more.endswith("--set training.epochs=2 --set search.trials=24")
    assert Path(shlex.split(more)[0]).name == "study"


def test_a_pipe_gets_no_escape_codes_and_no_color_turns_colours_off(pipeline: Path) -> None:
    command = [sys.executable, "-m", "study", "plan", str(pipeline)]
    wrong = [sys.executable, "-m", "study", "plan", "nowhere.toml"]
    for line in (command, wrong, [sys.executable, "-m", "study", "--help"]):
        done = subprocess.run(line, capture_output=True, check=False)
        assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.usefixtures("undrawn")
def test_report_and_reproduce_can_print_json(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    finish(load_pipeline(pipeline), tmp_path)
    folder = tmp_path / "small"
    _, output, _ = call(capsys, "report", folder, "--json")
    answer = json.loads(output)
    assert answer.pop("seconds") > 0
    assert answer == {"report": str(folder / "report.html")}
    run_id = str(study.load_results(folder).runs["run_id"][0])
    _, output, _ = call(capsys, "reproduce", folder, run_id, "--json")
    same = {"epochs": 3, "differs_at": None, "column": None, "weights": None}
    assert json.loads(output) == {"run_id": run_id, **same}
