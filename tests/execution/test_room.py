"""A study that needs more disk than there is, is refused with the number before it trains."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from study.cli import main
from study.errors import ResultsError
from tests.driving import finish
from tests.pipelines import small


@pytest.fixture(autouse=True)
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk be nearly full."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=900))


def test_a_run_is_refused_before_anything_is_trained(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"would need about .* more, and its disk has 900 bytes"):
        finish(small(), tmp_path)
    assert not list((tmp_path / "small").glob("*/part-*"))


def test_a_plan_reports_the_missing_room(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(small().text)
    with pytest.raises(SystemExit) as left:
        main(["plan", str(path), "--results", str(tmp_path / "not" / "there")])
    output = capsys.readouterr().out
    assert left.value.code == 0
    assert "note: `study run` would refuse this. " in output
    assert "small would need about " in output
    assert "on another disk with --results" in output
