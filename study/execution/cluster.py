"""Training on other machines: the workers of a Dask cluster, by its scheduler's address."""

import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import cache, partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from threadpoolctl import threadpool_limits
from typing_extensions import override

from study.errors import StudyError
from study.execution.executors import Executor, GoneError
from study.plan.identity import NUMERICS
from study.store.provenance import difference, fingerprint

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds in which a scheduler must answer: a call, and the disconnection at the end."""

PAUSE = 1.0
"""Seconds between two checks of the connected workers."""

LOGGERS = "distributed", "distributed.client", "tornado.application", "asyncio"
"""Loggers that write Dask's tracebacks when a scheduler is lost, which is one sentence here."""

LARGE = {"distributed.admin.large-graph-warning-threshold": "1 GiB"}
"""A pruned search sends stacks of some 10 MB each: Dask would warn of every one."""


class Cluster(Executor):
    """The workers of a Dask scheduler, which may join or be lost at any time.

    Dask itself reassigns the work of a lost worker to another one, three times by default. Nothing
    on the cluster is changed, and submitted work is withdrawn when the study ends.
    """

    process = "a process of the cluster"

    def __init__(self, address: str, timeout: float | None = None) -> None:
        self.workers, self._address = 1, address
        self._client: Client | None = None
        self._compared: set[str] = set()
        self._looked, self._waits = 0.0, False
        self._notes = [] if timeout is None else [_ENDLESS]

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        import dask

        future: Future[T] = Future()
        self.ready()
        with dask.config.set(LARGE):
            theirs = self._pool.submit(alone, function, *args)
        theirs.add_done_callback(partial(self._take, future))
        return future

    @override
    def news(self) -> list[str]:
        if self._client is not None and time.monotonic() - self._looked >= PAUSE:
            self._look(self._client)
        notes, self._notes = self._notes, []
        return notes

    @override
    def ready(self) -> int:
        if self._client is None:
            self._client = client = _connected(self._address)
            self._pool = client.get_executor(pure=False)  # the same work may be needed twice
            try:
                self._ask_scheduler(client)
                self._look(client)
            except BaseException:
                self.__exit__()
                raise
        return self.workers

    @override
    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            if self._client.status == "running":
                self._pool.shutdown(wait=False)
            self._client.close(timeout=PATIENCE)
            self._client = None

    def _take(self, future: "Future[T]", theirs: "Future[tuple[str, dict[str, str], T]]") -> None:
        """Pass on a worker's result, and compare the worker with this process."""
        try:
            worker, theirs_read, result = theirs.result()
        except CancelledError:  # by Dask, if it loses its scheduler
            future.set_exception(self._gone())
        except Exception as error:  # noqa: BLE001  # the future carries it
            future.set_exception(error)
        else:
            self._compare(worker, theirs_read)
            future.set_result(result)

    def _ask_scheduler(self, client: "Client") -> None:
        """Raise StudyError if it cannot load this project, which any submitted work needs."""
        try:
            client.run_on_scheduler(local)
        except OSError:
            raise self._gone() from None
        except Exception as error:  # noqa: BLE001  # Dask wraps an ImportError in any exception
            raise self._unlike("scheduler", error) from None

    def _look(self, client: "Client") -> None:
        """Count the threads of all workers, compare new ones, and note if there are none.

        StudyError if one cannot load this project.
        """
        try:
            threads = client.nthreads()
            new = [worker for worker in threads if worker not in self._compared]
            fingerprints = client.run(local, workers=new, on_error="return") if new else {}
        except OSError:
            raise self._gone() from None
        self._looked, self.workers = time.monotonic(), max(sum(threads.values()), 1)
        for worker, theirs in fingerprints.items():
            if isinstance(theirs, dict):
                self._compare(worker, theirs)
            elif not isinstance(theirs, OSError):  # an OSError: the worker was lost again
                raise self._unlike(f"worker {worker}", theirs)
        if not threads and not self._waits:
            self._notes.append(f"{self._address} has no workers: waiting until one joins")
        self._waits = not threads

    def _compare(self, worker: str, theirs: dict[str, str]) -> None:
        """Note once that a worker differs from this process."""
        if worker not in self._compared:
            self._compared.add(worker)
            if differs := difference(local(), theirs):
                self._notes.append(
                    f"the worker {worker} differs from this machine ({differs}): "
                    "the last bits of its runs may differ"
                )

    def _unlike(self, who: str, error: BaseException) -> StudyError:
        return StudyError(
            f"executor: the {who} of {self._address} cannot load this project ({error}): "
            "install the same version there"
        )

    def _gone(self) -> GoneError:
        return GoneError(
            f"the Dask scheduler at {self._address} is gone; "
            "finished runs are kept; run the same command to resume"
        )


_ENDLESS = "[execution] timeout has no effect on a Dask cluster, which cannot stop running work"


def alone(function: Callable[..., T], *args: object) -> tuple[str, dict[str, str], T]:
    """Run work on a worker, on one BLAS thread; return the worker, its fingerprint and the result.

    The limit remains, as with Dask's own default: a worker of two threads that lifted it after one
    task would lift it for the other too.
    """
    from distributed import get_worker

    threadpool_limits(1)
    return get_worker().address, local(), function(*args)


@cache
def local() -> dict[str, str]:
    """Return everything that may change a number here: the fingerprint, and the code's own."""
    return {**fingerprint(), "numerics": str(NUMERICS)}


def _connected(address: str) -> "Client":
    """Return a client of the scheduler at an address.

    StudyError if Dask is not installed, or if no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise StudyError(
            f"executor: {address} needs Dask, which is not installed: pip install '.[dask]'"
        ) from None
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        _speaks(address)
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise StudyError(
            f"executor: no Dask scheduler answers at {address} ({error}); "
            "docs/scale.md describes how to start one"
        ) from None


def _speaks(address: str) -> None:
    """Raise OSError without a scheduler's greeting, ValueError for an invalid address.

    For a server that accepts connections and sends nothing, Client would wait forever.
    """
    place = urlsplit(address)
    if not (place.hostname and place.port):
        raise ValueError("an address is tcp://HOST:PORT")
    with socket.create_connection((place.hostname, place.port), PATIENCE) as line:
        if not line.recv(1):
            raise ConnectionError("the server there is not a scheduler")
