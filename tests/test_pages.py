"""The documentation is true: commands and snippets run, links resolve."""

import contextlib
import io
import itertools
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from study import cli
from study.report.page import write_report
from study.samplers.methods import METHODS
from study.spec.load import load_pipeline
from tests.driving import finish
from tests.faults.door import without_pictures
from tests.generated import documents
from tests.pages import ROOT, Block, copy, fenced, markdown, shell
from tests.pictures import EXAMPLE
from tests.reference import same_kernels

pytestmark = pytest.mark.no_cover  # what is executed is no part of the project

MAKE_QUICKSTART = "make study PIPELINE=pipelines/quickstart.toml"
ELSEWHERE = {
    "CONTRIBUTING.md": "tests/recipes.py",
    "docs/compare.md": "tests/store/test_compared.py",
    "docs/cookbook.md": "tests/test_cookbook.py",
    "docs/models.md": "tests/execution/test_models.py",
    "results/README.md": "tests/store/test_reference.py",
}
"""Pages whose code a test of their own runs; also docs/NAME.md that has a tests/test_NAME.py."""

NOT_RUN = {
    "make study  # the course lab below, in some minutes": "it trains the lab for minutes",
    "python3 -m venv env": "pip needs a network",
    "env/bin/pip install ./study  # the clone, here called study": "pip needs a network",
    ".venv/bin/dask scheduler": "tests/execution/test_cluster.py starts clusters",
    ".venv/bin/dask worker tcp://HOST:8786 --nthreads 1 --nworkers -1": "the same",
}
"""Commands of pages that no test runs, and why."""

BASE = """
[datasets.xor]
generator = "xor"
"""


def own_test(page: str) -> Path | None:
    """Return the test that runs a page's code, if it has one of its own."""
    stem = Path(page).stem
    named = ELSEWHERE.get(page, f"tests/test_{stem}.py" if page.startswith("docs/") else "")
    return ROOT / named if named and (ROOT / named).is_file() else None


PAGES = markdown()
RUN_HERE = [page for page in PAGES if own_test(page) is None and fenced(page)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the results of quickstart, whose report has no pictures."""
    results = tmp_path_factory.mktemp("trained") / "results"
    finish(load_pipeline(ROOT / "pipelines" / "quickstart.toml"), results)
    with without_pictures():
        write_report(results / "quickstart")
    return results


@pytest.fixture
def workspace(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a folder with pipelines, the results of quickstart and two tables of a user's own."""
    shutil.copytree(ROOT / "pipelines", tmp_path / "pipelines")
    shutil.copytree(trained, tmp_path / "results")
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 2)), columns=["petal length", "petal width"])
    kind = np.where(frame["petal width"] > 0, "rose", "tulip")
    frame.assign(id=range(40), species=kind).to_csv(tmp_path / "flowers.csv", index=False)
    (tmp_path / "gaps.csv").write_text("petal length;kind\n1,5;rose\n;tulip\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", RUN_HERE)
def test_everything_on_a_page_runs_and_prints_what_is_below_it(page: str, workspace: Path) -> None:
    """In the order of the page, in one session, drawing no pictures."""
    if page == "docs/troubleshooting.md":
        called("study init mine.toml")
    session: dict[str, object] = {}
    with mpl.rc_context({"backend": "agg"}), without_pictures():
        for block, below in itertools.pairwise([*fenced(page), Block("", "")]):
            match block.language:
                case "sh" | "console":
                    for command, expected in block.commands():
                        ran(command, expected)
                case "python":
                    with contextlib.redirect_stdout(io.StringIO()) as printed:
                        exec(block.text, session)  # noqa: S102  # the page's own
                    if below.language == "text" and same_kernels():
                        assert printed.getvalue() == below.text
                case "toml":
                    declared(block.text, workspace)
                case language:
                    assert language == "text", (page, block)


def ran(command: str, expected: str) -> None:
    """Run a command of a page; `expected` is what it prints, where … leaves something out."""
    if command in NOT_RUN:
        return
    if command.startswith(MAKE_QUICKSTART):  # the test of the example report runs it
        return
    run_id = pd.read_parquet("results/quickstart/runs.parquet")["run_id"][0]
    if "RUN_ID" in command and "results/mine" in command:
        run_id = pd.read_parquet("results/mine/runs.parquet")["run_id"][0]
    code, printed = called(command.replace("RUN_ID", run_id))
    assert code == (2 if "error: " in expected else 0), (command, printed)
    words = [re.escape(" ".join(part.split())) for part in expected.split("…")]
    assert re.search(".*".join(words), " ".join(printed.split())), (command, printed)


