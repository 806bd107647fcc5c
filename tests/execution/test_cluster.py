"""A study on a real Dask cluster: the same bits if workers join, are lost or are absent."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

from study import load_results
from study.errors import StudyError
from study.execution import cluster
from study.execution.cluster import Cluster
from study.execution.driver import Options, run
from study.execution.events import Event, Noted, StackDone, Started
from study.execution.executors import GoneError
from study.execution.folder import state
from tests.driving import assert_same, finish, last
from tests.execution.clusters import Scheduler, wait_for
from tests.pipelines import small

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="distributed is not installed: pip install '.[dask]'"
)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Scheduler]:
    with closing(Scheduler(tmp_path)) as begun:
        yield begun


def on(scheduler: Scheduler, results: Path, **options: object) -> Iterator[Event]:
    return run(small(), Options(results, executor=scheduler.address, **options))  # type: ignore[arg-type]


@needs_dask
def test_a_study_waits_for_workers_loses_one_and_has_the_tables_of_one_process(
    scheduler: Scheduler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PAUSE", 0.0)  # it asks the scheduler after every stack
    events = on(scheduler, tmp_path / "cluster", stack_size=2)
    assert isinstance(next(events), Started)
    waiting = next(events)
    assert isinstance(waiting, Noted)
    assert waiting.sentence == f"{scheduler.address} has no workers: waiting until one joins"
    victim, _ = scheduler.join(), scheduler.join()
    scheduler.wait_for_workers(2)
    done = []
    for event in events:
        done.append(event)
        if sum(isinstance(e, StackDone) for e in done) == 3 and victim.poll() is None:
            victim.send_signal(signal.SIGKILL)
            victim.wait(10)
            scheduler.wait_for_workers(1)
    finished = last(done)
    assert (finished.trained, finished.failed, finished.workers) == (96, 0, 1)
    assert (finished.certified, finished.unlike) == (8, 0)
    finish(small(), tmp_path / "here")
    assert_same(tmp_path / "cluster" / "small", tmp_path / "here" / "small")
    certificate = load_results(tmp_path / "cluster" / "small").certificate
    assert set(certificate["process"]) == {"a process of the cluster"}
    provenance = json.loads((tmp_path / "cluster" / "small" / "provenance.json").read_text())
    assert provenance["notes"] == [waiting.sentence]


@needs_dask
@pytest.mark.slow
def test_a_worker_that_differs_from_the_driver_is_named(scheduler: Scheduler) -> None:
    with Cluster(scheduler.address, timeout=5.0) as executor:
        executor.ready()
        assert executor.news()[0].startswith("[execution] timeout has no effect on a Dask cluster")
        scheduler.join(OPENBLAS_CORETYPE="Nehalem")
        notes = wait_for(executor.news)
        (message,) = notes
        assert re.fullmatch(
            r"the worker tcp://[\d.:]+ differs from this machine \(blas_kernel \w+ → Nehalem.*\): "
            "the last bits of its runs may differ",
            message,
        )
        assert executor.submit(divmod, 7, 2).result(30) == (3, 1)
        assert isinstance(executor.submit(divmod, 7, 0).exception(30), ZeroDivisionError)
        assert executor.news() == []


@needs_dask
@pytest.mark.slow
def test_a_scheduler_without_this_project_is_a_users_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "study.py").write_text('raise ImportError("not this one")')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with (
        closing(Scheduler(tmp_path)) as other,
        pytest.raises(StudyError, match=r"the scheduler of tcp://.* cannot load this project"),
        Cluster(other.address) as executor,
    ):
        executor.ready()


@needs_dask
@pytest.mark.slow
def test_a_worker_without_this_project_is_a_users_error(
    scheduler: Scheduler, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "study.py").write_text('raise ImportError("not this one")')
    scheduler.join(PYTHONPATH=str(tmp_path / "other"))
    with (
        pytest.raises(StudyError, match=r"the worker tcp://.* cannot load this project"),
        Cluster(scheduler.address) as executor,
    ):
        wait_for(lambda: executor.ready() and "it joins" in executor.news())


def test_without_dask_the_error_names_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    message = r"needs Dask, which is not installed: pip install '\.\[dask\]'"
    with pytest.raises(StudyError, match=message), Cluster("tcp://127.0.0.1:1") as executor:
        executor.ready()


@needs_dask
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://127.0.0.1:1", "Connection refused"),
        ("tcp://127.0.0.1", "an address is tcp://HOST:PORT"),
        ("tcp://127.0.0.1:99999", "Port out of range"),
        ("tcp://127.0.0.1:{silent}", "timed out"),
    ],
)
def test_an_unreachable_scheduler_is_reported_at_once_and_nothing_is_set_aside(
    address: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.3)
    finish(small("training.epochs=1"), tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = address.format(silent=silent.getsockname()[1])
        with pytest.raises(StudyError, match=f"no Dask scheduler answers at {there} .*{why}"):
            list(run(small(), Options(tmp_path, executor=there, fresh=True)))
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


@needs_dask
def test_a_finished_study_needs_no_scheduler_until_there_is_more_to_train(tmp_path: Path) -> None:
    finish(small("training.epochs=1"), tmp_path)
    nobody = Options(tmp_path, executor="tcp://127.0.0.1:1")
    assert last(list(run(small("training.epochs=1"), nobody))).trained == 0
    stored = (tmp_path / "small" / "pipeline.toml").read_text()
    with pytest.raises(StudyError, match="no Dask scheduler answers"):
        list(run(small("training.epochs=1", "search.repetitions=4"), nobody))
    assert (tmp_path / "small" / "pipeline.toml").read_text() == stored, "it is finished still"
    assert state(tmp_path / "small").startswith("finished")


def hang_up(server: socket.socket) -> None:
    server.accept()[0].close()


@needs_dask
def test_a_server_that_closes_the_connection_is_not_a_scheduler() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=hang_up, args=(server,)).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(StudyError, match="the server there is not a scheduler"):
            Cluster(address).ready()


@needs_dask
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Dask reports a lost scheduler in many ways
def test_without_its_scheduler_a_study_ends_and_finished_runs_are_kept(
    scheduler: Scheduler, tmp_path: Path
) -> None:
    scheduler.join()
    events = on(scheduler, tmp_path / "lost", stack_size=1)
    for _ in range(3):
        next(event for event in events if isinstance(event, StackDone))
    scheduler.close()
    with pytest.raises(GoneError, match="is gone; finished runs are kept"):
        list(events)
    assert len(load_results(tmp_path / "lost" / "small").runs) >= 3
    assert last(finish(small(), tmp_path / "lost")).failed == 0
    finish(small(), tmp_path / "here")
    assert_same(tmp_path / "lost" / "small", tmp_path / "here" / "small")


@needs_dask
@pytest.mark.slow
def test_a_lost_scheduler_is_one_line_on_the_terminal(scheduler: Scheduler, tmp_path: Path) -> None:
    scheduler.join()
    (tmp_path / "small.toml").write_text(small("training.epochs=5000").text)
    command = [sys.executable, "-m", "study", "run", "small.toml", "--executor", scheduler.address]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    parts = tmp_path / "results" / "small" / "runs.parquet"
    try:
        wait_for(lambda: list(parts.glob("part-*")), 180)
    finally:
        scheduler.close()
    _, output = process.communicate(timeout=60)
    gone = f"the Dask scheduler at {scheduler.address} is gone"
    message = f"error: {gone}; finished runs are kept; run the same command to resume\n"
    assert (process.returncode, output) == (1, message)


@needs_dask
@pytest.mark.slow
def test_ctrl_c_cancels_submitted_stacks_and_leaves_the_cluster_as_it_was(
    scheduler: Scheduler, tmp_path: Path
) -> None:
    import distributed

    scheduler.join()
    (tmp_path / "small.toml").write_text(small("training.epochs=5000").text)
    command = [sys.executable, "-m", "study", "run", "small.toml", "--executor", scheduler.address]
    handled = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, handled)
    parts = tmp_path / "results" / "small" / "runs.parquet"
    try:
        wait_for(lambda: list(parts.glob("part-*")), 180)
    finally:
        process.send_signal(signal.SIGINT)
    _, output = process.communicate(timeout=60)
    assert (process.returncode, output.strip()) == (
        130, "interrupted: finished runs are kept; run the same command to resume",
    )  # fmt: skip
    assert all(p.poll() is None for p in scheduler.processes)
    with distributed.Client(scheduler.address) as client:
        assert len(client.nthreads()) == 1
        count = lambda dask_scheduler: len(dask_scheduler.tasks)  # noqa: E731  # sent as it is
        wait_for(lambda: client.run_on_scheduler(count) == 0, 60)
