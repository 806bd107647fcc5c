"""What the report says of levels and pairs, asserted as text, from tables written by hand."""

import math

import pandas as pd

from study.report import contrasts


def test_the_lowest_level_of_each_parameter_is_named_and_infinite_ones_never() -> None:
    curves = pd.DataFrame(
        {
            "dataset": ["a", "a", "a", "b"],
            "parameter": ["optimizer", "optimizer", "lr", "lr"],
            "level": ["sgd", "adam", "1", "1"],
            "epoch": 10,
            "median": [0.2, 0.1, 0.3, math.inf],
            "metric": "train_loss",
            "goal": "minimize",
        }
    )
    assert contrasts.levels(curves) == [
        (
            "On a, the lowest median training loss at the end belongs to optimizer adam and "
            "learning rate 1 (each taken alone, over all settings of the others)."
        ),
        "On b, every level's median is infinite at the end.",
    ]


def test_the_parameter_that_decides_how_many_arrive_is_named() -> None:
    rows = [("lr", "0.1", 0.25), ("lr", "1", 0.5), ("optimizer", "sgd", 0.3),
            ("optimizer", "adam", 0.45)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["parameter", "level", "share"]).assign(dataset="xor")
    assert contrasts.arriving(table) == [
        (
            "On xor, 50 % of the runs with learning rate 1 come to full training accuracy, and "
            "25 % of those with 0.1: no parameter makes a larger difference."
        )
    ]
    for same, says in (
        (1.0, "every run comes"), (0.0, "no run comes"), (0.5, "as many runs come at every level")
    ):  # fmt: skip
        assert contrasts.arriving(table.assign(share=same)) == [
            f"On xor, {says} to full training accuracy."
        ]
