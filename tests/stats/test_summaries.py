"""Summaries: counted by hand, diverged and failed runs being the worst."""

import math

import pandas as pd
import pytest

from study.spec.objective import Objective
from study.stats.summaries import by_level, configurations, measured, outcomes

ROWS = [
    # dataset, lr, repetition, status, final_train_loss, final_train_accuracy
    ("a", "0.1", 0, "completed", 0.2, 1.0),
    ("a", "0.1", 1, "completed", 0.4, 0.5),
    ("a", "0.1", 2, "completed", 0.3, 1.0),
    ("a", "1", 0, "completed", 0.1, 1.0),
    ("a", "1", 1, "diverged", 0.01, 1.0),
    ("a", "1", 2, "failed", math.nan, math.nan),
    ("b", "0.1", 0, "completed", 0.5, 0.5),
    ("b", "1", 0, "missing", math.nan, math.nan),
]


def frame() -> pd.DataFrame:
    """Return eight runs of two datasets and two levels."""
    columns = ["dataset", "lr", "repetition", "status", "final_train_loss", "final_train_accuracy"]
    runs = pd.DataFrame(ROWS, columns=columns)
    runs["configuration"] = "lr " + runs["lr"]
    runs["lr"] = runs["lr"].astype(pd.CategoricalDtype(["0.1", "1"], ordered=True))
    runs["dataset"] = runs["dataset"].astype(pd.CategoricalDtype(["a", "b"], ordered=True))
    return runs


def test_a_diverged_run_counts_as_infinite_whatever_its_last_loss_was() -> None:
    losses = measured(frame()).tolist()
    assert losses[:6] == [0.2, 0.4, 0.3, 0.1, math.inf, math.inf]


def test_what_is_maximised_has_minus_infinity_as_its_worst() -> None:
    accuracies = measured(frame(), "final_train_accuracy", "maximize").tolist()
    assert accuracies[3:6] == [1.0, -math.inf, -math.inf]


def test_outcomes_count_every_planned_run_once_in_all_and_at_each_level() -> None:
    counts = outcomes(frame(), ["lr"])
    assert counts.values.tolist() == [  # noqa: PD011  # all of it, in order
        ["a", "all", "all runs", 6, 4, 1, 0, 1, 0],
        ["b", "all", "all runs", 2, 1, 0, 0, 0, 1],
        ["a", "lr", "0.1", 3, 3, 0, 0, 0, 0],
        ["a", "lr", "1", 3, 1, 1, 0, 1, 0],
        ["b", "lr", "0.1", 1, 1, 0, 0, 0, 0],
        ["b", "lr", "1", 1, 0, 0, 0, 0, 1],
    ]


def test_configurations_are_ranked_by_their_median_and_infinity_is_last() -> None:
    ranked = configurations(frame(), ["lr"], Objective())
    first, second, third = ranked.to_dict("records")
    assert (first["dataset"], first["rank"], first["configuration"]) == ("a", 1, "lr 0.1")
    assert (first["median"], first["low"], first["high"], first["confidence"]) == (
        0.3, 0.2, 0.4, 0.75,
    )  # fmt: skip
    assert (first["runs"], first["full_accuracy"]) == (3, 2)
    assert (second["rank"], second["median"], second["low"]) == (2, math.inf, 0.1)
    assert (second["diverged"], second["failed"], second["full_accuracy"]) == (1, 1, 1)
    assert (third["dataset"], third["rank"], third["confidence"]) == ("b", 1, 0.0)


def test_a_goal_to_maximize_turns_the_ranking_round() -> None:
    ranked = configurations(
        frame(), ["lr"], Objective(metric="final_train_accuracy", goal="maximize")
    )
    rows = ranked[ranked["dataset"] == "a"].to_dict("records")
    assert [row["configuration"] for row in rows] == ["lr 0.1", "lr 1"]
    assert [row["median"] for row in rows] == [1.0, -math.inf]


def test_another_quantile_may_turn_the_ranking_round() -> None:
    """Of 0.4, 0.2, 0.3 against 0.1 and twice what diverged, the best repetition is the second's."""
    ranked = configurations(frame(), ["lr"], Objective(quantile=0.0))
    rows = ranked[ranked["dataset"] == "a"].to_dict("records")
    assert [row["configuration"] for row in rows] == ["lr 1", "lr 0.1"]
    assert [row["value"] for row in rows] == [0.1, 0.2]
    assert configurations(frame(), ["lr"], Objective(quantile=1.0))["value"].tolist()[:2] == [
        0.4,
        math.inf,
    ]


def test_levels_are_summarised_over_all_their_stored_runs() -> None:
    summary = by_level(frame(), ["lr"])
    assert summary["level"].tolist() == ["0.1", "1", "0.1"]
    assert summary["runs"].tolist() == [3, 3, 1]
    assert summary["median"].tolist() == pytest.approx([0.3, math.inf, 0.5])
    assert summary["low"].tolist() == pytest.approx([0.2, 0.1, 0.5])
    assert summary["diverged"].tolist() == [0, 1, 0]


def test_tables_keep_their_columns_where_nothing_is_stored() -> None:
    nothing = frame().assign(status="missing")
    assert configurations(nothing, ["lr"], Objective()).empty
    assert configurations(nothing, ["lr"], Objective())["median"].dtype == float
    assert by_level(nothing, ["lr"]).columns.tolist()[-3:] == ["median", "low", "high"]


def test_of_an_even_number_the_worse_of_the_middle_two_ranks_and_the_first_of_equal_ones() -> None:
    """The mean of the middle two would put 0.1 and 0.5 first, and names would put b before c."""
    values = {"a": [0.1, 0.5], "c": [0.35, 0.4], "b": [0.4, 0.2]}
    rows = [
        ("x", name, i, "completed", loss, 1.0)
        for name, of in values.items()
        for i, loss in enumerate(of)
    ]
    columns = [
        "dataset", "configuration", "repetition", "status", "final_train_loss",
        "final_train_accuracy",
    ]  # fmt: skip
    ranked = configurations(pd.DataFrame(rows, columns=columns), [], Objective())
    assert ranked["configuration"].tolist() == ["c", "b", "a"]
    assert ranked["value"].tolist() == [0.4, 0.4, 0.5]
    assert ranked["median"].tolist() == pytest.approx([0.375, 0.3, 0.3])
