"""Learning curves: the median and its band at every epoch, runs that ended being the worst."""

import math

import pandas as pd
import pytest

from study.stats.curves import curves


def metrics(**losses: list[float]) -> pd.DataFrame:
    """Return the rows of runs whose losses are given from epoch 1 on."""
    rows = [
        (run, "xor", epoch, loss, 1 - loss)
        for run, of in losses.items()
        for epoch, loss in enumerate(of, start=1)
    ]
    return pd.DataFrame(
        rows, columns=["run_id", "dataset", "epoch", "train_loss", "train_accuracy"]
    )


def test_every_epoch_has_the_median_and_the_range() -> None:
    curve = curves(
        metrics(a=[0.3, 0.1], b=[0.2, 0.2], c=[0.5, 0.4]),
        by=["dataset"],
        metric="train_loss",
    )  # fmt: skip
    assert curve["epoch"].tolist() == [1, 2]
    assert curve["median"].tolist() == [0.3, 0.2]
    assert curve["low"].tolist() == [0.2, 0.1]
    assert curve["high"].tolist() == [0.5, 0.4]
    assert curve["confidence"].tolist() == [0.75, 0.75]
    assert curve["dataset"].tolist() == ["xor", "xor"]


@pytest.mark.parametrize("last", [[], [math.nan], [math.inf]])
def test_a_run_that_ended_counts_as_infinite_from_there_on(last: list[float]) -> None:
    curve = curves(metrics(a=[0.3, 0.1], b=[0.2, *last]), by=["dataset"], metric="train_loss")
    assert curve["median"].tolist() == [0.25, math.inf]
    assert curve["low"].tolist() == [0.2, 0.1]


def test_a_run_that_ended_has_no_accuracy_from_there_on() -> None:
    curve = curves(metrics(a=[0.3, 0.1], b=[0.2]), by=["dataset"], metric="train_accuracy")
    assert curve["median"].tolist() == pytest.approx([0.75, 0.45])


def test_each_group_has_a_curve_of_its_own_runs() -> None:
    rows = metrics(a=[1.0], b=[2.0], c=[4.0], d=[math.inf]).assign(role=["1", "1", "1", "2"])
    curve = curves(rows, by=["dataset", "role"], metric="train_loss")
    assert curve.index.tolist() == [0, 1]
    assert curve["role"].tolist() == ["1", "2"]
    assert curve["runs"].tolist() == [3, 1]
    assert curve["median"].tolist() == [2.0, math.inf]


def test_no_rows_give_an_empty_table_with_its_columns() -> None:
    curve = curves(metrics(), by=["dataset"], metric="train_loss")
    assert curve.empty
    assert "median" in curve
