"""The noise of repetitions: hand-computed, planted, and without an estimate."""

import math

import numpy as np
import pandas as pd
import pytest

from study.stats.decomposition import decomposition
from study.stats.noise import correlation, noise
from tests.grids import TRIVIAL, TWO_BY_TWO, accuracies, code, grid, normal

TWO = {"lr": [0.1, 1.0]}

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"


def row(runs: pd.DataFrame, metric: str = ACCURACY) -> pd.Series:
    """Return the only row of one metric."""
    table = noise(runs, TRIVIAL, metrics=[metric])
    assert len(table) == 1
    return table.iloc[0]


def test_two_configurations_of_two_repetitions_are_as_computed_by_hand() -> None:
    result = row(accuracies(grid(TWO, 2), [0.0, 0.2, 0.4, 0.6]))
    assert result["sd"] == pytest.approx(math.sqrt(0.02)), "SSw = 0.04 with 2 degrees of freedom"
    assert result["share"] == pytest.approx(1 - (0.20 - 0.04) / 0.20), "and no residual is left"
    assert (result["configurations"], result["repetitions"], result["scale"]) == (2, 2, "raw")


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.0, 0.2, 0.4, 0.6], 1.0), ([0.0, 0.2, 0.6, 0.4], -1.0), ([0.0, 0.2, 0.4, 0.4], math.nan)],
)
def test_the_correlation_shows_whether_repetitions_shift_all_configurations_together(
    values: list[float], expected: float
) -> None:
    assert row(accuracies(grid(TWO, 2), values))["correlation"] == pytest.approx(
        expected, nan_ok=True
    )


def test_the_share_equals_the_noise_in_the_decomposition() -> None:
    """One question has one number, wherever the report answers it."""
    runs = grid(TWO_BY_TWO, 6)
    common = np.random.default_rng(3).normal(0, 0.2, 6)[runs["repetition"]]
    values = accuracies(runs, (code(runs, "lr") + common + normal(runs, 4, 0.4)).tolist())
    table = decomposition(values, list(TWO_BY_TWO), TRIVIAL, metrics=[ACCURACY])
    (share,) = table.loc[table["kind"] == "noise", "share"]
    assert 0.1 < share < 0.9
    assert row(values)["share"] == pytest.approx(share)


def test_configurations_that_lack_a_repetition_have_a_share_too() -> None:
    values = accuracies(grid(TWO, 3), [0.0, 0.2, 0.4, 0.6, 0.8, 9.9]).iloc[:5]
    within = 0.08 + 0.02
    everything = float(np.sum((np.array([0.0, 0.2, 0.4, 0.6, 0.8]) - 0.4) ** 2))
    expected = 1 - (everything - within - within / 3) / (everything + within / 3)
    assert row(values)["share"] == pytest.approx(expected)


@pytest.mark.parametrize("unit", [1e-20, 1e20])
def test_a_correlation_has_no_unit(unit: float) -> None:
    table = pd.DataFrame([[0.0, 1.0, 3.0], [1.0, 1.0, 2.0]])
    assert correlation(table * unit) == pytest.approx(correlation(table))


def test_planted_noise_and_common_draws_are_found_with_their_size() -> None:
    runs = grid({"lr": [0.1, 0.2, 0.4, 0.8], "activation": ["sigmoid", "tanh"]}, 200)
    common = np.random.default_rng(1).normal(0, 0.3, 200)[runs["repetition"]]
    logs = -6 + code(runs, "lr") + common + normal(runs, 2, 0.3)
    result = row(runs.assign(final_train_loss=10**logs), LOSS)
    assert result["scale"] == "log10"
    assert result["sd"] == pytest.approx(math.hypot(0.3, 0.3), rel=0.1)
    assert result["correlation"] == pytest.approx(0.5, abs=0.1)
    assert result["share"] == pytest.approx(0.18 / (0.18 + 1.25), rel=0.15)


def test_pure_noise_is_all_of_the_variance() -> None:
    runs = grid(TWO_BY_TWO, 10)
    shares = [row(accuracies(runs, normal(runs, seed).tolist()))["share"] for seed in range(50)]
    assert np.mean(shares) > 0.95


