"""Mistakes at the command line: one message that says what would be right, exit code 2."""

import errno
import signal
from pathlib import Path

import pytest

from study import load_results
from tests.cli.calling import call
from tests.pipelines import SMALL

USAGE = "usage: study run [OPTIONS] PIPELINE\nstudy run --help shows examples"
COMMANDS = (
    "usage: study [OPTIONS] COMMAND [ARGS]...\n"
    "commands: init, plan, report, reproduce, run, schema\nstudy --help shows examples"
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
    "run broken.toml": "broken.toml: line 1, column 8: invalid value",
    "run table.csv": "table.csv: is no pipeline, which is a TOML file: "
        "line 1, column 2: expected '=' after a key in a key/value pair",
    "run x --fresh=yes": "Option '--fresh' does not take a value.",
    "run small.toml --set name=":
        'small.toml: --set name=: the value is missing (an empty text is "")',
    "run small.toml --set =3": f"small.toml: --set =3: {KEY}",
    "report": "Missing argument 'FOLDER'.\nusage: study report [OPTIONS] FOLDER\n"
        "study report --help shows examples",
    "schema x": "Got unexpected extra argument (x)\nusage: study schema [OPTIONS]\n"
        "study schema --help shows examples",
    "help": f"No such command 'help'.\n{COMMANDS}",
    "run": f"Missing argument 'PIPELINE'.\n{USAGE}",
    "run small.toml other.toml": f"Got unexpected extra argument (other.toml)\n{USAGE}",
    "rum x.toml": f"No such command 'rum'. Did you mean 'run'?\n{COMMANDS}",
    "frobnicate": f"No such command 'frobnicate'.\n{COMMANDS}",
    "run x --worker 2": f"No such option '--worker'. Did you mean '--workers'?\n{USAGE}",
    "run x --workers 0": f"{WORKERS} '0'\n{USAGE}",
    "run x --workers two": f"{WORKERS} 'two'\n{USAGE}",
    "run x --quiet --json":
        f"--quiet prints nothing, --json lines of JSON: give one of them\n{USAGE}",
    "run x --results small.toml":
        f"Invalid value for '--results': Directory 'small.toml' is a file.\n{USAGE}",
    "run small.toml --set": "Option '--set' requires an argument.",
    "run small.toml --set search.seed": f"small.toml: --set search.seed: {KEY}",
    "run small.toml --set repetitions=3":
        "small.toml: --set repetitions=3: repetitions stands in a table: write search.repetitions",
    "run small.toml --set lr=1":
        "small.toml: --set lr=1: lr stands in a table: write training.lr or search.parameters.lr",
    "run small.toml --set search.repetition=3":
        "small.toml: search.repetition: unknown key (did you mean 'repetitions'?)",
    "run small.toml --set search.repetitions=0":
        "small.toml: search.repetitions: must be at least 1, got 0",
    "run small.toml --set search.repetitions=three":
        "small.toml: search.repetitions: must be a whole number, got 'three'",
    "run small.toml --set search.parameters.activation=[tanh]":
        "small.toml: --set search.parameters.activation=[tanh]: [tanh] is no TOML value; "
        "text within it stands in quotes",
    "report nowhere": "there is no folder nowhere; there are results/one, results/two",
    "report empty": "empty holds no runs yet; there are results/one, results/two",
    "report small.toml":
        "small.toml is a file; a study's results are a folder, such as results/NAME",
    "report results": "results holds no runs yet; there are results/one, results/two",
    "report results/tow": "there is no folder results/tow (did you mean 'results/two'?)",
    "reproduce nowhere abc": "there is no folder nowhere; there are results/one, results/two",
    "init small.toml": "small.toml is there already and was left as it is; name another file: "
        "study init small-2.toml",
    "init a+b.toml": "a+b.toml: a study has the name of its file, made of letters, digits, - "
        "and _; 'a+b' is none",
    "init small.toml/x.toml": "small.toml cannot be made a folder: a file is in the way "
        "(a pipeline file is named NAME.toml)",
    "init --from stripe": "--from: 'stripe' is not one of base_setup, daylight, lab, lab_pareto, "
        "lab_pruned, lab_tpe, quickstart, stripes (did you mean 'stripes'?)",
}  # fmt: skip


@pytest.mark.parametrize(("line", "says"), MISTAKES.items())
def test_a_mistake_is_one_message_that_says_what_to_do(
    line: str,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("empty", "studies", "results/one/runs.parquet", "results/two/runs.parquet"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "studies" / "pipeline.toml").touch()
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "broken.toml").write_text("name = ", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert call(capsys, *line.split()) == (2, "", f"error: {says}\n")


@pytest.mark.parametrize(
    ("encoding", "name", "says"),
    [
        ("ascii", "é.toml", "Python reads names as ascii here: set PYTHONUTF8=1"),
        ("iso8859-1", "é.toml", "Python reads names as iso8859-1 here: set PYTHONUTF8=1"),
        ("utf-8", "\udce9.toml", "a name must be UTF-8 text: give it another"),
    ],
)
def test_a_name_that_no_library_could_open_is_told_beforehand(
    encoding: str,
    name: str,
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.getfilesystemencoding", lambda: encoding)
    shown = name.replace("\udce9", "\ufffd")
    assert call(capsys, "run", name) == (2, "", f"error: {shown}: {says}\n")
    assert "no such file" in call(capsys, "run", "e.toml")[2]


@pytest.mark.usefixtures("unreported")
def test_a_run_is_found_by_what_its_id_begins_with_and_else_the_best_are_named(
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
        f"the best are {best['linear']} on linear, {best['xor']} on xor; runs.parquet names all\n"
    )
    says = f"error: which run of {folder}? {named}"
    assert call(capsys, "reproduce", folder) == (2, "", says)
    says = f"error: {folder} has no run 'xyz'; {named}"
    assert call(capsys, "reproduce", folder, "xyz") == (2, "", says)
    first = runs["run_id"].str[0].value_counts()
    digit, count = first.index[0], int(first.iloc[0])
    assert count > 1
    _, _, wrong = call(capsys, "reproduce", folder, digit)
    assert wrong.startswith(f"error: {folder}: {count} runs begin with '{digit}': {digit}")


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

    monkeypatch.setattr("study.store.reader.load_results", lambda _: None)
    monkeypatch.setattr("study.report.page.write_report", refuse)
    says = "error: results/lab: No space left on device\n"
    assert call(capsys, "report", "results/lab") == (code, "", says)


def test_an_interrupted_command_says_how_to_go_on_and_is_interrupted_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("study.store.reader.load_results", interrupt)
    says = "\ninterrupted: what was finished is kept; the same command goes on\n"
    before = signal.getsignal(signal.SIGINT)
    try:
        assert call(capsys, "report", "results/lab") == (130, "", says)
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_all_mistakes_of_a_file_are_said_at_once(
    pipeline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_values = ("--set", "training.epochs=0", "--set", "training.momentum=2")
    code, _, wrong = call(capsys, "plan", pipeline, *wrong_values)
    assert code == 2
    assert wrong.count(f"{pipeline}: training.") == 2
