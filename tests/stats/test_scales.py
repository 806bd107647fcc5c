"""Metrics as finite numbers, and one value a configuration: what counts as how much."""

import math

import numpy as np
import pandas as pd
import pytest

from study.spec.objective import Objective
from study.stats.importance import objectives
from study.stats.scales import compared, finite
from tests.grids import TRIVIAL, grid

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"


def runs(metric: str, values: list[float], **columns: list[str]) -> pd.DataFrame:
    """Return the repetitions of one configuration."""
    return grid({"lr": [0.1]}, len(values)).assign(**{metric: values}, **columns)


def numbers(frame: pd.DataFrame, metric: str) -> list[float]:
    return [float(value) for value in finite(frame, metric, TRIVIAL)]


def test_a_loss_is_its_logarithm_up_to_the_trivial_predictors() -> None:
    frame = runs(LOSS, [0.01, 0.0, 0.25, 7.0, math.inf, math.nan])
    top = math.log10(0.25)
    assert numbers(frame, LOSS) == pytest.approx([-2, -12, top, top, top, top])


def test_diverged_and_failed_runs_learned_nothing() -> None:
    status = ["completed", "diverged", "failed", "pruned"]
    frame = runs(LOSS, [0.01, 0.01, 0.01, 0.01], status=status)
    top = math.log10(0.25)
    assert numbers(frame, LOSS) == pytest.approx([-2, top, top, -2])


def test_an_unknown_trivial_loss_is_the_greatest_that_is_finite() -> None:
    frame = runs(LOSS, [0.01, 10.0, math.inf])
    assert finite(frame, LOSS, {}).tolist() == pytest.approx([-2, 1, 1])
    nowhere = runs(LOSS, [math.inf, math.nan])
    assert finite(nowhere, LOSS, {}).tolist() == [0.0, 0.0]


def test_an_infinite_value_of_another_metric_is_the_greatest_that_is_finite() -> None:
    frame = runs("seconds", [0.1, 10.0, math.inf])
    assert numbers(frame, "seconds") == pytest.approx([-1, 1, 1])
    assert numbers(runs("seconds", [math.inf]), "seconds") == [0.0]


def test_each_dataset_has_its_own_cap() -> None:
    frame = grid({"lr": [0.1]}, 1, datasets=["linear", "xor"]).assign(final_train_loss=1.0)
    result = finite(frame, LOSS, {"linear": 0.1, "xor": 0.01})
    assert result.tolist() == pytest.approx([-1, -2])


def test_never_is_one_epoch_more_than_the_longest_run() -> None:
    metric = "epochs_to_loss_05"
    frame = runs(metric, [10.0, math.nan, 10.0], status=["completed", "completed", "diverged"])
    never = math.log10(101)
    assert numbers(frame.assign(epochs=[100, 50, 50]), metric) == pytest.approx([1, never, never])


def test_an_accuracy_stands_as_it_is_and_none_is_nothing() -> None:
    assert numbers(runs(ACCURACY, [0.5, 1.0, math.nan, -math.inf]), ACCURACY) == [0.5, 1, 0, 0]


def test_seconds_are_compared_by_ratios_however_a_run_ended() -> None:
    frame = runs("seconds", [1.0, 100.0], status=["completed", "diverged"])
    assert numbers(frame, "seconds") == [0.0, 2.0]


def test_pruned_and_missing_runs_are_not_compared() -> None:
    status = ["completed", "diverged", "failed", "pruned", "missing"]
    frame = runs(LOSS, [0.1] * 5, status=status, configuration=list("aaaba"))
    assert compared(frame)["status"].tolist() == ["completed", "diverged", "failed"]


def test_a_trial_is_the_median_of_its_repetitions() -> None:
    frame = grid({"lr": [0.1, 1.0], "activation": ["tanh"]}, 3)
    frame = frame.assign(final_train_loss=[0.1, 0.3, 0.2, 0.1, 5.0, 0.2])
    frame.loc[[3, 4], "status"] = "diverged"
    table = objectives(frame, ["lr"], Objective())
    assert table["value"].tolist() == pytest.approx([0.2, math.inf])
    assert table["lr"].astype(str).tolist() == ["0.1", "1"]
    assert (table["runs"].tolist(), table["diverged"].tolist()) == ([3, 3], [0, 2])
    assert table["lr"].dtype == frame["lr"].dtype


def test_what_is_maximised_is_negated_and_none_is_last() -> None:
    frame = grid({"lr": [0.1, 1.0]}, 2).assign(final_train_accuracy=[0.5, 0.7, 0.9, math.nan])
    table = objectives(frame, ["lr"], Objective(metric=ACCURACY, goal="maximize"))
    assert table["value"].tolist() == [-0.5, math.inf]


def test_a_pruned_trial_has_no_value() -> None:
    frame = grid({"lr": [0.1, 1.0]}, 2).assign(final_train_loss=0.1)
    frame["status"] = ["diverged", "pruned", "completed", "completed"]
    table = objectives(frame, ["lr"], Objective())
    assert table[["configuration", "runs"]].to_numpy().tolist() == [["lr 1", 2]]
    nothing = objectives(frame.assign(status="missing"), ["lr"], Objective())
    assert nothing.empty
    assert "value" in nothing


def test_a_logarithm_stays_one_of_each_run() -> None:
    frame = runs(LOSS, [0.1, 0.2]).set_index(pd.Index([7, 9]))
    result = finite(frame, LOSS, TRIVIAL)
    assert result.index.tolist() == [7, 9]
    assert np.isfinite(result).all()
