"""A search's history, confirmation and chance, on made-up trials."""

import math

import pandas as pd

from study.stats.search import against_chance, confirmed, history

inf = math.inf


def trials(*rows: tuple[str, int, str, float]) -> pd.DataFrame:
    """Return trials of one dataset: phase, number, state, objective."""
    frame = pd.DataFrame(rows, columns=["phase", "number", "state", "objective"])
    names = [f"c{number}" for number in frame["number"]]
    return frame.assign(dataset="xor", configuration=names, runs=3)


def runs(values: dict[str, list[float]]) -> pd.DataFrame:
    """Return runs of one dataset: for each configuration the loss of repetition 0, 1, …."""
    rows = [
        ("xor", name, i, "diverged" if loss == inf else "completed", loss)
        for name, losses in values.items()
        for i, loss in enumerate(losses)
    ]
    columns = ["dataset", "configuration", "repetition", "status", "final_train_loss"]
    return pd.DataFrame(rows, columns=columns)


def test_the_best_so_far_is_over_completed_trials_arm_by_arm() -> None:
    table = history(
        trials(
            ("include", 0, "completed", 5.0), ("search", 1, "pruned", 1.0),
            ("search", 2, "completed", 3.0), ("search", 3, "completed", inf),
            ("random", 4, "completed", 4.0), ("confirm", 2, "completed", 9.0),
        ),
        "minimize",
    )  # fmt: skip
    assert list(table["arm"]) == ["search"] * 4 + ["random"]
    assert list(table["order"]) == [1, 2, 3, 4, 1]
    assert list(table["best"]) == [5.0, 5.0, 3.0, 3.0, 4.0]


def test_the_best_so_far_of_what_is_maximised_rises() -> None:
    rows = [("search", i, "completed", value) for i, value in enumerate([0.5, -inf, 0.9, 0.7])]
    assert list(history(trials(*rows), "maximize")["best"]) == [0.5, 0.5, 0.9, 0.9]


def test_the_confirmed_are_ranked_by_fresh_repetitions_alone() -> None:
    table = confirmed(
        trials(
            ("search", 0, "completed", 0.1), ("search", 1, "completed", 0.2),
            ("confirm", 0, "completed", 0.9), ("confirm", 1, "completed", 0.3),
        ),
        runs({"c0": [0, 0, 0, 0.8, 0.9, 1.0], "c1": [0, 0, 0, 0.3, 0.2, inf]}),
        metric="final_train_loss", goal="minimize",
    )  # fmt: skip
    assert list(table["number"]) == [1, 0]
    assert list(table["searched"]) == [0.2, 0.1]
    assert list(table["place"]) == [2, 1]
    assert list(table["median"]) == [0.3, 0.9]
    assert list(table["high"]) == [inf, 1.0]
    assert list(table["runs"]) == [3, 3]
    assert set(table["confidence"]) == {0.75}


def test_of_what_is_maximised_the_greatest_is_first() -> None:
    table = confirmed(
        trials(
            ("search", 0, "completed", 0.1), ("search", 1, "completed", 0.2),
            ("confirm", 0, "completed", 0.9), ("confirm", 1, "completed", 0.3),
        ),
        runs({"c0": [0, 0, 0, 0.8, 0.9, 1.0], "c1": [0, 0, 0, 0.3, 0.2, 0.1]}),
        metric="final_train_loss", goal="maximize",
    )  # fmt: skip
    assert list(zip(table["number"], table["place"], strict=True)) == [(0, 2), (1, 1)]


def test_chance_is_compared_in_pairs_of_fresh_repetitions() -> None:
    table = pd.DataFrame(
        {"dataset": "xor", "arm": ["search", "random"], "configuration": ["a", "b"]}
    )
    of_runs = runs({"a": [9, 1.0, 2.0, inf, inf], "b": [0, 3.0, 1.0, 5.0, inf]})
    (row,) = against_chance(
        table, of_runs, metric="final_train_loss", goal="minimize", fresh=1
    ).to_dict("records")
    assert (row["runs"], row["better"], row["worse"]) == (4, 1, 2)
    assert row["difference"] == 0.5
    assert (row["low"], row["high"]) == (-2.0, inf)


def test_without_a_second_arm_there_is_no_chance_to_compare_with() -> None:
    table = pd.DataFrame({"dataset": ["xor"], "arm": ["search"], "configuration": ["a"]})
    of_runs = runs({"a": [1.0]})
    assert against_chance(table, of_runs, metric="final_train_loss", goal="minimize", fresh=0).empty
