"""results/README.md describes the stored files, and its examples run."""

import re
import subprocess
import sys
from pathlib import Path

from study.columns import TABLES
from study.store.reference import results_page
from tests.store.made import made, stored

PAGE = Path(__file__).parents[2] / "results" / "README.md"


def test_the_page_on_disk_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == results_page()


def test_the_page_describes_every_column_of_every_table_once() -> None:
    sections = dict(re.findall(r"### (\w+)\n\n(.*?)\n\n", results_page() + "\n", re.DOTALL))
    assert list(sections) == ["parameters", *TABLES]
    for table, columns in TABLES.items():
        text = sections[table]
        if "[parameters](#parameters)" in text:
            text += "\n" + sections["parameters"]
        described = re.findall(r"^\| `(\w+)` \| .* \| (.+) \|$", text, re.MULTILINE)
        assert sorted(described) == sorted((column.name, column.meaning) for column in columns)


def test_the_examples_of_the_page_run(tmp_path: Path) -> None:
    stored(tmp_path / "results" / "NAME", [made(0), made(1, optimizer="adam")])
    examples = re.findall(r"```python\n(.*?)```", results_page(), re.DOTALL)
    assert len(examples) == 5
    code = "\n".join(
        f"{example}\nassert len(adam) == 20" if "adam =" in example else example
        for example in examples
    )
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
