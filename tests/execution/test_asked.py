"""A finished search whose sampler received another objective is refused, not searched again."""

from pathlib import Path

import pytest

from study.errors import ResultsError
from study.spec.search import Search
from study.store.names import FINISHED
from tests.driving import finish, last
from tests.pipelines import small
from tests.searches import SEARCH

HELD_OUT = tuple(f"datasets.{name}.test_fraction=0.3" for name in ("linear", "xor"))

TEXT = SEARCH.replace("trials = 12", "trials = 4\nconfirm = 1")


def test_a_search_by_another_objective_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a version with another default the same file would propose other trials."""
    with monkeypatch.context() as older:
        older.setattr(Search, "aimed_at", lambda search, _: search)
        finish(small(*HELD_OUT, text=TEXT), tmp_path)
        assert last(finish(small(*HELD_OUT, text=TEXT), tmp_path)).trained == 0
    path = tmp_path / "small" / "trials.parquet"
    before = path.read_bytes()
    (tmp_path / "small" / FINISHED).unlink()  # another version does not use it
    with pytest.raises(ResultsError, match="received another objective than final_test_loss"):
        finish(small(*HELD_OUT, text=TEXT), tmp_path)
    assert path.read_bytes() == before


def test_a_search_by_its_own_objective_is_not_refused(tmp_path: Path) -> None:
    finish(small(*HELD_OUT, text=TEXT), tmp_path)
    declared = small(*HELD_OUT, "search.objective.metric=final_test_loss", text=TEXT)
    assert last(finish(declared, tmp_path)).trained == 0
    (tmp_path / "small" / "trials.parquet").unlink()
    assert last(finish(declared, tmp_path)).trained == 0
