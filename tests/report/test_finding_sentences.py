"""What the report says of noise, cautions and effects is what its tables say, no more."""

import math

import pandas as pd
import pytest

from study.analysis.cautions import CAUTIONS
from study.report import finding_sentences as says

GROUP = {"dataset": "xor", "implementation": "exact"}


def test_noise_is_a_factor_and_a_share_of_all_variance() -> None:
    row = {**GROUP, "metric": "final_train_loss", "sd": 0.5, "share": 0.25, "repetitions": 10}
    assert says.noise(pd.DataFrame([row])) == [
        ("On xor, final training losses of one configuration differ by a factor of 3.2 (one "
        "standard deviation over 10 repetitions), 25 % of all variance.")
    ]  # fmt: skip
    alone = pd.DataFrame([{**row, "sd": math.nan, "share": math.nan}])
    assert says.noise(alone) == ["A single repetition says nothing of noise."]


def term(name: str, kind: str, share: float) -> dict[str, object]:
    return {**GROUP, "metric": "final_train_loss", "term": name, "kind": kind, "share": share}


def test_the_largest_shares_are_named_beside_the_noise() -> None:
    table = pd.DataFrame(
        [
            term("lr", "parameter", 0.5), term("lr × optimizer", "pair", 0.1),
            term("hidden", "parameter", -0.01), term("noise", "noise", 0.41),
        ]
    )  # fmt: skip
    (sentence,) = says.importance(table)
    assert sentence == (
        "On xor, of the variance of the final training loss learning rate (50 %) and learning "
        "rate with optimizer (10 %) have the most; noise has 41 %."
    )
    nothing = pd.DataFrame([term("lr", "parameter", math.nan), term("noise", "noise", math.nan)])
    assert says.importance(nothing) == [
        "On xor, nothing moves the final training loss: all runs end alike."
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([True, False],
         ("On xor, the ranks of the final training loss depend on learning rate (60 %). Optimizer "
         "cannot be told from noise.")),
        ([False, False],
         "On xor, no parameter's effect on the final training loss can be told from noise."),
    ],
)  # fmt: skip
def test_a_search_says_what_can_be_told_from_noise(told: list[bool], expected: str) -> None:
    table = pd.DataFrame([term("lr", "parameter", 0.6), term("optimizer", "parameter", 0.1)])
    assert says.importance(table.assign(told=told)) == [expected]


def effect(aspect: str, size: float, low: float, high: float) -> dict[str, object]:
    return {
        **GROUP, "aspect": aspect, "parameter": "optimizer", "level": "adam", "reference": "sgd",
        "pairs": 3, "confidence": 0.97, "effect": size, "low": low, "high": high,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("size", "says_what"),
    [
        (-1.0, "10 times faster"),
        (2.0, "100 times slower"),
        (math.inf, "it mostly never gets there, the other does"),
        (-math.inf, "it gets there, the other mostly never does"),
    ],
)
def test_the_largest_effect_that_can_be_told_from_none_is_named(
    size: float, says_what: str
) -> None:
    sure = effect("speed", size, min(size, size / 2), max(size, size / 2))
    unsure = effect("ceiling", 5.0, -1.0, 9.0)
    first, second = says.behaviour(pd.DataFrame([sure, unsure]))
    assert first.startswith("Of 2 effects 1 can be told from none")
    of = "optimizer adam instead of sgd"
    assert second == f"On xor, the largest effect on speed is that of {of}: {says_what}."


def test_the_value_of_each_parameter_whose_best_is_best_is_named() -> None:
    table = pd.DataFrame(
        {"dataset": "xor", "parameter": "lr", "level": ["0.1", "1"], "median": [0.2, 0.1]}
    )
    assert says.isolation(table) == ["On xor, the best configuration has learning rate 1."]
    assert says.isolation(table.assign(median=math.inf)) == [
        "On xor, no configuration has a finite median."
    ]


def test_where_most_runs_diverge_is_named_with_its_interval() -> None:
    cell = {
        **GROUP, "parameter": "lr", "level": "1", "other": "activation", "other_level": "none",
        "runs": 10, "diverged": 9, "share": 0.9, "low": 0.6, "high": 0.98, "first": 2.0,
    }  # fmt: skip
    stable = pd.DataFrame(
        [{**GROUP, "smallest_unstable": "1"}, {**GROUP, "smallest_unstable": None}]
    )
    most, never = says.diverging(pd.DataFrame([cell]), stable)
    assert most == (
        "On xor, most diverge at learning rate 1 with activation none: 9 of 10 runs (95 % "
        "interval 60 % to 98 %), first after 2 epochs."
    )
    of = "1 of 2 combinations of the other parameters"
    assert never == f"On xor, {of} never diverged at any tried value."
    none = pd.DataFrame([{**cell, "diverged": 0}])
    assert says.diverging(none, stable)[0] == "On xor, no run diverged."


WARNINGS = {
    "few": "On xor, most configurations have 3 repetitions: fewer than 6 cannot decide a "
    "comparison.",
    "edge": "On xor, the best configuration has learning rate 1, at the edge of what was tried: "
    "something beyond may be better.",
    "improving": "On xor, the best configuration still improves in the last fifth of the epochs "
    "(its loss falls by a factor of 1,000): with more epochs the order may change.",
    "reversal": "On xor, exact network, learning rate 1 is worse than 0.1 in general, but better "
    "at optimizer adam, in each of 10 repetitions.",
    "separates": "On xor, exact network, learning rate only separates runs that diverge from "
    "those that do not: among those that do not, it makes no clear difference.",
    "never": "On xor, exact network, only over 99 % of 10 runs get to full accuracy: its medians "
    "are mostly “never”.",
    "unpaired": "On xor, exact network, common draws hardly pay: over repetitions, the "
    "correlation of configurations in epochs to full accuracy is 3.",
}


@pytest.mark.parametrize("kind", CAUTIONS)
def test_every_caution_has_its_sentence(kind: str) -> None:
    row = {
        **GROUP, "caution": kind, "parameter": "lr", "level": "1", "reference": "0.1",
        "other": "optimizer", "other_level": "adam", "metric": "epochs_to_full_accuracy",
        "value": 3.0, "beside": 0.5, "n": 10.0,
    }  # fmt: skip
    if kind == "never":
        row["value"] = 0.999
    (sentence,) = says.cautions(pd.DataFrame([row]))
    assert sentence == WARNINGS[kind]


def test_of_many_warnings_of_a_kind_the_first_are_written() -> None:
    row = {**GROUP, "caution": "few", "value": 3.0, "n": 10.0}
    found = says.cautions(pd.DataFrame([row] * 5))
    assert len(found) == 4
    assert found[-1] == "The table has 2 more warnings of the last kind."
    nothing = pd.DataFrame(columns=["caution"])
    assert says.cautions(nothing) == ["Nothing: none of the usual warnings applies."]