def called(command: str) -> tuple[int, str]:
    """Call a command of `study` in this process; return its exit code and what it prints."""
    name, *arguments = shlex.split(command, comments=True)
    if (mine := Path("mine.toml")).exists() and "[execution]" not in mine.read_text("utf-8"):
        with mine.open("a", encoding="utf-8") as file:
            file.write('\n[execution]\nexecutor = "inline"\n')  # it needs no workers here
    assert name.rpartition("/")[2] == "study", command
    if arguments[0] == "run" and "--executor" not in arguments:
        arguments += ["--executor", "inline"]
    with (
        contextlib.redirect_stdout(io.StringIO()) as printed,
        contextlib.redirect_stderr(printed),
        pytest.raises(SystemExit) as left,
    ):
        cli.main(arguments)
    return int(left.value.code or 0), printed.getvalue()


def declared(text: str, folder: Path) -> None:
    """Read a pipeline, or a part of one, and keep it under its name."""
    name = re.search(r'^name = "(\w+)"', text, re.MULTILINE)
    whole = text if name else f'name = "part"\n{text}'
    whole += "" if "datasets" in text else BASE
    whole += "" if "parameters" in text else "\n[search.parameters]\nlr = [0.01, 0.1]\n"
    file = folder / f"{name[1] if name else 'part'}.toml"
    file.write_text(whole, encoding="utf-8")
    assert load_pipeline(file).name == file.stem


def test_the_first_command_makes_a_page_with_the_structure_of_the_example(tmp_path: Path) -> None:
    """`make docs` renews the example, from results/quickstart."""
    checkout = copy(tmp_path)
    shell(MAKE_QUICKSTART, checkout)
    current = (checkout / "results" / "quickstart" / "report.html").read_text(encoding="utf-8")
    example = EXAMPLE.read_text(encoding="utf-8")
    headings = re.compile(r"<h[123][^>]*>(.*?)</h[123]>", re.DOTALL)
    assert headings.findall(example) == headings.findall(current)
    assert len(headings.findall(current)) > 10
    assert example.count("<figure") == current.count("<figure") > 10
    assert re.search(r'src="(?!data:)|<link', example) is None
    assert re.findall(r'href="(?!#|https:|data:)[^"]*"', example) == []  # no table is next to it
    assert 'href="tables/best.csv"' in current
    assert EXAMPLE.stat().st_size <= 1_600_000


def test_every_command_that_is_not_run_is_on_a_page() -> None:
    result = {
        command
        for page in RUN_HERE
        for block in fenced(page)
        if block.language in ("sh", "console")
        for command, _ in block.commands()
    }
    assert {*NOT_RUN} <= result


def test_every_page_with_code_is_run_by_a_test_that_names_it() -> None:
    for page, test in ELSEWHERE.items():
        folder, _, name = page.rpartition("/")
        text = (ROOT / test).read_text(encoding="utf-8")
        assert name in text, page
        assert not folder or folder in text, page
    assert {*ELSEWHERE} <= {*PAGES}
    assert {"README.md", "docs/pipeline.md", "docs/troubleshooting.md"} <= {*RUN_HERE}


def anchors(page: Path) -> Iterator[str]:
    """Yield the anchors that a forge gives the headings of a page."""
    for heading in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_links_and_files_that_a_page_names_exist(page: str) -> None:
    text, folder = (ROOT / page).read_text(encoding="utf-8"), (ROOT / page).parent
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for path, _, anchor in re.findall(r"\]\(([^)#:\s]*)(#([^)]+))?\)", text):
        file = (folder / path.replace("\\", "")) if path else ROOT / page
        assert file.exists(), path
        assert not anchor or anchor in anchors(file), (path, anchor)
    named = re.findall(r"`((?:nn_core|study|tests|pipelines|docs)/[\w./]+)`", text)
    named = [path for path in named if "sizes" not in path]  # what a reader is to add
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_contents_page_lists_every_page_of_the_docs() -> None:
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"]({name})" not in text} == set()


def test_the_table_of_search_methods_has_every_method() -> None:
    text = (ROOT / "docs" / "searching.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(METHODS)


def test_generated_pages_are_current() -> None:
    """`make docs` renews it."""
    assert {p.name for p, text in documents().items() if p.read_text("utf-8") != text} == set()
