"""Folders that are made once in a session: all workers of pytest-xdist read the same one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(request: pytest.FixtureRequest, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder of this name, filled by `make` for the first worker that needs it.

    Tests only read it: a test that changes a file works on a copy.
    """
    base = request.getfixturevalue("tmp_path_factory").getbasetemp()
    folder: Path = (base.parent if hasattr(request.config, "workerinput") else base) / name
    finished = folder.with_name(f"{name}.made")
    with FileLock(folder.with_name(f"{name}.lock")):
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            finished.touch()
    return folder
