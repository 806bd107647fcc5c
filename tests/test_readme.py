"""The README is true: commands and snippets run, links lead somewhere, tables are current."""

import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study import cli
from study.samplers.methods import METHODS
from study.spec.load import load_pipeline, read_pipeline
from tests.driving import finish, last
from tests.generated import documents
from tests.pages import ROOT, blocks, commands, copy, sections, shell

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
SECTIONS = sections(TEXT)
MAKE_QUICKSTART = "make study PIPELINE=pipelines/quickstart.toml"
PAGES = (
    *("README.md", "CONTRIBUTING.md"),
    *("docs/decisions.md", "docs/compare.md", "docs/models.md", "docs/statistics.md"),
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of this project, set up, in which a test may write."""
    return copy(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def quickstart(checkout: Path) -> Path:
    """Return the copy with the results of its quickstart."""
    shell(MAKE_QUICKSTART, checkout)
    page = (checkout / "results" / "quickstart" / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure>") > 10
    return checkout


def test_every_command_runs(quickstart: Path) -> None:
    """The first has trained and drawn; of `make study` alone, it is asked what it would do.

    All others run in one process and draw no pictures.
    """
    runs = pd.read_parquet(quickstart / "results" / "quickstart" / "runs.parquet")
    lines = [line for block in blocks("sh", TEXT) for line in block.splitlines()]
    first, lab, *others = (line.replace("RUN_ID", runs["run_id"][0]) for line in lines)
    assert first.startswith(MAKE_QUICKSTART)
    assert lab.startswith("make study  ")
    asked = shell(lab.replace("make study", "make --dry-run study"), quickstart)
    assert asked.strip() == '.venv/bin/python -m study run "pipelines/lab.toml"'
    init, *rest = (line.partition("#")[0].removeprefix(".venv/bin/study ") for line in others)
    assert "/bin/" not in init + "".join(rest)
    commands([init], quickstart)
    mine = quickstart / "results" / "mine.toml"  # "edit it": it needs no workers here
    mine.write_text(f'{mine.read_text()}\n[execution]\nexecutor = "inline"\n')
    assert all(commands(rest, quickstart))
    written = {path.name for path in (quickstart / "results").iterdir()}
    assert written >= {"quickstart", "mine", "weights.npz"}
    assert len(pd.read_parquet(quickstart / "results" / "mine" / "runs.parquet")) == 48
    assert (quickstart / "results" / "quickstart" / "report.html").stat().st_size < 5_000_000


def test_the_way_without_make_ends_in_a_report(tmp_path: Path) -> None:
    """But for pip, which needs a network: test_wheel.py installs the package without one."""
    (block,) = blocks("bash", TEXT)
    environment, install, *rest = block.splitlines()
    shell(f"{environment} --without-pip", tmp_path)
    assert install == "env/bin/pip install ./study"
    study = tmp_path / "env" / "bin" / "study"
    study.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" '
        f'exec "{sys.executable}" -m tests.faults.door reported "$@"\n'
    )
    study.chmod(0o755)
    for line in rest:
        shell(line, tmp_path)
    assert (tmp_path / "results" / "quickstart" / "report.html").exists()


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
    text, _ = blocks("toml", TEXT)
    pipeline = read_pipeline(text, "README.md")
    assert len(pipeline.search.parameters) == 3


def test_the_readmes_own_data_are_trained(tmp_path: Path) -> None:
    """The table of the README, in a study of a file that it could be about."""
    _, table = blocks("toml", TEXT)
    rng = np.random.default_rng(0)
    names = re.findall(r'"([a-z ]+)"', table.partition("features = ")[2].partition("]")[0])
    frame = pd.DataFrame(rng.normal(size=(40, len(names))), columns=names)
    kind = np.where(frame["petal width"] > 0, "rose", "tulip")
    frame.assign(species=kind).to_csv(tmp_path / "flowers.csv", index=False)
    text = f'name = "own"\n[training]\nepochs = 2\n[search]\nrepetitions = 2\n{table}'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    pipeline = load_pipeline(tmp_path / "own.toml")
    assert pipeline.datasets["flowers"].labels == ("rose", "tulip")
    assert last(finish(pipeline, tmp_path)).trained == 2


def test_a_mistake_is_told_as_the_readme_quotes_it(checkout: Path) -> None:
    quoted = re.search(r"`(search\.repetition: [^`]+)`", TEXT)
    assert quoted is not None
    command = "search.repetition=3"
    said = shell(
        f".venv/bin/study plan pipelines/quickstart.toml --set {command} 2>&1", checkout, fails=2
    )
    assert " ".join(quoted[1].split()) in said


def test_the_readme_tells_of_every_search_method() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", SECTIONS["Search"], re.MULTILINE)
    assert rows == list(METHODS)


def test_the_readme_names_every_command() -> None:
    named = re.findall(r"`(\w+)`", SECTIONS["Command line"].partition(";")[0])
    assert named == sorted(cli.commands.commands)


@pytest.mark.parametrize("page", PAGES)
def test_links_and_files_that_a_page_names_exist(page: str) -> None:
    text, folder = (ROOT / page).read_text(encoding="utf-8"), (ROOT / page).parent
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"`((?:nn_core|study|tests|pipelines|docs)/[\w./]+)`", text)
    named = [path for path in named if "sizes" not in path]  # what a reader is to add
    assert links
    assert [path for path in links if not (folder / path.replace("\\", "")).exists()] == []
    assert [path for path in named if not (ROOT / path).exists()] == []
    headings = re.findall(r"^##+ (.+)$", text, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_the_pictures_are_small() -> None:
    shown = re.findall(r"!\[[^]]+\]\((docs/[^)]+)\)", TEXT)
    assert len(shown) == 2
    assert all((ROOT / path).stat().st_size <= 300_000 for path in shown)


def test_what_is_made_from_the_code_is_current() -> None:
    """`make docs` renews it."""
    assert {p.name for p, text in documents().items() if p.read_text("utf-8") != text} == set()
