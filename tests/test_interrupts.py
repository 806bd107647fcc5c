"""Helpers end with the process that began them, and a process without one is left alone."""

import multiprocessing
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from study import interrupts

BEGUN = """
import multiprocessing, os, signal, sys, time
from study.interrupts import serve

def help_for_ever(pipe):
    serve()
    pipe.send(signal.getsignal(signal.SIGINT) == signal.SIG_IGN)
    time.sleep(600)

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    helper = context.Process(target=help_for_ever, args=(there,))
    helper.start()
    print(helper.pid, here.recv(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_helper_ignores_ctrl_c_and_ends_with_who_began_it(tmp_path: Path) -> None:
    """Its output stays open as long as it lives: the call returns when it has ended."""
    script = tmp_path / "begun.py"
    script.write_text(BEGUN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == -9
    assert done.stdout.split()[1] == "True"


def interrupted() -> bool:
    """Send Ctrl-C to this process; return whether it waits."""
    signal.raise_signal(signal.SIGINT)
    return signal.SIGINT in signal.sigpending()


def test_ctrl_c_waits_and_then_comes(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # `make test &` ignores it
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    waited = []
    with pytest.raises(KeyboardInterrupt), interrupts.interrupts_wait():
        waited.append(interrupted())
    assert waited == [True]
    monkeypatch.delattr(signal, "pthread_sigmask")  # as on Windows: there it does not wait
    with pytest.raises(KeyboardInterrupt), interrupts.interrupts_wait():
        interrupted()


def test_a_helper_ends_at_once_whatever_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    class Parent:
        def join(self) -> None:
            """Return when it has ended: it has."""

    codes: list[int] = []
    monkeypatch.setattr(interrupts, "parent_process", Parent)
    monkeypatch.setattr("os._exit", codes.append)
    before = signal.getsignal(signal.SIGINT)
    interrupts.serve()
    signal.signal(signal.SIGINT, before)
    deadline = time.monotonic() + 10
    while not codes and time.monotonic() < deadline:
        time.sleep(0.01)
    assert codes == [1]


def test_a_first_process_has_nobody_to_end_with() -> None:
    assert multiprocessing.parent_process() is None
    interrupts._end_with_parent()  # noqa: SLF001  # it would end this process


LATE = """
import atexit, os, signal, sys
from study.cli import main

for number in (signal.SIGINT, signal.SIGTERM):  # while Python ends, the command being done
    atexit.register(os.kill, os.getpid(), number)
sys.argv = ["study", "schema"]
main()
"""


def test_a_signal_that_comes_after_the_work_changes_no_exit_code(tmp_path: Path) -> None:
    script = tmp_path / "late.py"
    script.write_text(LATE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("{")
