"""`study list`, `study open` and `study help`: studies, their reports, and the commands."""

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import click
import pyarrow.compute as pc
import pytest

import study
from study.listing import listed
from study.store.files import write_parquet, write_whole
from study.store.stored import read_part
from tests.cli.calling import call
from tests.cli.test_help import complete
from tests.driving import finish
from tests.pipelines import small


def fill(folder: Path, name: str = "small") -> Path:
    """Return the folder of a finished study of 16 runs."""
    overrides = ("training.epochs=2", "search.repetitions=1", "search.parameters.lr=[0.1]")
    finish(small(*overrides, f'name="{name}"'), folder)
    return folder / name


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished study, to be copied."""
    return fill(tmp_path_factory.mktemp("finished"))


@pytest.fixture
def results(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return results/ of the current folder: a good study, damaged ones, and what is none."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results"
    for name in ("good", "half", "no provenance", "old", "torn", "unreadable"):
        shutil.copytree(finished, folder / name)
    (folder / "empty").mkdir()
    (folder / ".hidden").mkdir()
    (folder / "README.md").write_text("not a study")
    (folder / "torn" / "provenance.json").write_text("{")
    text = (folder / "old" / "provenance.json").read_text()
    (folder / "old" / "provenance.json").write_text(text.replace('"format": 2', '"format": 1'))
    record = json.loads((folder / "half" / "provenance.json").read_text())
    record["finished"] = None
    (folder / "half" / "provenance.json").write_text(json.dumps(record))
    (folder / "no provenance" / "provenance.json").unlink()
    (folder / "unreadable" / "trials.parquet").write_bytes(b"PAR1 and nothing else")
    return folder


STATES = {
    "empty": "empty", "good": "finished", "half": "interrupted", "no provenance": "interrupted",
    "old": "other version", "torn": "damaged", "unreadable": "damaged",
}  # fmt: skip


def test_every_folder_is_a_row_and_damaged_ones_have_a_reason(results: Path) -> None:
    rows = {row.name: row for row in listed(results)}
    assert {name: row.state for name, row in rows.items()} == STATES
    with_reason = {name for name, row in rows.items() if row.problem}
    assert with_reason == {"old", "torn", "unreadable"}
    good = rows["good"]
    assert (good.kind, good.done, good.total) == ("grid", 16, 16)
    runs = study.load_results(results / "good").runs
    best = runs.groupby("dataset", observed=True)["final_train_loss"].min()
    assert good.best == pytest.approx(best.to_dict())
    assert good.date is not None
    at = json.loads((results / "good" / "provenance.json").read_text())["finished"]
    assert good.date == f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
    assert (rows["half"].done, rows["half"].total, rows["half"].best) == (16, 16, None)


def test_runs_that_are_missing_count_in_the_total(results: Path) -> None:
    path = results / "half" / "pipeline.toml"
    path.write_text(path.read_text().replace("repetitions = 1", "repetitions = 3"))
    (row,) = (row for row in listed(results) if row.name == "half")
    assert (row.done, row.total) == (16, 48)


def test_runs_that_were_lost_after_the_end_are_missing(results: Path) -> None:
    provenance = results / "good" / "provenance.json"
    shutil.rmtree(results / "good" / "runs.parquet")
    (good,) = (row for row in listed(results) if row.name == "good")
    assert (good.state, good.done, good.total, good.best) == ("interrupted", 0, 16, None)
    (results / "good" / "runs.parquet").touch()
    (good,) = (row for row in listed(results) if row.name == "good")
    assert (good.state, good.problem is not None) == ("damaged", True)
    assert "runs.parquet is a file, not a folder of parts" in str(good.problem)
    trials = results / "half" / "trials.parquet"
    rows = read_part(trials)
    at, values = rows.schema.get_field_index("objective"), pc.multiply(rows["objective"], 0.5)
    rows = rows.set_column(at, rows.schema.field(at), values)
    write_whole(trials, lambda file: write_parquet(rows, file))
    shutil.copy(provenance, results / "half" / "provenance.json")
    (half,) = (row for row in listed(results) if row.name == "half")
    assert half.problem == "trials.parquet does not describe the stored runs"
    (torn,) = (row for row in listed(results) if row.name == "unreadable")
    assert str(torn.problem).startswith("trials.parquet is damaged")


@pytest.mark.usefixtures("results")
def test_the_table_fits_80_columns_without_escapes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    narrow = call(capsys, "list")[1]
    assert ["good", "grid", "16/16", "finished"] in [row.split()[:4] for row in narrow.splitlines()]
    monkeypatch.setenv("COLUMNS", "80")
    code, text, wrong = call(capsys, "list")
    assert (code, wrong) == (0, "")
    assert "\x1b" not in text
    table = [line for line in text.splitlines() if ": " not in line]
    assert len(table) > len(STATES)
    assert max(map(len, table)) <= 80
    lines = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert lines["good"].split()[2:4] == ["16/16", "finished"]
    assert lines["torn:"].startswith("torn: provenance.json is damaged")


@pytest.mark.usefixtures("results")
def test_the_list_is_json_lines_too(capsys: pytest.CaptureFixture[str]) -> None:
    _, text, _ = call(capsys, "list", "--json")
    rows = [json.loads(line) for line in text.splitlines()]
    assert {row["name"]: row["state"] for row in rows} == STATES
    assert {row["name"]: row["done"] for row in rows}["good"] == 16


def test_without_studies_a_sentence_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text, _ = call(capsys, "list")
    assert (code, len(text.splitlines())) == (0, 1)
    assert call(capsys, "list", "--results", "none") == (2, "", "error: there is no folder none\n")


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the pages that are opened, on a system that has a display only if a test sets one."""
    pages: list[str] = []
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    def launch(page: str) -> int:
        pages.append(page)
        return 0 if "good" in page else 3

    monkeypatch.setattr(click, "launch", launch)
    return pages


