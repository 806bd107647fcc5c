"""What a results folder refuses and sets aside, so that no two studies are mixed."""

import json
from pathlib import Path

import pandas as pd
import pytest

from study.errors import ResultsError, StudyError
from study.execution.driver import Options, run
from study.execution.events import Noted
from study.report.gather import gather
from study.store.names import FINISHED
from study.store.stored import stored_runs
from tests.cli.calling import call
from tests.driving import assert_same, finish, last
from tests.pipelines import small
from tests.searches import searching

pytestmark = pytest.mark.usefixtures("uncertified")


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
        f"{tmp_path / 'small'} contains the results of another pipeline:\n"
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
    (tmp_path / "small" / FINISHED).unlink()  # another version does not use it
    monkeypatch.setattr("study.plan.identity.NUMERICS", 99)
    with pytest.raises(ResultsError, match="96 of its runs would give other numbers"):
        finish(small(), tmp_path)
    monkeypatch.undo()
    assert_same(tmp_path / "small", undisturbed)


def test_results_of_study_1_0_are_refused_by_every_command_and_left_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It wrote no format down, and its runs have other ids."""
    finish(small("training.epochs=1"), tmp_path)
    folder = tmp_path / "small"
    provenance, file = folder / "provenance.json", tmp_path / "small.toml"
    document = json.loads(provenance.read_text())
    assert document.pop("format") == 2
    provenance.write_text(json.dumps(document))
    (folder / "incoming").mkdir()  # left by a kill: not swept either
    file.write_text(small("training.epochs=1").text)
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    run_id = pd.read_parquet(folder / "runs.parquet")["run_id"].iloc[0]
    message = f"{folder} was written by study 1.0; use study 1.0 to read it, or set it aside with "
    for command in (
        ["run", str(file), "--results", str(tmp_path)],
        ["report", str(folder)],
        ["reproduce", str(folder), run_id],
    ):
        code, _, error = call(capsys, *command)
        assert (code, error) == (2, f"error: {message}--fresh\n")
    code, plan, _ = call(capsys, "plan", str(file), "--results", str(tmp_path))
    assert code == 0
    assert f"`study run` would refuse this. {message}--fresh" in plan
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before
    assert last(finish(small("training.epochs=1"), tmp_path, fresh=True)).trained == 96


def test_results_whose_pipeline_is_unreadable_are_known_by_their_runs(
    tmp_path: Path, undisturbed: Path
) -> None:
    finish(small(), tmp_path)
    path = tmp_path / "small" / "pipeline.toml"
    path.write_text("name = ")
    with pytest.raises(
        ResultsError, match=r"no longer valid.+ and 96 runs do not belong to this one"
    ):
        finish(small("training.precision=float64"), tmp_path)
    assert path.read_text() == "name = "
    assert last(finish(small(), tmp_path)).trained == 0
    assert path.read_text() == small().text
    assert (tmp_path / "small" / "damaged" / "pipeline.toml").read_text() == "name = "
    assert_same(tmp_path / "small", undisturbed)


def test_an_edited_pipeline_file_among_the_results_is_rewritten(
    tmp_path: Path, undisturbed: Path
) -> None:
    """The stored runs have other ids than the runs it declares now."""
    finish(small(), tmp_path)
    path = tmp_path / "small" / "pipeline.toml"
    edited = small("training.epochs=31").text
    path.write_text(edited)
    with pytest.raises(ResultsError, match="does not describe 96 of the 96 stored runs"):
        gather(tmp_path / "small")
    events = finish(small(), tmp_path)
    assert (last(events).trained, path.read_text()) == (0, small().text)
    assert (
        Noted("pipeline.toml does not describe the stored runs, so it is written again") in events
    )
    assert (tmp_path / "small" / "damaged" / "pipeline.toml").read_text() == edited
    assert_same(tmp_path / "small", undisturbed)


def test_a_search_without_its_pipeline_file_resumes_only_if_it_is_complete(tmp_path: Path) -> None:
    """Its space and its method are in no run's id: another search would remove its runs."""
    pipeline = searching("tpe")
    finish(pipeline, tmp_path)
    path = tmp_path / "small" / "pipeline.toml"
    stored = set(stored_runs(tmp_path / "small"))
    for wrong in (None, "name = ", searching("tpe", "training.epochs=31").text):
        for other in (
            searching("tpe", "search.trials=20"),
            searching("random"),
            searching("tpe", "search.confirm=1"),
        ):
            path.unlink() if wrong is None else path.write_text(wrong)
            with pytest.raises(
                ResultsError, match=r"pipeline.toml is missing or was changed, and th"
            ):
                finish(other, tmp_path)
            assert set(stored_runs(tmp_path / "small")) == stored
            path.write_text("")
        assert last(finish(pipeline, tmp_path)).trained == 0
        assert path.read_text() == pipeline.text
    assert set(stored_runs(tmp_path / "small")) == stored


def test_fresh_sets_results_aside_whose_pipeline_file_is_gone(tmp_path: Path) -> None:
    finish(small("training.epochs=1"), tmp_path)
    (tmp_path / "small" / "pipeline.toml").unlink()
    assert last(finish(small("training.epochs=2"), tmp_path, fresh=True)).trained == 96
    assert len(stored_runs(tmp_path / "small.1")) == 96


def test_a_study_stopped_before_it_stored_anything_takes_a_corrected_file(tmp_path: Path) -> None:
    stopped = run(small("training.epochs=9"), Options(tmp_path, executor="inline"))
    next(stopped)
    stopped.close()
    assert last(finish(small(), tmp_path)).trained == 96


def test_a_pipeline_changed_in_python_is_refused(tmp_path: Path) -> None:
    """Its stored file would differ from the trained pipeline."""
    changed = small().model_copy(update={"name": "other"})
    with pytest.raises(StudyError, match="this one was changed in Python"):
        finish(changed, tmp_path)
    assert not (tmp_path / "other").exists()


def test_results_without_their_pipeline_file_are_not_mixed_with_others(
    tmp_path: Path, undisturbed: Path
) -> None:
    finish(small(), tmp_path)
    (tmp_path / "small" / "pipeline.toml").unlink()
    with pytest.raises(
        ResultsError, match=r"pipeline.toml is gone, and 96 runs do not belong to this"
    ):
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
