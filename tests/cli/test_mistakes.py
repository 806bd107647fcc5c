"""Errors at the command line: one message with the remedy, and exit code 2."""

import errno
import json
import signal
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from study import interrupts, load_results
from study.cli import main
from tests.cli.calling import call
from tests.pipelines import SMALL

USAGE = "usage: study run [OPTIONS] PIPELINE\nstudy run --help shows examples"
COMMANDS = (
    "usage: study [OPTIONS] COMMAND [ARGS]...\n"
    "commands: help, init, list, open, plan, replicate, report, reproduce, run, schema\n"
    "study --help shows examples"
)
FOLDER = "is a folder; a pipeline is a TOML file"
WORKERS = "Invalid value for '--workers': must be a whole number of at least 1, got"
KEY = "must be KEY=VALUE, such as search.repetitions=3"

MISTAKES = {
    "run nowhere.toml": "nowhere.toml: no such file; `study init` copies an example to start from",
    "plan smal.toml": "smal.toml: no such file (did you mean small.toml?)",
    "run empty": f"empty: {FOLDER}",
    "plan studies": f"studies: {FOLDER}, such as studies/pipeline.toml",
    "run binary.toml": "binary.toml: is not UTF-8 text: byte 1 is 0xff",
    "run broken.toml": "broken.toml:1:8: invalid value\n  1 | name = \n    |        ^",
    "run table.csv": "table.csv:1:2: is not a pipeline, which is a TOML file: "
        "expected '=' after a key in a key/value pair\n  1 | a,b\n    |  ^",
    "run x --fresh=yes": "Option '--fresh' does not take a value.",
    "run small.toml --set name=":
        'small.toml: --set name=: the value is missing (an empty text is "")',
    "run small.toml --set =3": f"small.toml: --set =3: {KEY}",
    "report": "Missing argument 'FOLDER'.\nusage: study report [OPTIONS] FOLDER\n"
        "study report --help shows examples",
    "schema x": "Got unexpected extra argument (x)\nusage: study schema [OPTIONS]\n"
        "study schema --help shows examples",
    "help rum": f"No such command 'rum'. Did you mean 'run'?\n{COMMANDS}",
    "run x --quiet --verbose":
        f"--quiet prints nothing, --verbose prints more lines: give one of them\n{USAGE}",
    "run": f"Missing argument 'PIPELINE'.\n{USAGE}",
    "run small.toml other.toml": f"Got unexpected extra argument (other.toml)\n{USAGE}",
    "rum x.toml": f"No such command 'rum'. Did you mean 'run'?\n{COMMANDS}",
    "frob": f"No such command 'frob'.\n{COMMANDS}",
    "run x --worker 2": f"No such option '--worker'. Did you mean '--workers'?\n{USAGE}",
    "run x --workers 0": f"{WORKERS} '0'\n{USAGE}",
    "run x --workers two": f"{WORKERS} 'two'\n{USAGE}",
    "run x --quiet --json":
        f"--quiet prints nothing, --json prints lines of JSON: give one of them\n{USAGE}",
    "run x --results small.toml":
        f"Invalid value for '--results': Directory 'small.toml' is a file.\n{USAGE}",
    "run small.toml --set": "Option '--set' requires an argument.",
    "run small.toml --set search.seed": f"small.toml: --set search.seed: {KEY}",
    "run small.toml --set repetitions=3":
        "small.toml: --set repetitions=3: repetitions is in a table: write search.repetitions",
    "run small.toml --set lr=1":
        "small.toml: --set lr=1: lr is in a table: write training.lr or search.parameters.lr",
    "run small.toml --set search.repetition=3":
        "small.toml: search.repetition: unknown key (did you mean 'repetitions'?)",
    "run small.toml --set search.repetitions=0":
        "small.toml: search.repetitions: must be at least 1, got 0",
    "run small.toml --set search.repetitions=three":
        "small.toml: search.repetitions: must be a whole number, got 'three'",
    "run small.toml --set search.parameters.activation=[tanh]":
        "small.toml: --set search.parameters.activation=[tanh]: [tanh] is not a TOML value; "
        "text within it needs quotes",
    "report nowhere": "there is no folder nowhere; there are results/one, results/two",
    "report x -q --json": "--quiet prints nothing, --json prints lines of JSON: give one of them\n"
        "usage: study report [OPTIONS] FOLDER\nstudy report --help shows examples",
    f"report {'x' * 300}": f"{'x' * 300}: File name too long",
    "report empty": "empty holds no runs yet; there are results/one, results/two",
    "report small.toml":
        "small.toml is a file; a study's results are a folder, such as results/NAME",
    "report results": "results holds no runs yet; there are results/one, results/two",
    "report results/tow": "there is no folder results/tow (did you mean 'results/two'?)",
    "report results/nothing":
        "there is no folder results/nothing; there are results/one, results/two",
    "reproduce nowhere abc": "there is no folder nowhere; there are results/one, results/two",
    "init small.toml": "small.toml already exists and was left as it is; name another file: "
        "study init small-2.toml",
    "init a+b.toml": "a+b.toml: a study has the name of its file, which may contain "
        "letters, digits, - and _; 'a+b' is not valid",
    "init small.toml/x.toml": "small.toml cannot be made a folder: a file is in the way "
        "(a pipeline file is named NAME.toml)",
    "init --from stripe": "--from: 'stripe' is not one of base_setup, daylight, digits, iris, lab, "
        "lab_pareto, lab_pruned, lab_questions, lab_tpe, quickstart, stripes (did you mean "
        "'stripes'?)",
}  # fmt: skip


