"""At its end a study retrains eight of its runs and reports whether their bits are the same."""

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typing_extensions import override

from study import load_results
from study.errors import ResultsError
from study.execution import certificate as certificate_
from study.execution import supply
from study.execution.certificate import certify, difference, holds
from study.execution.driver import Options, run
from study.execution.events import Event, Noted
from study.execution.executors import EXECUTORS, GoneError, Inline, Processes
from study.plan import seeds
from study.plan.identity import identities
from study.plan.stacks import Stack
from study.plan.trials import Run, planned, stored_run
from study.report.gather import gather
from study.spec.pipeline import Pipeline
from study.store.stored import stored_runs
from study.training.summary import Trained, last_trained
from tests.driving import assert_same, failing, finish, last
from tests.pipelines import small as whole
from tests.searches import searching
from tests.store.made import rewrite

T = TypeVar("T")


def small(*overrides: str) -> Pipeline:
    """Return 24 runs or more of a few epochs."""
    return whole("training.epochs=5", "search.parameters.activation=['tanh']",
                 "search.parameters.hidden=[[4]]", *overrides)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("results")
    finish(small(), results)
    return results / "small"


def runs_of(pipeline: Pipeline) -> dict[str, Run]:
    return {run.run_id: run for run in planned(pipeline).runs}


def notes(events: Sequence[Event]) -> list[str]:
    return [event.sentence for event in events if isinstance(event, Noted)]


def changed(epoch: int) -> Callable[..., Trained]:
    """Return a training whose losses differ from an epoch on."""

    def train(stack: Stack, pipeline: Pipeline, until: int) -> Trained:
        run = last_trained(stack, pipeline, until)
        losses = run.metrics["train_loss"]
        assert losses is not None
        losses[epoch - 1 :] = np.nextafter(losses[epoch - 1 :], 1)
        return run

    return train


def test_eight_runs_are_drawn_the_same_for_the_same_study_and_others_for_another() -> None:
    ids, more = runs_of(small()), runs_of(small("search.repetitions=3"))
    assert len(set(seeds.certified(ids))) == 8
    assert seeds.certified(ids) == seeds.certified(reversed(list(ids)))
    assert seeds.certified(ids) != seeds.certified(more)
    times = [
        run.repetition for runs in (ids, more) for i in seeds.certified(runs) for run in [runs[i]]
    ]
    assert len(set(times)) > 1


def test_the_eight_are_stored_with_how_far_they_were_compared(folder: Path) -> None:
    results = load_results(folder)
    certificate = results.certificate
    stored = results.runs.set_index("run_id").loc[certificate["run_id"]]
    assert list(certificate["run_id"]) == seeds.certified(results.runs["run_id"])
    assert list(certificate["epochs"]) == list(stored["epochs"])
    assert list(certificate["status"]) == list(stored["status"])
    assert set(certificate["process"]) == {"the same process"}
    assert certificate[["differs_at", "differs_in", "reason"]].isna().all(axis=None)


def test_each_is_trained_in_a_stack_that_the_study_never_had(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Stack] = []

    def noted(stack: Stack, pipeline: Pipeline, until: int) -> Trained:
        seen.append(stack)
        return last_trained(stack, pipeline, until)

    monkeypatch.setattr(certificate_, "last_trained", noted)
    runs = runs_of(small())
    rows = certify(folder, small(), runs, lambda _: Inline())
    assert [stack.runs[-1].run_id for stack in seen] == [row["run_id"] for row in rows]
    assert not {stack.runs[0].run_id for stack in seen} & set(runs)


def test_processes_train_them_in_other_processes_than_the_study_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Processes] = []

    def make(workers: int, timeout: float | None) -> Processes:
        made.append(Processes(workers, timeout))
        return made[-1]

    monkeypatch.setitem(EXECUTORS, "processes", make)
    pipeline = small("search.repetitions=1")
    events = list(run(pipeline, Options(tmp_path, workers=1)))
    assert (last(events).certified, last(events).unlike, len(made)) == (8, 0, 2)
    assert set(load_results(tmp_path / "small").certificate["process"]) == {"another process"}


