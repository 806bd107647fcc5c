"""Every executor: BLAS on one thread, results and errors in futures, nothing left behind."""

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits
from typing_extensions import override

from study.execution.executors import EXECUTORS, LOST

executors = pytest.mark.parametrize("name", EXECUTORS)


@executors
def test_blas_runs_on_one_thread(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment variables: workers share the cores among themselves."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    np.ones((2, 2)) @ np.ones((2, 2))
    with threadpool_limits(2), EXECUTORS[name](1, None) as executor:
        assert max(library["num_threads"] for library in threadpool_info()) == 2
        pools = executor.submit(threadpool_info).result(60)
    assert {library["num_threads"] for library in pools if library["user_api"] == "blas"} == {1}


@executors
def test_results_and_errors_come_in_futures(name: str) -> None:
    with EXECUTORS[name](1, None) as executor:
        assert executor.submit(operator.add, 1, 2).result(60) == 3
        error = executor.submit(operator.truediv, 1, 0).exception(60)
    assert isinstance(error, ZeroDivisionError)


def test_processes_are_other_processes_and_end_with_the_executor() -> None:
    """There are as many as calls at first, whatever the number of workers."""
    with EXECUTORS["processes"](10**20, None) as executor:
        pids = [executor.submit(os.getpid) for _ in range(2)]
        assert os.getpid() not in {pid.result(60) for pid in pids}
        assert len(multiprocessing.active_children()) == 2
    with EXECUTORS["processes"](1, None) as executor:
        assert [executor.submit(operator.add, 1, i).result(60) for i in range(2)] == [1, 2]
        assert len(multiprocessing.active_children()) == 1
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


def test_workers_that_are_starting_end_silently_when_they_are_no_longer_needed(
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
def test_a_worker_killed_while_it_sends_is_replaced_and_holds_up_no_other() -> None:
    with EXECUTORS["processes"](2, None) as executor:
        executor.submit(os.getpid).result(60)
        began = time.monotonic()
        assert isinstance(executor.submit(Deadly).exception(60), LOST)
        sums = [executor.submit(operator.add, i, i) for i in range(10)]
        assert [future.result(60) for future in sums] == list(range(0, 20, 2))
        assert time.monotonic() - began < 20


def kill_workers() -> None:
    for worker in multiprocessing.active_children():
        os.kill(int(worker.pid or 0), signal.SIGKILL)
        worker.join()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("begun", [False, True], ids=["while it starts", "while it waits"])
def test_a_killed_worker_is_replaced_by_one_that_works(*, begun: bool) -> None:
    """Its calls are lost, and may be tried again."""
    with EXECUTORS["processes"](1, None) as executor:
        future = executor.submit(os.getpid)
        first = future.result(60) if begun else 0
        kill_workers()
        if not begun:
            assert str(future.exception(60)) == "its exit code was -9"
            assert isinstance(future.exception(), LOST)
        assert executor.submit(os.getpid).result(60) != first


def test_a_call_that_takes_too_long_is_ended_with_its_worker() -> None:
    """The seconds that a worker takes to start do not count."""
    with EXECUTORS["processes"](1, 0.2) as executor:
        first = executor.submit(os.getpid).result(60)
        began = time.monotonic()
        assert isinstance(executor.submit(time.sleep, 600).exception(60), TimeoutError)
        assert time.monotonic() - began < 10
        assert executor.submit(os.getpid).result(60) != first


def test_a_worker_that_does_not_start_in_time_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    with EXECUTORS["processes"](1, None) as executor:
        monkeypatch.setattr("study.execution.executors.START", 0.0)
        assert isinstance(executor.submit(operator.add, 1, 2).exception(60), LOST)
        monkeypatch.undo()
        assert executor.submit(operator.add, 1, 2).result(60) == 3


def anonymous() -> object:
    """Return what cannot be sent."""
    return lambda: None


def test_an_argument_that_cannot_be_sent_fails_its_own_call_only() -> None:
    with EXECUTORS["processes"](1, None) as executor:
        given = executor.submit(operator.add, 1, lambda: None).exception(60)
        returned = executor.submit(anonymous).exception(60)
        assert executor.submit(operator.add, 1, 2).result(60) == 3
    assert isinstance(given, Exception)
    assert not isinstance(given, LOST)
    assert isinstance(returned, RuntimeError)
    assert "anonymous" in str(returned)


def test_a_worker_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with EXECUTORS["processes"](1, None) as executor:
        monkeypatch.setattr("threading.Thread.start", full)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            executor.submit(os.getpid)


def test_calls_that_are_left_when_it_ends_are_lost() -> None:
    with EXECUTORS["processes"](1, None) as executor:
        futures = [executor.submit(time.sleep, 600) for _ in range(3)]
    assert [isinstance(future.exception(0), LOST) for future in futures] == [True] * 3


ABANDONED = """
import os, time
from study.execution.executors import EXECUTORS

if __name__ == "__main__":
    executor = EXECUTORS["processes"](2, None)
    print(executor.submit(os.getpid).result(60), flush=True)
    for _ in range(4):
        executor.submit(time.sleep, 600)
"""


def test_a_script_that_leaves_it_open_ends_at_once(tmp_path: Path) -> None:
    """So does one that raises, and keeps the study that it ran in its traceback."""
    script = tmp_path / "abandoned.py"
    script.write_text(ABANDONED, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)
