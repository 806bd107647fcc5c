"""The checksum of a program covers its sources, and no file that Python or Numba caches."""

from pathlib import Path

from study.store.state import sources


def test_cached_bytecode_and_compiled_loops_are_not_part_of_the_program(tmp_path: Path) -> None:
    names = ("study/a.py", "study/report/page.css", "nn_core/b.py", "other/c.py")
    caches = (f"study/training/__pycache__/loops.{end}" for end in ("nbi", "1.nbc", "pyc"))
    for name in (*names, *caches):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in sources(tmp_path)]
    assert found == ["nn_core/b.py", "study/a.py", "study/report/page.css"]