@pytest.mark.parametrize(("line", "message"), MISTAKES.items())
def test_an_error_is_one_message_with_its_remedy(
    line: str,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("empty", "studies", "results/one/runs.parquet", "results/two/runs.parquet"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "studies" / "pipeline.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "broken.toml").write_text("name = ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert call(capsys, *line.split()) == (2, "", f"error: {message}\n")


@pytest.mark.parametrize(
    ("encoding", "name", "message"),
    [
        ("ascii", "é.toml", "Python decodes names as ascii on this system: set PYTHONUTF8=1"),
        (
            "iso8859-1",
            "é.toml",
            "Python decodes names as iso8859-1 on this system: set PYTHONUTF8=1",
        ),
        ("utf-8", "\udce9.toml", "a name must be valid UTF-8: rename it"),
    ],
)
def test_a_name_that_no_library_can_open_is_refused_early(
    encoding: str,
    name: str,
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.getfilesystemencoding", lambda: encoding)
    shown = name.replace("\udce9", "\ufffd")
    assert call(capsys, "run", name) == (2, "", f"error: {shown}: {message}\n")
    assert "no such file" in call(capsys, "run", "e.toml")[2]


@pytest.mark.usefixtures("unreported")
def test_a_run_is_found_by_a_prefix_of_its_id_or_else_the_best_are_named(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "small"
    call(capsys, "run", pipeline, "--results", tmp_path, "--executor", "inline", "--quiet")
    runs = load_results(folder).runs
    best = {
        dataset: group.set_index("run_id")["final_train_loss"].idxmin()
        for dataset, group in runs[runs["status"] == "completed"].groupby("dataset", observed=True)
    }
    named = (
        f"the best are {best['linear']} on linear, {best['xor']} on xor; runs.parquet lists all\n"
    )
    message = f"error: which run of {folder}? {named}"
    assert call(capsys, "reproduce", folder) == (2, "", message)
    message = f"error: {folder} has no run 'xyz'; {named}"
    assert call(capsys, "reproduce", folder, "xyz") == (2, "", message)
    first = runs["run_id"].str[0].value_counts()
    digit, count = first.index[0], int(first.iloc[0])
    assert count > 1
    _, _, wrong = call(capsys, "reproduce", folder, digit)
    assert wrong.startswith(f"error: {folder}: {count} runs begin with '{digit}': {digit}")


@pytest.mark.parametrize(
    ("error", "code"), [(FileNotFoundError, 2), (PermissionError, 2), (OSError, 1)]
)
def test_an_error_of_the_system_is_one_sentence(
    error: type[OSError],
    code: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> Path:
        raise error(errno.ENOSPC, "No space left on device", "results/lab")

    monkeypatch.setattr("study.store.reader.load_results", lambda _: None)
    monkeypatch.setattr("study.report.page.write_report", refuse)
    message = "error: results/lab: No space left on device\n"
    assert call(capsys, "report", "results/lab", "--json") == (code, "", message)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_command_explains_how_to_resume_and_is_interrupted_once(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = signal.Signals[name]

    def interrupt(*_: object) -> None:
        try:
            signal.raise_signal(number)
        finally:
            for other in ("SIGINT", "SIGTERM", "SIGHUP"):  # which would end this process
                signal.raise_signal(signal.Signals[other])
            raise BrokenPipeError  # whatever fails on the way out

    monkeypatch.setattr("study.store.reader.load_results", interrupt)
    message = "interrupted: finished runs are kept; run the same command to resume\n"
    before = {each: signal.getsignal(each) for each in interrupts.STOPPING}
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        assert call(capsys, "report", "results/lab") == (128 + number, "", message)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_an_ignored_signal_stays_ignored_and_handlers_are_given_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`nohup` has a command begin with SIGHUP ignored, and a shell's `&` with SIGINT."""
    during = []
    monkeypatch.setattr(
        "study.store.reader.load_results",
        lambda _: during.append([signal.getsignal(each) for each in interrupts.STOPPING]),
    )
    monkeypatch.setattr("study.report.page.write_report", lambda to, **_: to / "report.html")
    before = {each: signal.getsignal(each) for each in interrupts.STOPPING}
    ignored = dict.fromkeys((signal.SIGINT, signal.SIGHUP), signal.SIG_IGN)
    try:
        for each, ignore in ignored.items():
            signal.signal(each, ignore)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        assert call(capsys, "report", "results/lab")[0] == 0
        [(interrupt, end, hang_up)] = during
        assert interrupt == hang_up == signal.SIG_IGN
        assert callable(end)
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def test_a_lost_process_is_one_sentence_and_any_other_error_a_bug(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[BaseException] = [BrokenExecutor("it died"), KeyError("x")]

    def fail(*_: object) -> None:
        raise raised.pop(0)

    monkeypatch.setattr("study.store.reader.load_results", fail)
    message = "error: a process that was drawing or training was lost (it died)\n"
    assert call(capsys, "report", "results/lab") == (1, "", message)
    with pytest.raises(KeyError):
        main(["report", "results/lab"])


GONE = (
    "error: the current folder no longer exists: change into another one; finished runs are kept\n"
)


def test_a_deleted_working_directory_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    for command in ("run x.toml", "plan x.toml", "report x", "init"):
        assert call(capsys, *command.split()) == (2, "", GONE)


def test_a_folder_that_is_deleted_during_the_command_is_named_as_the_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")

    def lose(*_: object) -> None:
        (tmp_path / "gone").rmdir()
        raise BrokenExecutor

    monkeypatch.setattr("study.store.reader.load_results", lose)
    assert call(capsys, "report", "x") == (2, "", GONE)


HOSTILE = "x\x1b[31m\rred\u202eder\x07"
SHOWN = "x\\x1b[31m\\rred\\u202eder\\x07"


def test_no_escape_of_a_path_title_or_table_reaches_the_terminal(
    pipeline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    local = ("--results", tmp_path / "results")
    assert call(capsys, "report", HOSTILE)[2].startswith(f"error: there is no folder {SHOWN}")
    assert call(capsys, "run", f"{HOSTILE}.toml")[2].startswith(
        f"error: {SHOWN}.toml: no such file"
    )
    assert f"'{SHOWN}' is not one of" in call(capsys, "init", "--from", HOSTILE)[2]
    title = f"title={json.dumps(HOSTILE + chr(10) + 'error: fake')}"
    _, planned, _ = call(capsys, "plan", pipeline, *local, "--set", title)
    assert planned.startswith(f"{SHOWN}\\nerror: fake\n\n")
    own = tmp_path / "own.toml"
    own.write_text(f"""
name = "own"
[datasets.own]
generator = "csv"
path = {json.dumps(f"{HOSTILE}.csv")}
features = ["a"]
target = "c"
""")
    (tmp_path / f"{HOSTILE}.csv").write_bytes(f'a,c\n1,"{HOSTILE}"\n2,y\n'.encode())
    _, planned, _ = call(capsys, "plan", own, *local)
    assert f"own: 2 samples from {SHOWN}.csv, c: {SHOWN} = 0, y = 1" in planned
    _, _, wrong = call(capsys, "plan", own, *local, "--set", f"datasets.own.target={title[6:]}")
    assert SHOWN in wrong
    assert wrong.isprintable() or set(wrong) - {"\n"} == {c for c in wrong if c.isprintable()}


def test_all_errors_in_a_file_are_reported_at_once(
    pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_values = ("--set", "training.epochs=0", "--set", "training.momentum=2")
    code, _, wrong = call(capsys, "plan", pipeline, *wrong_values)
    assert code == 2
    assert wrong.count(f"{pipeline}: training.") == 2
