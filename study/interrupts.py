"""Ctrl-C is for the first process alone, and its helpers do not outlive that one."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.resource_tracker import ensure_running


@contextmanager
def interrupts_wait() -> Iterator[None]:
    """Let Ctrl-C wait, here and in the threads and processes that are begun meanwhile.

    It reaches every process of a terminal. A new one would answer with a traceback until it has
    come to ignore it; a worker that is begun later, by a thread of the pool, inherits this as well.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    ensure_running()  # first: where this begins a process, it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def serve() -> None:
    """Make this process a helper: it ignores Ctrl-C, and ends when the one that began it does.

    The standard pool's processes would wait for work for ever where that one was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # from a thread, and whatever the others do
