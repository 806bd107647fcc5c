"""What the tests of the command line share: a small pipeline."""

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
