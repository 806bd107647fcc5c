"""The Makefile: its targets, and its messages on a machine that lacks something."""

import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = "requirements.lock", "requirements-dev.lock"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

PYTHON = """#!/bin/sh
# Replaces Python: records its arguments, and fails where the test asks for it.
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
    for name in ("Makefile", "pyproject.toml", *LOCKS):
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
    """Return the arguments of Python since the last call, except for its checks."""
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
COMPLETE = [*SETUP, f"{PIP} --require-hashes -r requirements-dev.lock"]


def test_help_lists_every_target_and_explains_the_variables(checkout: Path) -> None:
    targets = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    done = make(checkout)
    assert targets is not None
    assert re.findall(r"^make ([\w-]+) +\S", done.stdout, re.MULTILINE) == targets[1].split()
    assert "PIPELINE=pipelines/lab.toml" in done.stdout
    assert "PYTHON=" in done.stdout
    assert not asked(checkout)


def test_a_study_sets_up_once_with_a_message_and_is_quick_then(checkout: Path) -> None:
    run = "-m study run pipelines/lab.toml"
    first, second = make(checkout, "study"), None
    assert first.returncode == 0
    assert first.stdout == "Setting up .venv (once; a minute or two) …\n"
    assert first.stderr == ""
    assert asked(checkout) == [*SETUP, run]
    second = make(checkout, "study")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert asked(checkout) == [run]


def test_a_pipeline_may_be_in_any_folder(checkout: Path) -> None:
    pipeline = "PIPELINE=../my pipelines/a b.toml"
    for target in ("study", "plan", "report"):
        assert make(checkout, target, pipeline).returncode == 0
    assert asked(checkout)[len(SETUP) :] == [
        "-m study run ../my pipelines/a b.toml",
        "-m study plan ../my pipelines/a b.toml",
        "-m study report results/a b",
    ]


@pytest.mark.parametrize(
    ("lacks", "message"),
    [
        (
            "old",
            (
                "./my python is older than Python 3.11, or missing; choose another one, for "
                "example: make plan PYTHON=python3.13\n"
            ),
        ),
        (
            "venv",
            (
                "./my python has no venv module; install it (Debian, Ubuntu: apt install "
                "python3-venv), then run the same command again.\n"
            ),
        ),
        (
            "network",
            (
                "WARNING: noise\nERROR: No matching distribution found\n"
                "The packages could not be installed: see the message of pip above. The first "
                "setup needs a network; run the same command again with one.\n"
            ),
        ),
    ],
)
def test_a_missing_tool_is_one_sentence_and_setup_is_tried_again_next_time(
    checkout: Path, lacks: str, message: str
) -> None:
    done = make(checkout, "plan", lacks=lacks)
    errors = [line for line in done.stderr.splitlines(keepends=True) if not line.startswith("make")]
    assert (done.returncode, "".join(errors)) == (2, message)
    asked(checkout)
    assert make(checkout, "plan").returncode == 0
    assert asked(checkout) == [*SETUP, "-m study plan pipelines/lab.toml"]


def test_a_missing_python_has_the_same_sentence(checkout: Path) -> None:
    done = make(checkout, "study", python="python3.99")
    assert done.stderr.startswith("python3.99 is older than Python 3.11, or missing; choose")


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


def test_the_tests_add_their_packages_once_and_a_study_does_not_need_them(checkout: Path) -> None:
    assert make(checkout, "study").returncode == 0
    asked(checkout)
    first = make(checkout, "map")
    assert first.stdout == "Adding the packages of the tests and checks (once; a minute or two) …\n"
    assert asked(checkout) == [*COMPLETE[len(SETUP) :], "-m tests.map"]
    assert make(checkout, "map").stdout == ""
    make(checkout, "study")
    assert asked(checkout) == ["-m tests.map", "-m study run pipelines/lab.toml"]


def pinned(lock: str) -> dict[str, str]:
    """Return the pinned versions of each package, with the hashes."""
    blocks = re.split(r"^(?=[a-z])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    pins: dict[str, str] = {}
    for block in blocks[1:]:
        name, pin = re.split("(?===)", re.sub(r"\n    # .*", "", block), maxsplit=1)
        pins[name] = pins.get(name, "") + pin
    return pins


def needs(package: str) -> set[str]:
    """Return the names of a package and of all that it needs, where every extra is left out."""
    names, new = set[str](), {package}
    while new:
        names |= new
        lines = [line for name in new for line in requires(name) or () if "extra ==" not in line]
        new = {str(canonicalize_name(re.split(r"[^\w.-]", x)[0])) for x in lines} - names
    return names


def test_a_pipeline_with_a_dataset_of_scikit_learn_adds_it_from_the_second_lock_file(
    checkout: Path,
) -> None:
    for number, generator in enumerate(('"sklearn"', "'sklearn'")):
        (checkout / f"{number}.toml").write_text(f"[d]\ngenerator={generator}  # iris\n")
    (checkout / "no.toml").write_text('# generator = "sklearn"\n')
    install = f"{PIP} --require-hashes -r .venv/data.lock"
    for name, extra in (("no", []), ("0", [install]), ("1", [])):
        make(checkout, "study", f"PIPELINE={name}.toml")
        assert asked(checkout)[-len(extra) - 1 :] == [*extra, f"-m study run {name}.toml"]
    added = (checkout / ".venv" / "data.lock").read_text(encoding="utf-8")
    first, second = map(pinned, LOCKS)
    names = set(re.findall(r"^([a-z-]+)==", added, re.MULTILINE))
    assert names == needs("scikit-learn") - set(first)
    assert added.count("--hash=") == sum(second[name].count("--hash=") for name in names)


def test_the_two_lock_files_agree_and_the_first_contains_what_a_study_needs_alone() -> None:
    first, second = map(pinned, LOCKS)
    assert first.items() <= second.items()
    assert all("--hash=sha256:" in pin for pin in second.values())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    own = {
        str(canonicalize_name(re.split(r"[^\w.-]", line)[0]))
        for line in project["project"]["dependencies"]
    }
    assert own <= set(first)
    assert not {"numba", "scikit-learn", "pytest", "playwright", "polars", "duckdb"} & set(first)


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


def test_an_audit_without_a_network_is_one_sentence(checkout: Path) -> None:
    """Here the stand-in for a Python makes no second environment, as without a network."""
    make(checkout, "plan")
    done = make(checkout, "audit")
    (errors,) = (line for line in done.stderr.splitlines() if not line.startswith("make"))
    assert done.returncode == 2
    assert errors == (
        "Nothing was audited: pip-audit could not be installed, which needs a network "
        "(see .venv/audit.log)."
    )


def test_coverage_runs_the_tests_of_make_test_and_asks_for_two_shares(checkout: Path) -> None:
    make(checkout, "test")
    *setup, tests = asked(checkout)
    assert setup == COMPLETE
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
