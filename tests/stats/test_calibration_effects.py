"""A short run of the calibration of effects: the best is kept, noise is taken for noise."""

import math

import numpy as np
import pytest

from tests import calibration_effects as calibration

pytestmark = pytest.mark.no_cover  # many rounds of what other tests trace


def limit(rounds: int) -> float:
    """Return what a share of 5 % exceeds once in ten thousand."""
    return 0.05 + 3.7 * math.sqrt(0.05 * 0.95 / rounds)


@pytest.mark.parametrize("n", calibration.SIZES)
def test_the_best_is_lost_at_most_as_often_as_allowed(n: int) -> None:
    rounds = 60
    lost = calibration.best_lost(n, rounds=rounds, rng=np.random.default_rng(n))
    assert lost <= limit(rounds)


@pytest.mark.parametrize("n", calibration.SIZES)
def test_noise_is_told_as_an_effect_at_most_as_often_as_allowed(n: int) -> None:
    rounds = 30
    told = calibration.noise_told(n, rounds=rounds, rng=np.random.default_rng(n))
    assert told <= limit(rounds)


@pytest.mark.parametrize("n", calibration.SIZES)
def test_on_noise_a_parameter_has_no_share_of_the_variance(n: int) -> None:
    parameter, noise = calibration.noise_share(n, rounds=200, rng=np.random.default_rng(n))
    assert abs(parameter) < 0.01
    assert noise == pytest.approx(1, abs=0.03)
