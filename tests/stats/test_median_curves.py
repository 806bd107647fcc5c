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


def test_the_median_and_the_range_stand_at_every_epoch() -> None:
    curve = curves(
        metrics(a=[0.3, 0.1], b=[0.2, 0.2], c=[0.5, 0.4]),
        by=["dataset"],
        metric="train_loss",
        intervals=True,
    )  # fmt: skip
    assert curve["epoch"].tolist() == [1, 2]
    assert curve["median"].tolist() == [0.3, 0.2]
    assert curve["low"].tolist() == [0.2, 0.1]
    assert curve["high"].tolist() == [0.5, 0.4]
    assert curve["confidence"].tolist() == [0.75, 0.75]
    assert curve["dataset"].tolist() == ["xor", "xor"]


@pytest.mark.parametrize("last", [[], [math.nan], [math.inf]])
def test_a_run_that_ended_counts_as_infinite_from_there_on(last: list[float]) -> None:
    curve = curves(
        metrics(a=[0.3, 0.1], b=[0.2, *last]), by=["dataset"], metric="train_loss", intervals=True
    )
    assert curve["median"].tolist() == [0.25, math.inf]
    assert curve["low"].tolist() == [0.2, 0.1]


def test_a_run_that_ended_has_no_accuracy_from_there_on() -> None:
    curve = curves(
        metrics(a=[0.3, 0.1], b=[0.2]), by=["dataset"], metric="train_accuracy", intervals=True
    )
    assert curve["median"].tolist() == pytest.approx([0.75, 0.45])


def test_the_middle_half_claims_no_confidence() -> None:
    rows = metrics(a=[1.0], b=[2.0], c=[3.0], d=[4.0], e=[math.inf]).assign(
        parameter="lr", level=["1", "1", "1", "1", "2"]
    )
    curve = curves(rows, by=["dataset", "parameter", "level"], metric="train_loss", intervals=False)
    assert curve.index.tolist() == [0, 1]
    assert curve["level"].tolist() == ["1", "2"]
    assert curve["runs"].tolist() == [4, 1]
    assert curve["low"].tolist() == [1.0, math.inf]
    assert curve["high"].tolist() == [4.0, math.inf]
    assert curve["confidence"].isna().all()


def test_no_rows_give_an_empty_table_with_its_columns() -> None:
    curve = curves(metrics(), by=["dataset"], metric="train_loss", intervals=False)
    assert curve.empty
    assert "median" in curve
