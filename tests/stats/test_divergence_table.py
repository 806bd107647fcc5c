"""Where runs diverge: intervals over repetitions, planted maps, and where none diverged."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from study.stats.divergence import CELLS, STABLE, cells, share_interval, stable
from tests.grids import Choices, grid

CHOICES: Choices = {"lr": [0.01, 0.1, 1.0], "activation": ["sigmoid", "none"]}


def planted(n: int = 4) -> pd.DataFrame:
    """Return runs: without an activation half diverge at 0.1 and all at 1."""
    runs = grid(CHOICES, n)
    plain = runs["activation"] == "none"
    half = (runs["lr"] == "0.1") & (runs["repetition"] % 2 == 1)
    bad = plain & (half | (runs["lr"] == "1"))
    return runs.assign(
        status=runs["status"].mask(bad, "diverged"),
        diverged_at=(10.0 + runs["repetition"]).where(bad),
    )


def test_the_interval_of_a_share_is_as_computed_by_hand() -> None:
    """None of 10: 1 − 0.025^(1/10). 5 of 10 as in the tables of Clopper and Pearson."""
    low, high = share_interval([0.0, 0.5, 1.0], 10)
    assert low.tolist() == pytest.approx([0, 0.1871, 0.025**0.1], abs=1e-4)
    assert high.tolist() == pytest.approx([1 - 0.025**0.1, 0.8129, 1], abs=1e-4)


@pytest.mark.parametrize("n", [1, 3, 5, 6, 10])
def test_its_ends_are_binomial_with_one_draw_for_each_repetition(n: int) -> None:
    for hits in range(n + 1):
        expected = stats.binomtest(hits, n).proportion_ci(method="exact")
        low, high = share_interval(hits / n, n)
        assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_more_runs_of_the_same_repetitions_make_no_interval_narrower() -> None:
    few = grid({"lr": [0.1, 1.0]}, 6)
    many = grid({**CHOICES, "lr": [0.1, 1.0], "hidden": ["4", "8", "16"]}, 6)
    ends = []
    for runs in (few, many):
        bad = (runs["lr"] == "1") & (runs["repetition"] < 3)
        status = runs["status"].mask(bad, "diverged")
        table = cells(runs.assign(status=status, diverged_at=7.0), ["lr"])
        ends.append(table[["repetitions", "share", "low", "high"]].to_numpy().tolist())
    assert ends[0] == ends[1]
    assert ends[0][1] == pytest.approx([6, 0.5, 0.1181, 0.8819], abs=1e-4)


def test_every_cell_counts_its_runs_and_has_the_epoch_of_divergence() -> None:
    table = cells(planted(), list(CHOICES))
    assert set(zip(table["parameter"], table["other"], strict=True)) == {("lr", "activation")}
    assert table[["level", "other_level", "runs", "diverged", "share"]].to_numpy().tolist() == [
        ["0.01", "none", 4, 0, 0.0], ["0.01", "sigmoid", 4, 0, 0.0],
        ["0.1", "none", 4, 2, 0.5], ["0.1", "sigmoid", 4, 0, 0.0],
        ["1", "none", 4, 4, 1.0], ["1", "sigmoid", 4, 0, 0.0],
    ]  # fmt: skip
    half, whole = table.iloc[2], table.iloc[4]
    assert (half["first"], half["median_epoch"]) == (11.0, 12.0)
    assert (whole["first"], whole["median_epoch"]) == (10.0, 11.5)
    assert table["first"].isna().sum() == 4
    assert set(table["repetitions"]) == {4}
    low, high = share_interval(table["share"], 4)
    assert table["low"].tolist() == low.tolist()
    assert table["high"].tolist() == high.tolist()


def test_the_only_parameter_has_a_row_of_cells() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 3).assign(status=["completed"] * 3 + ["diverged"] * 3)
    table = cells(runs.assign(diverged_at=7.0), ["lr"])
    assert table[["other", "other_level"]].to_numpy().tolist() == [["none", "all"]] * 2
    assert table["diverged"].tolist() == [0, 3]
    result = stable(runs, ["lr"])
    assert result["combination"].tolist() == ["all"]
    assert result[["largest_stable", "smallest_unstable"]].to_numpy().tolist() == [["0.1", "1"]]


def test_failed_and_missing_runs_are_unknown_and_pruned_ones_had_not_diverged() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 4)
    runs["status"] = ["completed", "pruned", "failed", "missing"] + ["diverged"] * 4
    table = cells(runs, ["lr"])
    assert table[["configurations", "runs", "diverged"]].to_numpy().tolist() == [
        [1, 2, 0], [1, 4, 4]
    ]  # fmt: skip


def test_the_largest_stable_value_of_each_combination_is_found() -> None:
    runs = planted()
    runs["constant"] = (runs["activation"] == "sigmoid") & (runs["lr"] == "1")
    table = stable(runs, list(CHOICES)).set_index("combination")
    assert table["constant"].to_dict() == {"sigmoid": 4, "activation none": 0}
    assert table.loc["sigmoid", "largest_stable"] == "1"
    assert pd.isna(table["smallest_unstable"]["sigmoid"])
    assert table.loc["activation none", "largest_stable"] == "0.01"
    assert table.loc["activation none", "smallest_unstable"] == "0.1"
    assert set(table["runs"]) == {12}


def test_nothing_is_stable_above_the_first_value_that_is_not() -> None:
    runs = grid(CHOICES, 1)
    bad = (runs["lr"] == "0.01") & (runs["activation"] == "none")
    bad |= (runs["lr"] == "0.1") & (runs["activation"] == "sigmoid")
    table = stable(runs.assign(status=runs["status"].mask(bad, "diverged")), list(CHOICES))
    result = table.set_index("combination")
    assert pd.isna(result["largest_stable"]["activation none"])
    assert result["smallest_unstable"]["activation none"] == "0.01"
    assert result["largest_stable"]["sigmoid"] == "0.01"


def test_numbers_are_named_and_what_does_not_act_is_left_out_of_a_combination() -> None:
    choices: Choices = {"lr": [0.1, 1], "optimizer": ["sgd", "adam"], "momentum": [0.0, 0.9]}
    runs = grid(choices, 1)
    names = stable(runs, ["lr", "optimizer", "momentum"])["combination"].tolist()
    assert names == ["sgd · momentum 0", "sgd · momentum 0.9", "adam"]
    result = cells(runs, ["lr", "optimizer", "momentum"])
    of_momentum = result[result["other"] == "momentum"]
    assert of_momentum["runs"].tolist() == [1] * 4, "the runs with SGD"


def test_parameters_without_a_logarithmic_scale_have_no_map() -> None:
    choices: Choices = {"activation": ["sigmoid", "tanh"], "lr": [0.1]}
    runs = grid(choices, 2)
    names = ["activation", "lr"]
    assert tuple(cells(runs, names).columns) == CELLS
    assert tuple(stable(runs, names).columns) == STABLE
    assert cells(runs, names).empty
    assert stable(runs, names).empty


def test_every_run_diverged() -> None:
    runs = grid(CHOICES, 3).assign(status="diverged", diverged_at=1.0)
    table = cells(runs, list(CHOICES))
    assert set(table["share"]) == {1.0}
    assert set(table["high"]) == {1.0}
    assert np.isfinite(table[["low", "first"]]).all(axis=None)
    assert stable(runs, list(CHOICES))["largest_stable"].isna().all()


def test_networks_are_counted_apart() -> None:
    choices: Choices = {"implementation": ["exact", "as_printed"], "lr": [0.1, 1.0]}
    runs = grid(choices, 2)
    printed = runs["implementation"] == "as_printed"
    table = cells(runs.assign(status=runs["status"].mask(printed, "diverged")), ["lr"])
    assert list(zip(table["implementation"], table["diverged"], strict=True)) == [
        ("exact", 0), ("exact", 0), ("as_printed", 2), ("as_printed", 2),
    ]  # fmt: skip
    assert math.isnan(table["first"].iloc[0])