def test_it_is_made_once_and_again_where_runs_were_trained(tmp_path: Path) -> None:
    finish(small(), tmp_path)
    path = tmp_path / "small" / "certificate.parquet"
    made = path.stat().st_mtime_ns
    assert last(finish(small(), tmp_path)).certified == 8
    assert path.stat().st_mtime_ns == made
    finish(small("search.repetitions=3"), tmp_path)
    assert path.stat().st_mtime_ns > made
    path.write_bytes(b"damaged")
    assert last(finish(small("search.repetitions=3"), tmp_path)).certified == 8
    assert len(load_results(tmp_path / "small").certificate) == 8


def few(*overrides: str) -> Pipeline:
    """Return six runs; all are drawn."""
    return small("search.parameters.lr=[0.01, 0.1, 1.0]", "search.repetitions=1",
                 'search.parameters.optimizer=["sgd"]', *overrides)  # fmt: skip


def zeros(column: str) -> Callable[[pa.Table], pa.Table]:
    """Return what writes zeros into a column."""

    def change(rows: pa.Table) -> pa.Table:
        field = rows.schema.field(column)
        nothing = pa.array(np.zeros(len(rows)), pa.float64()).cast(field.type)
        return rows.set_column(rows.schema.get_field_index(column), field, nothing)

    return change


def test_a_part_written_again_without_a_checksum_is_damaged_and_its_runs_are_trained(
    tmp_path: Path,
) -> None:
    finish(few(), tmp_path / "one")
    finish(few(), tmp_path / "two")
    for path in (tmp_path / "one" / "small" / "metrics.parquet").iterdir():
        pq.write_table(zeros("train_loss")(pq.read_table(path)), path)
    events = finish(few(), tmp_path / "one")
    assert (last(events).trained, last(events).certified, last(events).unlike) == (6, 6, 0)
    assert "to damaged/" in notes(events)[0]
    assert_same(tmp_path / "one" / "small", tmp_path / "two" / "small")


@pytest.mark.parametrize(
    ("table", "column", "at"),
    [
        ("metrics", "train_loss", {1}),
        ("predictions", "prediction", {1, 5}),  # of repetition 0 also the first epoch
        ("runs", "best_train_loss", {5}),
    ],
)
def test_numbers_that_were_changed_under_a_right_checksum_are_not_certified(
    tmp_path: Path, table: str, column: str, at: set[int]
) -> None:
    """The stored bytes have no certificate: a new one is made, and reports the difference."""
    finish(few(), tmp_path)
    folder = tmp_path / "small"
    assert holds(folder, stored_runs(folder)) is not None
    for path in (folder / f"{table}.parquet").iterdir():
        rewrite(path, zeros(column))
    assert holds(folder, stored_runs(folder)) is None
    with pytest.raises(ResultsError, match=r"certificate.parquet was made from other parts"):
        gather(folder)
    events = finish(few(), tmp_path)
    assert (last(events).trained, last(events).certified, last(events).unlike) == (0, 6, 6)
    certificate = load_results(folder).certificate
    assert set(certificate["differs_in"]) == {column}
    assert set(certificate["differs_at"]) <= at


@pytest.mark.parametrize("table", ["metrics", "predictions", "runs"])
def test_a_part_written_again_with_the_same_numbers_is_certified_again(
    tmp_path: Path, table: str
) -> None:
    """Its checksum is another one where its bytes are: here its metadata are."""
    finish(few(), tmp_path)
    folder = tmp_path / "small"
    for path in (folder / f"{table}.parquet").iterdir():
        rewrite(path, lambda rows: rows.replace_schema_metadata({"note": "written again"}))
    assert holds(folder, stored_runs(folder)) is None
    events = finish(few(), tmp_path)
    assert (last(events).trained, last(events).certified, last(events).unlike) == (0, 6, 0)
    assert holds(folder, stored_runs(folder)) is not None


def test_the_part_and_its_checksums_are_recorded_with_each_run(folder: Path) -> None:
    certificate = load_results(folder).certificate
    for run_id, part, checksums in certificate[["run_id", "part", "checksums"]].to_numpy():
        paths = [folder / f"{table}.parquet" / part for table in ("metrics", "predictions", "runs")]
        assert run_id in set(pq.read_table(paths[2])["run_id"].to_pylist())
        assert checksums.split() == [
            pq.read_metadata(path).metadata[b"checksum"][-8:].decode() for path in paths
        ]


