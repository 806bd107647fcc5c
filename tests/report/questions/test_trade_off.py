"""Of several objectives, trials that no other beats are found, named and joined by a line."""

import math

import numpy as np
import pandas as pd
import pytest

from study.report.questions.trade_off import caption, figure, finding, front
from tests.artists import offsets
from tests.words import only


def trials(*rows: tuple[str, int, str, float, float]) -> pd.DataFrame:
    """Return trials of one dataset: phase, number, state and two objectives."""
    columns = ["phase", "number", "state", "objective_1", "objective_2"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(dataset="xor", configuration=[f"c{n}" for n in frame["number"]])


def test_the_front_leaves_out_infinite_and_pruned_trials_and_negates_maximised_metrics() -> None:
    table = trials(
        ("search", 0, "completed", 1.0, 5.0), ("search", 1, "completed", 2.0, 9.0),
        ("search", 2, "completed", 3.0, 8.0), ("search", 3, "pruned", 0.0, 99.0),
        ("search", 4, "completed", math.inf, 99.0),
    )  # fmt: skip
    result = front(table, ["minimize", "maximize"]).set_index("number")["front"]
    assert result.to_dict() == {0: 0, 1: 0, 2: 1, 3: -1, 4: -1}


def test_the_front_shows_its_trials_with_fresh_repetitions() -> None:
    table = trials(
        ("search", 0, "completed", 1.0, 2.0), ("search", 1, "completed", 2.0, 1.0),
        ("confirm", 1, "completed", 7.0, 1.0),
    )  # fmt: skip
    result = front(table, ["minimize", "minimize"]).sort_values("number")
    assert result["front"].tolist() == [0, 0]
    assert result["fresh_1"].tolist() == pytest.approx([math.nan, 7.0], nan_ok=True)
    assert result["fresh_2"].tolist() == pytest.approx([math.nan, 1.0], nan_ok=True)


def test_the_trials_of_each_front_are_counted() -> None:
    table = pd.DataFrame({"dataset": "xor", "front": [0, 0, 1, -1]})
    assert only(finding(table), "2 of 4 trials", "no other")
    assert only(finding(table.assign(front=[0, 1, 1, 1])), "1 of 4 trials is")
    other = pd.DataFrame({"dataset": "linear", "front": [0, 0, 0]})
    assert only(finding(pd.concat([table, other])), "2 to 3 of 3 to 4 trials")
    assert only(finding(table.assign(front=-1)), "No trial", "finite")
    assert finding(table[:0]) == []


def test_a_caption_names_the_objectives_that_are_drawn_of_many() -> None:
    two = pd.DataFrame({"objective": ["objective_1", "objective_2"]})
    assert "first two" not in caption({"objectives": two})
    assert "first two" in caption({"objectives": pd.concat([two, two[:1]])})


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


def test_infeasible_trials_are_in_no_front_and_are_crosses() -> None:
    table = trials(
        ("search", 0, "completed", 1.0, 5.0), ("search", 1, "completed", 0.5, 0.5),
        ("search", 2, "completed", 5.0, 1.0),
    ).assign(feasible=[True, False, True])  # fmt: skip
    result = front(table, ["minimize", "minimize"])
    assert result.set_index("number")["front"].to_dict() == {0: 0, 1: -1, 2: 0}
    (axes,) = figure(result, ["final_train_loss", "parameters"]).axes
    drawn = {str(c.get_label()): offsets(c) for c in axes.collections}
    assert drawn["infeasible"] == [[0.5, 0.5]]
    assert finding(result.assign(front=-1)) == ["No feasible trial has finite objectives."]
