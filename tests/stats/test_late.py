"""The last fifth of a run: how it falls, how unsteady it is, and what is no run's end."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from study.stats.late import epochs, late


def curve(losses: Sequence[float], name: str = "a") -> pd.DataFrame:
    """Return the late rows of one run, an epoch after the other."""
    at = range(1, len(losses) + 1)
    return pd.DataFrame({"run_id": name, "epoch": at, "train_loss": losses})


def test_a_falling_loss_falls_by_what_its_line_does() -> None:
    (row,) = late(curve([1.0, 0.1, 0.01, 0.001])).to_dict("records")
    assert row["late_fall"] == pytest.approx(3)
    assert row["late_spread"] == pytest.approx(0, abs=1e-12)
    assert row["late_spikes"] == 0


def test_spread_and_spikes_are_counted_around_the_line(rng: np.random.Generator) -> None:
    logs = np.linspace(0, -1, 51) + rng.normal(0, 0.05, 51)
    logs[[10, 40]] += 0.6
    (row,) = late(curve((10**logs).tolist())).to_dict("records")
    slope, start = np.polyfit(np.arange(51), logs, 1)
    away = logs - start - slope * np.arange(51)
    assert row["late_fall"] == pytest.approx(-50 * slope)
    assert row["late_spread"] == pytest.approx(math.sqrt(np.sum(away**2) / 49))
    assert row["late_spikes"] == pytest.approx(2 / 51)


def test_runs_that_ended_early_are_left_out_and_infinite_ones_are_unsteady() -> None:
    rows = pd.concat([
        curve([0.1, 0.1, 0.1], "a"), curve([0.1, 0.1], "b"), curve([0.1, 9.0, math.inf], "c"),
        curve([0.0, 0.0, 0.0], "d"),
    ])  # fmt: skip
    table = late(rows).set_index("run_id")
    assert table.index.tolist() == ["a", "c", "d"]
    assert table["late_spread"]["c"] == table["late_spikes"]["c"] == math.inf
    assert math.isnan(float(table["late_fall"]["c"]))
    assert table["late_fall"]["d"] == table["late_spread"]["d"] == 0


def test_the_objectives_metric_falls_while_the_training_loss_is_steady() -> None:
    rows = curve([0.1, 0.1, 0.1, 0.1]).assign(
        test_loss=[0.01, 0.1, 1.0, 10.0], test_accuracy=[0.5, 0.6, 0.7, 0.8]
    )
    (rising,) = late(rows, "test_loss").to_dict("records")
    assert rising["late_fall"] == pytest.approx(-3)
    assert rising["late_spread"] == 0
    (right,) = late(rows, "test_accuracy", "maximize").to_dict("records")
    assert right["late_fall"] == pytest.approx(0.3)
    (nothing,) = late(rows, None).to_dict("records")
    assert math.isnan(nothing["late_fall"])


@pytest.mark.parametrize("losses", [[], [0.1], [0.1, 0.2]])
def test_two_epochs_determine_no_line(losses: list[float]) -> None:
    assert late(curve(losses)).empty


@pytest.mark.parametrize("last", [1, 2, 3, 10, 5000])
def test_late_epochs_end_with_the_last(last: int) -> None:
    result = epochs(last)
    assert result[-1] == last
    assert result[0] >= max(1, 0.8 * last - 0.5)
