"""A report that is killed or interrupted while drawn leaves no process and no traceback."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.faults.harness import Study, all_end, group, moments

pytestmark = pytest.mark.faults


@pytest.fixture
def drawn(study: Study) -> subprocess.Popen[str]:
    """Return a real report of a stored study, as soon as others draw for it."""
    shutil.copytree(study.undisturbed, study.results)
    process = subprocess.Popen(
        [sys.executable, "-m", "study", "report", str(study.results)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    study.begun.append(process)
    while len(group(process.pid)) < 2 and process.poll() is None:
        time.sleep(0.005)
    return process


@pytest.mark.parametrize("moment", moments(5))
def test_no_process_keeps_drawing_for_a_report_that_was_killed(
    study: Study, drawn: subprocess.Popen[str], moment: float
) -> None:
    time.sleep(moment * 5.0)
    with all_end(drawn, within=5.0):
        drawn.kill()
    study.end(drawn)
    study.resumes()


@pytest.mark.parametrize("moment", moments(10))
def test_an_interrupted_report_prints_one_line(
    study: Study, drawn: subprocess.Popen[str], moment: float
) -> None:
    """Also while the processes begin that draw."""
    time.sleep(moment * 3.0)
    with all_end(drawn, within=30.0):  # the pictures that are begun are finished
        os.killpg(drawn.pid, signal.SIGINT)
        assert study.end(drawn) in (0, 130)
    assert study.outputs[-1].strip().count("\n") == 0
    study.resumes()
