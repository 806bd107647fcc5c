"""What the report says of noise and effects is what its tables say, no more."""

import math

import pandas as pd
import pytest

from study.report import finding_sentences as says

GROUP = {"dataset": "xor", "implementation": "exact"}


def term(name: str, kind: str, share: float, reach: float = math.nan) -> dict[str, object]:
    return {
        **GROUP, "metric": "final_train_loss", "term": name, "kind": kind, "share": share,
        "low": share - reach, "high": share + reach,
    }  # fmt: skip


def test_the_largest_shares_are_named_beside_the_noise_and_what_cannot_be_told_from_it() -> None:
    table = pd.DataFrame(
        [
            term("lr", "parameter", 0.5, 0.1), term("lr × optimizer", "pair", 0.1, 0.05),
            term("hidden", "parameter", 0.02, 0.03), term("optimizer", "parameter", -0.01, 0.03),
            term("noise", "noise", 0.39, 0.1),
        ]
    )  # fmt: skip
    assert says.importance(table) == [
        ("On xor, the largest shares of the final training loss's variance, of those that are "
        "surely above none, are those of learning rate (50 %) and learning rate with optimizer "
        "(10 %); noise has 39 % (29 % to 49 %). Hidden layers and optimizer alone cannot be told "
        "from noise.")
    ]  # fmt: skip


def test_without_intervals_the_shares_above_nothing_are_named() -> None:
    table = pd.DataFrame(
        [term("lr", "parameter", 0.2), term("three or more together", "rest", 0.3),
         term("noise", "noise", 0.5)]
    )  # fmt: skip
    assert says.importance(table) == [
        ("On xor, the largest shares of the final training loss's variance are those of three or "
        "more parameters together (30 %) and learning rate (20 %); noise has 50 %.")
    ]  # fmt: skip


def test_pure_noise_is_called_noise_and_equal_runs_are_called_equal() -> None:
    noise = pd.DataFrame([term("lr", "parameter", 0.01, 0.1), term("noise", "noise", 0.99, 0.1)])
    assert says.importance(noise)[0] == (
        "On xor, nothing can be told from noise in the final training loss: noise has 99 % "
        "(89 % to 100 %)."
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


def test_where_most_runs_diverge_is_named_and_what_shares_that() -> None:
    cell = {
        **GROUP, "parameter": "lr", "level": "1", "other": "activation", "other_level": "none",
        "configurations": 2, "runs": 10, "diverged": 9, "share": 0.9, "first": 2.0,
    }  # fmt: skip
    of_lr = {**GROUP, "parameter": "lr", "runs": 6, "constant": 0}
    stable = pd.DataFrame([{**of_lr, "smallest_unstable": one} for one in ("1", None)])
    alone = {**cell, "level": "2", "configurations": 1, "diverged": 10, "share": 1.0}
    most, never = says.diverging(pd.DataFrame([cell, alone]), stable)
    assert most == (
        "On xor, most diverge at learning rate 1 with activation none: 9 of 10 runs, first after "
        "2 epochs."
    )
    of = "1 of 2 combinations of the other parameters"
    assert never == f"On xor, {of} never diverged, at any learning rate that was tried."
    collapsed = says.diverging(pd.DataFrame([cell]), stable.assign(constant=4))[1]
    assert collapsed.startswith(never.removesuffix("."))
    assert collapsed.endswith("; 4 of their 6 runs give one constant answer.")
    assert says.diverging(pd.DataFrame([alone]), stable)[0].endswith(
        "learning rate 2 with activation none: 10 of 10 runs, first after 2 epochs."
    )
    tied = pd.DataFrame([{**cell, "level": "0.1", "first": 5.0}, cell])
    assert says.diverging(tied, stable)[0].endswith(
        "learning rate 0.1 and 1 with activation none: 9 of 10 runs each, first after 2 epochs."
    )
    said = {
        (None,): "On xor, no learning rate that was tried made a run diverge.",
        ("1",): "On xor, runs diverged at some learning rate that was tried.",
        ("1", "1"): (
            "On xor, each combination of the other parameters diverged at some learning rate that "
            "was tried."
        ),
    }
    for unstable, sentence in said.items():
        rows = [{**of_lr, "smallest_unstable": one} for one in unstable]
        assert says.diverging(tied, pd.DataFrame(rows))[1] == sentence
    none = pd.DataFrame([{**cell, "diverged": 0}])
    assert says.diverging(none, stable)[0] == "On xor, no run diverged."
