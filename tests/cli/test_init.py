"""`study init` copies a valid example and overwrites nothing."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from study import load_pipeline
from study.arguments import program
from study.examples import examples, folder
from tests.cli.calling import call


def test_every_example_is_listed_with_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    _, output, _ = call(capsys, "init", "--list")
    listed = dict(line.split(maxsplit=1) for line in output.splitlines())
    titles = {path.stem: load_pipeline(path).title for path in folder().glob("*.toml")}
    assert listed == titles
    assert next(iter(listed)) == "quickstart"
    _, output, _ = call(capsys, "init", "--list", "--json")
    assert json.loads(output) == titles


@pytest.mark.parametrize("example", examples())
def test_a_copy_is_the_example_under_the_name_of_its_file(
    example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my studies" / "mine.toml"
    code, output, _ = call(capsys, "init", path, "--from", example)
    original, copied = load_pipeline(folder() / f"{example}.toml"), load_pipeline(path)
    data = [path.with_name(d.source[0]) for d in original.datasets.values() if d.file]
    wrote = " and ".join(map(str, [path, *data]))
    assert (code, output.splitlines()[0]) == (
        0,
        f"wrote {wrote}; {path.with_name('schema.json')} lets an editor check it while you type",
    )
    assert copied.model_dump() == {**original.model_dump(), "name": "mine"}
    assert path.read_text().startswith("#:schema ./schema.json\n")
    assert path.with_name("schema.json").read_bytes() == (folder() / "schema.json").read_bytes()


def test_a_folder_gets_the_example_under_its_own_name_and_nothing_is_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schema.json").write_text("{}")
    _, output, _ = call(capsys, "init")
    assert output.startswith("wrote quickstart.toml; schema.json was there and is not today's")
    assert f"  {program()} plan quickstart.toml\n" in output
    assert (tmp_path / "schema.json").read_text() == "{}"
    (tmp_path / "quickstart.toml").write_text("mine")
    assert call(capsys, "init")[0] == 2
    assert (tmp_path / "quickstart.toml").read_text() == "mine"
    _, output, _ = call(capsys, "init", "there", "--from", "lab", "--json")
    where = {"pipeline": "there/lab.toml", "schema": "there/schema.json", "data": []}
    assert json.loads(output) == where


def test_the_data_of_an_example_are_copied_unless_another_file_has_their_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, mine = tmp_path / "daylight.csv", tmp_path / "mine.toml"
    data.write_text("mine", encoding="utf-8")
    code, _, wrong = call(capsys, "init", mine, "--from", "daylight")
    message = (
        "already exists, differs from the example's, and was left as it is; name another folder"
    )
    assert (code, wrong) == (2, f"error: {data} {message}\n")
    assert (data.read_text(encoding="utf-8"), mine.exists()) == ("mine", False)
    data.unlink()
    for name in ("mine.toml", "too.toml"):
        code, output, _ = call(capsys, "init", tmp_path / name, "--from", "daylight", "--json")
        assert (code, json.loads(output)["data"]) == (0, [str(data)])
    assert data.read_bytes() == (folder() / "daylight.csv").read_bytes()


def test_an_installed_package_has_its_examples_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("study.examples.__file__", str(tmp_path / "study" / "examples.py"))
    assert folder() == tmp_path / "pipelines"
    (tmp_path / "study" / "pipelines").mkdir(parents=True)
    assert folder() == tmp_path / "study" / "pipelines"


def test_the_command_is_named_by_its_shorter_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", str(tmp_path / ".venv" / "bin" / "python"))
    monkeypatch.chdir(tmp_path)
    assert program() == str(Path(".venv", "bin", "study"))
    monkeypatch.setattr("sys.executable", "/my studies/.venv/bin/python")
    assert program() == "'/my studies/.venv/bin/study'"


def test_nothing_half_written_is_left_on_a_full_disk_and_the_next_start_does_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, whole = tmp_path / "mine.toml", Path.write_bytes

    def full(to: Path, content: bytes) -> int:
        whole(to, content[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_bytes", full)
        message = f"error: {tmp_path / 'schema.json'}: No space left on device\n"
        assert call(capsys, "init", path) == (1, "", message)
    assert list(tmp_path.iterdir()) == []
    assert call(capsys, "init", path)[0] == 0
    assert path.with_name("schema.json").read_bytes() == (folder() / "schema.json").read_bytes()


def test_another_schema_may_hold_any_bytes_and_need_be_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "schema.json"
    kinds: tuple[Callable[[], object], ...] = (
        lambda: schema.write_bytes(b"\xff"),
        schema.mkdir,
        lambda: os.mkfifo(schema),
        lambda: schema.symlink_to("x"),
    )
    for i, make in enumerate(kinds):
        make()
        code, output, _ = call(capsys, "init", tmp_path / f"mine{i}.toml")
        assert (code, "was there and is not today's" in output) == (0, True)
        schema.rmdir() if i == 1 else schema.unlink()


def test_a_pipe_with_the_name_of_a_file_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "mine.toml")
    os.mkfifo(tmp_path / "daylight.csv")
    assert "already exists" in call(capsys, "init", tmp_path / "mine.toml")[2]
    code, _, wrong = call(capsys, "init", tmp_path / "x.toml", "--from", "daylight")
    assert (code, "daylight.csv already exists" in wrong) == (2, True)
