"""The README is true: commands and snippets run, links lead somewhere, tables are current."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.samplers.methods import METHODS
from study.spec.load import load_pipeline, read_pipeline
from tests.driving import finish, last
from tests.generated import documents

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
ADDING = SECTIONS["Add an activation"]
SEARCHING = SECTIONS["Search"]


def blocks(language: str, text: str = TEXT) -> list[str]:
    """Return the blocks of code in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(command: str, folder: Path, *, fails: int = 0) -> str:
    """Run a command as a user would, not as a part of a `make test`; return what it prints."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PIPELINE", "PYTHON"}
    env = {key: value for key, value in os.environ.items() if key not in inherited}
    done = subprocess.run(  # the README's own commands
        ["/bin/sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == fails, done.stdout + done.stderr
    assert fails or not done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this project, set up, in which a test may write."""
    folder = tmp_path_factory.mktemp("checkout") / "my studies (2)"
    caches = shutil.ignore_patterns("__pycache__", ".*cache")
    for name in ("nn_core", "study", "pipelines", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=caches)
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "README.md"):
        shutil.copy2(ROOT / name, folder)
    (folder / "results").mkdir()
    binaries = folder / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name, arguments in (("python", ""), ("study", "-m study ")):
        (binaries / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        (binaries / name).chmod(0o755)
    (folder / ".venv" / "ready").write_text(f"{folder}\n")
    return folder


@pytest.fixture(scope="module")
def quickstart(checkout: Path) -> Path:
    """Return the copy with the results of its quickstart."""
    shell("make study PIPELINE=pipelines/quickstart.toml", checkout)
    return checkout


def test_every_command_runs(quickstart: Path) -> None:
    """`make study` alone would train for minutes: of it, only what it would do is asked."""
    runs = pd.read_parquet(quickstart / "results" / "quickstart" / "runs.parquet")
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert any(line.startswith("make study  ") for line in lines)
    for line in lines:
        command = re.sub("^make study  ", "make --dry-run study  ", line)
        printed = shell(command.replace("RUN_ID", runs["run_id"][0]), quickstart)
        if "--dry-run" in command:
            assert printed.strip() == '.venv/bin/python -m study run "pipelines/lab.toml"'
    written = {path.name for path in (quickstart / "results").iterdir()}
    assert written >= {"quickstart", "try", "weights.npz"}
    assert (quickstart / "results" / "quickstart" / "report.html").stat().st_size < 5_000_000


def test_every_snippet_runs_and_prints_what_stands_below_it(quickstart: Path) -> None:
    snippets = re.findall(
        r"^```python\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?",
        "".join(text for name, text in SECTIONS.items() if not name.startswith(("Add ", "Search"))),
        re.MULTILINE | re.DOTALL,
    )
    assert len(snippets) == 6
    code = "print('~')\n".join(code for code, _ in snippets)
    (quickstart / "snippets.py").write_text(
        f"import warnings\nwarnings.simplefilter('error')\n{code}"
    )
    printed = shell(".venv/bin/python snippets.py", quickstart).split("~\n")
    for (code, expected), output in zip(snippets, printed, strict=True):
        assert output, code
        assert expected in ("", output)


def test_the_pipeline_of_the_readme_is_right() -> None:
    text, _ = blocks("toml")
    pipeline = read_pipeline(text, "README.md")
    assert len(pipeline.search.parameters) == 3


def test_the_readmes_own_data_are_trained(tmp_path: Path) -> None:
    """The table of the README, in a study of a file that it could be about."""
    _, table = blocks("toml")
    rng = np.random.default_rng(0)
    names = re.findall(r'"([a-z ]+)"', table.partition("features = ")[2].partition("]")[0])
    frame = pd.DataFrame(rng.normal(size=(40, len(names))), columns=names)
    kind = np.where(frame["petal width"] > 0, "rose", "tulip")
    frame.assign(species=kind).to_csv(tmp_path / "flowers.csv", index=False)
    text = f'name = "own"\n[training]\nepochs = 2\n[search]\nrepetitions = 2\n{table}'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    pipeline = load_pipeline(tmp_path / "own.toml")
    assert pipeline.datasets["flowers"].classes == ("rose", "tulip")
    assert last(finish(pipeline, tmp_path)).trained == 2


def test_a_mistake_is_told_as_the_readme_quotes_it(checkout: Path) -> None:
    quoted = re.search(r"`(model\.activation: 'tahn' [^`]+)`", TEXT)
    assert quoted is not None
    command = "model.activation=tahn"
    said = shell(
        f".venv/bin/study plan pipelines/quickstart.toml --set {command} 2>&1", checkout, fails=2
    )
    assert " ".join(quoted[1].split()) in said


def test_an_activation_is_added_by_what_the_readme_says(checkout: Path) -> None:
    """The very blocks of the README are put into a copy, and the laws are run on them."""
    class_, row, formula, limits = blocks("python", ADDING)
    name = re.findall(r"class (\w+)", class_)[0]
    source, public = "nn_core/activations.py", "nn_core/__init__.py"
    tests = "tests/nn_core/test_activations.py"
    for path, before, addition in (
        (source, "\nclass NoActivation", f"\n{class_}\n"),
        (source, '    "none": NoActivation', row),
        (public, "from nn_core.check", f"from nn_core.activations import {name}\n"),
        (public, '    "Layer",', f'    "{name}",\n'),
        (tests, '    "none": lambda', formula),
        (tests, '    "none": (', limits),
    ):
        file = checkout / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before)
        file.write_text(text.replace(before, f"{addition}{before}"), encoding="utf-8")
    laws = "tests/nn_core/test_layers.py tests/nn_core/test_public_names.py"
    passed = shell(
        f".venv/bin/python -m pytest -p no:cacheprovider -q {tests} {laws} -rA", checkout
    )
    kept = [line for line in passed.splitlines() if line.startswith("PASSED")]
    laws_of = {name: sum(name in line for line in kept) for name in ("tanh", "leaky_relu")}
    assert laws_of["leaky_relu"] == laws_of["tanh"] > 50
    train = (
        "import study; p = study.load_pipeline('pipelines/quickstart.toml', ['name=added',"
        " 'execution.executor=inline', 'search.parameters.activation=[\"leaky_relu\"]']);"
        " print([*study.run(p)][-1])"
    )
    assert "runs=18, trained=18" in shell(f".venv/bin/python -c {shlex.quote(train)}", checkout)


