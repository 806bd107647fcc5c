"""A short run of the calibration of effects: the best is kept, noise is taken for noise."""

import math

import numpy as np
import pytest

from tests import calibration_effects as calibration
from tests import calibration_warnings

pytestmark = pytest.mark.no_cover  # many rounds of what other tests trace


def limit(rounds: int) -> float:
    """Return what a share of 5 % exceeds once in ten thousand."""
    return 0.05 + 3.7 * math.sqrt(0.05 * 0.95 / rounds)


@pytest.mark.parametrize("world", calibration.WORLDS)
@pytest.mark.parametrize("n", [6, 10, 20])
def test_the_best_is_missed_no_more_often_than_allowed(world: str, n: int) -> None:
    rng = np.random.default_rng(n)
    assert calibration.best_lost(world, (4, n), 0.5, rounds=400, rng=rng) <= limit(400)
    assert calibration.best_lost(world, (128, n), 0.5, rounds=20, rng=rng) <= limit(20)
    assert calibration.best_lost(world, (4, n), 1.0, rounds=20, rng=rng) == 0, "none is separated"


def test_a_best_that_is_far_ahead_is_tied_with_at_most_one_of_three() -> None:
    """Four standard deviations, ten repetitions."""
    assert calibration.left(10, rounds=100, rng=np.random.default_rng(0)) <= 2


@pytest.mark.parametrize("world", calibration.WORLDS)
@pytest.mark.parametrize("n", [6, 10, 20])
def test_a_parameter_matters_falsely_no_more_often_than_allowed(world: str, n: int) -> None:
    wrong = calibration.matters_falsely(world, n, rounds=100, rng=np.random.default_rng(n))
    assert wrong <= limit(100)


@pytest.mark.parametrize("world", calibration.SHARES)
@pytest.mark.parametrize("n", [6, 10, 20])
def test_the_interval_of_a_share_covers_it_at_least_as_often_as_its_level(
    world: str, n: int
) -> None:
    missed = calibration.share_missed(world, n, rounds=400, rng=np.random.default_rng(n))
    assert missed <= limit(400)


@pytest.mark.parametrize("n", calibration.SIZES)
def test_on_noise_a_parameter_has_no_share_of_the_variance(n: int) -> None:
    parameter, noise = calibration.noise_share(n, rounds=200, rng=np.random.default_rng(n))
    assert abs(parameter) < 0.01
    assert noise == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("world", ["skewed", "common draws"])
def test_a_null_study_has_a_warning_no_more_often_than_allowed(world: str) -> None:
    rounds, rng = 10, np.random.default_rng(0)
    rates = calibration_warnings.warned(world, 10, rounds=rounds, rng=rng)
    assert set(rates) == {"edge", "overfits", "improving", "reversal", "separates"}
    assert max(rates.values()) <= limit(rounds)
