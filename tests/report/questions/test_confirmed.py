"""Winners with fresh repetitions: what became of them, and whether they beat chance."""

import math

import pandas as pd

from study.report.questions.confirmed import figure, finding
from tests.artists import offsets, segments
from tests.words import has, only


def winner(name: str, searched: float, place: int, confirmed: float) -> dict[str, object]:
    """Return a confirmed trial of the search."""
    return {
        "dataset": "xor", "arm": "search", "configuration": name, "searched": searched,
        "place": place, "confirmed": confirmed,
    }  # fmt: skip


def test_the_winner_is_held_against_its_fresh_repetitions() -> None:
    nothing = pd.DataFrame()
    table = pd.DataFrame([winner("b", 0.02, 2, 0.03), winner("a", 0.01, 1, 0.05)])
    assert only(finding(table, nothing), "On xor", "winner", "a", "0.01", "0.05", "is b, 0.03")
    table = pd.DataFrame([winner("a", 0.01, 1, 0.02), winner("b", 0.02, 2, 0.03)])
    assert only(finding(table, nothing), "a", "0.01", "0.02", "still the best")


def test_a_search_none_of_whose_own_was_trained_again_is_not_passed_over() -> None:
    alone = pd.DataFrame([{**winner("b", 17.0, 1, 18.0), "arm": "random"}])
    assert only(finding(alone, pd.DataFrame()), "On xor", "no trial of the search", "finite")


def chance(low: float, high: float, better: int, *, fresh: bool = True, n: int = 6) -> str:
    """Say what came of n pairs; where none is better, all are alike."""
    row = {
        "dataset": "xor", "runs": n, "better": better, "worse": n - better if better else 0,
        "difference": -0.1, "low": low, "high": high, "fresh": fresh,
    }  # fmt: skip
    nothing = pd.DataFrame(columns=["arm", "dataset"])
    (sentence,) = finding(nothing, pd.DataFrame([row]))
    return sentence


def test_chance_is_beaten_only_where_the_interval_says_so() -> None:
    assert has(
        chance(-0.3, -0.05, 6), "On xor", "random", "better than", "better in 6 and worse in 0 of",
        "6 pairs", "fresh", "−0.1", "−0.3 to −0.05", "range of 6 runs, 96.9 %",
    )  # fmt: skip
    assert has(chance(-0.3, 0.2, 4), "not distinguishable", "better in 4")
    few = chance(-0.3, -0.05, 5, n=5)
    assert has(few, "not distinguishable", "better in 5", "93.8 %", "Fewer than 6 pairs")
    assert has(chance(0.05, 0.3, 1), "worse than", "better in 1 and worse in 5")
    assert "optimistic" in chance(-0.3, 0.2, 4, fresh=False)
    assert has(chance(0.0, 0.0, 0), "On xor", "alike in 6 pairs")


def test_confirmed_trials_show_both_values_and_the_interval() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "arm": ["search", "random"], "configuration": ["a", "b"],
            "searched": [0.1, 0.3], "confirmed": [0.2, 0.4], "low": [0.15, 0.3],
            "high": [0.25, 0.5],
        }
    )  # fmt: skip
    (axes,) = figure(table, "final_train_loss").axes
    bars, dots, rings, *others = axes.collections
    assert segments(bars) == [[[0.15, 0], [0.25, 0]]]
    assert (offsets(dots), offsets(rings)) == ([[0.2, 0.0]], [[0.1, 0.0]])
    assert segments(others[0]) == [[[0.3, 1], [0.5, 1]]]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"]
    assert axes.get_xlabel() == "final training loss: median over repetitions"


def test_an_accuracy_keeps_its_scale_where_runs_diverged() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "arm": "search", "configuration": ["a", "b"],
            "searched": [0.9, 0.8], "confirmed": [0.9, 0.5], "low": [0.7, -math.inf], "high": 1.0,
        }
    )  # fmt: skip
    (axes,) = figure(table, "final_train_accuracy").axes
    low, high = axes.get_xlim()
    assert 0 < low < 0.5
    assert 1 < high < 1.5
