"""The command line as its users meet it: what it prints, what it returns, what it refuses."""

import errno
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import study
from study.cli import main
from study.execution import work
from study.figures.image import Picture
from study.report import pictures
from tests.driving import failing
from tests.pipelines import small
from tests.searches import PRUNING, SEARCH


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Call the command; return its exit code, its output and its errors."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write reports without their pictures, which take most of the time."""
    drawn = Picture("svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"/>')

    @contextmanager
    def nobody(_: int) -> Iterator[pictures.Artist]:
        yield lambda *_: lambda: drawn

    monkeypatch.setattr("study.report.page.artists", nobody)


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    overrides = ("training.epochs=3", "search.parameters.lr=[0.01, 0.1]", "search.repetitions=1")
    path.write_text(small(*overrides).text)
    return path


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

    code, said, _ = call(capsys, "run", pipeline, "--results", results, "--executor", "inline")
    assert code == 0
    assert said.splitlines()[-2:] == [
        f"results: {results / 'small'}",
        f"report:  {results / 'small' / 'report.html'}",
    ]
    assert (results / "small" / "report.html").exists()

    code, again, _ = call(capsys, "run", pipeline, "--results", results, "--executor", "inline")
    assert (code, again.splitlines()[0]) == (
        0,
        "all 32 runs are stored already: nothing to train",
    )
    assert "trained nothing" in again

    code, planned, _ = call(capsys, "plan", pipeline, "--results", results, "--json")
    assert json.loads(planned)["missing"] == 0

    (results / "small" / "report.html").unlink()
    code, said, _ = call(capsys, "report", results / "small")
    assert (code, said) == (0, f"report: {results / 'small' / 'report.html'}\n")

    run_id = study.load_results(results / "small").runs["run_id"].iloc[0]
    weights = tmp_path / "weights"
    code, said, _ = call(capsys, "reproduce", results / "small", run_id, "--weights", weights)
    assert code == 0
    assert said == f"run {run_id}: all 3 epochs are bit-identical\nweights: {weights}.npz\n"
    assert (tmp_path / "weights.npz").exists()

    nowhere = tmp_path / "nowhere" / "weights.npz"
    code, said, wrong = call(capsys, "reproduce", results / "small", run_id, "--weights", nowhere)
    assert (code, said) == (2, ""), "said before anything is trained"
    assert f"there is no folder {nowhere.parent}" in wrong


@pytest.mark.usefixtures("undrawn")
def test_json_lines_end_with_the_report(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--results", tmp_path, "--executor", "inline", "--json")
    code, said, _ = call(capsys, "run", pipeline, *options)
    events = [json.loads(line) for line in said.splitlines()]
    assert (code, events[0]["event"], events[-1]["event"]) == (0, "started", "reported")


@pytest.mark.usefixtures("undrawn")
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
    _, more, _ = call(capsys, "plan", path, *options, "--set=search.confirm=2")
    assert "\nmissing         0\n" not in more


@pytest.mark.usefixtures("undrawn")
def test_quiet_prints_nothing_and_failed_runs_are_a_fault(
    pipeline: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = ("--results", tmp_path, "--executor", "inline")
    monkeypatch.setattr(work, "train_stack", failing(1))
    code, said, wrong = call(capsys, "run", pipeline, *options)
    assert (code, wrong) == (1, "")
    assert "failed: MemoryError: too large" in said
    assert "the same command trains the failed runs again" in said
    monkeypatch.undo()
    assert call(capsys, "run", pipeline, *options, "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "nowhere.toml"], "nowhere.toml: no such file"),
        (["plan", "nowhere.toml"], "nowhere.toml: no such file"),
        (["report", "nowhere"], "nowhere"),
        (["reproduce", "nowhere", "abc"], "nowhere"),
        (["rum", "x.toml"], "No such command 'rum'"),
        (["run"], "Missing argument 'PIPELINE'"),
        (["run", "x.toml", "--worker", "2"], "--workers"),
        (["run", "x.toml", "--workers", "0"], "0 is not in the range x>=1"),
    ],
)
def test_a_mistake_is_one_message_and_exit_code_2(
    arguments: list[str],
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said, wrong = call(capsys, *arguments)
    assert (code, said) == (2, "")
    assert wrong.startswith("error: ")
    assert says in wrong
    assert "Traceback" not in wrong


@pytest.mark.parametrize(
    ("error", "code"), [(FileNotFoundError, 2), (PermissionError, 2), (OSError, 1)]
)
def test_what_the_system_refuses_is_one_sentence(
    error: type[OSError],
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> Path:
        raise error(errno.ENOSPC, "No space left on device", "results/lab")

    monkeypatch.setattr("study.report.page.write_report", refuse)
    says = "error: results/lab: No space left on device\n"
    assert call(capsys, "report", "results/lab") == (code, "", says)


def test_all_mistakes_of_a_file_are_said_at_once(
    pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_values = ("--set", "training.epochs=0", "--set", "training.momentum=2")
    code, _, wrong = call(capsys, "plan", pipeline, *wrong_values)
    assert code == 2
    assert wrong.count(f"{pipeline}: training.") == 2


@pytest.mark.usefixtures("undrawn")
def test_plan_and_run_say_what_the_repetitions_cannot_decide_and_run_what_was_decided(
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
    notice = "3 repetitions cannot decide adam-lower: p is 0.25 at best"
    _, planned, _ = call(capsys, "plan", pipeline, *where)
    assert f"hypotheses      1; {notice}\n" in planned
    _, said, _ = call(capsys, "run", pipeline, *where, "--executor", "inline")
    assert said.startswith(f"note: {notice}\n")
    assert "\nhypotheses, on each dataset and network: 2 undecided\n" in said


def test_the_schema_is_json_and_help_names_every_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, schema, _ = call(capsys, "schema")
    assert (code, json.loads(schema)["type"]) == (0, "object")
    code, says, _ = call(capsys, "--help")
    for name in ("run", "plan", "report", "reproduce", "schema"):
        assert f"\n  {name} " in says
        assert call(capsys, name, "--help")[0] == 0
    assert call(capsys, "--version")[1].startswith("study, version")


@pytest.mark.parametrize("command", [["study.cli"], ["study"]])
@pytest.mark.parametrize("heavy", ["numpy", "pandas", "pyarrow", "seaborn", "optuna", "pydantic"])
def test_the_command_line_loads_no_heavy_library_before_it_needs_one(
    command: list[str], heavy: str
) -> None:
    code = f"import sys, {command[0]}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.usefixtures("undrawn")
def test_a_plan_says_that_its_run_would_be_refused(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--results", tmp_path)
    call(capsys, "run", pipeline, *where, "--quiet")
    changed = (*where, "--set", "training.epochs=31")
    code, said, _ = call(capsys, "plan", pipeline, *changed)
    assert code == 0
    assert "\nnote: `study run` would refuse this. " in said
    assert "  training.epochs was 3 and is 31 now" in said
    _, said, _ = call(capsys, "plan", pipeline, *changed, "--json")
    assert "training.epochs was 3 " in json.loads(said)["refused"]
    _, said, _ = call(capsys, "plan", pipeline, *where, "--json")
    assert json.loads(said)["refused"] is None


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
