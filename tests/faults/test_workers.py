"""Workers that hang, or have no memory: their runs fail with the reason, not the study."""

import os
import re
import resource
import signal
import time

import pandas as pd
import pytest

from tests.faults.harness import LIMIT, Study, all_end, workers

pytestmark = pytest.mark.faults


def failed(study: Study) -> "pd.Series[str]":
    """Return why runs failed."""
    runs = pd.read_parquet(study.results / "runs.parquet")
    metrics = pd.read_parquet(study.results / "metrics.parquet", columns=["run_id"])
    assert set(metrics["run_id"].astype(str)) == set(
        runs.loc[runs["status"] != "failed", "run_id"].astype(str)
    )
    return runs.loc[runs["status"] == "failed", "reason"].astype(str)


def test_a_worker_that_hangs_ends_as_failed_runs(study: Study) -> None:
    process = study.start("--workers", "2", "--set", "execution.timeout=5")
    while not study.parts:
        time.sleep(0.01)
    victim = workers(process)[0]
    os.kill(victim, signal.SIGSTOP)
    with all_end(process, within=5.0):
        code = study.end(process)
    assert code in (0, 1)  # it may have had nothing to train
    assert set(failed(study)) <= {"it took longer than [execution] timeout allows"}
    if code:
        assert "failed: it took longer than [execution] timeout allows" in study.outputs[0]
    study.resumes()


def test_a_worker_that_is_killed_each_time_ends_as_failed_runs(study: Study) -> None:
    """As by the system, where it has no memory for what the worker wants."""
    process = study.start("--workers", "1")
    begun: dict[int, float] = {}
    while process.poll() is None:
        for pid in workers(process):
            if time.monotonic() - begun.setdefault(pid, time.monotonic()) > 2.0:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
        if study.parts and len(failed(study)):
            break
    assert study.end(process) in (0, 1)
    study.resumes()


def test_a_worker_without_memory_ends_as_failed_runs(study: Study) -> None:
    """A refused allocation raises in the worker only, and the study runs to its end.

    A worker that cannot even send its result is lost, with Python's own message.
    """
    process = study.run_until_stored()
    for worker in workers(process):
        resource.prlimit(worker, resource.RLIMIT_AS, (2**20, 2**20))
    output, _ = process.communicate(timeout=LIMIT)
    assert process.returncode == 1, output
    assert output.count("Traceback") == len(re.findall("^MemoryError", output, re.MULTILINE)), (
        output
    )
    assert set(failed(study).str.partition(":")[0]) <= {"MemoryError", "_ArrayMemoryError"}
    study.resumes()
