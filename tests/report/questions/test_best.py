"""The best of each dataset: named with its interval and what is tied with it, and drawn."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from study.plot.theme import Looks
from study.report.questions.best import BEST, errors, figure, finding
from tests.words import has, only


def ranked(
    medians: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    tied: Sequence[bool] = (True,),
    *,
    separable: bool = True,
) -> pd.DataFrame:
    """Return ranked configurations of ten runs each, the last being the base setup."""
    n = len(medians)
    return pd.DataFrame(
        {
            "dataset": "xor", "rank": range(1, n + 1),
            "configuration": [f"lr {i}" for i in range(n)],
            "base": [i == n - 1 for i in range(n)], "near": False, "fresh": False, "runs": 10,
            "metric": "final_train_loss", "goal": "minimize", "quantile": 0.5,
            "value": medians, "median": medians, "low": lows, "high": highs,
            "separable": separable, "tied": tied, "cheapest": [i == 1 for i in range(n)],
            "parameters": [82.0, *[41.0] * (n - 1)],
        }
    )  # fmt: skip


LUCK = pd.DataFrame([{"dataset": "xor", "configurations": 3, "apparent": 0.1, "held_out": 0.12}])
NO_LUCK = LUCK.assign(held_out=math.nan)
INTERVAL = ("0.05 to 0.15", "2nd to 9th of 10 runs, 97.9 %")
BEST_ONE = ("On xor", "lr 0 has the best upper median final training loss, 0.1", *INTERVAL)


@pytest.mark.parametrize(
    ("tied", "separable", "parts"),
    [
        ([True, True, False], True, ["1 of the 2 others", "tied", "95 %", "lr 1", "41"]),
        ([True, False, False], True, ["None of the 2 others", "tied", "95 %"]),
        ([True] * 3, False, ["10 repetitions cannot separate 3 configurations"]),
    ],
)
def test_the_best_is_named_with_its_interval_and_with_what_is_tied_with_it(
    tied: list[bool], parts: list[str], *, separable: bool
) -> None:
    table = ranked([0.1, 0.2, 0.9], [0.05, 0.12, 0.8], [0.15, 0.3, 1.0], tied, separable=separable)
    told = (*BEST_ONE, *parts, "base setup is 3rd of 3")
    (without,) = finding(table, NO_LUCK)
    assert has(without, *told)
    (sentence,) = finding(table, LUCK)
    assert has(sentence.removeprefix(without), "all repetitions but one", "is 0.12.")


def test_the_smallest_of_the_tied_is_named_unless_all_have_one_size() -> None:
    table = ranked([0.1, 0.2], [0.05, 0.12], [0.15, 0.3], [True, True])
    (sentence,) = finding(table.assign(parameters=41.0), NO_LUCK)
    assert has(sentence, "1 of the 1 other", "same size", "41")
    (itself,) = finding(table.assign(cheapest=[True, False]), NO_LUCK)
    assert has(itself, "this one", "fewest weights", "82")


def test_configurations_that_are_exactly_as_good_are_counted() -> None:
    table = ranked([0.1, 0.1, 0.2], [0.05] * 3, [0.15] * 3, [True] * 3)
    assert only(finding(table, NO_LUCK), "lr 0, with 1 other exactly as good, has the best")


def test_a_narrow_interval_has_the_digits_that_tell_its_ends_apart() -> None:
    (narrow,) = finding(ranked([0.69314], [0.69308], [0.69327]), NO_LUCK)
    assert has(narrow, "0.69314", "0.69308 to 0.69327")


def test_the_only_configuration_is_compared_with_nothing() -> None:
    table = ranked([0.1], [0.05], [0.15])
    (sentence,) = finding(table, LUCK.assign(configurations=1))
    assert has(sentence, *BEST_ONE, "only configuration", "base setup is 1st of 1")
    assert "0.12" not in sentence


def test_a_single_run_is_best_without_an_interval() -> None:
    (sentence,) = finding(ranked([0.1], [0.1], [0.1]).assign(runs=1), NO_LUCK)
    assert has(sentence, "median final training loss, 0.1 (a single run)", "1st of 1")
    assert "%" not in sentence


def test_nothing_is_best_where_everything_diverged() -> None:
    (sentence,) = finding(ranked([math.inf], [math.inf], [math.inf]), LUCK)
    assert has(sentence, "On xor", "no configuration", "final training loss")
    assert "lr 0" not in sentence


def test_a_best_by_another_quantile_is_called_so() -> None:
    table = ranked([0.1], [0.05], [0.15])
    for quantile, name in ((1.0, "worst"), (0.9, "0.9 quantile")):
        (sentence,) = finding(table.assign(quantile=quantile, value=0.3), NO_LUCK)
        assert has(sentence, name, "0.3", "median 0.1", *INTERVAL)


def test_what_is_nearest_to_the_base_setup_has_its_place_where_that_is_not_stored() -> None:
    table = ranked([0.1, 0.2], [0.05, 0.12], [0.15, 0.3], [True, True])
    (near,) = finding(table.assign(base=False, near=[False, True]), NO_LUCK)
    assert has(near, "nearest to the base setup is 2nd of 2")
    (neither,) = finding(table.assign(base=False), NO_LUCK)
    assert has(neither, "base setup is not among")


def test_of_a_search_the_confirmed_alone_are_ranked_and_that_is_said() -> None:
    table = ranked([0.1, 0.2], [0.05, 0.12], [0.15, 0.3], [True, True])
    assert has(finding(table.assign(fresh=True), NO_LUCK)[0], "2 that were confirmed", "lr 0 has")


def test_an_error_in_the_targets_unit_is_told_where_it_is_finite() -> None:
    row = {"dataset": "hours", "target": "daylight (h)", "loss": 0.16, "error": 2.0}
    assert only(errors(pd.DataFrame([row])), "On hours", "0.16", "2 in the unit of daylight (h)")
    assert errors(pd.DataFrame([{**row, "error": math.inf}])) == []


def three() -> pd.DataFrame:
    """Return three ranked configurations, the last of which diverged."""
    return pd.DataFrame(
        {
            "dataset": "a", "rank": [1, 2, 9], "configuration": ["p", "q", "r"],
            "base": [False, False, True], "near": [False, True, False],
            "tied": [True, False, None], "separable": [True, True, None],
            "metric": "final_train_loss",
            "value": [0.01, 0.1, math.inf], "low": [0.005, 0.05, 1.0],
            "high": [0.02, math.inf, math.inf],
        }
    )  # fmt: skip


LOOKS = Looks({}, {"a": 0.25}, ("final_train_loss",))


def test_a_ranking_draws_medians_and_intervals_and_marks_infinite_ones() -> None:
    (axes,) = figure(three(), LOOKS).axes
    bars, dots, rings, crosses = axes.collections
    segments = [np.asarray(path.vertices)[:, 0].tolist() for path in bars.get_paths()]
    assert segments == [[0.005, 0.02], [0.05, pytest.approx(1e30)]]
    np.testing.assert_allclose(np.asarray(dots.get_offsets()), [[0.01, 0.0], [0.1, 1.0]])
    assert np.asarray(rings.get_offsets()).tolist() == [[0.01, 0.0]]
    assert np.asarray(crosses.get_offsets())[:, 1].tolist() == [2.0]
    assert [t.get_text() for t in axes.get_yticklabels()] == [
        "p  #1", "nearest to the base: q  #2", "base setup: r  #9"
    ]  # fmt: skip
    assert axes.get_xscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["always the mean label"]
    low, high = axes.get_ylim()
    assert low > high, "the best stands at the top"


def test_a_ranking_by_accuracy_has_a_plain_axis_and_no_trivial_loss() -> None:
    values, low = [1.0, 0.5, -math.inf], [0.0, -math.inf, -math.inf]
    table = three().assign(metric="final_train_accuracy", value=values, low=low, high=1.0)
    (axes,) = figure(table, LOOKS).axes
    assert axes.get_xscale() == "linear"
    assert axes.get_xlim() == pytest.approx((-0.07, 1.07))
    assert not axes.lines


def test_the_first_ones_are_drawn_and_the_base_setup_wherever_it_is() -> None:
    n = 20
    many = ranked([0.1] * n, [0.05] * n, [0.2] * n, [True] * n)
    (axes,) = figure(many, LOOKS).axes
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names == [*(f"lr {i}  #{i + 1}" for i in range(BEST)), "base setup: lr 19  #20"]
