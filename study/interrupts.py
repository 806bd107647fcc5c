"""Ctrl-C, SIGTERM and SIGHUP: only the first process handles them; its helpers end too."""

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
"""Ctrl-C; the signal of batch systems; the signal of a closing terminal."""


class StoppedError(BaseException):
    """A signal asked this process to end; no `except Exception` catches it."""


@contextmanager
def stopped_once() -> Iterator[list[int]]:
    """Make the first signal that asks this process to end raise StoppedError; ignore later ones.

    Yields a list, to which that signal is added. Ignored signals stay ignored, as `nohup` and a
    shell's `&` intend. Without a signal, the handlers are restored at the end.
    """
    came: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # one is enough: shutting down takes time
        came.append(number)
        raise StoppedError

    mine = threading.current_thread() is threading.main_thread()  # only this one handles signals
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

    Python restores its default handlers while it ends, and a signal would kill it then.
    """
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Block these signals, also in the threads and processes that are started meanwhile.

    They reach every process of a terminal. A new process would respond to Ctrl-C with a traceback
    until it ignores it, and the other signals would end it, or Python's resource tracker, too
    early. A worker that a thread of the pool starts later inherits this as well.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        ensure_running()  # if this starts a process, it unblocks some of them again
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def follow() -> None:
    """Make this process a helper: it ignores Ctrl-C, and ends when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def serve() -> None:
    """Make this process a helper of the standard library's pool, which would outlive a kill."""
    if hasattr(signal, "pthread_sigmask"):  # a broken standard pool sends SIGTERM and waits
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    follow()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # from a thread, whatever the others do
