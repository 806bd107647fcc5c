"""What levels act on: planted ratios and steps, noise, and runs that end badly."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from study.stats.behaviour import BEHAVIOURS, COLUMNS, behaviour
from tests.grids import TWO_BY_TWO, Choices, code, grid, normal

LR: Mapping[str, Sequence[str]] = {"lr": ["0.1"]}


def lately(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs with a steady end."""
    return runs.assign(late_fall=0.0, late_spread=0.1, late_spikes=0.0, constant=0.0)


def cells(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the effects of lr, 1 instead of 0.1, by behaviour."""
    return behaviour(runs, ["lr"], LR).set_index("behaviour")


@pytest.mark.parametrize("n", [1, 3, 5, 6, 10])
def test_planted_ratios_are_found_for_every_behaviour_that_is_shown(n: int) -> None:
    runs = grid(TWO_BY_TWO, n)
    high = code(runs, "lr")
    common = np.random.default_rng(n).normal(0, 1, n)[runs["repetition"]]
    ratio, step = 10 ** (common - high), common + 0.5 * high
    table = cells(
        runs.assign(
            epochs_to_loss_05=ratio, epochs_to_full_accuracy=10 * ratio, best_train_loss=ratio,
            late_fall=0.0, late_spread=step, late_spikes=step, constant=0.0,
            final_train_loss=0.1, final_test_loss=0.1 + step,
        )
    )  # fmt: skip
    assert list(table.index) == [name for name in BEHAVIOURS if name != "constant_prediction"]
    ratios = table["scale"] == "log10"
    assert table.loc[ratios, "effect"].tolist() == pytest.approx([-1] * 3)
    raw = table.loc[~ratios, "effect"].drop("diverged")
    assert raw.tolist() == pytest.approx([0.5] * 3)
    assert table.loc["diverged", "effect"] == 0
    assert set(table["pairs"]) == {2}
    assert set(table["repetitions"]) == {n}
    assert table["low"].tolist() == pytest.approx(table["effect"].tolist())
    assert table["confidence"].tolist() == pytest.approx(
        [{1: 0.0, 3: 0.75, 5: 0.9375, 6: 0.96875, 10: 0.978516}[n]] * 7, abs=1e-6
    )


def test_noise_alone_has_intervals_with_zero_in_them() -> None:
    runs, outside = grid(TWO_BY_TWO, 10), 0
    for seed in range(40):
        row = cells(lately(runs.assign(best_train_loss=10 ** normal(runs, seed)))).loc[
            "best_train_loss"
        ]
        outside += bool(row["low"] > 0) + bool(row["high"] < 0)
    level = 1 - 0.978516
    assert outside / 40 <= level + 3 * math.sqrt(level * (1 - level) / 40)


def test_divergence_is_a_share_and_makes_the_rest_infinite() -> None:
    choices: Choices = {"activation": ["relu", "sigmoid", "tanh"], "lr": [0.1, 1.0]}
    runs = lately(grid(choices, 6).assign(best_train_loss=0.1, final_train_loss=0.1))
    bad = (runs["lr"] == "1") & (runs["activation"] != "relu")
    table = cells(runs.assign(status=runs["status"].mask(bad, "diverged")))
    assert table.loc["diverged", "effect"] == pytest.approx(2 / 3)
    assert table.loc["best_train_loss", "effect"] == math.inf
    assert table.loc["late_spread", "effect"] == math.inf


def test_a_network_that_answers_the_same_to_all_is_no_steady_one() -> None:
    choices: Choices = {"activation": ["relu", "sigmoid", "tanh"], "lr": [0.1, 1.0]}
    runs = lately(grid(choices, 6)).assign(final_train_loss=0.1, final_test_loss=0.3)
    high = runs["lr"] == "1"
    collapsed = high & (runs["activation"] != "relu")
    runs["late_spread"] = np.where(collapsed, 0.0, np.where(high, 0.4, 0.1))
    runs["final_test_loss"] = np.where(collapsed, 0.1, 0.3)
    table = cells(runs.assign(constant=collapsed.astype(float)))
    assert table.loc["constant_prediction", "effect"] == pytest.approx(2 / 3)
    for name, effect in (("late_spread", 0.3), ("generalisation_gap", 0.0)):
        assert table.loc[name, "pairs"] == 1
        assert table.loc[name, "effect"] == pytest.approx(effect)
    unknown = cells(runs.assign(constant=math.nan))
    assert "constant_prediction" not in unknown.index
    assert unknown.loc["late_spread", "pairs"] == 3
    lost = runs.assign(status=np.where(high, "diverged", "completed"), constant=math.nan)
    lost["constant"] = lost["constant"].where(high, 1.0)
    assert cells(lost).loc["constant_prediction", "effect"] == -1


def test_epochs_are_compared_where_one_of_the_two_arrived() -> None:
    runs = lately(grid(TWO_BY_TWO, 6)).assign(epochs_to_loss_05=math.nan)
    arrived = (runs["lr"] == "1") & (runs["activation"] == "tanh")
    table = cells(runs.assign(epochs_to_loss_05=np.where(arrived, 10.0, math.nan)))
    assert table.loc["epochs_to_loss_05", "pairs"] == 1
    assert table.loc["epochs_to_loss_05", "effect"] == -math.inf
    assert "epochs_to_full_accuracy" not in table.index, "no run shows it"
    assert "generalisation_gap" not in table.index


def test_pruned_trials_are_left_out_and_failed_runs_did_not_diverge() -> None:
    runs = lately(grid({"lr": [0.1, 1.0, 10.0]}, 2)).assign(best_train_loss=0.1)
    runs["status"] = ["completed", "completed", "failed", "completed", "diverged", "pruned"]
    table = cells(runs)
    assert table["level"].tolist() == ["1"] * len(table), "10 was pruned, and its diverged run too"
    assert table.loc["diverged", "repetitions"] == 1
    assert table.loc["best_train_loss", "repetitions"] == 2
    assert table.loc["best_train_loss", "effect"] == math.inf


@pytest.mark.parametrize(
    ("ratio", "clear"), [(1.0001, False), (0.99, False), (1.04, False), (1.06, True), (0.5, True)]
)
def test_an_effect_that_no_two_digits_show_is_not_clear(ratio: float, clear: bool) -> None:  # noqa: FBT001  # what is expected
    """Runs that agree to four digits do not differ, however certain the sign of the rest is."""
    runs = lately(grid({"lr": [0.1, 1.0]}, 8))
    first = 0.2 * (1 + runs["repetition"] / 1e6)
    runs["best_train_loss"] = first.where(runs["lr"] == "0.1", first * ratio)
    assert cells(runs).loc["best_train_loss", "clear"] == clear


def test_levels_without_a_partner_have_no_row() -> None:
    runs = lately(grid(TWO_BY_TWO, 3)).assign(best_train_loss=0.1)
    apart = runs[(runs["lr"] == "1") == (runs["activation"] == "tanh")]
    assert cells(apart).empty


def test_one_level_has_no_row() -> None:
    table = behaviour(lately(grid({"lr": [0.1]}, 3)), ["lr"], LR)
    assert table.empty
    assert tuple(table.columns) == COLUMNS
