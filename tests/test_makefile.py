"""The Makefile: what it offers, and what it says where a machine lacks something."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

PYTHON = """#!/bin/sh
# Stands for a Python: writes down what it is asked for, and lacks what the test wants it to lack.
printf '%s\\n' "$*" >>asked
case "$1 $2 $LACKS" in
  "-c import sys"*old | "-c import ensurepip"*venv) exit 1 ;;
  "-m pip network") echo "WARNING: noise"; echo "ERROR: No matching distribution found"; exit 1 ;;
  "-m pip "*) echo "WARNING: noise" ;;
  "-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
esac
"""

Make = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with a difficult name that holds what the setup reads."""
    folder = tmp_path / "my studies (2)"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, folder)
    python = folder / "my python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return folder


def make(
    folder: Path, *arguments: str, lacks: str = "", python: str = "./my python"
) -> subprocess.CompletedProcess[str]:
    """Run make as a shell would that is not itself inside of a `make test`."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PIPELINE"}
    env = {key: value for key, value in os.environ.items() if key not in inherited}
    return subprocess.run(
        ["make", *arguments],  # noqa: S607  # the user's make, wherever it is
        cwd=folder,
        env={**env, "PYTHON": python, "LACKS": lacks},
        capture_output=True,
        text=True,
        check=False,
    )


def asked(folder: Path) -> list[str]:
    """Return what Python was asked for since the last call, but for the checks of it."""
    path = folder / "asked"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return [line for line in lines if not line.startswith("-c")]


PIP = "-m pip install --quiet --no-cache-dir --disable-pip-version-check --no-deps"
SETUP = [
    "-m venv --clear .venv",
    f"{PIP} --require-hashes -r requirements.lock",
    f"{PIP} --no-build-isolation -e .",
]


def test_help_lists_every_target_and_says_what_the_variables_are(checkout: Path) -> None:
    targets = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    done = make(checkout)
    assert targets is not None
    assert re.findall(r"^make ([\w-]+) +\S", done.stdout, re.MULTILINE) == targets[1].split()
    assert "PIPELINE=pipelines/lab.toml" in done.stdout
    assert "PYTHON=" in done.stdout
    assert not asked(checkout)


def test_a_study_sets_up_once_says_so_and_is_quick_then(checkout: Path) -> None:
    run = "-m study run pipelines/lab.toml"
    first, second = make(checkout, "study"), None
    assert first.returncode == 0
    assert first.stdout == "Setting up .venv (once; a minute or two) …\n"
    assert first.stderr == ""
    assert asked(checkout) == [*SETUP, run]
    second = make(checkout, "study")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert asked(checkout) == [run]


def test_a_pipeline_may_stand_anywhere(checkout: Path) -> None:
    pipeline = "PIPELINE=../my pipelines/a b.toml"
    for target in ("study", "plan", "report"):
        assert make(checkout, target, pipeline).returncode == 0
    assert asked(checkout)[len(SETUP) :] == [
        "-m study run ../my pipelines/a b.toml",
        "-m study plan ../my pipelines/a b.toml",
        "-m study report results/a b",
    ]


@pytest.mark.parametrize(
    ("lacks", "says"),
    [
        (
            "old",
            (
                "./my python is older than Python 3.11, or not there; name one that will do, for "
                "example: make plan PYTHON=python3.13\n"
            ),
        ),
        (
            "venv",
            (
                "./my python has no venv module; install it (Debian, Ubuntu: apt install "
                "python3-venv), then give the same command again.\n"
            ),
        ),
        (
            "network",
            (
                "WARNING: noise\nERROR: No matching distribution found\n"
                "The packages could not be installed: pip says why above. The first setup needs a "
                "network; give the same command again when there is one.\n"
            ),
        ),
    ],
)
def test_what_a_machine_lacks_is_said_in_a_sentence_and_tried_again_next_time(
    checkout: Path, lacks: str, says: str
) -> None:
    done = make(checkout, "plan", lacks=lacks)
    told = [line for line in done.stderr.splitlines(keepends=True) if not line.startswith("make")]
    assert (done.returncode, "".join(told)) == (2, says)
    asked(checkout)
    assert make(checkout, "plan").returncode == 0
    assert asked(checkout) == [*SETUP, "-m study plan pipelines/lab.toml"]


def test_a_python_that_is_not_there_is_said_in_the_same_sentence(checkout: Path) -> None:
    done = make(checkout, "study", python="python3.99")
    assert done.stderr.startswith("python3.99 is older than Python 3.11, or not there; name")


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", "moved"])
def test_another_lock_project_file_or_folder_is_set_up_again(checkout: Path, changed: str) -> None:
    make(checkout, "plan")
    asked(checkout)
    if changed == "moved":
        checkout = checkout.rename(checkout.with_name("my studies (3)"))
    else:
        stamp = (checkout / ".venv" / "ready").stat().st_mtime + 1
        os.utime(checkout / changed, (stamp, stamp))
    make(checkout, "plan")
    assert asked(checkout) == [*SETUP, "-m study plan pipelines/lab.toml"]


def test_clean_leaves_results_and_sources(checkout: Path) -> None:
    kept = ["nn_core/a.py", "study/a.py", "tests/a.py", "results/lab/runs.parquet", "my python"]
    gone = [".venv/a", "nn_core/__pycache__/a", ".coverage", ".mypy_cache/a", "study.egg-info/a"]
    for name in kept[:-1] + gone:
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert make(checkout, "clean").returncode == 0
    assert [name for name in kept if not (checkout / name).exists()] == []
    assert [name for name in gone if (checkout / name).exists()] == []


def test_an_audit_that_cannot_be_made_says_so_in_one_sentence(checkout: Path) -> None:
    """Here the stand-in for a Python makes no second environment, as without a network."""
    make(checkout, "plan")
    done = make(checkout, "audit")
    (told,) = (line for line in done.stderr.splitlines() if not line.startswith("make"))
    assert done.returncode == 2
    assert told == (
        "Nothing was audited: pip-audit could not be installed, which needs a network "
        "(.venv/audit.log says why)."
    )


def test_coverage_runs_the_tests_of_make_test_and_asks_for_two_shares(checkout: Path) -> None:
    make(checkout, "test")
    (tests,) = asked(checkout)[len(SETUP) :]
    assert tests.startswith("-m pytest --numprocesses=auto")
    assert make(checkout, "coverage").returncode == 0
    assert asked(checkout) == [
        f"{tests} --cov --cov-report=",
        "-m coverage report --include=nn_core/* --fail-under=100",
        "-m coverage report --include=study/* --fail-under=95",
    ]


def test_ci_runs_the_static_gate_and_the_tests_with_coverage_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make coverage"]
