"""A study trains missing runs, stores each run once, and resumes with the same call."""

import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from study import load_results
from study.errors import StudyError
from study.execution import supply
from study.execution.driver import Options, run
from study.execution.events import Finished, Noted, StackDone, Started
from study.execution.executors import Inline
from study.store import provenance
from study.training.summary import Begun, Trained, train_stack
from tests.driving import assert_same, failing, finish, last
from tests.pipelines import small


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the small study, trained in one go."""
    results = tmp_path_factory.mktemp("undisturbed")
    finish(small(), results)
    return results / "small"


def test_a_study_yields_events_for_its_plan_stacks_and_end(tmp_path: Path) -> None:
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


def test_the_stacks_of_a_resumed_study_add_up_to_the_work_that_it_started_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where stored runs were slow, and none of the new stacks is as large as one of all."""
    slow = SimpleNamespace(perf_counter=lambda: 1000 * time.perf_counter())
    monkeypatch.setattr("study.training.loop.time", slow)
    finish(small("search.repetitions=1"), tmp_path)
    events = finish(small("search.repetitions=3"), tmp_path)
    (started,) = (event for event in events if isinstance(event, Started))
    works = [event.work for event in events if isinstance(event, StackDone)]
    assert started.correction > 50
    assert started.work == pytest.approx(started.correction * sum(works))


def test_a_note_about_a_worker_is_stored_when_it_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker joins late, is of another kind, and the study never ends."""
    notes = [[], [], ["a worker is not like this machine"]]
    monkeypatch.setattr(Inline, "news", lambda _: notes.pop(0) if notes else [])
    events = run(small(), Options(tmp_path, executor="inline"))
    noted = next(event for event in events if isinstance(event, Noted))
    events.close()
    stored = json.loads((tmp_path / "small" / "provenance.json").read_text())
    assert stored["notes"] == [noted.sentence] == ["a worker is not like this machine"]
    assert stored["finished"] is None


@pytest.mark.parametrize("after", [1, 4])
def test_a_study_closed_in_the_middle_keeps_finished_runs_and_resumes(
    tmp_path: Path, undisturbed: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also runs that a worker has finished and the driver has not received yet."""
    trained: list[Trained] = []

    def counted(*leg: object) -> tuple[list[Trained], Begun | None]:
        finished, begun = train_stack(*leg)  # type: ignore[arg-type]
        trained.extend(finished)
        return finished, begun

    monkeypatch.setattr(supply, "train_stack", counted)
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


def test_a_stack_that_raises_ends_as_failed_runs_and_is_trained_again_next_time(
    tmp_path: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 6: a failed run is a row with its reason and without metrics, and counts as ∞."""
    monkeypatch.setattr(supply, "train_stack", failing(2))
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


def test_an_unknown_executor_is_a_users_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="executor: 'inlin' is not one of inline, processes"):
        list(run(small(), Options(tmp_path, executor="inlin")))


def test_nothing_is_left_but_the_results(undisturbed: Path) -> None:
    assert {p.name for p in undisturbed.iterdir()} == {
        "certificate.parquet", "finished.cache", "hypotheses.parquet", "metrics.parquet",
        "pipeline.toml", "predictions.parquet", "provenance.json", "runs.parquet", "trials.parquet",
    }  # fmt: skip
    assert (undisturbed / "pipeline.toml").read_text() == small().text


def test_provenance_records_begin_end_and_command_of_a_study(tmp_path: Path) -> None:
    finish(small(), tmp_path, command=("study", "run", "small.toml"))
    record = json.loads((tmp_path / "small" / "provenance.json").read_text())
    assert record["command"] == ["study", "run", "small.toml"]
    assert record["started"] < record["finished"]


def test_a_study_killed_after_its_last_run_is_finished_by_the_same_call(tmp_path: Path) -> None:
    """Of a search, the report asks whether it has ended."""
    finish(small(), tmp_path)
    path = tmp_path / "small" / "provenance.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "finished": None}))
    assert last(finish(small(), tmp_path)).trained == 0
    assert provenance.finished(tmp_path / "small") is not None


def test_repairs_at_the_start_are_kept_in_provenance(tmp_path: Path) -> None:
    finish(small(), tmp_path)
    (tmp_path / "small" / "incoming").mkdir()
    finish(small(), tmp_path)
    notes = [one["notes"] for one in provenance.executions(tmp_path / "small")]
    assert notes == [[], ["removed incoming/, left by a study that was cut short"]]


def test_resuming_with_another_numpy_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(small(), tmp_path)
    current = provenance.fingerprint()
    monkeypatch.setattr(provenance, "fingerprint", lambda: {**current, "numpy": "1.0"})
    events = finish(small("search.repetitions=3"), tmp_path)
    notes = [event.sentence for event in events if isinstance(event, Noted)]
    assert any(f"numpy {current['numpy']} → 1.0" in note for note in notes)
    assert provenance.executions(tmp_path / "small")[-1]["notes"] == notes
