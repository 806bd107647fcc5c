"""The forecast counts planned, stored and missing runs, and learns from stored seconds."""

import pytest

from study.plan.forecast import PART, forecast
from study.plan.identity import Identity
from study.plan.stacks import seconds
from study.plan.trials import planned, runs_of
from study.space import canonical
from study.stats.mixture import probability
from tests.pipelines import small
from tests.searches import SEARCH, searching

TINY = ("search.parameters.hidden=[[2]]", 'search.parameters.optimizer=["sgd"]')


def test_a_plan_is_counted() -> None:
    estimate = forecast(small(), {}, workers=2)
    counted = estimate.configurations, estimate.datasets, estimate.trials, estimate.runs
    assert counted == (24, 2, 48, 96)
    assert (estimate.stored, estimate.missing, estimate.epochs) == (0, 96, 96 * 30)


def test_stored_runs_are_not_missing_but_failed_ones_are() -> None:
    runs = planned(small()).runs
    stored: dict[str, dict[str, object]] = {
        runs[0].run_id: {"status": "completed", "seconds": 0.1, "epochs": 30},
        runs[1].run_id: {"status": "diverged", "seconds": 0.1, "epochs": 30},
        runs[2].run_id: {"status": "failed", "seconds": None, "epochs": 0},
        "another": {"status": "completed", "seconds": 0.1, "epochs": 30},
    }
    estimate = forecast(small(), stored, workers=1)
    assert (estimate.stored, estimate.missing) == (2, 94)


def test_the_seconds_of_stored_runs_correct_the_estimate() -> None:
    """Where runs took a hundred times as long as estimated, so will the others."""
    pipeline = small("training.epochs=10000000")
    run = planned(pipeline).runs[0]  # stacked with its 2 repetitions at 3 learning rates
    row = {"status": "completed", "seconds": 100 * seconds(run, pipeline, 6), "epochs": 10000000}
    stored = {run.run_id: row}
    slow, fast = (forecast(pipeline, s, workers=1).seconds for s in (stored, {}))
    assert slow == pytest.approx(100 * fast, rel=0.02)


def test_a_search_counts_its_own_configurations_and_the_trials_of_both_arms() -> None:
    estimate = forecast(searching("tpe"), {}, workers=2)
    assert (estimate.configurations, estimate.trials) == (12, (12 + 2) * 2 * 2)


def test_a_search_without_confirmation_has_its_trials_alone() -> None:
    assert forecast(small(text=SEARCH), {}, workers=2).trials == 12 * 2


def test_a_search_that_has_ended_misses_only_what_failed() -> None:
    rows: dict[str, dict[str, object]] = {
        f"{i}": {
            "status": status, "seconds": 1.0, "epochs": 30, "dataset": "gone", "repetition": 0
        }
        for i, status in enumerate(["completed", "pruned", "failed"])
    }  # fmt: skip
    pipeline = searching("tpe")
    runs = runs_of(Identity(pipeline, "xor"), "xor", canonical(pipeline.fixed), range(3))
    stored = {
        run.run_id: {**row, **run.configuration, "dataset": "xor", "repetition": run.repetition}
        for run, row in zip(runs, rows.values(), strict=True)
    }
    estimate = forecast(pipeline, stored, workers=2, ended=3)
    assert (estimate.trials, estimate.runs, estimate.stored, estimate.missing) == (3, 3, 2, 1)


def test_confirmations_count_only_when_all_that_is_searched_is_stored() -> None:
    """Until then others may be best: 40 of 96 searched runs are there, and 4 of an earlier end."""
    pipeline = searching("tpe")
    identity = Identity(pipeline, "xor")
    runs = [
        run
        for i in range(20)
        for run in runs_of(
            identity, "xor", canonical({**pipeline.fixed, "lr": 1.0 + i}), range(4 if i < 2 else 2)
        )
    ]
    stored = {
        run.run_id: {
            **run.configuration, "status": "completed", "seconds": 1.0, "epochs": 30,
            "dataset": "xor", "repetition": run.repetition,
        }
        for run in runs
    }  # fmt: skip
    assert len(stored) == 44
    assert forecast(pipeline, stored, workers=1).stored == 40


def test_runs_of_a_search_train_in_stacks_of_their_repetitions_alone() -> None:
    """In a batch a stack has one configuration, so calls cost more than in a grid."""
    few, many = (
        forecast(small(f"search.repetitions={n}", *TINY, text=SEARCH), {}, 1) for n in (1, 60)
    )
    assert few.work / few.missing > 5 * many.work / many.missing


def test_a_run_that_was_pruned_counts_for_its_own_epochs() -> None:
    pipeline = small("training.epochs=1000000")
    run = planned(pipeline).runs[0]
    rows = [
        {"status": status, "seconds": 4.0 * epochs / 1e6, "epochs": epochs}
        for status, epochs in (("completed", 1_000_000), ("diverged", 10_000))
    ]
    whole, part = (forecast(pipeline, {run.run_id: row}, workers=1).seconds for row in rows)
    assert part == pytest.approx(whole, rel=0.01)


def test_stored_runs_take_the_expected_space_on_disk() -> None:
    row = {"status": "completed", "seconds": 1e-9, "epochs": 30}
    stored = {run.run_id: row for run in planned(small()).runs}
    before, after = (forecast(small(), rows, workers=1) for rows in ({}, stored))
    assert after.bytes == pytest.approx(before.bytes - PART * before.seconds)


def test_nothing_missing_takes_no_time() -> None:
    row = {"status": "completed", "seconds": 1.0, "epochs": 30}
    stored = {run.run_id: row for run in planned(small()).runs}
    assert forecast(small(), stored, workers=2).seconds == 0


@pytest.mark.parametrize(
    ("repetitions", "p"), [(1, 1.0), (6, 14 / 127), (10, 22 / 2047), (10_000, 0.0)]
)
def test_the_smallest_p_is_that_where_all_repetitions_agree(repetitions: int, p: float) -> None:
    estimate = forecast(small(f"search.repetitions={repetitions}"), {}, 1).smallest_p
    assert estimate == pytest.approx(p)
    assert estimate == pytest.approx(probability(repetitions, repetitions, 0.5))
