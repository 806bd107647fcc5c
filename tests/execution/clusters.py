"""A real Dask cluster on loopback: a scheduler and workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class Scheduler:
    """A scheduler without workers; `join` begins one. All end with it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self._begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
        wait_for(self._file.exists)
        self.address = str(json.loads(self._file.read_text())["address"])

    def join(self, **environment: str) -> subprocess.Popen[bytes]:
        """Begin a worker of one thread."""
        return self._begin("worker", "--no-nanny", "--nthreads", "1", **environment)

    def wait_for_workers(self, count: int) -> None:
        """Wait until the scheduler has this many workers."""
        from distributed import Client  # it need not be installed

        with Client(self.address, set_as_default=False) as client:
            wait_for(lambda: len(client.nthreads()) == count)

    def _begin(self, what: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, "--scheduler-file", str(self._file)]
        process = subprocess.Popen(
            [*command, "--no-dashboard", *options],
            cwd=self._file.parent,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def close(self) -> None:
        """End every process, the workers first."""
        for process in reversed(self.processes):
            process.send_signal(signal.SIGKILL)
            process.wait(10)


def wait_for(condition: Callable[[], T], seconds: float = 120) -> T:
    """Wait until a function returns a true value, and return it."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value
