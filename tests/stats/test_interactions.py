"""Verdicts on interactions and levels on made-up runs: ratios of ratios, shares."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from study.stats.hypotheses import hypotheses
from study.stats.mixture import judge
from tests.claims import (
    ACCURACY,
    DIVERGED,
    LOSS,
    asked,
    comparison,
    interaction,
    level,
    made,
    one,
    two,
)


def four(values: dict[tuple[str, float], list[float | str]]) -> pd.DataFrame:
    return pd.concat(
        made({"optimizer": name, "lr": lr}, results, metric=LOSS)
        for (name, lr), results in values.items()
    )


def test_an_interaction_is_the_ratio_of_two_ratios() -> None:
    runs = four({
        ("adam", 1.0): [8.0] * 8, ("sgd", 1.0): [2.0] * 8,
        ("adam", 0.01): [1.0] * 8, ("sgd", 0.01): [2.0] * 8,
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["effect"], row["unit"]) == (pytest.approx(8.0), "ratio")
    assert (row["verdict"], row["kind"]) == ("supported", "interaction")
    assert one(runs, interaction(scale="linear"))["effect"] == 7.0


def test_without_an_interaction_of_ratios_differences_of_another_size_decide_nothing() -> None:
    runs = four({
        ("adam", 1.0): [0.004] * 12, ("sgd", 1.0): [0.002] * 12,
        ("adam", 0.01): [4.0] * 12, ("sgd", 0.01): [2.0] * 12,
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["ties"], row["verdict"]) == (12, "undecided")
    assert one(runs, interaction(scale="linear"))["verdict"] == "contradicted"


@pytest.mark.parametrize("also", [("sgd", 1.0), ("adam", 0.01)])
def test_an_interaction_with_one_infinite_side_is_infinite_and_with_two_a_tie(
    also: tuple[str, float],
) -> None:
    values: dict[tuple[str, float], list[float | str]] = {
        ("adam", 1.0): [DIVERGED] * 9, ("sgd", 1.0): [4.0] * 9,
        ("adam", 0.01): [1.0] * 9, ("sgd", 0.01): [2.0] * 9,
    }  # fmt: skip
    row = one(four(values), interaction())
    assert (row["agree"], row["verdict"]) == (9, "supported")
    values[also] = [3.0] * 8 + [DIVERGED]
    row = one(four(values), interaction())
    assert (row["n"], row["agree"], row["ties"], row["verdict"]) == (9, 8, 1, "supported")
    assert row["diverged_value"] + row["diverged_with"] == 10


@pytest.mark.parametrize("hits", range(11))
def test_a_level_is_decided_by_the_share_of_the_repetitions_that_meet_it(hits: int) -> None:
    runs = made({}, [1.0] * hits + [0.9] * (10 - hits), metric=ACCURACY)
    for share in (0.5, 0.3):
        row = one(runs, level(ACCURACY, {"at_least": 1.0, "share": share}))
        expected = judge(hits, 10, share, 1)
        assert (row["verdict"], row["p"]) == (expected.word, expected.p)
        assert (row["agree"], row["ties"], row["threshold"]) == (hits, 0, share)
        assert row["effect"] == np.median([1.0] * hits + [0.9] * (10 - hits))
    assert row["worst"] == (1.0 if hits == 10 else 0.9)


def test_a_diverged_run_meets_only_the_level_of_the_worst() -> None:
    runs = made({}, [DIVERGED] * 10, metric=LOSS)
    for expect, verdict in (({"at_most": 1e30}, "contradicted"), ({"at_least": 1.0}, "supported")):
        assert one(runs, level(LOSS, expect))["verdict"] == verdict
    runs = made({}, [DIVERGED] * 10, metric=ACCURACY)
    assert one(runs, level(ACCURACY, {"at_least": 0.0}))["verdict"] == "contradicted"
    row = one(runs, level("diverged", {"is": True}))
    assert (row["verdict"], row["diverged_value"]) == ("supported", 10)
    assert math.isnan(row["effect"])
    assert one(runs, level("diverged", {"is": False}))["verdict"] == "contradicted"


def test_never_is_later_than_any_epoch() -> None:
    runs = made({}, [None] * 10, metric="epochs_to_full_accuracy")
    row = one(runs, level("epochs_to_full_accuracy", {"at_most": 10**6}))
    assert (row["verdict"], row["agree"]) == ("contradicted", 0)


def test_a_threshold_is_read_in_the_metrics_own_precision() -> None:
    """0.95 in single precision is less than 0.95: it is the same number all the same."""
    runs = made({}, [0.95] * 10, metric=ACCURACY).astype({ACCURACY: np.float32})
    row = one(runs, level(ACCURACY, {"at_least": 0.95}))
    assert row["agree"] == 10
    assert f"median {ACCURACY.replace('_', ' ')} " in row["reason"]
    assert one(runs, level(ACCURACY, {"at_most": 0.95}))["agree"] == 10


def test_a_large_share_needs_many_repetitions() -> None:
    expect = {"at_least": 1.0, "share": 0.9}
    for n in (50, 51):
        row = one(made({}, [1.0] * n, metric=ACCURACY), level(ACCURACY, expect))
        assert row["verdict"] == ("supported" if n == 51 else "undecided")


def test_the_unit_is_the_repetition_where_several_configurations_match() -> None:
    """If two of four diverge, there is no majority; n is the number of repetitions."""
    runs = [
        made({"lr": lr}, [DIVERGED if lr > 0.5 else 0.1] * 6, metric=LOSS)
        for lr in (0.1, 0.2, 1.0, 2.0)
    ]
    row = one(pd.concat(runs), level("diverged", {"is": True}))
    assert (row["n"], row["agree"], row["diverged_value"]) == (6, 0, 12)
    assert one(pd.concat(runs), level("diverged", {"is": False}))["agree"] == 0
    assert one(pd.concat(runs[1:]), level("diverged", {"is": True}))["agree"] == 6


def test_a_verdict_about_rows_that_all_repetitions_share_names_them() -> None:
    metric = "final_test_accuracy"
    first, second = [0.9, 0.8, 0.9, 0.7] * 3, [0.6, 0.7, 0.8, 0.6] * 3
    runs = pd.concat(
        made({"optimizer": name}, results, metric=metric)
        for name, results in (("adam", first), ("sgd", second))
    )
    declared = [comparison(metric=metric, expect="higher")]
    shared = {"xor": ("this table's rows", 0.25)}
    row = hypotheses(runs, asked(declared, shared=shared)).iloc[0]
    differences = np.subtract(first, second)
    half = stats.t.ppf(0.975, 11) * math.sqrt(differences.var(ddof=1) * (1 / 12 + 0.25))
    low, high = differences.mean() - half, differences.mean() + half
    assert f"; valid for this table's rows; for new rows {low:.3g} to {high:.3g}, " in row["reason"]
    assert row["rows"] == "this table's rows"
    shared = {"xor": ("its 21 points", 0.0)}
    row = hypotheses(runs, asked(declared, shared=shared)).iloc[0]
    assert row["reason"].endswith("; valid for its 21 points")
    assert "for" not in two([0.1] * 3, [1.0] * 3)["reason"]
