"""Processes that draw find seaborn loaded; the one that computes tables never loads it."""

import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver
from pathlib import Path

import pytest

from study.report.forking import FORKS, begin, context

HEAVY = {"seaborn", "scipy", "scipy.stats"}


def loaded() -> set[str]:
    return {name for name in HEAVY if sys.modules.get(name) is not None}


def test_what_computes_tables_loads_neither_seaborn_nor_scipy() -> None:
    code = f"import sys, study.report.page\nprint(*sorted({HEAVY!r} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


@pytest.mark.skipif(not FORKS, reason="this system forks no processes")
def test_a_process_that_draws_has_seaborn_from_its_start_and_does_without_scipy() -> None:
    with ProcessPoolExecutor(1, mp_context=context()) as pool:
        assert pool.submit(loaded).result() == {"seaborn"}


def test_it_begins_for_a_first_report_that_several_processes_draw(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(forkserver, "ensure_running", lambda: begun.append(1))
    begin(tmp_path, 1)
    assert begun == []
    begin(tmp_path, 2)
    assert begun == [1] * FORKS
    (tmp_path / "figures.cache").touch()
    begin(tmp_path, 2)
    assert begun == [1] * FORKS
