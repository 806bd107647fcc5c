"""A real study as a separate process: start it, damage it, run the same command again."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tests.driving import assert_equal, tables
from tests.faults.door import called, without_pictures, without_reports
from tests.pipelines import small

ROOT = Path(__file__).parents[2]
LONG = (
    "training.epochs=2000", "search.parameters.lr=[0.01, 0.1]", "search.parameters.hidden=[[4]]",
    "search.repetitions=5",
)  # fmt: skip
"""80 runs, which two workers train in two seconds."""

LIMIT = 180.0
"""A study that takes more seconds than this hangs."""


def moments(many: int, *, quick: int = 0) -> list[object]:
    """Return parameters for this many moments: shares of an undisturbed study's time.

    They are other ones each time, and a failure shows its own. `quick` of them are for `make test`
    too, all others for `make test-faults` alone.
    """
    rng = random.Random(time.time_ns())  # noqa: S311  # moments, not secrets
    shares = [round((i + rng.random()) / many, 4) for i in range(many)]
    rng.shuffle(shares)
    return [
        pytest.param(share, id=f"{i}", marks=() if i < quick else pytest.mark.faults)
        for i, share in enumerate(shares)
    ]


_undisturbed = cache(tables)


@dataclass
class Study:
    """One study in a folder of its own; `seconds` is what an undisturbed one takes."""

    folder: Path
    undisturbed: Path
    seconds: float
    outputs: list[str] = field(default_factory=list)
    begun: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Write the pipeline file."""
        self.pipeline.write_text(small(*LONG).text, encoding="utf-8")

    @property
    def pipeline(self) -> Path:
        """The pipeline file."""
        return self.folder / "small.toml"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its processes, which find this project's tests."""
        return {**os.environ, "PYTHONPATH": str(ROOT)}

    @property
    def results(self) -> Path:
        """The study's own folder."""
        return self.folder / "results" / "small"

    @property
    def parts(self) -> list[Path]:
        """The parts that are committed."""
        return sorted((self.results / "runs.parquet").glob("part-*"))

    def start(self, *options: str, limits: str = "", way: str = "bare") -> subprocess.Popen[str]:
        """Start the study as a shell starts a command, at the head of a process group."""
        door = [sys.executable, "-m", "tests.faults.door", way]
        command = [*door, "run", "small.toml", *options]
        handled = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in background
        try:
            process = subprocess.Popen(
                ["/bin/sh", "-c", f'{limits} exec "$@"', "sh", *command],
                cwd=self.folder, env=self.environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        finally:
            signal.signal(signal.SIGINT, handled)
        self.begun.append(process)
        return process

    def kill(self) -> None:
        """Leave no process behind, however a test ended."""
        for process in self.begun:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def end(self, process: subprocess.Popen[str]) -> int:
        """Wait for a study to end; return its exit code. Its output has no traceback."""
        output, _ = process.communicate(timeout=LIMIT)
        self.outputs.append(output)
        assert "Traceback" not in output, output
        return process.returncode

    def run(self, *options: str, limits: str = "", report: bool = False) -> int:
        """Run the study to its end; return its exit code."""
        way = "reported" if report else "bare"
        return self.end(self.start(*options, limits=limits, way=way))

    def run_until(self, share: float, *, way: str = "bare") -> subprocess.Popen[str]:
        """Start the study, and wait for a share of its time, at least until it has begun."""
        process = self.start("--workers", "2", way=way)
        due = time.monotonic() + share * self.seconds
        deadline = time.monotonic() + LIMIT
        while not (self.results / "study.lock").exists():  # its imports may take longer
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(max(0.0, due - time.monotonic()))
        return process

    def run_until_stored(self, parts: int = 1) -> subprocess.Popen[str]:
        """Start the study, and wait until this many parts are committed."""
        process = self.start("--workers", "2")
        deadline = time.monotonic() + LIMIT
        while len(self.parts) < parts:
            assert process.poll() is None, "the study ended before it could be disturbed"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return process

    def resumes(self, *noted: str) -> None:
        """Give the same command again, in this process: its tables are an undisturbed study's.

        The text `noted` is in the command's output and in its report.
        """
        with chdir(self.folder), without_pictures() if noted else without_reports():
            code, output = called("run", "small.toml", "--executor", "inline")
        self.outputs.append(output)
        assert code == 0, output
        self.is_right()
        for note in noted:
            assert note in self.outputs[-1]
            assert note in self.report

    @property
    def report(self) -> str:
        """The report's page."""
        return (self.results / "report.html").read_text(encoding="utf-8")

    def is_right(self) -> None:
        """Compare the tables with an undisturbed study's, and see that nothing else is left."""
        assert_equal(tables(self.results), _undisturbed(self.undisturbed))
        assert not (self.results / "incoming").exists()
        assert not (self.results / "study.lock").exists()


def group(leader: int) -> list[int]:
    """Return the processes of a group that live; one that ended and is not waited for does not."""
    collected = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, _, of = (process / "stat").read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if int(of) == leader and state != "Z":
            collected.append(int(process.name))
    return collected


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Return the workers of a study, without the other processes that Python starts."""
    collected = []
    for pid in group(process.pid):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            continue
        if pid != process.pid and "spawn_main" in command:
            collected.append(pid)
    return collected


def wait_for_worker(process: subprocess.Popen[str], rng: random.Random) -> int | None:
    """Return a worker, as soon as there is one; None where the study ended before."""
    while process.poll() is None:
        if living := workers(process):
            return rng.choice(living)
        time.sleep(0.005)
    return None


@contextmanager
def all_end(process: subprocess.Popen[str], *, within: float) -> Iterator[None]:
    """See that some seconds after this block no process of a study lives."""
    yield
    deadline = time.monotonic() + within
    while left := group(process.pid):
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(f"{len(left)} processes outlived their study")
        time.sleep(0.02)
