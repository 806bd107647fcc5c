"""Levels: shares of runs, thresholds, and what counts where several configurations match."""

import numpy as np
import pandas as pd
import pytest

from tests.claims import DIVERGED, level, made, one

ACCURACY = "final_train_accuracy"


@pytest.mark.parametrize(
    ("hits", "verdict"), [(10, "supported"), (9, "supported"), (8, "undecided"),
                          (2, "undecided"), (1, "contradicted"), (0, "contradicted")],
)  # fmt: skip
def test_a_level_is_decided_by_the_exact_binomial_test(hits: int, verdict: str) -> None:
    results = [1.0] * hits + [0.9] * (10 - hits)
    row = one(made({}, results, metric=ACCURACY), level(ACCURACY, {"at_least": 1.0}))
    assert (row["verdict"], row["n"], row["agreeing"]) == (verdict, 10, hits)
    assert (row["estimate"], row["unit"], row["kind"]) == (hits / 10, "share of runs", "level")
    assert (row["low"] > 0.5 or row["high"] < 0.5) == (verdict != "undecided")
    assert row["reason"].startswith(f"true of {hits} of 10 runs, 50 % claimed; p = ")


def test_a_diverged_run_meets_no_level_but_that_of_the_worst() -> None:
    runs = made({}, [DIVERGED] * 10, metric="final_train_loss")
    for expect, verdict in (({"at_most": 1e30}, "contradicted"), ({"at_least": 1.0}, "supported")):
        assert one(runs, level("final_train_loss", expect))["verdict"] == verdict
    runs = made({}, [DIVERGED] * 10, metric=ACCURACY)
    assert one(runs, level(ACCURACY, {"at_least": 0.0}))["verdict"] == "contradicted"
    assert one(runs, level("diverged", {"is": True}))["verdict"] == "supported"
    assert one(runs, level("diverged", {"is": False}))["verdict"] == "contradicted"


def test_never_is_later_than_any_epoch() -> None:
    runs = made({}, [None] * 10, metric="epochs_to_full_accuracy")
    row = one(runs, level("epochs_to_full_accuracy", {"at_most": 10**6}))
    assert (row["verdict"], row["agreeing"]) == ("contradicted", 0)


def test_a_threshold_is_read_in_the_metrics_own_precision() -> None:
    """0.95 in single precision is less than 0.95: it is the same number all the same."""
    runs = made({}, [0.95] * 10, metric=ACCURACY).astype({ACCURACY: np.float32})
    assert one(runs, level(ACCURACY, {"at_least": 0.95}))["agreeing"] == 10
    assert one(runs, level(ACCURACY, {"at_most": 0.95}))["agreeing"] == 10


def test_a_large_share_needs_many_repetitions_and_says_how_many() -> None:
    expect = {"at_least": 1.0, "share": 0.9}
    row = one(made({}, [1.0] * 10, metric=ACCURACY), level(ACCURACY, expect))
    assert row["reason"] == (
        "true of 10 of 10 runs, 90 % claimed; p = 0.7: neither shown nor refuted "
        "(36 repetitions could show it)"
    )
    enough = one(made({}, [1.0] * 36, metric=ACCURACY), level(ACCURACY, expect))
    assert enough["verdict"] == "supported"


def test_a_share_of_one_is_refuted_by_one_run_and_shown_by_none() -> None:
    expect = {"at_least": 1.0, "share": 1.0}
    all_do = one(made({}, [1.0] * 10, metric=ACCURACY), level(ACCURACY, expect))
    assert all_do["verdict"] == "undecided"
    assert all_do["reason"].endswith(
        "no number of runs can show that all do; these show 69.2 % or more"
    )
    not_all = one(made({}, [1.0] * 9 + [0.9], metric=ACCURACY), level(ACCURACY, expect))
    assert (not_all["verdict"], not_all["p"]) == ("contradicted", 0)


@pytest.mark.parametrize("n", [1, 3, 5])
def test_few_repetitions_decide_no_half(n: int) -> None:
    row = one(made({}, [1.0] * n, metric=ACCURACY), level(ACCURACY, {"at_least": 1.0}))
    assert row["verdict"] == "undecided"
    assert row["reason"].startswith(f"too few repetitions to decide: {n} can reach p = ")


def test_the_unit_is_the_repetition_where_several_configurations_match() -> None:
    """Of two that diverge and two that do not, most do neither; n stays that of repetitions."""
    runs = [
        made({"lr": lr}, [DIVERGED if lr > 0.5 else 0.1] * 6, metric="final_train_loss")
        for lr in (0.1, 0.2, 1.0, 2.0)
    ]
    row = one(pd.concat(runs), level("diverged", {"is": True}))
    assert (row["n"], row["agreeing"], row["unit"]) == (6, 0, "share of repetitions")
    assert "true of the median configuration in 0 of 6 repetitions, 50 % claimed" in row["reason"]
    assert one(pd.concat(runs), level("diverged", {"is": False}))["agreeing"] == 0
    assert one(pd.concat(runs[1:]), level("diverged", {"is": True}))["agreeing"] == 6
