"""What the tests of the command line share: a small pipeline, and runs without a report."""

from pathlib import Path

import pytest

from tests.pipelines import small


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    """Return a file that declares 32 small runs."""
    path = tmp_path / "small.toml"
    overrides = ("training.epochs=3", "search.parameters.lr=[0.01, 0.1]", "search.repetitions=1")
    path.write_text(small(*overrides).text)
    return path


@pytest.fixture
def unreported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no report, whose tables take most of the time."""
    monkeypatch.setattr("study.report.page.write_report", lambda to, **_: to / "report.html")
