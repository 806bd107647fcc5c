"""Provenance names hardware and versions and reports changes of them; it never fails."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import study
from study.errors import ResultsError
from study.store import provenance
from study.store.files import write_text
from study.store.format import require_format
from study.store.provenance import (
    ended_early,
    executions,
    fingerprint,
    git_commit,
    versions,
    write_provenance,
)
from study.store.sweep import sweep

START = datetime(2030, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))
COMMAND = ["study", "run", "pipelines/lab.toml"]


def test_provenance_holds_command_times_versions_platform_and_commit(tmp_path: Path) -> None:
    assert write_provenance(tmp_path, command=COMMAND, started=START) is None
    finished = START + timedelta(seconds=7.5)
    assert write_provenance(tmp_path, command=COMMAND, started=START, finished=finished) is None
    stored = json.loads((tmp_path / "provenance.json").read_text())
    assert stored["command"] == COMMAND
    assert stored["started"] == "2030-01-02T01:04:05.000+00:00"
    assert stored["finished"] == "2030-01-02T01:04:12.500+00:00"
    assert stored["fingerprint"] == fingerprint()
    assert stored["versions"]["numpy"] == np.__version__
    assert "duckdb" not in stored["versions"]  # a tool of the tests
    assert stored["platform"]
    assert stored["earlier"] == []


def test_a_resumption_keeps_the_earlier_executions(tmp_path: Path) -> None:
    starts = [START + timedelta(days=day) for day in range(3)]
    for started in starts:
        write_provenance(tmp_path, command=COMMAND, started=started)
    stored = json.loads((tmp_path / "provenance.json").read_text())
    times = [one["started"] for one in [*stored["earlier"], stored]]
    assert times == [time.astimezone(UTC).isoformat(timespec="milliseconds") for time in starts]
    assert all("earlier" not in one for one in stored["earlier"])


def test_what_was_noted_stays_with_its_execution(tmp_path: Path) -> None:
    assert executions(tmp_path) == []
    write_provenance(tmp_path, command=COMMAND, started=START, notes=["a part was moved"])
    write_provenance(tmp_path, command=COMMAND, started=START + timedelta(1))
    assert [one["notes"] for one in executions(tmp_path)] == [["a part was moved"], []]
    assert all("earlier" not in one for one in executions(tmp_path))


@pytest.mark.parametrize("ended", [None, [], "x", {"xor": 3}, 4.0])
def test_an_invalid_reason_is_ignored(ended: object, tmp_path: Path) -> None:
    assert ended_early(tmp_path) == {}
    why = {"xor": "after 4 trials: the space has no other configuration"}
    write_provenance(tmp_path, command=COMMAND, started=START, finished=START, ended=why)
    assert ended_early(tmp_path) == why
    path = tmp_path / "provenance.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**stored, "ended": ended}), encoding="utf-8")
    assert ended_early(tmp_path) == {}
    write_provenance(tmp_path, command=COMMAND, started=START + timedelta(1))
    assert ended_early(tmp_path) == {}  # it may not have ended


def test_another_fingerprint_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = fingerprint() | {"numpy": "2.0.0", "blas_kernel": "Prescott"}
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "fingerprint", lambda: old)
        write_provenance(tmp_path, command=COMMAND, started=START)
    now = fingerprint()
    message = (
        "new runs may differ from stored ones in their last bits: "
        f"numpy 2.0.0 → {now['numpy']}, blas_kernel Prescott → {now['blas_kernel']}"
    )
    assert write_provenance(tmp_path, command=COMMAND, started=START + timedelta(1)) == message
    assert executions(tmp_path)[-1]["notes"] == [message]


def test_the_fingerprint_is_complete_and_the_same_each_time() -> None:
    first = fingerprint()
    assert first == fingerprint()
    assert all(isinstance(value, str) and value for value in first.values())
    assert list(first) == ["python", "numpy", "numpy_kernels", "blas", "blas_kernel", "cpu"]


def test_a_machine_that_reveals_nothing_has_a_fingerprint_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise OSError

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(provenance, "threadpool_info", list)
    monkeypatch.setattr("platform.processor", lambda: "")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert (fingerprint()["cpu"], fingerprint()["blas_kernel"]) == ("riscv64", "unknown")


def test_the_cpu_is_the_first_that_the_system_names(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["processor\t: 0", "model name\t: CPU: fast ", "model name\t: CPU: slow"]
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: "\n".join(lines))
    assert fingerprint()["cpu"] == "CPU: fast"


WRONG: dict[str, Callable[[dict[str, Any]], str]] = {
    "no JSON": lambda _: "{",
    "a list": lambda _: "[]",
    "no words": lambda _: "\N{SNOWMAN}",
    "too deep": lambda _: "[" * 100_000,
    "too long a number": lambda d: json.dumps(d).replace(
        '"earlier": []', f'"earlier": {"1" * 9999}'
    ),
    "half a character": lambda d: json.dumps(d | {"platform": "\ud800"}),
    "a command that is no list": lambda d: json.dumps(d | {"command": "study run"}),
    "notes that are no text": lambda d: json.dumps(d | {"notes": [1]}),
    "no time": lambda d: json.dumps(d | {"finished": "later"}),
    "a time nowhere": lambda d: json.dumps(d | {"finished": "2030-01-01T00:00:00"}),
    "a number as time": lambda d: json.dumps(d | {"started": 5}),
    "a fingerprint of numbers": lambda d: json.dumps(d | {"fingerprint": {"numpy": 2}}),
    "no fingerprint": lambda d: json.dumps({k: v for k, v in d.items() if k != "fingerprint"}),
    "an earlier that is none": lambda d: json.dumps(d | {"earlier": [None]}),
    "an earlier without notes": lambda d: json.dumps(d | {"earlier": [{"started": d["started"]}]}),
}


@pytest.mark.parametrize("write", WRONG.values(), ids=WRONG)
def test_an_invalid_provenance_is_set_aside_and_rewritten(
    tmp_path: Path, write: Callable[[dict[str, Any]], str]
) -> None:
    path = tmp_path / "provenance.json"
    write_provenance(tmp_path, command=COMMAND, started=START, finished=START)
    wrong = write(json.loads(path.read_text()))
    write_text(wrong, path)
    assert executions(tmp_path) == []
    assert provenance.finished(tmp_path) is None
    (note,) = sweep(tmp_path)
    assert note.startswith("moved provenance.json to damaged/provenance.json: it is damaged (")
    assert "\n" not in note
    assert (tmp_path / "damaged" / path.name).read_text() == wrong
    assert write_provenance(tmp_path, command=COMMAND, started=START) is None
    assert json.loads(path.read_text())["earlier"] == []


def test_additions_of_a_later_version_are_kept(tmp_path: Path) -> None:
    write_provenance(tmp_path, command=COMMAND, started=START, finished=START)
    path = tmp_path / "provenance.json"
    write_text(json.dumps(json.loads(path.read_text()) | {"format": 9, "of": {"a": [1]}}), path)
    assert sweep(tmp_path) == ()
    write_provenance(tmp_path, command=COMMAND, started=START + timedelta(1))
    (earlier,) = json.loads(path.read_text())["earlier"]
    assert (earlier["format"], earlier["of"], earlier["finished"]) == (
        9, {"a": [1]}, "2030-01-02T01:04:05.000+00:00",
    )  # fmt: skip


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"format": 2}', '{"format": "?"}'])
def test_a_folder_of_this_format_or_of_an_unknown_one_is_not_refused(
    tmp_path: Path, content: str
) -> None:
    require_format(tmp_path)
    write_text(content, tmp_path / "provenance.json")
    require_format(tmp_path)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({}, "was written by study 1.0; use study 1.0 to read it, or set it aside"),
        ({"format": 3}, "was written by a later version of study; use that version to read it"),
    ],
)
def test_a_folder_of_another_format_is_refused_with_the_remedy(
    tmp_path: Path, written: dict[str, int], message: str
) -> None:
    write_provenance(tmp_path, command=COMMAND, started=START)
    document = json.loads((tmp_path / "provenance.json").read_text())
    assert document.pop("format") == 2
    write_text(json.dumps(document | written), tmp_path / "provenance.json")
    with pytest.raises(ResultsError, match=message):
        require_format(tmp_path)


def test_versions_are_null_if_the_project_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert versions()["study"] == metadata.version("hyperparameter-study")

    def missing(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.requires", missing)
    assert versions() == {}


def test_the_commit_is_of_the_code_and_null_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git = shutil.which("git")
    if git is None:
        assert git_commit() is None
        return
    assert Path(study.__file__).parent == provenance._PACKAGE  # noqa: SLF001
    package = tmp_path / "study"
    write_text("", package / "__init__.py")
    monkeypatch.setattr(provenance, "_PACKAGE", package)
    assert git_commit() is None  # no repository
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]

    def run(*arguments: str) -> None:
        subprocess.run([git, "-C", str(tmp_path), *who, *arguments], check=True)

    run("init", "--quiet")
    run("commit", "--quiet", "--allow-empty", "-m", "empty")
    assert git_commit() is None  # some other repository
    run("add", "study")
    run("commit", "--quiet", "-m", "first")
    run("tag", "v1")
    assert re.fullmatch("[0-9a-f]{40}", git_commit() or "")
    write_text("x = 1", package / "__init__.py")
    assert re.fullmatch("[0-9a-f]{40}-dirty", git_commit() or "")
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert git_commit() is None


def test_the_kernel_is_of_numpys_blas_whatever_else_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    libraries = [
        {"user_api": "openmp", "filepath": "/numpy.libs/libgomp.so"},
        {"user_api": "blas", "filepath": "/scipy.libs/blas.so", "architecture": "Prescott"},
        {"user_api": "blas", "filepath": "/numpy.libs/blas.so", "architecture": "Haswell"},
    ]
    monkeypatch.setattr(provenance, "threadpool_info", lambda: libraries)
    assert fingerprint()["blas_kernel"] == "Haswell"
