"""Every finite trial is a path through its values, and the best have choices in common."""

import math

import pandas as pd
import pytest

from study.report.questions.paths import COLUMNS, figure, finding, paths
from tests.artists import segments
from tests.words import only


def trials() -> pd.DataFrame:
    """Return four trials: one is pruned and one has no finite objective."""
    return pd.DataFrame(
        {
            "dataset": "xor", "phase": ["search", "random", "search", "confirm"],
            "number": [0, 1, 2, 0], "state": "completed", "objective": [0.3, 0.1, 0.2, 0.4],
            "lr value": [0.01, 1.0, 0.1, 0.01], "optimizer value": ["sgd", "adam", "sgd", "sgd"],
            "momentum value": [0.5, math.nan, 0.9, 0.5], "lr": ["0.01", "1", "0.1", "0.01"],
            "optimizer": ["sgd", "adam", "sgd", "sgd"], "momentum": ["0.5", None, "0.9", "0.5"],
        }
    )  # fmt: skip


def test_places_are_in_the_scale_of_the_parameter_and_gaps_stay() -> None:
    table = paths(trials(), ["lr", "optimizer", "momentum"], "minimize")
    assert tuple(table.columns) == COLUMNS
    wide = table.pivot_table(index="number", columns="parameter", values="place", dropna=False)
    assert wide["lr"].tolist() == pytest.approx([0, 1, 0.5])
    assert wide["optimizer"].tolist() == [0, 1, 0]
    assert wide["momentum"].tolist() == pytest.approx([0, math.nan, 1], nan_ok=True)
    ranks = table.drop_duplicates("number").set_index("number")["rank"]
    assert ranks.to_dict() == {1: 1, 2: 2, 0: 3}
    best = paths(trials(), ["lr"], "maximize")
    assert best["number"].tolist() == [0, 2, 1]


def test_pruned_and_infinite_trials_have_no_path_and_a_single_value_is_in_the_middle() -> None:
    some = trials().assign(objective=[0.3, math.inf, 0.2, 0.4])
    some.loc[0, "state"] = "pruned"
    table = paths(some, ["lr"], "minimize")
    assert table[["number", "value", "place"]].to_numpy().tolist() == [[2, "0.1", 0.5]]
    assert paths(some.assign(state="pruned"), ["lr"], "minimize").empty


def test_what_the_best_trials_share_is_counted() -> None:
    rows = [
        ("lr", 1, "0.1"), ("lr", 2, "0.5"), ("lr", 11, "9"), ("optimizer", 1, "adam"),
        ("optimizer", 2, "adam"), ("activation", 1, "tanh"), ("activation", 2, "relu"),
        ("activation", 11, "tanh"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["parameter", "rank", "value"]).assign(dataset="xor")
    assert only(finding(table), "2 of 2", "optimizer adam", "on xor")
    both = finding(pd.concat([table, table.assign(dataset="linear")]))
    assert only(both, "2 of 2", "optimizer adam", "on both datasets")
    assert finding(table[table["parameter"] == "lr"]) == []


def test_each_trial_is_a_path_and_the_best_are_coloured() -> None:
    rows = [
        ("xor", rank, name, f"{rank}", place)
        for rank in range(1, 13)
        for name, place in (("lr", rank / 12), ("momentum", None if rank == 1 else 0.5))
    ]
    columns = ["dataset", "rank", "parameter", "value", "place"]
    (axes,) = figure(pd.DataFrame(rows, columns=columns).astype({"place": float})).axes
    rest, best = axes.collections
    assert [len(segments(one)) for one in (rest, best)] == [2, 10]
    assert segments(best)[0] == [[0.0, 1 / 12]]
    assert segments(best)[1] == [[0.0, 2 / 12], [1.0, 0.5]]
    assert axes.get_title(loc="left") == "the best 10 of 12 trials"
