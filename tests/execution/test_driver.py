"""A study trains what is missing, stores all of it once, and resumes by the same call."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from study import load_results
from study.errors import ResultsError, StudyError
from study.execution import work
from study.execution.driver import Options, run
from study.execution.events import Event, Finished, Noted, StackDone, Started
from study.spec.pipeline import Pipeline
from study.store import provenance
from study.training.summary import Begun, Trained, train_stack
from tests.pipelines import small


def finish(pipeline: Pipeline, results: Path, **options: object) -> list[Event]:
    """Run a study in this process, and return its events."""
    return list(run(pipeline, Options(results, executor="inline", **options)))  # type: ignore[arg-type]


def last(events: list[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return all that is stored, in one order, but for the seconds."""
    results = load_results(folder)
    keys = {
        "runs": ["run_id"],
        "metrics": ["run_id", "epoch"],
        "predictions": ["run_id", "epoch", "part", "x0", "x1"],
    }
    frames = {
        "runs": results.runs.drop(columns="seconds"),
        "metrics": results.metrics(),
        "predictions": results.predictions(),
    }
    plain = {
        name: frame.astype(dict.fromkeys(frame.select_dtypes("category"), str))
        .sort_values(keys[name], kind="stable")
        .reset_index(drop=True)
        for name, frame in frames.items()
    }
    return {**plain, "trials": results.trials}


def assert_same(one: Path, two: Path) -> None:
    """Compare two studies row for row and bit for bit."""
    for (name, a), b in zip(tables(one).items(), tables(two).values(), strict=True):
        pd.testing.assert_frame_equal(a, b, check_exact=True, obj=name)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the small study, trained in one go."""
    results = tmp_path_factory.mktemp("undisturbed")
    finish(small(), results)
    return results / "small"


def test_a_study_tells_what_it_plans_does_and_did(tmp_path: Path) -> None:
    events = finish(small(), tmp_path)
    started = [e for e in events if isinstance(e, Started)]
    done = [e for e in events if isinstance(e, StackDone)]
    assert [(e.runs, e.stored) for e in started] == [(96, 0)]
    assert sum(e.runs for e in done) == 96
    assert sum(e.work for e in done) == pytest.approx(started[0].work)
    finished = last(events)
    assert (finished.runs, finished.trained, finished.failed) == (96, 96, 0)
    assert finished.diverged == sum(e.diverged for e in done) > 0
    assert 0 < finished.loop_seconds < finished.seconds


def test_the_same_call_again_trains_nothing(undisturbed: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in undisturbed.rglob("part-*")}
    events = finish(small(), undisturbed.parent)
    assert [type(e) for e in events] == [Started, Finished]
    assert last(events).trained == 0
    assert before == {p: p.stat().st_mtime_ns for p in undisturbed.rglob("part-*")}


@pytest.mark.parametrize(
    "extension",
    [
        "search.repetitions=3",
        "search.parameters.lr=[0.1, 50.0, 0.01, 1.0]",
        "search.parameters.momentum=[0.9, 0.0]",
    ],
)
def test_an_extended_study_trains_the_new_runs_alone_and_equals_one_made_at_once(
    tmp_path: Path, extension: str
) -> None:
    finish(small(), tmp_path / "extended")
    events = finish(small(extension), tmp_path / "extended")
    finish(small(extension), tmp_path / "at once")
    assert last(events).runs - last(events).trained == 96
    assert_same(tmp_path / "extended" / "small", tmp_path / "at once" / "small")


@pytest.mark.parametrize("after", [1, 4])
def test_a_study_closed_in_the_middle_keeps_what_was_finished_and_goes_on(
    tmp_path: Path, undisturbed: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what a worker has finished and the driver has not taken yet."""
    trained: list[Trained] = []

    def counted(*leg: object) -> tuple[list[Trained], Begun | None]:
        finished, begun = train_stack(*leg)  # type: ignore[arg-type]
        trained.extend(finished)
        return finished, begun

    monkeypatch.setattr(work, "train_stack", counted)
    events = run(small(), Options(tmp_path, executor="inline"))
    for event in events:
        after -= isinstance(event, StackDone)
        if not after:
            break
    events.close()
    kept = len(trained)
    assert 0 < kept < 96
    assert len(load_results(tmp_path / "small").runs) == kept
    assert last(finish(small(), tmp_path)).trained == 96 - kept
    assert_same(tmp_path / "small", undisturbed)


