"""One writer at a time, who is named, and any number of readers at any moment."""

import getpass
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from study import load_results
from study.report.page import write_report
from tests.faults.door import without_pictures
from tests.faults.harness import LONG, Study
from tests.pipelines import small


def _complete(study: Study) -> int:
    """Read a study as anybody does; every run that is there has all that belongs to it."""
    runs = pd.read_parquet(study.results / "runs.parquet")
    metrics = pd.read_parquet(study.results / "metrics.parquet", columns=["run_id", "epoch"])
    last = metrics.groupby("run_id", observed=True)["epoch"].max()
    assert (runs.set_index("run_id")["epochs"] == last.reindex(runs["run_id"])).all()
    results = load_results(study.results)
    counted = results.metrics(columns=["run_id"])["run_id"].value_counts()
    epochs = results.runs.set_index("run_id")["epochs"]
    assert (epochs == counted.reindex(epochs.index)).all()
    predicted = results.predictions({"part": "train"}, columns=["run_id"])["run_id"]
    assert set(predicted) == set(results.runs["run_id"])
    return len(runs)


def _planned(study: Study) -> int:
    """Ask `study plan` how many runs are stored."""
    command = [sys.executable, "-m", "study", "plan", "small.toml", "--json"]
    done = subprocess.run(command, cwd=study.folder, capture_output=True, text=True, check=True)
    assert not done.stderr
    plan = json.loads(done.stdout)
    assert plan["stored"] + plan["missing"] == plan["runs"]
    return int(plan["stored"])


def _reported(study: Study) -> int:
    """Write the report; return of how many runs it is."""
    page = write_report(study.results).read_text(encoding="utf-8")
    made = re.search(r"from the ([\d,]+) runs in small/", page)
    assert made is not None
    assert page.rstrip().endswith("</html>")
    return int(made[1].replace(",", ""))


def test_a_second_study_is_refused_with_the_owners_name_and_admitted_after_a_kill(
    study: Study,
) -> None:
    process = study.run_until_stored()
    process.send_signal(signal.SIGSTOP)  # it shall not end before it is asked for
    assert study.run() == 2
    who = rf"process {process.pid} of {getpass.getuser()} on {re.escape(platform.node())} since 2"
    message = rf"error: results/small: another `study run` is writing here \({who}.+\); wait"
    assert re.match(message, study.outputs[0])
    os.killpg(process.pid, signal.SIGKILL)
    study.end(process)
    assert (study.results / "study.lock").exists(), "a kill leaves the file, and not the lock"
    study.resumes()


@pytest.mark.faults
def test_a_study_that_runs_is_read_planned_and_reported_at_any_moment(study: Study) -> None:
    """A longer one, so that there are many moments."""
    study.pipeline.write_text(small(*LONG, "search.repetitions=100").text, encoding="utf-8")
    process = study.run_until_stored()

    def until_it_ends(read: Callable[[Study], int]) -> list[int]:
        collected = []
        while process.poll() is None:
            collected.append(read(study))
        return collected

    with without_pictures(), ThreadPoolExecutor(3) as several:
        collected = list(several.map(until_it_ends, (_complete, _planned, _reported)))
    assert study.end(process) == 0
    assert collected == [sorted(each) for each in collected], "no run that was there is gone"
    assert min(len(each) for each in collected) > 0
    assert len(set(collected[0])) > 1
    assert _complete(study) == _planned(study) == _reported(study) == 1600


@pytest.mark.faults
def test_a_study_is_read_while_it_is_extended_and_failed_runs_are_retrained(
    study: Study,
) -> None:
    """Where rows are replaced, a part goes away, and another has them."""
    assert study.run("--set", "execution.timeout=0.02") == 1
    process = study.start("--workers", "2")
    while process.poll() is None:
        load_results(study.results).metrics(columns=["run_id"])
        time.sleep(0.01)
    assert study.end(process) == 0
    study.is_right()


@pytest.mark.faults
def test_two_reports_at_once_are_each_whole(study: Study) -> None:
    assert study.run() == 0
    command = [sys.executable, "-m", "tests.faults.door", "reported", "report", "results/small"]

    def report(_: int) -> str:
        done = subprocess.run(
            command, cwd=study.folder, env=study.environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return done.stderr

    with ThreadPoolExecutor(3) as several:
        assert set(several.map(report, range(3))) == {""}
    before = study.report
    report(0)
    assert study.report == before
    study.is_right()
