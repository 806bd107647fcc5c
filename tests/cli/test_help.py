"""What the command prints about itself: help, version, schema and completion."""

import json
import os
import re
import shlex
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from click.shell_completion import ShellComplete

from study.cli import commands
from study.process import cores
from study.store.provenance import fingerprint
from study.training.compiled import backend
from tests.cli.calling import call
from tests.store.made import made, stored


def test_every_command_has_its_help_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    _, output, _ = call(capsys, "--help")
    for name in commands.commands:
        assert f"\n  {name} " in output
        code, own, _ = call(capsys, name, "--help")
        assert code == 0
        assert f"  Examples:\n    study {name}" in own
    assert "..." not in output.partition("Commands:")[2], "cut where a terminal has 80 columns"


def test_the_command_alone_shows_its_help_and_reports_no_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, output, wrong = call(capsys)
    assert (code, output) == (2, "")
    assert wrong.startswith("Usage: study ")


@pytest.mark.parametrize("writable", [True, False])
def test_the_list_of_fonts_is_kept_in_the_environment(
    writable: bool,  # noqa: FBT001  # a parameter
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MPLCONFIGDIR", "")  # so that its value is restored afterwards
    monkeypatch.delenv("MPLCONFIGDIR")
    monkeypatch.setattr("sys.base_prefix", "/usr")
    monkeypatch.setattr("sys.prefix", "/a venv")
    monkeypatch.setattr("os.access", lambda *_: writable)
    assert call(capsys, "schema")[0] == 0
    folder = str(Path("/a venv/matplotlib")) if writable else None
    assert os.environ.get("MPLCONFIGDIR") == folder


def test_the_examples_in_the_help_are_valid_commands() -> None:
    """They are read as the command line reads them, up to where the command would begin."""
    for name, command in commands.commands.items():
        lines = re.findall(r"^ +study (.+)$", command.help or "", re.MULTILINE)
        assert lines
        for line in lines:
            words = shlex.split(line.partition(" > ")[0])
            assert words[0] == name
            command.make_context(name, words[1:])


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, schema, _ = call(capsys, "schema")
    assert (code, json.loads(schema)["type"]) == (0, "object")


def test_the_version_lists_the_libraries_and_the_optional_parts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, output, _ = call(capsys, "--version")
    first, *rest = output.splitlines()
    assert first == f"study, version {metadata.version('hyperparameter-study')}"
    rows = {line[2:13].strip(): line[13:] for line in rest}
    assert list(rows) == ["Python", "NumPy", "BLAS", "processor", "updates", "dask"]
    assert rows["NumPy"] == np.__version__
    assert rows["BLAS"].startswith(fingerprint()["blas"])
    assert rows["processor"].endswith(f"{cores()} cores to use")
    assert rows["updates"] == backend().message

    def absent(_: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr("importlib.metadata.version", absent)
    _, output, _ = call(capsys, "--version")
    assert output.startswith("study, version not installed\n")
    assert "dask       not installed; pip install distributed provides it\n" in output


def complete(line: str) -> list[str]:
    """Return what a shell would offer for the last word of a line."""
    *words, last = line.split(" ")
    shell = ShellComplete(commands, {}, "study", "_STUDY_COMPLETE")
    return [offer.value for offer in shell.get_completions(words[1:], last)]


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("study re", ["replicate", "report", "reproduce"]),
        ("study run x --se", ["--set"]),
        ("study init --from lab_t", ["lab_tpe"]),
        ("study run none.toml --set search.rep", ["search.repetitions="]),
        ("study run {folder}/pipeline.toml --set datasets.x", ["datasets.xor.generator=",
         "datasets.xor.draw="]),
        ("study reproduce {folder} 000", ["0000", "0001"]),
        ("study reproduce nowhere ", []),
    ],
)  # fmt: skip
def test_a_shell_completes(line: str, offers: list[str], tmp_path: Path) -> None:
    stored(tmp_path, [made(0), made(1)])
    (tmp_path / "pipeline.toml").write_text('[datasets.xor]\ngenerator = "xor"\n')
    completions = complete(line.format(folder=tmp_path))
    assert completions[: len(offers)] == offers
    assert bool(completions) == bool(offers)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_installed_as_the_help_describes(shell: str) -> None:
    assert f"_STUDY_COMPLETE={shell}_source study" in (commands.help or "")
    env = os.environ | {"_STUDY_COMPLETE": f"{shell}_source"}
    command = [sys.executable, "-m", "study"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert "_STUDY_COMPLETE" in done.stdout
    assert "study" in done.stdout


@pytest.mark.parametrize("command", [["study.cli"], ["study"]])
@pytest.mark.parametrize(
    "heavy", ["numpy", "pandas", "pyarrow", "seaborn", "optuna", "pydantic", "rich"]
)
def test_the_command_line_loads_no_heavy_library_before_it_needs_one(
    command: list[str], heavy: str
) -> None:
    code = f"import sys, {command[0]}; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
