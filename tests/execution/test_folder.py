"""A study's folder has one writer, who is named, and is set aside whole."""

import os
import threading
import time
from pathlib import Path

import pytest

from study.errors import ResultsError
from study.store.lock import held
from study.store.names import REPORT_LOCK, STUDY_LOCK
from tests.driving import finish
from tests.pipelines import small


def test_results_are_not_set_aside_while_their_report_is_written(tmp_path: Path) -> None:
    finish(small("training.epochs=1"), tmp_path)
    begun = threading.Event()
    there: list[str] = []

    def report() -> None:
        with held(tmp_path / "small" / REPORT_LOCK):
            begun.set()
            time.sleep(0.3)
            there.extend(path.name for path in tmp_path.iterdir())

    reporting = threading.Thread(target=report)
    reporting.start()
    assert begun.wait(10)
    finish(small("training.epochs=2"), tmp_path, fresh=True)
    reporting.join()
    assert there == ["small"]


def test_results_are_set_aside_where_no_folder_with_an_open_file_can_be_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: there the folder is released first."""
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if list(path.glob("*.lock")):
            raise PermissionError
        return real(path, target)

    finish(small("training.epochs=1"), tmp_path)
    monkeypatch.setattr(Path, "rename", rename)
    finish(small("training.epochs=2"), tmp_path, fresh=True)
    assert {path.name for path in tmp_path.iterdir()} == {"small", "small.1"}


def test_a_folder_in_use_is_refused_and_its_user_is_named(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    by = rf"here \(process {os.getpid()} of .+ on .+ since 2.+\); wait for it to end"
    with held(tmp_path / "small" / STUDY_LOCK), pytest.raises(ResultsError, match=by):
        finish(small(), tmp_path)
