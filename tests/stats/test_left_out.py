"""What does not enter a verdict: failed and pruned runs, each named where it matters."""

import pandas as pd

from tests.claims import DIVERGED, FAILED, PRUNED, comparison, made, one, two

TEN = [0.1 * i for i in range(1, 11)]


def test_a_failed_run_is_left_out_of_nothing() -> None:
    """Else a repetition would be chosen by its outcome."""
    row = two([*TEN[:9], FAILED], [10 * x for x in TEN])
    assert (row["n"], row["agree"], row["verdict"]) == (10, 9, "undecided")
    assert "left out" not in row["reason"]
    lost = two([FAILED] * 8, TEN[:8])
    assert (lost["n"], lost["agree"], lost["verdict"]) == (8, 0, "contradicted")


def test_repetitions_of_other_configurations_alone_are_not_missed() -> None:
    """A search trains its winners again, with more repetitions: the others do not lack those."""
    runs = [
        made({"optimizer": name, "lr": lr}, [loss] * n, metric="final_train_loss")
        for name, loss in (("adam", 1.0), ("sgd", 2.0))
        for lr, n in ((0.1, 8), (0.2, 12))
    ]
    row = one(pd.concat(runs), comparison(where={"lr": 0.1}))
    assert (row["n"], row["verdict"]) == (8, "supported")
    assert "left out" not in row["reason"]
    both = one(pd.concat(runs), comparison())
    assert both["n"] == 8
    assert both["reason"].endswith("; left out: 4 repetitions that lack a run")


def test_a_pruned_configuration_is_left_out_entirely_and_named() -> None:
    runs = [
        made({"optimizer": name, "lr": lr}, results, metric="final_train_loss")
        for name, lr, results in (
            ("adam", 0.1, [1.0] * 8),
            ("sgd", 0.1, [2.0] * 8),
            ("adam", 0.2, [DIVERGED] + [PRUNED] * 7),
            ("sgd", 0.2, [2.0] * 8),
        )
    ]
    row = one(pd.concat(runs), comparison())
    assert (row["n"], row["effect"], row["verdict"]) == (8, 0.5, "supported")
    assert row["reason"].endswith("; left out: 1 configuration pruned before the end")
    elsewhere = one(pd.concat(runs), comparison(where={"lr": 0.1}))
    assert "left out" not in elsewhere["reason"]
