"""What a results folder refuses and sets aside: nothing of another study is mixed in."""

from pathlib import Path

import pandas as pd
import pytest

from study.errors import ResultsError, StudyError
from study.execution.driver import Options, run
from study.execution.events import Noted
from tests.driving import assert_same, finish, last
from tests.pipelines import small


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the small study, trained in one go."""
    results = tmp_path_factory.mktemp("undisturbed")
    finish(small(), results)
    return results / "small"


def test_another_pipeline_is_refused_and_nothing_is_lost(tmp_path: Path, undisturbed: Path) -> None:
    finish(small(), tmp_path)
    with pytest.raises(ResultsError) as refused:
        finish(small("training.epochs=31"), tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / 'small'} holds the results of another pipeline:\n"
        "  training.epochs was 30 and is 31 now\n"
        "Give this one another name, or set the old results aside with --fresh."
    )
    assert_same(tmp_path / "small", undisturbed)


def test_fresh_sets_the_old_results_aside(tmp_path: Path, undisturbed: Path) -> None:
    finish(small(), tmp_path)
    for expected in ("small.1", "small.2"):
        events = finish(small("training.epochs=2"), tmp_path, fresh=True)
        assert events[0] == Noted(f"the old results are in {tmp_path / expected}")
        assert last(events).trained == 96
    assert_same(tmp_path / "small.1", undisturbed)
    assert not list((tmp_path / "small.1").glob("*.lock"))


def test_runs_of_an_older_version_are_refused_and_not_thrown_away(
    tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the numerics change, the same file plans other runs: the old ones must not vanish."""
    finish(small(), tmp_path)
    monkeypatch.setattr("study.plan.identity.NUMERICS", 2)
    with pytest.raises(ResultsError, match="96 of its runs would come to other numbers"):
        finish(small(), tmp_path)
    monkeypatch.undo()
    assert_same(tmp_path / "small", undisturbed)


def test_results_whose_pipeline_is_unreadable_are_refused(tmp_path: Path) -> None:
    finish(small("training.epochs=1"), tmp_path)
    (tmp_path / "small" / "pipeline.toml").write_text("name = ")
    with pytest.raises(ResultsError, match="its pipeline file is not valid any more"):
        finish(small(), tmp_path)


def test_a_study_stopped_before_it_stored_anything_takes_a_corrected_file(tmp_path: Path) -> None:
    stopped = run(small("training.epochs=9"), Options(tmp_path, executor="inline"))
    next(stopped)
    stopped.close()
    assert last(finish(small(), tmp_path)).trained == 96


def test_a_pipeline_changed_in_python_is_refused(tmp_path: Path) -> None:
    """Its stored file would say something else than what was trained."""
    changed = small().model_copy(update={"name": "other"})
    with pytest.raises(StudyError, match="this one was changed in Python"):
        finish(changed, tmp_path)
    assert not (tmp_path / "other").exists()


def test_results_without_their_pipeline_file_are_not_mixed_with_others(
    tmp_path: Path, undisturbed: Path
) -> None:
    finish(small(), tmp_path)
    (tmp_path / "small" / "pipeline.toml").unlink()
    with pytest.raises(ResultsError, match=r"pipeline.toml is gone, and 96 runs are not of this"):
        finish(small("training.precision=float64"), tmp_path)
    assert last(finish(small(), tmp_path)).trained == 0
    assert_same(tmp_path / "small", undisturbed)


def test_a_damaged_part_is_set_aside_and_its_runs_are_trained_again(
    tmp_path: Path, undisturbed: Path
) -> None:
    finish(small(), tmp_path)
    part = min((tmp_path / "small" / "runs.parquet").iterdir())  # a slow machine writes several
    lost = len(pd.read_parquet(part))
    part.write_bytes(part.read_bytes()[:-9])
    events = finish(small(), tmp_path)
    assert isinstance(events[0], Noted)
    assert "moved part-000000.parquet to damaged/" in events[0].sentence
    assert last(events).trained == lost > 0
    assert_same(tmp_path / "small", undisturbed)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(ResultsError, match="cannot be written: Not a directory"):
        finish(small(), tmp_path / "results")
