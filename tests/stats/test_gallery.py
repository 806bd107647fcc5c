"""Repetitions that answer alike do not disagree, and those that do not are counted."""

import math

import pandas as pd
import pytest

from study.stats.gallery import CELLS, SURFACES, disagreement, surfaces

RUNS = pd.DataFrame(
    {
        "dataset": "xor", "first_level": "tanh", "second_level": "0.1",
        "constant": [1.0, 0.0, 1.0, math.nan],
    }
)  # fmt: skip


def answers(*predictions: list[float]) -> pd.DataFrame:
    """Return the answers of one configuration's repetitions, a list each, at points in a row."""
    rows = [
        ("xor", "tanh", "0.1", f"run {i}", float(x), 0.0, prediction)
        for i, of_run in enumerate(predictions)
        for x, prediction in enumerate(of_run)
    ]
    columns = ["dataset", "first_level", "second_level", "run_id", "x0", "x1", "prediction"]
    return pd.DataFrame(rows, columns=columns)


def test_shares_are_of_the_repetitions_that_have_an_answer() -> None:
    table = surfaces(answers([0.9, 0.1], [0.8, 0.7], [math.nan, math.nan]))
    assert tuple(table.columns) == SURFACES
    assert table["ones"].tolist() == [1.0, 0.5]
    assert table["repetitions"].tolist() == [2, 2]


def test_two_repetitions_that_differ_at_half_of_the_points_disagree_by_half() -> None:
    """And of three, one against two at one of two points: 2 of 3 pairs differ there."""
    found = disagreement(surfaces(answers([0.9, 0.1], [0.8, 0.7])), RUNS, "activation", "lr")
    assert tuple(found.columns) == CELLS
    assert found["disagreement"].tolist() == [0.5]
    assert found[["runs", "constant"]].to_numpy().tolist() == [[3, 2]]
    elsewhere = disagreement(surfaces(answers([0.9], [0.8])), RUNS.iloc[:0], "activation", "lr")
    assert elsewhere[["runs", "constant"]].to_numpy().tolist() == [[0, 0]]
    three = disagreement(surfaces(answers([0.9, 0.1], [0.8, 0.7], [0.6, 0.2])), RUNS, "a", "b")
    assert three["disagreement"].tolist() == pytest.approx([(0 + 2 / 3) / 2])
    alike = disagreement(surfaces(answers([0.9, 0.1], [0.9, 0.1])), RUNS, "a", "b")
    assert alike["disagreement"].tolist() == [0.0]


def test_a_single_repetition_has_nothing_to_disagree_with() -> None:
    found = disagreement(surfaces(answers([0.9, 0.1])), RUNS, "a", "b")
    assert math.isnan(found["disagreement"].iloc[0])
    assert disagreement(surfaces(answers()), RUNS, "a", "b").empty
