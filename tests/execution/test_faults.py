"""A study is killed for real; the same command ends with an undisturbed one's tables."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from study.execution.driver import Options, run
from study.execution.executors import Processes
from study.execution.work import Leg, train_all
from study.plan.stacks import stacks
from study.plan.trials import planned
from study.store.parts import Writer
from tests.driving import assert_same
from tests.pipelines import small

LONG = (
    "training.epochs=4000", "search.parameters.lr=[0.01, 0.1]", "search.parameters.hidden=[[4]]",
    "search.repetitions=10",
)  # fmt: skip

DRIVER = """
import sys, study
list(study.run(study.load_pipeline(sys.argv[1])))
"""
"""The driver alone: `study run` but for its report."""


def started(folder: Path, *command: str) -> subprocess.Popen[bytes]:
    """Start the long study in `folder` and wait until its first part is committed.

    Ctrl-C acts on it also where it is ignored here, as it is in the background of a shell.
    """
    pipeline = folder / "small.toml"
    pipeline.write_text(small(*LONG).text)
    handled = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen([sys.executable, *command, str(pipeline)], cwd=folder)
    signal.signal(signal.SIGINT, handled)
    parts = folder / "results" / "small" / "runs.parquet"
    deadline = time.monotonic() + 60
    while not list(parts.glob("part-*")):
        assert process.poll() is None, "the study ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return process


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the process ids of a study's workers."""
    task = Path(f"/proc/{process.pid}/task")
    return [int(c) for t in task.iterdir() for c in (t / "children").read_text().split()]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("undisturbed")
    list(run(small(*LONG), Options(results, workers=2)))
    return results / "small"


@pytest.mark.skipif(sys.platform != "linux", reason="finds the workers in /proc")
@pytest.mark.parametrize(
    ("command", "kill", "code"),
    [
        (("-c", DRIVER), signal.SIGKILL, -9),
        (("-m", "study", "run"), signal.SIGINT, 130),
    ],
)
def test_a_killed_study_goes_on_to_the_tables_of_an_undisturbed_one(
    tmp_path: Path, undisturbed: Path, command: tuple[str, ...], kill: signal.Signals, code: int
) -> None:
    process = started(tmp_path, *command)
    workers = children(process)
    assert workers
    process.send_signal(kill)
    assert process.wait(30) == code
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "a worker outlived its driver"
        time.sleep(0.05)
    list(run(small(*LONG), Options(tmp_path / "results", workers=1)))
    assert_same(tmp_path / "results" / "small", undisturbed)


def test_a_killed_worker_loses_its_stack_alone_and_the_stack_is_trained_again(
    tmp_path: Path, undisturbed: Path
) -> None:
    process = started(tmp_path, "-c", DRIVER)
    victim = children(process)[-1]
    os.kill(victim, signal.SIGKILL)
    assert process.wait(120) == 0
    assert_same(tmp_path / "results" / "small", undisturbed)


def test_a_stack_that_takes_too_long_ends_as_failed_runs(tmp_path: Path) -> None:
    pipeline = small("training.epochs=1000000", "search.repetitions=1")
    work = [Leg(stacks(planned(pipeline).runs, pipeline)[0], pipeline.training.epochs)]
    with Writer(tmp_path, "float32") as writer, Processes(1, timeout=2.0) as executor:
        ((_, finished, _),) = train_all(work, pipeline, executor, writer)
    assert {run.row["status"] for run in finished} == {"failed"}
    assert {run.row["reason"] for run in finished} == {
        "it took longer than [execution] timeout allows"
    }