@pytest.mark.parametrize("n", [1, 3, 5, 6, 10])
def test_runs_that_all_diverged_have_no_noise(n: int) -> None:
    runs = grid(TWO_BY_TWO, n).assign(status="diverged", final_train_loss=math.inf)
    result = row(runs, LOSS)
    assert (result["sd"] == 0) if n > 1 else math.isnan(result["sd"])
    assert np.isnan([result["share"], result["correlation"]]).all()


def test_one_repetition_gives_no_estimate_of_noise() -> None:
    result = row(accuracies(grid(TWO_BY_TWO, 1), [0.1, 0.2, 0.3, 0.4]))
    assert np.isnan([result["sd"], result["share"], result["correlation"]]).all()


def test_one_configuration_has_noise_that_is_everything() -> None:
    result = row(accuracies(grid({"lr": [0.1]}, 3), [0.1, 0.2, 0.3]))
    assert (result["sd"], result["share"]) == (pytest.approx(0.1), 1.0)
    assert math.isnan(result["correlation"])


def test_a_diverged_run_counts_as_one_that_learned_nothing() -> None:
    runs = grid(TWO, 2).assign(final_train_loss=[0.25, 0.25, 0.025, math.inf])
    runs.loc[3, "status"] = "diverged"
    assert row(runs, LOSS)["sd"] == pytest.approx(0.5), "log₁₀ 0.25 − log₁₀ 0.025 = 1"


def test_epochs_count_only_where_every_repetition_arrived() -> None:
    runs = grid(TWO, 2).assign(epochs_to_loss_05=[10.0, 100.0, 10.0, math.nan])
    result = row(runs, "epochs_to_loss_05")
    assert result["configurations"] == 1
    assert result["sd"] == pytest.approx(math.sqrt(0.5))
    nowhere = runs.assign(epochs_to_loss_05=[10.0, math.nan, 10.0, math.nan])
    assert noise(nowhere, TRIVIAL, metrics=["epochs_to_loss_05"]).empty


def test_pruned_runs_and_unknown_metrics_are_left_out() -> None:
    runs = accuracies(grid({"lr": [0.1, 1.0, 2.0]}, 2), [0.0, 0.2, 0.4, 0.6, 9.0, 5.0])
    runs.loc[runs["lr"] == "2", "status"] = "pruned"
    table = noise(runs, TRIVIAL)
    assert table["metric"].tolist() == [ACCURACY]
    assert table["configurations"].tolist() == [2]


def test_a_missing_run_leaves_its_repetition_out_of_the_correlation() -> None:
    values = [0.0, 0.2, 5.0, 0.4, 0.6, 9.0]
    runs = accuracies(grid(TWO, 3), values).drop(index=5)
    result = row(runs)
    assert result["repetitions"] == 2
    assert result["correlation"] == pytest.approx(1.0)


def test_datasets_and_networks_have_rows_of_their_own() -> None:
    networks = ["exact", "as_printed"]
    runs = grid({"implementation": networks, **TWO_BY_TWO}, 2, datasets=["linear", "xor"])
    table = noise(accuracies(runs, normal(runs, 0).tolist()), TRIVIAL)
    assert list(zip(table["dataset"], table["implementation"], strict=True)) == [
        ("linear", "exact"), ("linear", "as_printed"), ("xor", "exact"), ("xor", "as_printed"),
    ]  # fmt: skip


def test_the_correlation_is_the_mean_covariance_over_the_mean_variance() -> None:
    values = np.random.default_rng(0).normal([0.0, 1.0, 2.0, 3.0, 5.0], size=(3, 5))
    covariances = np.cov(values)
    apart = covariances[np.triu_indices(3, 1)].mean()
    expected = apart / np.diag(covariances).mean()
    assert correlation(pd.DataFrame(values)) == pytest.approx(expected)


def test_equal_columns_have_no_correlation() -> None:
    assert math.isnan(correlation(pd.DataFrame([[1.0, 1.0], [2.0, 2.0]])))
