"""Training in this process, or in local processes that end with the driver."""

import atexit
import multiprocessing
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from functools import cached_property
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Protocol, Self, TypeAlias, TypeVar, cast

from threadpoolctl import ThreadpoolController, threadpool_limits
from typing_extensions import override

from study.errors import StudyError
from study.interrupts import follow, interrupts_wait
from study.spec.pipeline import INLINE, PROCESSES

T = TypeVar("T")

LOST = BrokenExecutor
"""Raised by a future if its worker was lost: the work may be tried again."""

START = 60.0
"""Seconds within which a worker must start; it usually takes two. A later one counts as lost."""

UNGUARDED = 78
"""The exit code of a worker that would start a study while it imports the script of one."""

_SPAWN = multiprocessing.get_context("spawn")

_Call: TypeAlias = "tuple[Future[Any], Callable[..., Any], tuple[object, ...]] | None"
"""A call and its future; None ends the thread that receives it."""


class GoneError(ConnectionError):
    """Raised by a future if no worker can ever be started again."""


class Executor(Protocol):
    """Takes work and returns its future, as `concurrent.futures` does; a context manager.

    `workers` may train at once; `process` names the place for the certificate.
    """

    workers: int
    process: str = "another process"

    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        """Schedule the call and return its future."""

    def ready(self) -> int:
        """Connect to the workers if necessary, and return how many there are now."""
        return self.workers

    def news(self) -> list[str]:
        """Return sentences about new workers; raise if none of them can work."""
        return []

    def __enter__(self) -> Self:
        """Return the executor; its workers start with the first call."""
        return self

    def __exit__(self, *_: object) -> None:
        """Abandon the remaining calls, and leave no process running."""


class Inline(Executor):
    """Does the work at once, in this process and on one BLAS thread: for tests and debuggers."""

    workers = 1
    process = "the same process"

    def __init__(self, *_: object) -> None:
        """Make one; the number of workers and the timeout do not apply."""

    @cached_property
    def _threads(self) -> ThreadpoolController:
        """The BLAS of this process, looked up once: that takes longer than a small stack."""
        return ThreadpoolController()

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        future: Future[T] = Future()
        with self._threads.limit(limits=1):
            try:
                future.set_result(function(*args))
            except Exception as error:  # noqa: BLE001  # the future carries it, as a process would
                future.set_exception(error)
        return future

    @override
    def __exit__(self, *_: object) -> None:
        """Do nothing: there is nothing to close."""


class Processes(Executor):
    """Local processes with one BLAS thread each; a process that is killed loses only its stack."""

    def __init__(self, workers: int, timeout: float | None = None) -> None:
        self.workers, self._timeout = workers, timeout
        self._calls: SimpleQueue[_Call] = SimpleQueue()
        self._ours: list[_Worker] = []

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        if not self._ours:
            atexit.register(self.__exit__)  # for a script that ends without closing its study
        if len(self._ours) < self.workers:  # one for each call, so never more than there is to do
            self._ours.append(_Worker(self._calls, self._timeout))
        future: Future[T] = Future()
        self._calls.put((future, function, args))
        return future

    @override
    def news(self) -> list[str]:
        if any(worker.unguarded for worker in self._ours):
            raise StudyError(
                "each worker process imports the script that starts a study, and this script "
                'started it again: call `study.run` below `if __name__ == "__main__":`'
            )
        return []

    @override
    def __exit__(self, *_: object) -> None:
        atexit.unregister(self.__exit__)
        for worker in self._ours:
            worker.close()
            self._calls.put(None)
        for worker in self._ours:
            worker.join()


class _Worker:
    """A process, and the thread that sends it one call after another.

    They share a pipe with no other process. So whenever a process dies, the pipe ends, no lock
    is left behind, and only its own call is lost.
    """

    def __init__(self, calls: SimpleQueue[_Call], timeout: float | None) -> None:
        self._calls, self._timeout = calls, timeout
        self._lock, self._closed, self.unguarded = Lock(), False, False
        with interrupts_wait():  # the main thread handles signals
            self._start()
            self._thread = Thread(target=self._serve, daemon=True)
            try:
                self._thread.start()
            except RuntimeError:  # the system's limit of threads is reached
                self._process.kill()
                raise

    def close(self) -> None:
        """End the process; the remaining calls are lost."""
        with self._lock:
            self._closed = True
            self._process.kill()  # only the main process handles SIGTERM; others block it

    def join(self) -> None:
        """Wait for the end of the thread, and of the process."""
        self._thread.join()
        self._process.join()

    def _start(self) -> None:
        with self._lock, interrupts_wait():
            if self._closed:
                raise BrokenExecutor("the executor was closed")
            self._pipe, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(target=_work, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()  # so that the pipe ends with the process

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            future, function, args = call
            try:
                future.set_result(self._call(function, args))
            except Exception as error:  # noqa: BLE001  # the future carries it
                future.set_exception(error)
            del call, future  # a result is large

    def _call(self, function: Callable[..., T], args: tuple[object, ...]) -> T:
        """Send a call to the process, after replacing one that was lost before."""
        if not self._process.is_alive():
            self._start()
        started = False
        try:
            started = self._received(START)  # its imports do not count for the timeout
            self._pipe.send((function, args))
            error, result = self._received(self._timeout)
        except Exception as broken:
            self._lose()  # the two sides no longer agree on what is sent next
            late = started and isinstance(broken, TimeoutError)
            if late or not isinstance(broken, EOFError | OSError):
                raise
            raise BrokenExecutor(f"its exit code was {self._process.exitcode}") from None
        if error is not None:
            raise error
        return cast("T", result)

    def _received(self, within: float | None) -> Any:  # noqa: ANN401  # a pipe has no types
        if not self._pipe.poll(within):
            raise TimeoutError
        return self._pipe.recv()

    def _lose(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self.unguarded |= self._process.exitcode == UNGUARDED


def _work(pipe: Connection) -> None:
    """Handle one call after another: the main loop of a worker process."""
    import numpy as np  # noqa: F401  # loads the BLAS that is limited

    follow()
    threadpool_limits(1)  # the workers share the cores
    while True:
        try:
            pipe.send(True)  # noqa: FBT003  # it is ready
            function, args = pipe.recv()
        except (EOFError, OSError):
            return  # the driver has ended
        answer: tuple[Exception | None, object]
        try:
            answer = None, function(*args)
        except Exception as error:  # noqa: BLE001  # the future carries it
            answer = error, None
        try:
            pipe.send(answer)
        except OSError:
            return
        except Exception as error:  # noqa: BLE001  # it cannot be pickled
            pipe.send((RuntimeError(f"{type(error).__name__}: {error}"), None))


def importing() -> bool:
    """Return whether this is a worker that imports the script by which its study was started."""
    return getattr(multiprocessing.current_process(), "_inheriting", False)


EXECUTORS: dict[str, Callable[[int, float | None], Executor]] = {
    INLINE: Inline,
    PROCESSES: Processes,
}
