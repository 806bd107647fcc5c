"""A run's row summarises its epochs; an objective is an order statistic that takes ∞."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from study.columns import TABLES
from study.metrics import OF_EPOCHS
from study.plan.stacks import stacks
from study.plan.trials import planned
from study.spec.objective import Objective
from study.training.build import named_parameters
from study.training.loop import History, is_snapshot
from study.training.meter import Predicted
from study.training.summary import failed_run, objective, train_stack, trained
from tests.pipelines import small

Column: TypeAlias = NDArray[Any]

PIPELINE = small()
RUN = planned(PIPELINE).runs[0]


def history(loss: list[float], accuracy: list[float], *, diverged: bool = False) -> History:
    nothing = np.full(len(loss), np.nan)
    return History(
        metrics=dict.fromkeys(OF_EPOCHS, nothing)
        | {"train_loss": np.array(loss), "train_accuracy": np.array(accuracy)},
        parameters=np.zeros(17),
        seconds=0.5,
        diverged=diverged,
        ending=[Predicted(len(loss), "train", np.zeros((1, 2)), *np.zeros((4, 1)))],
    )


def test_a_row_summarises_its_epochs() -> None:
    run = trained(RUN, history([0.3, 0.04, 0.2, 0.06], [0.5, 1.0, 1.0, 0.9]))
    expected = {
        "status": "completed", "epochs": 4, "final_train_loss": 0.06, "best_train_loss": 0.04,
        "final_train_accuracy": 0.9, "epochs_to_full_accuracy": 2, "epochs_to_loss_05": 2,
        "diverged_at": None, "parameters": 17, "seconds": 0.5, "reason": None,
        "final_test_loss": None, "final_test_accuracy": None, "best_test_loss": None,
        "run_id": RUN.run_id, "hidden": "4", "layers": 1, "width": 4,
    }  # fmt: skip
    assert {name: run.row[name] for name in expected} == expected
    assert list(run.row) == [column.name for column in TABLES["runs"]]
    assert list(run.metrics["epoch"]) == [1, 2, 3, 4]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("losses", "best", "epoch"),
    [
        ([0.5, 0.2, 0.3], 0.2, 2),
        ([0.5, 0.2, 0.2, 0.4, 0.2], 0.2, 2),
        ([0.1, 0.2], 0.1, 1),
        ([0.3, 0.2, 0.1], 0.1, 3),
        ([math.nan, 0.4, math.nan, 0.3, math.inf], 0.3, 4),
        ([math.inf, math.nan], math.inf, 1),
        ([math.nan, math.nan], math.nan, None),
    ],
)
def test_the_best_test_epoch_is_the_first_with_the_smallest_test_loss(
    losses: list[float], best: float, epoch: int | None
) -> None:
    whole = history([0.3] * len(losses), [0.5] * len(losses))
    tested = Predicted(len(losses), "test", np.zeros((1, 2)), *np.zeros((4, 1)))
    held = replace(
        whole,
        metrics={**whole.metrics, "test_loss": np.array(losses)},
        ending=[*whole.ending, tested],
    )
    row = trained(RUN, held).row
    assert row["best_test_epoch"] == epoch
    assert str(row["best_test_loss"]) == str(best)
    assert trained(RUN, whole).row["best_test_epoch"] is None, "without a held-out part"


def test_epochs_that_were_never_reached_are_null() -> None:
    row = trained(RUN, history([0.3, 0.2], [0.5, 0.9])).row
    assert row["epochs_to_full_accuracy"] is None
    assert row["epochs_to_loss_05"] is None


def test_a_diverged_run_has_its_epoch_and_nan_is_never_best() -> None:
    row = trained(RUN, history([0.3, math.nan], [0.5, 0.5], diverged=True)).row
    assert (row["status"], row["diverged_at"], row["epochs"]) == ("diverged", 2, 2)
    assert row["best_train_loss"] == 0.3
    alone = trained(RUN, history([math.nan], [0.5], diverged=True)).row
    assert math.isnan(float(str(alone["best_train_loss"])))


def test_a_failed_run_is_a_row_with_its_reason_and_no_epochs() -> None:
    run = failed_run(RUN, "out of memory")
    assert (run.row["status"], run.row["epochs"], run.row["reason"]) == (
        "failed",
        0,
        "out of memory",
    )
    assert (run.metrics, run.predictions) == ({}, {})


def rows(values: list[float | None]) -> list[dict[str, object]]:
    return [{"status": "completed", "m": value} for value in values]


def declared(goal: str, quantile: float) -> Objective:
    return Objective.model_construct(metric="m", goal=goal, quantile=quantile)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "quantile", "minimize", "maximize"),
    [
        ([3.0, 1.0, 2.0], 0.5, 2.0, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 3.0, 2.0),
        ([3.0, 1.0, 2.0], 1.0, 3.0, 1.0),
        ([3.0, 1.0, 2.0], 0.0, 1.0, 3.0),
        ([None, 1.0, 2.0], 0.5, 2.0, 1.0),
        ([None, None, 2.0], 0.5, math.inf, -math.inf),
        ([math.nan, 1.0], 1.0, math.inf, -math.inf),
    ],
)
def test_an_objective_is_the_higher_order_statistic_in_the_direction_of_the_goal(
    values: list[float | None], quantile: float, minimize: float, maximize: float
) -> None:
    assert objective(rows(values), declared("minimize", quantile)) == minimize
    assert objective(rows(values), declared("maximize", quantile)) == maximize


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), st.floats(0, 1), st.integers(0, 3))
def test_an_objective_is_one_of_the_values_or_infinite(
    values: list[float], quantile: float, diverged: int
) -> None:
    bad = [{"status": "diverged", "m": 0.0}] * diverged
    result = objective([*rows(list(values)), *bad], declared("minimize", quantile))
    assert result in values or (result == math.inf and diverged)
    numpys = np.quantile([*values, *[math.inf] * diverged], quantile, method="higher")
    assert result == numpys


def _known(columns: Mapping[str, Column | None]) -> Mapping[str, Column]:
    return {name: column for name, column in columns.items() if column is not None}


def test_predictions_hold_the_last_epoch_of_all_and_the_grid_of_repetition_0_on_the_way() -> None:
    pipeline = small("training.epochs=150", "search.parameters.lr=[0.01]")
    for stack in stacks(planned(pipeline).runs, pipeline):
        for run in train_stack(stack, pipeline, pipeline.training.epochs)[0]:
            p = _known(run.predictions)
            seen = set(zip(p["epoch"].tolist(), p["part"].tolist(), strict=True))
            final = {(150, "grid"), (150, "train")}
            early = {(1, "grid"), (10, "grid"), (100, "grid")}
            assert seen == (final | early if run.row["repetition"] == 0 else final)
            assert np.isnan(p["target"][p["part"] == "grid"]).all()
            size = pipeline.datasets[str(run.row["dataset"])].size
            assert (p["part"] == "train").sum() == size


def test_the_predictions_on_the_samples_give_the_last_epochs_loss() -> None:
    pipeline = small("datasets.linear.test_fraction=0.25", "training.precision=float64")
    for stack in stacks(planned(pipeline).runs, pipeline):
        for run in train_stack(stack, pipeline, pipeline.training.epochs)[0]:
            if run.row["status"] != "completed":
                continue
            for part in ("train", "test"):
                predictions = _known(run.predictions)
                rows = predictions["part"] == part
                final = run.row[f"final_{part}_loss"]
                assert (final is None) == (not rows.any())
                if final is not None:
                    error = predictions["prediction"][rows] - predictions["target"][rows]
                    assert np.mean(error**2) == pytest.approx(final, rel=1e-9)


def test_snapshots_are_powers_of_ten_before_the_end() -> None:
    assert [e for e in range(2000) if is_snapshot(e, 1000)] == [1, 10, 100]


def test_parameters_are_named_layer_by_layer() -> None:
    named = named_parameters(RUN, PIPELINE, np.arange(17.0))
    assert {name: array.shape for name, array in named.items()} == {
        "weights_0": (2, 4), "biases_0": (4,), "weights_1": (4, 1), "biases_1": (1,),
    }  # fmt: skip
