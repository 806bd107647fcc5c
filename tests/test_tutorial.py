"""The tutorial: its commands run in order, and the page shows what they print."""

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from study.cli import main
from tests.pages import ROOT, blocks
from tests.reference import needs_same_kernels

pytestmark = pytest.mark.no_cover  # what is executed has tests of its own

PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^```(console|toml|python)\n(.*?)^```$(?:\n\n^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL
)
MINE = Path("results", "mine.toml")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter a folder with the example pipelines, where no report is drawn."""
    (tmp_path / "results").mkdir()
    (tmp_path / "pipelines").symlink_to(ROOT / "pipelines")
    monkeypatch.chdir(tmp_path)
    page = ModuleType("study.report.page")
    vars(page)["write_report"] = lambda to, *_, **__: to / "report.html"
    monkeypatch.setitem(sys.modules, page.__name__, page)


def same(text: str) -> str:
    """Return a line without its times and its number of workers, which differ between computers."""
    text = re.sub(r"\b(\d+ (ms|s|min)|a second|seconds)\b", "T", text)
    return re.sub(r"\d+ workers?", "W", text).rstrip()


def console(block: str) -> None:
    """Run a block's command; its lines must be lines of the output, in their order."""
    command, *expected = block.splitlines()
    words = shlex.split(command.removeprefix("$ "))
    if words[:2] == ["make", "study"]:
        words = ["study", "run", words[2].removeprefix("PIPELINE=")]
    if "run" in words:
        words += ["--executor", "inline"]
    assert Path(words[0]).name == "study"
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.suppress(SystemExit):
        main(words[1:])
    lines = iter([same(line) for line in printed.getvalue().splitlines()])
    for line in expected:
        assert line == "…" or same(line) in lines, (line, printed.getvalue())


def toml(block: str) -> None:
    """Write the pipeline, replace the line of its key, or append a hypothesis to it."""
    before = MINE.read_text(encoding="utf-8") if MINE.exists() else ""
    key = block.partition(" = ")[0]
    if block.startswith("name"):
        after = block
    elif block.startswith("[["):
        after = f"{before}\n{block}"
    else:
        after, lines = re.subn(rf"^{key} = .*\n", block, before, flags=re.MULTILINE)
        assert lines == 1
    MINE.write_text(after, encoding="utf-8")


@needs_same_kernels
@pytest.mark.usefixtures("clone")
def test_every_command_and_snippet_gives_what_the_page_shows() -> None:
    session: dict[str, object] = {}
    for kind, block, output in BLOCK.findall(PAGE):
        if kind == "python":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(block, session)  # noqa: S102  # the page's own
            lines = [line.rstrip() for line in printed.getvalue().splitlines()]
            assert lines == output.splitlines(), block
        else:
            {"console": console, "toml": toml}[kind](block)
    runs = pd.read_parquet("results/quickstart/runs.parquet")
    diverged = runs[runs["status"] == "diverged"]
    assert set(diverged["activation"]) == {"none"}  # as step 2 reports, and:
    linear = runs[(runs["dataset"] == "xor") & (runs["activation"] == "none") & (runs["lr"] < 1)]
    assert linear["final_train_loss"].median() == pytest.approx(0.25, abs=0.005)
    assert {path.name for path in Path("results").iterdir()} == {"quickstart", "mine", "mine.toml"}


def test_the_pipeline_is_short_and_its_hypothesis_may_be_decided() -> None:
    pipeline = blocks("toml", PAGE)[0]
    assert len([line for line in pipeline.splitlines() if line]) <= 25
    assert re.search(r"^decide = \d+ ", pipeline, re.MULTILINE)
