"""`make check` reports stilted phrases, wherever the project has prose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import plain

WORDS = "turns? green\tripens\nin a moon\tin a month\n"
FILES = {
    "README.md": "In\na moon, `it turns green` this.\n```sh\nturns green\n```\nIt turns green x.\n",
    "Makefile": "a:  ## what turns green b\n",
    "docs/page.md": "A change is fine.\n",
    "study/code.py": '"""A rate\n\nthat turns\ngreen x."""\nturns_green = 1  # turns green y\n',
    "tests/test_code.py": "def test_a_rate_turns_green_x(): ...\n",
    "pipelines/lab.toml": "lr = 1  # In a moon\n",
    "study/report/page.css": "/* what turns green it */\n",
    "study/report/page.html.j2": "<p>{{ x }} turns green {{ y }}\n",
    "results/lab/report.md": "turns green\n",
    "tests/words.txt": WORDS,
}
HITS = """\
Makefile:1: turns green → ripens
README.md:1: In a moon → in a month
README.md:6: turns green → ripens
pipelines/lab.toml:1: In a moon → in a month
study/code.py:3: turns green → ripens
study/code.py:5: turns green → ripens
study/report/page.css:1: turns green → ripens
study/report/page.html.j2:1: turns green → ripens
tests/test_code.py:1: turns green → ripens
"""


def run(root: Path) -> subprocess.CompletedProcess[str]:
    """Check a project that has this checker, as `make check` does."""
    shutil.copy2(plain.__file__, root / "tests")
    return subprocess.run(
        [sys.executable, "-m", "tests.plain"],
        cwd=root,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_each_phrase_is_reported_with_its_line_and_replacement(project: Path) -> None:
    done = run(project)
    assert (done.stdout, done.stderr, done.returncode) == (HITS, "", 1)


def test_a_project_without_such_phrases_passes(project: Path) -> None:
    for name in {line.split(":")[0] for line in HITS.splitlines()}:
        (project / name).unlink()
    done = run(project)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_every_phrase_has_a_replacement_without_such_a_phrase() -> None:
    assert all(len(row) == 2 and row[0] and row[1] for row in plain.ROWS)
    assert [row for row in plain.ROWS if plain.ANY.search(row[1])] == []
    assert plain.ANY.groups == len(plain.ROWS)  # no group inside a phrase
