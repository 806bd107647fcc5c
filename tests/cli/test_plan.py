"""`study plan` for a study that is not started, runs, has ended, or would be refused."""

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

from study.execution.driver import Options, run
from study.execution.events import StackDone
from study.spec.load import load_pipeline
from tests.cli.calling import call
from tests.searches import PRUNING, SEARCH


@pytest.mark.usefixtures("unreported")
def test_the_plan_of_a_search_that_has_ended_misses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pruned and exhausted: there are eight cells where twelve trials are asked for."""
    path = tmp_path / "small.toml"
    few = {
        "search.parameters.lr": "[0.1, 1.0]", "search.parameters.hidden": "[[2]]",
        "search.parameters.optimizer": '["sgd"]', "search.confirm": "1",
    }  # fmt: skip
    path.write_text(SEARCH + PRUNING, encoding="utf-8")
    options = ["--results", tmp_path, *(f"--set={key}={value}" for key, value in few.items())]
    code, before, _ = call(capsys, "plan", path, *options)
    assert (code, "\nmissing         0\n" in before) == (0, False)
    assert "expected time   without pruning about " in before
    assert call(capsys, "run", path, *options, "--executor", "inline", "--quiet") == (0, "", "")
    code, after, _ = call(capsys, "plan", path, *options)
    assert "configurations  8 for each dataset (tpe: " in after
    assert "\nmissing         0\nexpected time   none\n" in after
    message = "after 8 trials: the space has no other configuration"
    assert after.endswith(f"\nsearch ended    linear {message}; xor {message}\n")
    _, data, _ = call(capsys, "plan", path, *options, "--json")
    assert json.loads(data)["ended"] == {"linear": message, "xor": message}
    _, more, _ = call(capsys, "plan", path, *options, "--set=search.confirm=2")
    assert "\nmissing         0\n" not in more
    assert "search ended" not in more


@pytest.mark.usefixtures("unreported")
def test_a_plan_reports_that_its_run_would_be_refused(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--results", tmp_path)
    call(capsys, "run", pipeline, *where, "--executor", "inline", "--quiet")
    changed = (*where, "--set", "training.epochs=31")
    code, output, _ = call(capsys, "plan", pipeline, *changed)
    assert code == 0
    assert "\nnote: `study run` would refuse this. " in output
    assert "  training.epochs was 3 and is 31 now" in output
    _, output, _ = call(capsys, "plan", pipeline, *changed, "--json")
    assert "training.epochs was 3 " in json.loads(output)["refused"]
    _, output, _ = call(capsys, "plan", pipeline, *where, "--json")
    assert json.loads(output)["refused"] is None


@pytest.mark.usefixtures("unreported")
@pytest.mark.parametrize("table", ["metrics", "predictions", "runs"])
def test_a_plan_counts_the_runs_of_a_damaged_part_as_missing(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str
) -> None:
    """As many as the study then trains again."""
    where = (pipeline, "--results", tmp_path)
    for more in ("search.parameters.lr=[0.01]", "search.parameters.lr=[0.01, 0.1]"):
        call(capsys, "run", *where, "--executor", "inline", "--quiet", "--set", more)
    part = tmp_path / "small" / f"{table}.parquet" / "part-000001.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    _, output, _ = call(capsys, "plan", *where, "--json")
    plan = json.loads(output)
    assert (plan["stored"], plan["missing"], plan["refused"]) == (16, 16, None)
    assert [note.partition(" is damaged: ")[0] for note in plan["damaged"]] == [part.name]
    _, output, _ = call(capsys, "plan", *where)
    assert f"\nnote: {part.name} is damaged: " in output
    _, output, _ = call(capsys, "run", *where, "--executor", "inline", "--json")
    assert [
        json.loads(line)["trained"] for line in output.splitlines() if '"finished"' in line
    ] == [16]
    _, output, _ = call(capsys, "plan", *where, "--json")
    assert (json.loads(output)["missing"], json.loads(output)["damaged"]) == (0, [])


def test_a_plan_loads_no_library_that_it_does_not_need(pipeline: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom study.cli import main\n"
        "try:\n    main(['plan', sys.argv[1], '--results', sys.argv[2]])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'pandas', 'seaborn', 'matplotlib', 'optuna', 'scipy', 'rich'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    plan = [sys.executable, "-c", code, str(pipeline), str(tmp_path)]
    assert subprocess.run(plan, check=False, stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.usefixtures("unreported")
def test_a_plan_reports_the_progress_of_a_study(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = ("plan", pipeline, "--results", tmp_path)

    def printed() -> dict[str, str]:
        _, text, _ = call(capsys, *plan)
        return {line[:15].strip(): line[16:] for line in text.splitlines()[2:]}

    assert printed()["state"] == "not begun"
    options = Options(tmp_path, executor="inline", stack_size=4)
    events = run(load_pipeline(pipeline), options)
    seen = [printed() for event in events if isinstance(event, StackDone)]
    (state,) = {row["state"].partition(" since")[0] for row in seen}
    assert re.fullmatch(rf"running \(process {os.getpid()}( of .+)? on {platform.node()}", state)
    assert {int(row["stored"]) + int(row["missing"]) for row in seen} == {32}
    assert printed()["state"].startswith("finished 20")
    assert (printed()["missing"], printed()["expected time"]) == ("0", "none")
    provenance = tmp_path / "small" / "provenance.json"
    killed = json.loads(provenance.read_text()) | {"finished": None}
    provenance.write_text(json.dumps(killed))
    assert printed()["state"] == "interrupted; `study run` resumes it"
    _, text, _ = call(capsys, *plan, "--json")
    assert json.loads(text)["state"].startswith("interrupted")


@pytest.mark.usefixtures("unreported")
def test_confirmations_are_not_counted_as_stored_once_more_trials_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other trials may be the best then, and be confirmed instead."""
    path = tmp_path / "small.toml"
    path.write_text(SEARCH, encoding="utf-8")
    options = ["--results", tmp_path, "--set=search.confirm=2", "--set=training.epochs=2"]
    call(capsys, "run", path, *options, "--executor", "inline", "--quiet")
    _, same, _ = call(capsys, "plan", path, *options, "--json")
    _, more, _ = call(capsys, "plan", path, *options, "--set=search.trials=14", "--json")
    assert json.loads(same)["stored"] == (12 + 2) * 2 * 2
    assert json.loads(more)["stored"] == 12 * 2 * 2
    assert json.loads(more)["missing"] == (14 + 2 - 12) * 2 * 2
