"""The forecast counts what is planned, stored and missing, and learns from stored seconds."""

import pytest

from study.plan.forecast import cores, forecast
from study.plan.stacks import seconds
from study.plan.trials import planned
from tests.pipelines import small


def test_a_plan_is_counted() -> None:
    found = forecast(small(), {}, workers=2)
    counted = found.configurations, found.datasets, found.trials, found.runs
    assert counted == (24, 2, 48, 96)
    assert (found.stored, found.missing, found.epochs) == (0, 96, 96 * 30)


def test_stored_runs_are_not_missing_but_failed_ones_are() -> None:
    runs = planned(small()).runs
    stored: dict[str, dict[str, object]] = {
        runs[0].run_id: {"status": "completed", "seconds": 0.1, "epochs": 30},
        runs[1].run_id: {"status": "diverged", "seconds": 0.1, "epochs": 30},
        runs[2].run_id: {"status": "failed", "seconds": None, "epochs": 0},
        "another": {"status": "completed", "seconds": 0.1, "epochs": 30},
    }
    found = forecast(small(), stored, workers=1)
    assert (found.stored, found.missing) == (2, 94)


def test_the_seconds_of_stored_runs_correct_the_estimate() -> None:
    """Where runs took a hundred times as long as estimated, so will the others."""
    pipeline = small("training.epochs=10000000")
    run = planned(pipeline).runs[0]
    row = {"status": "completed", "seconds": 100 * seconds(run, pipeline), "epochs": 10000000}
    stored = {run.run_id: row}
    slow, fast = (forecast(pipeline, s, workers=1).seconds for s in (stored, {}))
    assert slow == pytest.approx(100 * fast, rel=0.02)


def test_nothing_missing_takes_no_time() -> None:
    row = {"status": "completed", "seconds": 1.0, "epochs": 30}
    stored = {run.run_id: row for run in planned(small()).runs}
    assert forecast(small(), stored, workers=2).seconds == 0


@pytest.mark.parametrize(("repetitions", "p"), [(1, 1.0), (5, 0.0625), (6, 0.03125), (10, 2**-9)])
def test_the_smallest_p_is_that_of_all_signs_alike(repetitions: int, p: float) -> None:
    assert forecast(small(f"search.repetitions={repetitions}"), {}, 1).smallest_p == p


def test_there_is_a_core() -> None:
    assert cores() >= 1