def added(checkout: Path, *changes: tuple[str, str, str]) -> None:
    """Put each addition before the one place of a file where a text stands."""
    for path, before, addition in changes:
        file = checkout / path
        text = file.read_text(encoding="utf-8")
        assert text.count(before) == 1, (path, before)
        file.write_text(text.replace(before, f"{addition}{before}"), encoding="utf-8")


def kept(checkout: Path, tests: str, *names: str) -> list[int]:
    """Return how many laws of some tests pass for each name."""
    only = shlex.quote(" or ".join(names))
    command = f".venv/bin/python -m pytest -p no:cacheprovider -q {tests} -k {only} -rA"
    passed = re.findall(r"^PASSED .*$", shell(command, checkout), re.MULTILINE)
    return [sum(f"{name}]" in line or f"{name}-" in line for line in passed) for name in names]


def test_a_dataset_is_added_by_what_the_readme_says(checkout: Path) -> None:
    class_, row, line = blocks("python", SECTIONS["Add a dataset"])
    package, tests = "study/datasets/__init__.py", "tests/test_datasets.py"
    added(
        checkout,
        ("study/datasets/planar.py", "class Circles(", f"{class_}\n\n"),
        (
            package,
            "from study.datasets.stripes",
            "from study.datasets.planar import Checkerboard\n",
        ),
        (package, '    "stripes": ', row),
        (tests, '    "stripes": {}', line),
    )
    board, linear = kept(checkout, tests, "checkerboard", "linear")
    assert board == linear >= 4


def test_an_optimizer_is_added_by_what_the_readme_says(checkout: Path) -> None:
    class_, row, line = blocks("python", SECTIONS["Add an optimizer"])
    source, tests = "nn_core/optimizers.py", "tests/nn_core/test_optimizers.py"
    added(
        checkout,
        (source, "OPTIMIZERS: dict", f"{class_}\n\n"),
        (source, '    "rmsprop": RMSprop', row),
        (tests, '    "rmsprop": ("rmsprop"', line),
    )
    sign, rmsprop = kept(checkout, tests, "sign_sgd", "rmsprop")
    assert sign == rmsprop >= 4


def test_a_search_method_is_added_by_what_the_readme_says(checkout: Path) -> None:
    """The row of the README is put into a copy, and the conformance suite runs on it."""
    (row,) = blocks("python", SEARCHING)
    (name,) = re.findall(r'^    "(\w+)": Method', row)
    file = checkout / "study" / "samplers" / "methods.py"
    text = file.read_text(encoding="utf-8")
    before = '    "nsga2": Method('
    assert text.count(before) == 1
    file.write_text(text.replace(before, f"{row}{before}"), encoding="utf-8")
    shell(".venv/bin/python -m tests.samplers.test_conformance", checkout)
    suite = "tests/samplers/test_conformance.py"
    only = f"-k 'nsga2 or {name}'"
    command = f".venv/bin/python -m pytest -p no:cacheprovider -q {suite} {only} -rA"
    passed = shell(command, checkout)
    kept = [line for line in passed.splitlines() if line.startswith("PASSED")]
    laws_of = {method: sum(method in line for line in kept) for method in ("nsga2", name)}
    assert laws_of[name] == laws_of["nsga2"] > 20


def test_the_readme_tells_of_every_search_method_and_pipeline() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", SEARCHING, re.MULTILINE)
    assert rows == list(METHODS)
    pipelines = {path.name for path in (ROOT / "pipelines").glob("*.toml")}
    assert {name for name in pipelines if f"pipelines/{name}" not in TEXT} == set()


def test_links_and_files_that_the_readme_names_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    named = re.findall(r"`((?:nn_core|study|tests|pipelines|docs)/[\w./]+)`", TEXT)
    assert links
    assert [path for path in links + named if not (ROOT / path).exists()] == []
    headings = {heading.lower().replace(" ", "-") for heading in SECTIONS}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings


def test_the_picture_is_small() -> None:
    assert (ROOT / "docs" / "report.png").stat().st_size <= 300_000


def test_what_is_made_from_the_code_is_current() -> None:
    """`make docs` renews it."""
    assert {p.name for p, text in documents().items() if p.read_text("utf-8") != text} == set()
