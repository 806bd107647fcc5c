"""A short `make calibration`: verdicts and intervals are wrong no more often than stated."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from study.stats.reach import deciding
from tests import calibration
from tests.calibration import NULLS, SIZES
from tests.claims import comparison, judged, level, made

pytestmark = pytest.mark.no_cover  # many rounds of what other tests trace

ROUNDS = 150


def limit(rate: float, rounds: int) -> float:
    """Return what a share of `rounds` exceeds once in ten thousand, if it is right."""
    return rate + 3.7 * math.sqrt(rate * (1 - rate) / rounds)


@pytest.mark.parametrize("name", NULLS)
def test_verdicts_are_false_no_more_often_than_allowed_whenever_one_stops(name: str) -> None:
    rng = np.random.default_rng(len(name))
    for world in NULLS[name][1]:
        result = calibration.false_verdicts(name, world, range(1, 41), rounds=ROUNDS, rng=rng)
        assert result <= limit(0.05, ROUNDS), world


@pytest.mark.parametrize("true", [0, 4])
@pytest.mark.parametrize("world", ["independent", "strong common draws", "∞ in some"])
def test_dependent_hypotheses_that_are_extended_together_are_seldom_false(
    world: str, true: int
) -> None:
    result = calibration.extended(world, true, rounds=ROUNDS, rng=np.random.default_rng(true))
    assert result <= limit(0.05, ROUNDS)


@pytest.mark.parametrize("share", [0.8, 0.9, 0.95])
def test_a_claim_is_supported_as_often_as_its_share_makes_it(share: float) -> None:
    rng = np.random.default_rng(0)
    for n in (20, 40):
        least, _ = deciding(n, 0.5, 13)
        assert least is not None
        expected = stats.binom.sf(least - 1, n, share)
        result = calibration.power(share, n, 13, rounds=400, rng=rng)
        assert result == pytest.approx(expected, abs=3.7 * 0.5 / 20)


@pytest.mark.parametrize("n", SIZES)
def test_an_interval_covers_the_median_at_least_as_often_as_its_printed_level(n: int) -> None:
    held, level = calibration.coverage(n, rounds=400, rng=np.random.default_rng(n))
    assert 1 - held <= limit(1 - level, 400)


def test_halves_of_a_real_configuration_differ_no_more_often_than_allowed() -> None:
    rng = np.random.default_rng(0)
    rates = [calibration.halves(of, 10, rounds=10, rng=rng) for of in calibration.losses(20)]
    assert np.mean(rates) <= limit(0.05, 10 * len(rates))


@pytest.mark.parametrize("n", [1, *SIZES])
@pytest.mark.parametrize("value", [0.5, 0.0, None, "diverged"])
def test_constant_runs_are_tested_without_a_warning_or_a_verdict(
    value: float | str | None, n: int
) -> None:
    metric = "epochs_to_loss_05"
    runs = made({"optimizer": "adam"}, [value] * n, metric=metric)
    other = made({"optimizer": "sgd"}, [value] * n, metric=metric)
    same = [comparison(id="a", metric=metric), comparison(id="b", metric=metric, expect="higher")]
    table = judged(pd.concat([runs, other]), same)
    assert set(table["verdict"]) == {"undecided"}
    assert len(judged(runs, [level(metric, {"at_most": 1.0})])) == 1