def test_while_runs_are_missing_there_is_none(tmp_path: Path) -> None:
    """Runs that are trained now may not be the certified ones."""
    finish(small(), tmp_path)
    events = run(small("search.repetitions=3"), Options(tmp_path, executor="inline"))
    next(events)
    events.close()
    assert load_results(tmp_path / "small").certificate.empty


def test_a_run_that_differs_is_named_with_its_epoch_until_it_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate_, "last_trained", changed(2))
    events = finish(small(), tmp_path)
    assert (last(events).certified, last(events).unlike) == (8, 8)
    certificate = load_results(tmp_path / "small").certificate
    assert set(certificate["differs_at"]) == {2}
    assert set(certificate["differs_in"]) == {"train_loss"}
    assert notes(events) == [
        f"run {run_id} gives other numbers when it is trained again: "
        "train_loss differs from epoch 2 on"
        for run_id in certificate["run_id"]
    ]
    monkeypatch.undo()
    again = finish(small(), tmp_path)
    assert (last(again).certified, last(again).unlike, notes(again)) == (8, 0, [])


def test_failed_runs_are_not_drawn_and_without_others_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supply, "train_stack", failing(2))
    finish(small(), tmp_path / "some")
    results = load_results(tmp_path / "some" / "small")
    failed = results.runs.loc[results.runs["status"] == "failed", "run_id"]
    assert len(results.certificate) == 8
    assert not set(results.certificate["run_id"]) & set(failed)
    monkeypatch.setattr(supply, "train_stack", failing(1000))
    assert last(finish(small(), tmp_path / "all")).certified == 0
    assert load_results(tmp_path / "all" / "small").certificate.empty


def test_pruned_runs_are_compared_as_far_as_they_came(tmp_path: Path) -> None:
    pipeline = searching("random")
    finish(pipeline, tmp_path)
    stored = stored_runs(tmp_path / pipeline.name)
    pruned = [row for row in stored.values() if row["status"] == "pruned"]
    named = identities(pipeline)
    result = filter(None, (stored_run(named, row) for row in pruned))
    runs = {run.run_id: run for run in result}
    rows = certify(tmp_path / pipeline.name, pipeline, runs, lambda _: Inline())
    assert {row["status"] for row in rows} == {"pruned"}
    assert max(int(str(row["epochs"])) for row in rows) < pipeline.training.epochs
    assert [text for row in rows if (text := difference(row))] == []


class Losing(Inline):
    """Loses its worker some times before it works."""

    def __init__(self, times: int, error: Exception) -> None:
        self._times, self._error = times, error

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        self._times -= 1
        if self._times < 0:
            return super().submit(function, *args)
        future: Future[T] = Future()
        future.set_exception(self._error)
        return future


@pytest.mark.parametrize(
    ("times", "error", "reasons"),
    [
        (16, BrokenExecutor("gone"), set()),
        (24, BrokenExecutor("gone"), {"its worker was lost 3 times: gone"}),
        (8, MemoryError("too large"), {"MemoryError: too large"}),
    ],
)
def test_a_lost_worker_is_replaced_and_runs_that_could_not_be_retrained_are_reported(
    folder: Path, times: int, error: Exception, reasons: set[str]
) -> None:
    rows = certify(folder, small(), runs_of(small()), lambda _: Losing(times, error))
    assert {row["reason"] for row in rows} - {None} == reasons
    messages = {f"run {row['run_id']} could not be trained again: {row['reason']}" for row in rows}
    assert {difference(row) for row in rows} - {None} == (messages if reasons else set())
    assert (holds(folder, runs_of(small())) is None) == bool(reasons)


def test_without_its_cluster_nothing_is_certified(folder: Path) -> None:
    gone = Losing(1, GoneError("it is gone"))
    with pytest.raises(GoneError):
        certify(folder, small(), runs_of(small()), lambda _: gone)


def test_as_many_processes_are_begun_as_their_work_is_worth(folder: Path) -> None:
    asked: list[int] = []

    def make(workers: int) -> Inline:
        asked.append(workers)
        return Inline()

    certify(folder, small(), runs_of(small()), make)
    assert asked == [1]
