"""Of several objectives, trials that no other beats are found, named and joined by a line."""

import math

import numpy as np
import pandas as pd
import pytest

from study.report.questions.trade_off import figure, finding, front
from tests.artists import offsets
from tests.words import has, only


def trials(*rows: tuple[str, int, str, float, float]) -> pd.DataFrame:
    """Return trials of one dataset: phase, number, state and two objectives."""
    columns = ["phase", "number", "state", "objective_1", "objective_2"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(dataset="xor", configuration=[f"c{n}" for n in frame["number"]])


def test_the_front_leaves_out_what_is_infinite_or_pruned_and_turns_what_is_maximised() -> None:
    table = trials(
        ("search", 0, "completed", 1.0, 5.0), ("search", 1, "completed", 2.0, 9.0),
        ("search", 2, "completed", 3.0, 8.0), ("search", 3, "pruned", 0.0, 99.0),
        ("search", 4, "completed", math.inf, 99.0),
    )  # fmt: skip
    found = front(table, ["minimize", "maximize"]).set_index("number")["front"]
    assert found.to_dict() == {0: 0, 1: 0, 2: 1, 3: -1, 4: -1}


def test_the_front_shows_what_its_trials_came_to_with_fresh_repetitions() -> None:
    table = trials(
        ("search", 0, "completed", 1.0, 2.0), ("search", 1, "completed", 2.0, 1.0),
        ("confirm", 1, "completed", 7.0, 1.0),
    )  # fmt: skip
    found = front(table, ["minimize", "minimize"]).sort_values("number")
    assert found["front"].tolist() == [0, 0]
    assert found["fresh_1"].tolist() == pytest.approx([math.nan, 7.0], nan_ok=True)
    assert found["fresh_2"].tolist() == pytest.approx([math.nan, 1.0], nan_ok=True)


def aims(*goals: str) -> pd.DataFrame:
    """Return the objectives: the loss and the size of the network."""
    rows = zip(("objective_1", "objective_2"), ("final_train_loss", "parameters"), goals,
               strict=True)  # fmt: skip
    return pd.DataFrame(rows, columns=["objective", "metric", "goal"])


def test_the_ends_of_a_front_are_named() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "configuration": ["a", "b", "c"], "objective_1": [0.01, 0.5, 0.6],
            "objective_2": [8705.0, 5.0, 9000.0], "front": [0, 0, 1],
            "fresh_1": float("nan"), "fresh_2": float("nan"),
        }
    )  # fmt: skip
    lower = aims("minimize", "minimize")
    a, b = ("a (0.01 | 8,705)", "training loss"), ("b (0.5 | 5)", "parameters")
    assert only(finding(table, lower), "On xor", "2 trials of 3", *a, *b)
    (first,) = finding(table, aims("maximize", "minimize"))
    assert has(first, "b (0.5 | 5)", "training loss", *b)
    assert only(finding(table.assign(front=[0, 1, 1]), lower), "1 trial of 3")
    again = table.assign(fresh_1=[0.25, float("nan"), 0.1], fresh_2=[8705.0, float("nan"), 9.0])
    assert only(finding(again, lower), *a, *b, "resh repetitions", "a (0.25 | 8,705).")
    (nothing,) = finding(table.assign(front=-1), lower)
    assert "(" not in nothing


def test_a_tie_in_one_objective_is_decided_by_the_others() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "configuration": ["a", "b"], "objective_1": 0.5,
            "objective_2": [9.0, 5.0], "front": 0, "fresh_1": math.nan, "fresh_2": math.nan,
        }
    )  # fmt: skip
    best = finding(table, aims("minimize", "minimize"))
    assert only(best, "b (0.5 | 5)", "training loss", "b (0.5 | 5)", "parameters")


def test_a_front_joins_the_trials_that_no_other_beats() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "objective_1": [0.1, 0.01, 0.5, math.inf],
            "objective_2": [5.0, 50.0, 60.0, 1.0], "front": [0, 0, 1, -1],
        }
    )  # fmt: skip
    (axes,) = figure(table, ["final_train_loss", "parameters"]).axes
    (line,) = axes.lines
    assert np.asarray(line.get_xydata()).tolist() == [[5.0, 0.1], [50.0, 0.01]]
    assert offsets(axes.collections[0]) == [[60.0, 0.5]]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
