"""Where stacks are trained: here, or in local processes that end with the driver."""

import multiprocessing
import time
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any, Protocol, Self, TypeVar

from pebble import ProcessExpired, ProcessPool
from pebble.common.types import CONSTS
from threadpoolctl import threadpool_limits
from typing_extensions import override

from study.errors import StudyError
from study.interrupts import interrupts_wait
from study.spec.pipeline import INLINE, PROCESSES

T = TypeVar("T")

LOST = (ProcessExpired, BrokenExecutor)
"""What a future raises where its worker was lost: the work may be tried again."""

PATIENCE = 5.0
"""Seconds after which a worker that waits to send gives up: the one before it died sending.

The pool is then replaced within three times as long. A stack of the lab is sent in 0.1 s.
"""


GRACE = 0.1
"""Seconds between the pool's SIGTERM, which a worker lets wait, and the end that it cannot."""

STALLED = 30.0
"""Seconds in which a worker that waits begins what is there; to start, one takes some two."""


UNGUARDED = 78
"""How a worker exits that came to the start of a study while it imported the script of one."""


class GoneError(ConnectionError):
    """What a future raises where no worker can ever be had again."""


class Executor(Protocol):
    """Takes work and returns its future, as `concurrent.futures` does; a context manager.

    `workers` may train at once; `process` says where the work is done.
    """

    workers: int
    process: str = "another process"

    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        """Have the work done somewhere, some time."""

    def news(self) -> list[str]:
        """Return what is to be told of the workers since this was last asked, in sentences."""
        return []

    def __enter__(self) -> Self:
        """Make ready."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give up what is not done, and leave no process behind."""


class Inline(Executor):
    """Does the work at once, in this process and on one BLAS thread: for tests and debuggers."""

    workers = 1
    process = "the same process"

    def __init__(self, *_: object) -> None:
        """Make one; how many workers, and how long they may take, has no meaning here."""

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        future: Future[T] = Future()
        with threadpool_limits(1):
            try:
                future.set_result(function(*args))
            except Exception as error:  # noqa: BLE001  # the future carries it, as a process would
                future.set_exception(error)
        return future

    @override
    def __exit__(self, *_: object) -> None:
        """Leave nothing: nothing was begun."""


class Processes(Executor):
    """Local processes of one BLAS thread each: a killed one loses its stack alone.

    A pool resolves no future of work that it had not yet sent when it broke, nor of work that a
    worker had taken and not yet begun when it died: so these are watched here.
    """

    def __init__(self, workers: int, timeout: float | None = None) -> None:
        self.workers, self._timeout = workers, timeout
        self._pool: ProcessPool | None = None
        self._begun: list[BaseProcess] = []
        self._given: dict[Future[Any], Future[Any]] = {}
        self._seen: tuple[int, int] | None = None
        self._since = 0.0

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        while True:
            with interrupts_wait():
                others = multiprocessing.active_children()
                if self._pool is None:
                    CONSTS.term_timeout = GRACE
                    self._pool = ProcessPool(
                        self.workers,
                        initializer=_prepare,
                        initargs=(PATIENCE,),
                        context=multiprocessing.get_context("spawn"),
                    )
                try:
                    theirs = self._pool.schedule(function, args, timeout=self._timeout)
                except RuntimeError:
                    if self._pool.active:
                        raise
                else:
                    begun = multiprocessing.active_children()
                    self._begun += [process for process in begun if process not in others]
                    future: Future[T] = Future()
                    self._given[future], self._seen = theirs, None
                    theirs.add_done_callback(partial(_take, future))
                    return future
            self._break()

    @override
    def news(self) -> list[str]:
        if any(worker.exitcode == UNGUARDED for worker in self._begun):
            raise StudyError(
                "each worker process imports the script that starts a study, and came to the start "
                'itself: call `study.run` below `if __name__ == "__main__":`'
            )
        if self._pool is not None and not self._pool.active:
            self._break()
        self._lose([ours for ours, theirs in self._stalled().items() if not theirs.running()])
        return []

    @override
    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble gives it no type
            for worker in self._begun:  # before the channel, which one that begins would miss
                worker.kill()  # SIGTERM is for the first process, and waits in all others
            self._pool.join()

    def _break(self) -> None:
        """Give up a pool that broke: a worker died with its channel, say."""
        self.__exit__()
        self._pool, self._begun = None, []
        self._lose(self._given)

    def _stalled(self) -> "dict[Future[Any], Future[Any]]":
        """Return what is not done, where for too long none of it begins though a worker waits."""
        self._given = {ours: theirs for ours, theirs in self._given.items() if not ours.done()}
        running = sum(theirs.running() for theirs in self._given.values())
        seen = len(self._given), running
        if seen != self._seen or running in {len(self._given), self.workers}:
            self._seen, self._since = seen, time.monotonic()
        return self._given if time.monotonic() - self._since > STALLED else {}

    @staticmethod
    def _lose(futures: "Iterable[Future[Any]]") -> None:
        """Say of work that it is lost, where nothing else was said."""
        for future in futures:
            with suppress(InvalidStateError):
                future.set_exception(BrokenExecutor("no worker began it"))


def _take(future: "Future[T]", theirs: "Future[T]") -> None:
    """Hand over what a pool's future came to, unless its work was thought lost."""
    with suppress(CancelledError, InvalidStateError):
        if (error := theirs.exception()) is None:
            future.set_result(theirs.result())
        else:
            future.set_exception(error)


def importing() -> bool:
    """Say whether this is a worker that imports the script by which its study was started."""
    return getattr(multiprocessing.current_process(), "_inheriting", False)


def _prepare(patience: float) -> None:
    """Make a worker ready: BLAS on one thread, since the workers share the cores, and patience."""
    import numpy as np  # noqa: F401  # loads the BLAS that is limited

    threadpool_limits(1)
    CONSTS.channel_lock_timeout = patience


EXECUTORS: dict[str, Callable[[int, float | None], Executor]] = {
    INLINE: Inline,
    PROCESSES: Processes,
}
