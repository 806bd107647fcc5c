"""`make mutants`: its changes, the tests it runs, and what it calls a survivor."""

import ast
from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import changed, failure, noticing, processes, source

CODE = '''"""One number."""

LIMIT = 2


def inside(x: int = 1, *, loud: bool = False) -> bool:
    """Return whether x is, for 3."""
    print(min(x, 1.5))
    return not x < LIMIT and loud
'''


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "code.py").write_text(CODE)
    return "code.py"


def test_a_mutant_is_one_small_change_of_what_is_run(file: str) -> None:
    assert [mutant.change for mutant, _ in changed(file)] == [
        "2 → 3", "2 → 1",
        "False → True", "1 → 2", "1 → 0",
        "print(min(x, 1.5)) → pass", "min → max", "1.5 → 2.5", "1.5 → 0.5",
        "return not x < LIMIT and loud → return None", "And → Or", "not x < LIMIT → x < LIMIT",
        "Lt → LtE",
    ]  # fmt: skip


def test_each_changes_one_line_of_the_file(file: str) -> None:
    before = ast.unparse(ast.parse(CODE)).splitlines()
    for mutant, _ in changed(file):
        after = source(mutant).splitlines()
        ast.parse("\n".join(after))
        assert sum(a != b for a, b in zip(before, after, strict=True)) == 1
        assert CODE.splitlines()[mutant.line - 1].strip()[:3] in ("LIM", "def", "pri", "ret")


def test_a_files_own_tests_run_before_tests_that_reach_it_indirectly() -> None:
    asked = noticing("study/stats/levels.py")
    assert asked[0] == "tests/stats/test_cautions.py"  # imports it
    assert "tests/stats/test_slices.py" in asked[2:]  # imports what imports it
    assert "tests/stats/test_holm.py" not in asked
    assert "tests/stats/test_left_out.py" in noticing("study/stats/reasons.py")  # by a helper
    assert noticing("nn_core/losses.py")[0] == "tests/nn_core/test_losses.py"
    assert "tests/nn_core/test_golden.py" in noticing("nn_core/losses.py")


@pytest.mark.slow
def test_only_a_change_that_a_test_notices_is_killed() -> None:
    file, asked = "study/plan/seeds.py", ["tests/plan/test_seeds.py"]
    noticed = next(mutant for mutant, _ in changed(file) if mutant.change.startswith("return"))
    with processes() as pool:
        failures = [pool.schedule(failure, [asked, one]).result() for one in (None, noticed)]
    assert failures[0] == ""
    assert "test_every_stream_depends_on_all_of_its_description" in failures[1]
