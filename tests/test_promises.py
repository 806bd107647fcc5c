"""Every promise that tests/README.md lists has its tests, and these exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def collected(path: str) -> set[str]:
    """Return the names of the tests that pytest collects from a file."""
    file = ROOT / path
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.exists() else []
    functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    return {name for name in functions if name.startswith("test_")}


def test_every_test_of_a_promise_exists() -> None:
    assert len(NAMED) > 50
    existing = {path: collected(path) for path, _ in NAMED}
    assert [f"{path}::{name}" for path, name in NAMED if name not in existing[path]] == []


def test_every_promise_has_a_test() -> None:
    rows = re.findall(
        r"^\| (.+?) \| (.*?) ?\|$", TEXT.partition("## What is promised")[2], re.MULTILINE
    )
    promises = [(promise, tests) for promise, tests in rows[2:] if not promise.startswith("**")]
    assert [promise for promise, tests in promises if "::test_" not in tests] == []


def test_every_fault_test_belongs_to_a_promise() -> None:
    files = {f"tests/faults/{path.name}" for path in (ROOT / "tests/faults").glob("test_*.py")}
    assert files == {path for path, _ in NAMED if path.startswith("tests/faults/")}
