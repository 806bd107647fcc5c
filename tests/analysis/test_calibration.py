"""A short `make calibration`: verdicts and intervals are wrong no more often than they say."""

import math

import numpy as np
import pandas as pd
import pytest

from study.analysis.hypotheses import hypotheses
from tests import calibration
from tests.calibration import SIZES, SYMMETRIC, WRONG
from tests.claims import comparison, level, made

pytestmark = pytest.mark.no_cover  # many rounds of what other tests trace

ROUNDS = 80


def limit(rate: float, rounds: int) -> float:
    """Return what a share of `rounds` exceeds once in ten thousand, if it is right."""
    return rate + 3.7 * math.sqrt(rate * (1 - rate) / rounds)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("name", WRONG)
def test_verdicts_are_false_at_most_as_often_as_allowed(name: str, n: int) -> None:
    rng = np.random.default_rng([n, len(name)])
    rounds = ROUNDS if "hypotheses" not in name else ROUNDS // 4
    for world in WRONG[name][1]:
        found = calibration.false_verdicts(name, world, n, rounds=rounds, rng=rng)
        assert found <= limit(0.05, rounds), world


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("world", SYMMETRIC)
def test_an_interval_holds_the_truth_at_least_as_often_as_it_prints(world: str, n: int) -> None:
    held, level = calibration.coverage(world, n, rounds=400, rng=np.random.default_rng(n))
    assert 1 - held <= limit(1 - level, 400)


@pytest.mark.parametrize("n", SIZES)
def test_the_interval_of_a_share_holds_it_whatever_it_is(n: int) -> None:
    assert calibration.least_coverage(n) >= 0.95


def test_halves_of_a_real_configuration_differ_no_more_often_than_allowed() -> None:
    rng = np.random.default_rng(0)
    rates = [calibration.halves(of, 8, rounds=10, rng=rng) for of in calibration.losses(16)]
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
    table = hypotheses(pd.concat([runs, other]), same, ["xor"])
    assert set(table["verdict"]) == {"undecided"}
    assert len(hypotheses(runs, [level(metric, {"at_most": 1.0})], ["xor"])) == 1
