"""What the tests of the command line share: a small pipeline, and reports without pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from study.figures.image import Picture
from study.report import pictures
from tests.pipelines import small


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write reports without their pictures, which take most of the time."""
    drawn = Picture("svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg"/>')

    @contextmanager
    def nobody(*_: object, **__: object) -> Iterator[pictures.Artist]:
        yield lambda *_: lambda: drawn

    monkeypatch.setattr("study.report.page.artists", nobody)


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """Return a file that declares 32 small runs."""
    path = tmp_path / "small.toml"
    overrides = ("training.epochs=3", "search.parameters.lr=[0.01, 0.1]", "search.repetitions=1")
    path.write_text(small(*overrides).text)
    return path
