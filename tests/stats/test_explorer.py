"""Medians and quartiles of each configuration, and how its runs ended, counted by hand."""

import math
from typing import Any

import pandas as pd
import pytest

from study.stats.explorer import CURVES, ends, explored

LOSS = {"one": {"train_loss", "final_train_loss"}}


def made(
    *runs: tuple[str, list[float]], names: tuple[str, ...] = ("train_loss",)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return runs of one configuration, each a status and a loss per epoch, and their metrics."""
    rows: list[dict[str, Any]] = []
    epochs: list[dict[str, Any]] = []
    for i, (status, losses) in enumerate(runs):
        about = {"run_id": f"r{i}", "dataset": "one", "configuration": "c"}
        last = losses[-1] if losses else math.nan
        rows.append({
            **about, "repetition": i, "status": status, "epochs": len(losses),
            "parameters": 9, "final_train_loss": last, "final_test_loss": math.nan,
        })  # fmt: skip
        epochs += [
            {**about, "epoch": e, **dict.fromkeys(names, v)} for e, v in enumerate(losses, start=1)
        ]
    return pd.DataFrame(rows), pd.DataFrame(epochs)


def test_median_and_quartiles_equal_the_runs_own() -> None:
    runs, metrics = made(*(("completed", [n, 10.0 * n]) for n in (4.0, 1.0, 3.0, 2.0, 8.0)))
    result = explored(runs, metrics, ["train_loss"], LOSS)
    assert list(result.columns) == list(CURVES)
    assert result["epoch"].tolist() == [1, 2]
    assert result["runs"].tolist() == [5, 5]
    assert result["median"].tolist() == [3, 30]
    assert result["low"].tolist() == [2, 20]  # the second of five from either end
    assert result["high"].tolist() == [4, 40]


def test_a_run_that_diverged_or_failed_counts_as_infinite_from_then_on() -> None:
    runs, metrics = made(
        ("completed", [3.0, 2.0, 1.0]), ("diverged", [5.0, math.nan]), ("failed", [])
    )
    result = explored(runs, metrics, ["train_loss"], LOSS)
    assert result["median"].tolist() == [5, math.inf, math.inf]
    assert result["low"].tolist() == [3, 2, 1]
    counted = ends(runs, {"final_train_loss": "minimize"}, LOSS)
    assert counted["final_train_loss"].tolist() == [1, math.inf, math.inf]


def test_the_worst_accuracy_is_zero() -> None:
    runs, metrics = made(("completed", [0.5, 0.9]), ("diverged", [0.25]), names=("train_accuracy",))
    result = explored(runs, metrics, ["train_accuracy"], {"one": {"train_accuracy"}})
    assert result["low"].tolist() == [0.25, 0]
    assert result["median"].tolist() == pytest.approx([0.375, 0.45])


def test_a_pruned_trials_curve_ends_where_it_was_pruned() -> None:
    runs, metrics = made(("pruned", [3.0, 2.0]), ("diverged", [9.0]))
    others, more = made(("completed", [1.0, 1.0, 1.0]))
    others, more = (f.assign(run_id="other", configuration="d") for f in (others, more))
    result = explored(pd.concat([runs, others]), pd.concat([metrics, more]), ["train_loss"], LOSS)
    of = result.groupby("configuration")["epoch"].max().to_dict()
    assert of == {"c": 2, "d": 3}
    assert result.loc[result["configuration"] == "c", "high"].tolist() == [9, math.inf]


def test_missing_and_unknown_values_have_no_row() -> None:
    runs, metrics = made(("completed", [3.0]), ("missing", []))
    assert explored(runs, metrics, ["train_loss"], LOSS)["runs"].tolist() == [1]
    assert explored(runs, metrics, ["train_loss"], {"one": set()}).empty
    counted = ends(runs, {"final_train_loss": "minimize", "final_test_loss": "minimize"}, LOSS)
    assert counted["final_train_loss"].tolist() == [3]
    assert counted["final_test_loss"].isna().all()
    assert counted["parameters"].tolist() == [9]
