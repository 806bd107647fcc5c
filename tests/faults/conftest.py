"""The study that every fault is compared with: one that nothing disturbs."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.harness import Study
from tests.shared import made_once


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of this folder without /proc, in which workers are found."""
    if sys.platform != "linux":
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip("finds processes in /proc"))


def _undisturbed(folder: Path) -> None:
    """Run a study that nothing disturbs; keep the seconds that it took next to it."""
    study = Study(folder, Path(), 0.0)
    began = time.monotonic()
    assert study.run("--workers", "2") == 0, study.outputs
    (folder / "seconds").write_text(str(time.monotonic() - began), encoding="utf-8")


@pytest.fixture(scope="session")
def undisturbed(request: pytest.FixtureRequest) -> tuple[Path, float]:
    """Return the folder of an undisturbed study, and the seconds that it took."""
    folder = made_once(request, "undisturbed", _undisturbed)
    return folder / "results" / "small", float((folder / "seconds").read_text(encoding="utf-8"))


@pytest.fixture
def study(tmp_path: Path, undisturbed: tuple[Path, float]) -> Iterator[Study]:
    """Yield a study that has not begun; end all of its processes."""
    study = Study(tmp_path, *undisturbed)
    yield study
    study.kill()