def test_a_report_is_opened_where_there_is_a_display_and_its_path_printed_elsewhere(
    results: Path,
    launched: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, time in (("good", 2000), ("half", 1000)):
        page = results / name / "report.html"
        page.touch()
        os.utime(page, (time, time))
    good = str(Path("results", "good", "report.html"))
    for given in ((), ("good",), ("results/good",)):  # without a name, the newest
        assert call(capsys, "open", *given) == (0, f"{good}\n", "")
    assert launched == []
    monkeypatch.setenv("DISPLAY", ":0")
    assert call(capsys, "open", "good") == (0, f"opened {good}\n", "")
    assert launched == [str(results / "good" / "report.html")]
    assert call(capsys, "open", "half")[1] == f"{Path('results', 'half', 'report.html')}\n"
    code, _, wrong = call(capsys, "open", "torn")
    assert (code, "`study report results/torn`" in wrong) == (2, True)
    code, _, wrong = call(capsys, "open", "nothing")
    assert (code, wrong.startswith("error: there is no folder nothing")) == (2, True)


def test_without_a_report_there_is_nothing_to_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, text, wrong = call(capsys, "open")
    assert (code, text, "study run PIPELINE" in wrong) == (2, "", True)


@pytest.mark.usefixtures("unreported")
def test_a_run_may_open_its_report(
    pipeline: Path,
    tmp_path: Path,
    launched: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = ("--results", tmp_path / "good", "--executor", "inline", "--open")
    page = tmp_path / "good" / "small" / "report.html"
    _, text, _ = call(capsys, "run", pipeline, *options, "--verbose")
    assert text.splitlines()[-1] == str(page)
    stacks = [line for line in text.splitlines() if line.startswith("stack: ")]
    assert sum(int(line.split()[1]) for line in stacks) == 32
    phases = [line.partition(":")[0] for line in text.splitlines()]
    assert [phases.index(name) for name in ("train", "certify", "report")] == sorted(
        phases.index(name) for name in ("train", "certify", "report")
    )
    assert "in " in text.splitlines()[phases.index("report")]
    monkeypatch.setenv("WAYLAND_DISPLAY", "w")
    assert call(capsys, "run", pipeline, *options, "-q") == (0, "", "")
    assert launched == [str(page)]


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize("command", ["open", "report", "reproduce", "replicate"])
def test_a_shell_completes_the_names_of_studies(command: str, results: Path) -> None:
    assert complete(f"study {command} go") == ["good"]
    assert complete(f"study {command} results/h") == ["results/half"]
    assert complete(f"study {command} {results}/ol") == [f"{results}/old"]
    assert complete(f"study {command} ") == sorted(STATES.keys() - {"empty"})
    assert complete("study help re") == ["replicate", "report", "reproduce"]


def test_help_prints_the_help_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("run", "list", "help"):
        assert call(capsys, "help", name) == call(capsys, name, "--help")
    assert call(capsys, "help") == call(capsys, "--help")
    code, _, wrong = call(capsys, "help", "rum")
    assert (code, "Did you mean 'run'?" in wrong) == (2, True)
