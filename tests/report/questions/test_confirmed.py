"""Winners with fresh repetitions: their new values, and whether they beat random trials."""

import math

import pandas as pd
import pytest
from matplotlib.colors import rgb_to_hsv, to_rgb

from study.plot.theme import ARMS
from study.report.questions.confirmed import AGAINST, caption, figure, finding, verdict
from tests.artists import offsets, segments
from tests.words import has, only


def winner(name: str, searched: float, place: int, confirmed: float) -> dict[str, object]:
    """Return a confirmed trial of the search."""
    return {
        "dataset": "xor", "arm": "search", "configuration": name, "searched": searched,
        "place": place, "confirmed": confirmed,
    }  # fmt: skip


LEARNED = pd.DataFrame({"dataset": ["xor", "linear"], "better": 3})
NO_CHANCE = pd.DataFrame(columns=["dataset", "verdict"])


def against(of: str, dataset: str = "xor") -> pd.DataFrame:
    """Return the comparison with random trials, which has this verdict."""
    return pd.DataFrame([{"dataset": dataset, "verdict": of}])


FELL = [winner("b", 0.02, 2, 0.03), winner("c", 0.03, 3, 0.04), winner("a", 0.01, 1, 0.05)]
STAYED = [winner("a", 0.01, 1, 0.02), winner("b", 0.02, 2, 0.03)]


def test_the_place_of_the_winner_with_fresh_repetitions_is_reported() -> None:
    random = {**winner("r", 0.001, 1, 0.001), "arm": "random"}
    for rows, place in ((FELL, "3rd"), (STAYED, "1st")):
        table = pd.DataFrame([random, *rows])
        assert only(finding(table, NO_CHANCE, LEARNED), "winner", place, "fresh", "on xor")
        both = finding(table, against("better"), LEARNED)
        assert only(both, "winner", place, "beats", "random", "on xor")


def test_a_winner_that_is_infeasible_with_fresh_repetitions_has_no_place() -> None:
    for flags, expected in (([False, False], "constraint"), ([True, False], "1st")):
        rows = pd.DataFrame(STAYED).assign(feasible=flags)
        assert only(finding(rows, NO_CHANCE, LEARNED), "winner", expected, "on xor")
        assert ("1st" in finding(rows, NO_CHANCE, LEARNED)[0]) == flags[0]


@pytest.mark.parametrize("of", AGAINST)
def test_each_verdict_against_random_trials_has_a_sentence(of: str) -> None:
    assert only(finding(pd.DataFrame(STAYED), against(of), LEARNED), AGAINST[of], "on xor")
    alone = finding(pd.DataFrame(STAYED)[:0], against(of), LEARNED)
    assert only(alone, "winner", AGAINST[of], "on xor")
    assert "fresh" not in alone[0]


def test_datasets_that_differ_are_compared_with_random_trials_alone() -> None:
    both = pd.concat([pd.DataFrame(FELL), pd.DataFrame(STAYED).assign(dataset="linear")])
    chance = pd.concat([against("better"), against("undecided", "linear")])
    assert only(
        finding(both, chance, LEARNED), "beats", "on xor", "indistinguishable", "on linear"
    )  # fmt: skip
    same = pd.concat([against("better"), against("better", "linear")])
    assert only(finding(both, same, LEARNED), "beats", "on both datasets")


def test_a_search_without_a_finite_trial_of_its_own_is_reported() -> None:
    alone = pd.DataFrame([{**winner("b", 17.0, 1, 18.0), "arm": "random"}])
    assert only(finding(alone, NO_CHANCE, LEARNED), "No trial of the search", "finite", "on xor")


def test_where_nothing_was_learned_there_is_no_winner() -> None:
    sentences = finding(pd.DataFrame(STAYED), NO_CHANCE, LEARNED.assign(better=0))
    assert only(sentences, "No configuration", "trivial predictor", "on xor")


@pytest.mark.parametrize(
    ("interval", "pairs", "expected"),
    [
        ((-0.3, -0.05), (6, 0), "better"),
        ((-0.3, 0.2), (4, 2), "undecided"),
        ((-0.3, -0.05), (5, 0), "undecided"),
        ((0.05, 0.3), (1, 5), "worse"),
        ((0.0, 0.0), (0, 0), "alike"),
    ],
)
def test_random_trials_are_beaten_only_if_the_interval_of_six_pairs_excludes_0(
    interval: tuple[float, float], pairs: tuple[int, int], expected: str
) -> None:
    row = dict(zip(("low", "high", "better", "worse"), (*interval, *pairs), strict=True))
    assert verdict({**row, "runs": sum(pairs) or 6}) == expected


def test_a_caption_names_the_colours_if_there_are_two() -> None:
    table = pd.DataFrame(STAYED)
    assert "olive" not in caption(table)
    assert has(caption(table.assign(arm="random")), "Teal: the search", "olive: random")
    hues = [rgb_to_hsv(to_rgb(ARMS[arm]))[0] for arm in ("search", "random")]
    assert hues == pytest.approx([0.5, 1 / 6], abs=0.02)  # of teal and olive


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
    assert [text.get_text() for text in axes.texts] == ["a", "b"]
    assert axes.get_xlabel() == "final training loss"


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
