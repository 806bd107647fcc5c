"""Which numbers are compared: matched configurations, repetitions, margins, scales, stacks."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from study.space import Value
from study.stats.agreement import TOLERANCE
from study.stats.hypotheses import hypotheses
from study.stats.mixture import judge
from tests.claims import ACCURACY, DIVERGED, LOSS, TEN, asked, comparison, made, one, two


def test_matched_configurations_are_one_number_a_repetition() -> None:
    """Forty pairs that agree are five repetitions: too few."""
    rates = np.geomspace(1e-4, 1, 8).tolist()
    runs = [
        made({"optimizer": name, "lr": lr}, [loss] * 5, metric=LOSS)
        for name, loss in (("adam", 0.1), ("sgd", 0.2))
        for lr in rates
    ]
    row = one(pd.concat(runs), comparison())
    assert (row["n"], row["verdict"]) == (5, "undecided")
    assert row["method"].endswith("; each repetition the median of 8 matched cases")


@few(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([LOSS, ACCURACY]))
def test_the_number_of_a_repetition_is_the_median_over_what_matches(seed: int, metric: str) -> None:
    rng = np.random.default_rng(seed)
    results = rng.random(size=(2, 3, 9)).round(2) + 0.01
    runs = [
        made({"optimizer": name, "lr": lr}, list(results[i, j]), metric=metric)
        for i, name in enumerate(("adam", "sgd"))
        for j, lr in enumerate((0.1, 0.01, 1.0))
    ]
    row = one(pd.concat(runs), comparison(metric=metric))
    on_scale = np.log10(results) if metric == LOSS else results
    by_hand = np.median(on_scale[0] - on_scale[1], axis=0)
    ties = np.abs(by_hand) <= TOLERANCE
    assert (row["agree"], row["ties"]) == ((by_hand[~ties] < 0).sum(), ties.sum())
    median = np.median(by_hand)
    assert row["effect"] == pytest.approx(10**median if metric == LOSS else median)
    ordered = np.sort(by_hand)
    ends = ordered[1], ordered[-2]  # the 2nd and 8th of 9 hold the median with 96.1 %
    assert row["level"] == pytest.approx(1 - 20 / 512)
    expected = tuple(10.0**end for end in ends) if metric == LOSS else ends
    assert (row["low"], row["high"]) == pytest.approx(expected)


def test_a_parameter_that_does_not_act_on_one_side_is_not_matched() -> None:
    """Momentum is null under Adam: Adam stands against SGD with either."""
    values: list[tuple[dict[str, Value], float]] = [
        ({"optimizer": "adam", "lr": 0.1}, 1.0),
        ({"optimizer": "adam", "lr": 0.2}, 100.0),
        ({"optimizer": "sgd", "momentum": 0.0, "lr": 0.1}, 4.0),
        ({"optimizer": "sgd", "momentum": 0.9, "lr": 0.1}, 4.0),
    ]
    runs = [made(value, [loss] * 8, metric=LOSS) for value, loss in values]
    row = one(pd.concat(runs), comparison())
    assert (row["effect"], row["verdict"]) == (pytest.approx(0.25), "supported")
    assert "median of 2 matched cases" in row["method"]


def test_configurations_that_differ_in_other_parameters_are_not_paired() -> None:
    runs = pd.concat([
        made({"optimizer": "adam", "lr": 0.1}, TEN, metric=LOSS),
        made({"optimizer": "sgd", "lr": 0.2}, TEN, metric=LOSS),
    ])  # fmt: skip
    row = one(runs, comparison())
    assert (row["verdict"], row["n"], row["p"], row["p_adjusted"]) == ("undecided", 0, 1.0, 1.0)
    assert row["reason"] == "not tested: no configurations differ in optimizer alone"
    assert math.isnan(row["effect"])
    assert (row["unit"], row["method"]) == ("", "")


def test_a_repetition_that_lacks_a_run_does_not_count() -> None:
    runs = pd.concat([
        made({"optimizer": "adam"}, [0.1] * 9, metric=LOSS),
        made({"optimizer": "sgd"}, [1.0] * 12, metric=LOSS).iloc[[0, 1, 2, 4, 5, 6, 7, 8, 10, 11]],
    ])  # fmt: skip
    row = one(runs, comparison())
    assert (row["n"], row["agree"], row["verdict"]) == (8, 8, "supported")
    assert row["reason"].endswith("left out: 3 repetitions that lack a run")


def test_only_repetitions_that_had_no_part_in_choosing_count() -> None:
    runs = pd.concat(
        made({"optimizer": name}, [size] * 20, metric=LOSS)
        for name, size in (("adam", 0.1), ("sgd", 1.0))
    )

    def tested(start: int) -> pd.Series:
        def first(dataset: str, configurations: Sequence[Mapping[str, object]]) -> int:
            assert dataset == "xor"
            assert [c["optimizer"] for c in configurations] == ["adam", "sgd"]
            return start

        return hypotheses(runs, asked([comparison()], first=first)).iloc[0]

    for start, n in ((0, 20), (12, 8), (13, 7)):
        row = tested(start)
        assert (row["n"], row["agree"]) == (n, n)
        assert row["verdict"] == ("undecided" if n < 8 else "supported")
    row = tested(20)
    assert (row["n"], row["p"], row["verdict"]) == (0, 1.0, "undecided")
    assert row["reason"] == (
        "not tested: the first 20 repetitions had a part in choosing its configurations"
    )


@pytest.mark.parametrize(
    ("distance", "agree"), [(0.0, 10), (0.7, 10), (0.71, 9), (3.0, 0), (-3.0, 0), (1.0, 5)]
)
def test_equal_is_within_the_margin_its_end_included(distance: float, agree: int) -> None:
    noise = np.linspace(-0.3, 0.3, 10)
    row = two(list(5 + distance + noise), [5.0] * 10, expect="equal", margin=1.0, metric=ACCURACY)
    assert (row["agree"], row["ties"], row["n"]) == (agree, 0, 10)
    assert row["verdict"] == judge(agree, 10, 0.5, 1).word
    assert abs(row["worst"]) == pytest.approx(abs(distance) + 0.3)


def test_equal_takes_the_same_infinity_as_equal_and_its_margin_on_the_scale() -> None:
    row = two([DIVERGED] * 8, [DIVERGED] * 8, expect="equal", margin=0.1)
    assert (row["agree"], row["verdict"]) == (8, "supported")
    assert two([DIVERGED] * 8, [1.0] * 8, expect="equal", margin=0.1)["agree"] == 0
    assert two([1.25] * 8, [1.0] * 8, expect="equal", margin=0.1)["agree"] == 8
    assert two([1.27] * 8, [1.0] * 8, expect="equal", margin=0.1)["agree"] == 0
    linear = two([1.27] * 8, [1.0] * 8, expect="equal", margin=0.27, scale="linear")
    assert linear["agree"] == 8


def test_a_scale_of_its_own_decides_where_matched_cases_disagree() -> None:
    """Ratios of 10, 1/1.25 and 1/1.25; differences of 0.9, −2 and −2."""
    cells = {("adam", 1.0): 1.0, ("sgd", 1.0): 0.1, ("adam", 0.1): 8.0, ("sgd", 0.1): 10.0}
    runs = pd.concat(
        made({"optimizer": name, "lr": lr}, [loss] * 8, metric=LOSS)
        for (name, lr), loss in cells.items()
    )
    assert one(runs, comparison())["agree"] == 0, "log₁₀: (1 − 0.097) / 2 is higher"
    assert one(runs, comparison(scale="linear"))["agree"] == 8, "(0.9 − 2) / 2 is lower"


def test_a_few_repetitions_far_the_other_way_are_the_worst_and_a_warning() -> None:
    row = two([0.9] * 18 + [1e6] * 2, [1.0] * 20)
    assert (row["verdict"], row["agree"]) == ("supported", 18)
    assert row["worst"] == pytest.approx(1e6)
    assert row["opposed"]
    assert "the mean goes the other way" in row["reason"]
    calm = two([0.9] * 18 + [1.1] * 2, [1.0] * 20)
    assert (calm["worst"], calm["opposed"]) == (pytest.approx(1.1), False)
    diverged = two([0.9] * 18 + [DIVERGED] * 2, [1.0] * 20)
    assert (diverged["worst"], diverged["opposed"], diverged["diverged_value"]) == (
        math.inf,
        True,
        2,
    )


def test_a_stack_that_was_timed_once_counts_once() -> None:
    """Repetitions 0 to 3 share a stack on each side, 4 to 11 have their own; one failed."""
    shared, own = [1.0] * 4, [2.0 + i for i in range(8)]
    runs = pd.concat(
        made({"optimizer": name}, [more + s for s in (*shared, *own)], metric="seconds")
        for name, more in (("adam", 0.0), ("sgd", 100.0))
    )
    row = one(runs, comparison(metric="seconds"))
    assert (row["n"], row["agree"], row["verdict"]) == (9, 9, "supported")
    assert row["reason"].endswith("left out: 3 repetitions timed in a stack that counts once")
