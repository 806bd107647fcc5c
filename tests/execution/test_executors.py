"""Every executor: BLAS on one thread, results and errors in futures, nothing left behind."""

import multiprocessing
import operator
import os
import signal
import sys
import time
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from pebble import ProcessPool
from threadpoolctl import threadpool_info
from typing_extensions import override

from study.execution.executors import EXECUTORS, LOST, _take

executors = pytest.mark.parametrize("name", EXECUTORS)


@executors
def test_blas_runs_on_one_thread(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says: workers share the cores among themselves."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    np.ones((2, 2)) @ np.ones((2, 2))
    with EXECUTORS[name](1, None) as executor:
        found = executor.submit(threadpool_info).result(60)
    assert {library["num_threads"] for library in found if library["user_api"] == "blas"} == {1}


@executors
def test_results_and_errors_come_in_futures(name: str) -> None:
    with EXECUTORS[name](1, None) as executor:
        assert executor.submit(operator.add, 1, 2).result(60) == 3
        error = executor.submit(operator.truediv, 1, 0).exception(60)
    assert isinstance(error, ZeroDivisionError)


def test_processes_are_other_processes_and_end_with_the_executor() -> None:
    with EXECUTORS["processes"](2, None) as executor:
        assert executor.submit(os.getpid).result(60) != os.getpid()
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_an_executor_that_was_never_used_starts_no_process() -> None:
    with EXECUTORS["processes"](2, None):
        assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_a_worker_that_begins_is_not_interrupted(capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C reaches all processes of a terminal, and is for the first of them."""
    with EXECUTORS["processes"](2, None) as executor:
        future = executor.submit(operator.add, 1, 2)
        for worker in multiprocessing.active_children():
            os.kill(int(worker.pid or 0), signal.SIGINT)
        assert future.result(60) == 3
    assert capfd.readouterr().err == ""


def test_workers_that_begin_say_nothing_when_they_are_not_needed_any_more(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Whenever that is: some hundredths of a second after their start they take up the channel."""
    for hundredths in range(8, 22, 2):
        with EXECUTORS["processes"](4, None) as executor:
            executor.submit(os.getpid)
            time.sleep(hundredths / 100)
        assert multiprocessing.active_children() == []
    assert capfd.readouterr().err == ""


class Deadly:
    """What kills the process that sends it."""

    @override
    def __reduce__(self) -> tuple[type, tuple[()]]:
        os.kill(os.getpid(), signal.SIGKILL)
        return Deadly, ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_worker_killed_while_it_sends_does_not_hold_up_the_others_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes the lock on their channel with it."""
    monkeypatch.setattr("study.execution.executors.PATIENCE", 0.5)
    with EXECUTORS["processes"](2, None) as executor:
        executor.submit(os.getpid).result(60)
        began = time.monotonic()
        assert isinstance(executor.submit(Deadly).exception(60), LOST)
        while isinstance(executor.submit(os.getpid).exception(60), LOST):
            assert time.monotonic() - began < 20
    assert time.monotonic() - began < 20


def test_a_broken_pool_is_replaced_by_one_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    pools: list[Any] = []
    real: Any = ProcessPool

    def remembered(*arguments: object, **named: object) -> object:
        pools.append(real(*arguments, **named))
        return pools[-1]

    monkeypatch.setattr("study.execution.executors.ProcessPool", remembered)
    with EXECUTORS["processes"](1, None) as executor:
        first = executor.submit(os.getpid).result(60)
        pools[0].stop()
        assert executor.submit(os.getpid).result(60) != first
    assert len(pools) == 2


def test_a_pool_that_cannot_begin_is_an_error_and_not_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    with EXECUTORS["processes"](1, None) as executor:
        executor.submit(os.getpid).result(60)
        monkeypatch.setattr(ProcessPool, "schedule", full)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            executor.submit(os.getpid)


@pytest.mark.parametrize("broken", [True, False], ids=["never sent", "taken and not begun"])
def test_work_that_no_worker_will_begin_is_lost_and_may_be_tried_again(
    monkeypatch: pytest.MonkeyPatch, *, broken: bool
) -> None:
    """By a pool that broke before it sent it, or a worker that died when it had taken it."""
    real = ProcessPool.schedule
    pools: list[Any] = []

    def lost(pool: ProcessPool, *_: object, **__: object) -> Future[int]:
        pools.append(pool)
        return Future()

    monkeypatch.setattr("study.execution.executors.STALLED", 30.0 if broken else 0.2)
    with EXECUTORS["processes"](1, None) as executor:
        monkeypatch.setattr(ProcessPool, "schedule", lost)
        future = executor.submit(os.getpid)
        assert executor.news() == []
        assert not future.done()
        if broken:
            pools[0].stop()
        else:
            time.sleep(0.3)
        executor.news()
        assert isinstance(future.exception(0), LOST)
        monkeypatch.setattr(ProcessPool, "schedule", real)
        assert executor.submit(operator.add, 1, 2).result(60) == 3


def test_what_comes_after_work_was_thought_lost_is_left_alone() -> None:
    ours: Future[int] = Future()
    ours.set_result(1)
    theirs: Future[int] = Future()
    theirs.set_result(2)
    _take(ours, theirs)
    cancelled: Future[int] = Future()
    assert cancelled.cancel()
    other: Future[int] = Future()
    _take(other, cancelled)
    assert (ours.result(), other.done()) == (1, False)


def test_work_that_is_given_after_a_pause_is_not_thought_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A search may think for longer between two batches than a worker that waits needs to begin."""
    monkeypatch.setattr("study.execution.executors.STALLED", 0.2)
    theirs: list[Future[int]] = []

    def waiting(*_: object, **__: object) -> Future[int]:
        theirs.append(Future())
        return theirs[-1]

    with EXECUTORS["processes"](1, None) as executor:
        monkeypatch.setattr(ProcessPool, "schedule", waiting)
        executor.submit(os.getpid)
        executor.news()
        theirs[0].set_result(1)
        time.sleep(0.3)
        future = executor.submit(os.getpid)
        executor.news()
        assert not future.done()
