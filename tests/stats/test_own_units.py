"""The error in a target's own unit, from each repetition's loss and spread."""

import math

import pandas as pd
import pytest

from study.spec.objective import Objective
from study.stats.own_units import own_units

RANKED = pd.DataFrame({
    "dataset": ["hours", "hours", "xor"], "rank": [1, 2, 1], "metric": "final_test_loss",
    "configuration": ["lr 0.1", "lr 1", "lr 0.1"], "value": [0.16, 100.0, 0.16],
})  # fmt: skip
SPREADS = pd.DataFrame({
    "dataset": "hours", "target": "daylight (h)", "repetition": [0, 1, 2],
    "spread": [4.0, 5.0, 10.0],
})  # fmt: skip


AIM = Objective(metric="final_test_loss")


def counted(losses: list[float], status: str = "completed") -> pd.DataFrame:
    best = pd.DataFrame({
        "dataset": "hours", "configuration": "lr 0.1", "repetition": range(len(losses)),
        "status": status, "final_test_loss": losses,
    })  # fmt: skip
    others = best.assign(configuration="lr 1", final_test_loss=100.0)
    return pd.concat([best, others, best.assign(dataset="xor")])


def test_the_error_is_the_objective_of_each_repetitions_own() -> None:
    table = own_units(RANKED, counted([0.25, 0.01, 0.16]), SPREADS, AIM)
    assert table.to_dict("records") == [
        {
            "dataset": "hours",
            "target": "daylight (h)",
            "metric": "final_test_loss",
            "kind": "mse",
            "loss": pytest.approx(0.16),
            "error": pytest.approx(2.0),  # of 4 · 0.5, 5 · 0.1 and 10 · 0.4
        }
    ]


def test_a_mean_distance_is_in_the_unit_itself() -> None:
    (row,) = own_units(RANKED, counted([0.25, 0.01, 0.16]), SPREADS, AIM, "mae").to_dict("records")
    assert (row["loss"], row["error"]) == pytest.approx((0.16, 1.0))  # of 1, 0.05 and 1.6


def test_an_error_is_at_the_quantile_of_the_objective() -> None:
    worst = Objective(metric="final_test_loss", quantile=1.0)
    (row,) = own_units(RANKED, counted([0.25, 0.01, 0.16]), SPREADS, worst).to_dict("records")
    assert (row["loss"], row["error"]) == pytest.approx((0.25, 4.0))


def test_what_diverged_has_no_error_and_an_accuracy_is_none() -> None:
    lost = RANKED.assign(value=math.inf)
    assert own_units(lost, counted([0.25, 0.01, 0.16], "diverged"), SPREADS, AIM).empty
    accurate = RANKED.assign(metric="epochs_to_loss_05")
    assert own_units(accurate, counted([1.0]), SPREADS, AIM).empty
    assert own_units(RANKED, counted([1.0]), SPREADS.iloc[:0], AIM).empty
