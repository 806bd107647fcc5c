"""Ctrl-C, SIGTERM and SIGHUP: for the first process alone, which its helpers do not outlive."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.resource_tracker import ensure_running
from types import FrameType

STOPPING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Ctrl-C; what a batch system sends; what comes when a terminal is closed."""


class StoppedError(BaseException):
    """A signal asked this process to end; no `except Exception` takes it for an error."""


@contextmanager
def stopped_once() -> Iterator[list[int]]:
    """Have the first signal that asks this process to end raise StoppedError; ignore those after.

    Yield a list, to which that signal is added. What is ignored stays so: `nohup` and a shell's
    `&` mean it. Where none came, all is as it was before.
    """
    came: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # one is enough: the end takes time
        came.append(number)
        raise StoppedError

    mine = threading.current_thread() is threading.main_thread()  # no other may handle signals
    before = {
        each: handler
        for each in STOPPING
        if mine and (handler := signal.getsignal(each)) not in {signal.SIG_IGN, None}
    }
    for each in before:
        signal.signal(each, stop)
    try:
        yield came
    finally:
        for each, handler in before.items():
            if not came:
                signal.signal(each, handler)


def ignore_signals() -> None:
    """Ignore these signals from now on: the work is done, and the process is about to end.

    Python resets its own handlers while it ends, and a signal would kill it then.
    """
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Let these signals wait, here and in the threads and processes that are begun meanwhile.

    They reach every process of a terminal. A new process would answer Ctrl-C with a traceback until
    it ignores it, and the other signals would end it, or Python's resource tracker, too early. A
    worker that a thread of the pool begins later inherits this as well.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        ensure_running()  # where this begins a process, it lets some of them through again
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow() -> None:
    """Make this process a helper: it ignores Ctrl-C, and ends when the one that began it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def serve() -> None:
    """Make this process a helper of the standard library's pool, which would outlive a kill."""
    if hasattr(signal, "pthread_sigmask"):  # a standard pool that is broken sends SIGTERM and waits
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    follow()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # from a thread, and whatever the others do