def test_processes_and_any_stack_size_store_the_same_bits(
    tmp_path: Path, undisturbed: Path
) -> None:
    """Promise 1 over executors, worker counts and stack sizes."""
    list(run(small(), Options(tmp_path, workers=2, stack_size=1)))
    assert_same(tmp_path / "small", undisturbed)


def failing(times: int) -> Callable[..., tuple[list[Trained], Begun | None]]:
    """Return a `train_stack` whose first calls raise."""
    calls = iter(range(times))

    def train(*leg: object) -> tuple[list[Trained], Begun | None]:
        if next(calls, None) is None:
            return train_stack(*leg)  # type: ignore[arg-type]
        raise MemoryError("too large")

    return train


def test_a_stack_that_raises_ends_as_failed_runs_and_is_trained_again_next_time(
    tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: a failed run is a row with its reason and without metrics, and counts as ∞."""
    monkeypatch.setattr(work, "train_stack", failing(2))
    events = finish(small(), tmp_path)
    finished, results = last(events), load_results(tmp_path / "small")
    failed = results.runs[results.runs["status"] == "failed"]
    assert len(failed) == finished.failed > 0
    assert set(failed["reason"]) == {"MemoryError: too large"}
    assert not set(failed["run_id"]) & set(results.metrics(columns=["run_id"])["run_id"])
    assert results.trials["failed"].sum() == len(failed)
    assert results.trials["diverged"].sum() == (results.runs["status"] == "diverged").sum()
    assert last(finish(small(), tmp_path)).trained == len(failed)
    assert_same(tmp_path / "small", undisturbed)


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


def test_an_unknown_executor_is_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="executor: 'inlin' is not one of inline, processes"):
        list(run(small(), Options(tmp_path, executor="inlin")))


def test_nothing_is_left_but_the_results(undisturbed: Path) -> None:
    assert {p.name for p in undisturbed.iterdir()} == {
        "hypotheses.parquet", "metrics.parquet", "pipeline.toml", "predictions.parquet",
        "provenance.json", "runs.parquet", "trials.parquet",
    }  # fmt: skip
    assert (undisturbed / "pipeline.toml").read_text() == small().text


def test_runs_of_an_older_version_are_refused_and_not_thrown_away(
    tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the numerics change, the same file plans other runs: the old ones must not vanish."""
    finish(small(), tmp_path)
    monkeypatch.setattr("study.plan.trials.NUMERICS", 2)
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
    (part,) = (tmp_path / "small" / "runs.parquet").iterdir()
    part.write_bytes(part.read_bytes()[:-9])
    events = finish(small(), tmp_path)
    assert isinstance(events[0], Noted)
    assert "moved part-000000.parquet to damaged/" in events[0].sentence
    assert last(events).trained == 96
    assert_same(tmp_path / "small", undisturbed)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(ResultsError, match="cannot be written: Not a directory"):
        finish(small(), tmp_path / "results")


def test_provenance_says_when_a_study_began_and_ended_and_by_what_command(tmp_path: Path) -> None:
    finish(small(), tmp_path, command=("study", "run", "small.toml"))
    found = json.loads((tmp_path / "small" / "provenance.json").read_text())
    assert found["command"] == ["study", "run", "small.toml"]
    assert found["started"] < found["finished"]


def test_going_on_with_another_numpy_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(small(), tmp_path)
    here = provenance.fingerprint()
    monkeypatch.setattr(provenance, "fingerprint", lambda: {**here, "numpy": "1.0"})
    events = finish(small("search.repetitions=3"), tmp_path)
    notes = [event.sentence for event in events if isinstance(event, Noted)]
    assert any(f"numpy {here['numpy']} → 1.0" in note for note in notes)
