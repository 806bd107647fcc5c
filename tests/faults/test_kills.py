"""Killed or interrupted anywhere, whole or in part: the tables are the same."""

import os
import random
import signal
import time

import pytest

from tests.faults.harness import Study, all_end, moments, wait_for_worker, workers


@pytest.mark.parametrize("moment", moments(50, quick=1))
def test_a_study_whose_processes_are_all_killed_resumes(study: Study, moment: float) -> None:
    process = study.run_until(moment)
    os.killpg(process.pid, signal.SIGKILL)
    study.end(process)
    study.resumes()


@pytest.mark.parametrize("moment", moments(20))
def test_no_worker_outlives_a_driver_that_is_killed(study: Study, moment: float) -> None:
    process = study.run_until(moment, way="begun")
    with all_end(process, within=30.0):  # what loads libraries ends when it has loaded them
        process.kill()
    study.end(process)
    study.resumes()


@pytest.mark.parametrize("moment", moments(50))
def test_a_worker_that_is_killed_costs_its_stack_alone(study: Study, moment: float) -> None:
    """Also while it begins, and while it sends: the study itself ends in the same tables."""
    process = study.run_until(moment)
    victim = wait_for_worker(process, random.Random(moment))  # noqa: S311
    if victim is not None:
        os.kill(victim, signal.SIGKILL)
    assert study.end(process) == 0, study.outputs
    study.is_right()


@pytest.mark.faults
def test_the_loss_of_a_worker_is_reported(study: Study) -> None:
    process = study.run_until_stored()
    for victim in workers(process):
        os.kill(victim, signal.SIGKILL)
    assert study.end(process) == 0
    assert "their stacks were trained again" in study.outputs[0]
    assert study.run(report=True) == 0
    study.is_right()
    assert "their stacks were trained again" in study.report


@pytest.mark.parametrize("moment", moments(20, quick=1))
def test_ctrl_c_keeps_finished_runs_and_explains_how_to_resume(study: Study, moment: float) -> None:
    """It reaches every process of the terminal, and comes after the imports."""
    process = study.run_until(0.1 + 0.9 * moment, way="begun")
    with all_end(process, within=30.0):  # what loads libraries ends when it has loaded them
        os.killpg(process.pid, signal.SIGINT)
        code = study.end(process)
    assert code in (0, 130)  # it may have ended just before
    if code:
        assert study.outputs[0].splitlines()[-1] == (
            "interrupted: finished runs are kept; run the same command to resume"
        )
    study.resumes()


@pytest.mark.parametrize(
    ("number", "whole"),
    [
        (signal.SIGTERM, True),
        (signal.SIGHUP, False),
        pytest.param(signal.SIGTERM, False, marks=pytest.mark.faults),
        pytest.param(signal.SIGHUP, True, marks=pytest.mark.faults),
    ],
)
@pytest.mark.parametrize("moment", moments(10, quick=1))
def test_the_signals_of_batch_systems_and_closed_terminals_end_a_study_as_ctrl_c_does(
    study: Study,
    moment: float,
    number: signal.Signals,
    whole: bool,  # noqa: FBT001
) -> None:
    """Some reach the first process alone, and some all of its group, twice even."""
    process = study.run_until(0.1 + 0.9 * moment)
    with all_end(process, within=5.0):
        for _ in range(2):
            if process.poll() is None:
                (os.killpg if whole else os.kill)(process.pid, number)
                time.sleep(0.05)
        code = study.end(process)
    assert code in (0, 128 + number)  # it may have ended just before
    output = study.outputs[0].splitlines()
    if code:
        assert output[-1] == "interrupted: finished runs are kept; run the same command to resume"
        whats = ("training ", "note: ")
        assert all(line.startswith(whats) or " runs" in line for line in output[:-1])
    study.resumes()


@pytest.mark.parametrize("moment", moments(5, quick=1))
def test_a_study_that_ignores_hang_ups_continues(study: Study, moment: float) -> None:
    """As `nohup` has it."""
    process = study.start("--workers", "2", limits="trap '' HUP;")
    time.sleep(study.seconds * moment)
    os.killpg(process.pid, signal.SIGHUP)
    assert study.end(process) == 0, study.outputs
    study.is_right()


@pytest.mark.parametrize("moment", moments(10))
def test_a_second_ctrl_c_has_no_other_effect(study: Study, moment: float) -> None:
    process = study.run_until_stored()
    with all_end(process, within=5.0):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(moment * 0.5)
        os.killpg(process.pid, signal.SIGINT)
        assert study.end(process) == 130
    assert study.parts
    study.resumes()


@pytest.mark.faults
def test_an_interrupted_study_is_reported_as_such(study: Study) -> None:
    process = study.run_until_stored()
    os.killpg(process.pid, signal.SIGKILL)
    study.end(process)
    assert study.run(report=True) == 0
    study.is_right()
    assert "was cut short, and what it had finished was kept" in study.report
