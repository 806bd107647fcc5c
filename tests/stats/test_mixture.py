"""The test behind verdicts: its evidence, its interval, and its validity whenever one stops."""

import functools
import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from study.stats.mixture import ALPHA, evidence, interval, judge, needed_evidence, probability

counts = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
thresholds = st.floats(0.01, 0.99)
many = st.sampled_from([1, 5, 13, 58])


@given(counts, thresholds)
def test_evidence_is_the_mixed_likelihood_ratio(count: tuple[int, int], threshold: float) -> None:
    """The integrals are taken by quadrature, as they are written in the definition."""
    agree, n = count

    def ratio(theta: float) -> float:
        logs = special.xlogy(agree, theta / threshold)
        return math.exp(logs + special.xlogy(n - agree, (1 - theta) / (1 - threshold)))

    peak = [agree / n] if n else []
    for result, (low, high) in zip(
        evidence(agree, n, threshold), ((threshold, 1.0), (0.0, threshold)), strict=True
    ):
        between = [p for p in peak if low < p < high]
        mixed, _ = integrate.quad(ratio, low, high, points=between or None, epsrel=1e-11, limit=200)
        assert result == pytest.approx(math.log(mixed / (high - low)), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize(
    ("agree", "n", "threshold"),
    [(19, 20, 0.5), (700_000, 10**6, 0.699), (3, 50, 0.1), (10**6, 10**6, 1 - 1e-9), (0, 9, 1e-12),
     (10**6, 10**6, 0.5), (1, 10**6, 1e-7)],
)  # fmt: skip
def test_evidence_follows_the_incomplete_beta_function(
    agree: int, n: int, threshold: float
) -> None:
    a, b = agree + 1, n - agree + 1
    null = agree * math.log(threshold) + (n - agree) * math.log1p(-threshold)
    with np.errstate(divide="ignore"):
        above = special.betaln(a, b) + np.log(special.betaincc(a, b, threshold))
        below = special.betaln(a, b) + np.log(special.betainc(a, b, threshold))
    result = evidence(agree, n, threshold)
    expected = (above - math.log1p(-threshold) - null, below - math.log(threshold) - null)
    for mine, theirs in zip(result, expected, strict=True):
        if math.isfinite(theirs):
            assert mine == pytest.approx(theirs, abs=1e-8, rel=1e-9)


@pytest.mark.parametrize(
    ("agree", "n", "p"),
    [(6, 6, 0.110), (8, 8, 0.0352), (10, 10, 0.0107), (12, 12, 0.0032), (15, 15, 0.0005),
     (19, 20, 0.0004), (18, 20, 0.0038), (17, 20, 0.0228), (27, 30, 0.0001)],
)  # fmt: skip
def test_p_values_match_the_design(agree: int, n: int, p: float) -> None:
    assert probability(agree, n, 0.5) == pytest.approx(p, abs=6e-5 if p < 0.05 else 6e-4)
    assert probability(n - agree, n, 0.5) == probability(agree, n, 0.5)


def test_ten_of_ten_by_hand() -> None:
    """∫ over (½, 1) of 2 · (2θ)¹⁰ dθ = 2¹¹ (1 − 2⁻¹¹) / 11 = 2047 / 11."""
    assert math.exp(evidence(10, 10, 0.5)[0]) == pytest.approx(2047 / 11)
    assert probability(10, 10, 0.5) == pytest.approx(22 / 2047)


@given(counts, thresholds)
def test_evidence_is_a_martingale_at_the_threshold(
    count: tuple[int, int], threshold: float
) -> None:
    """Another repetition leaves its expectation where it was; below the threshold it falls."""
    agree, n = count
    for side in (0, 1):
        now = evidence(agree, n, threshold)[side]
        agrees = math.exp(evidence(agree + 1, n + 1, threshold)[side] - now)
        differs = math.exp(evidence(agree, n + 1, threshold)[side] - now)
        assert threshold * agrees + (1 - threshold) * differs == pytest.approx(1, rel=1e-9)
        assert (agrees > differs) == (side == 0)


def false_by(last: int, theta: float, threshold: float) -> float:
    """Return the probability that a verdict against θ is ever reached, looked at after each."""
    chances, false = np.array([1.0]), 0.0
    for n in range(1, last + 1):
        chances = np.convolve(chances, [1 - theta, theta])
        for k in np.flatnonzero(chances):
            above, below = evidence(int(k), n, threshold)
            wrong = (above if theta <= threshold else -math.inf,
                     below if theta >= threshold else -math.inf)  # fmt: skip
            if max(wrong) >= needed_evidence(1):
                false += chances[k]
                chances[k] = 0.0
    return false


@pytest.mark.parametrize("threshold", [0.05, 0.5, 0.8])
def test_looking_after_each_repetition_is_wrong_in_less_than_five_percent(threshold: float) -> None:
    """The probability is summed over all paths, and not simulated."""
    assert false_by(60, threshold, threshold) <= ALPHA
    assert false_by(60, 0.9 * threshold, threshold) <= ALPHA / 2
    assert false_by(60, 0.5 + 0.5 * threshold, threshold) <= ALPHA / 2


def test_looking_after_each_of_sixty_has_the_error_rate_of_the_design() -> None:
    assert false_by(60, 0.5, 0.5) == pytest.approx(0.026, abs=0.002)


@given(counts, thresholds, many)
def test_the_interval_leaves_the_threshold_out_exactly_where_there_is_a_verdict(
    count: tuple[int, int], threshold: float, verdicts: int
) -> None:
    agree, n = count
    result = judge(agree, n, threshold, verdicts)
    assert result.p == probability(agree, n, threshold)
    assert result.adjusted == min(1.0, verdicts * result.p)
    outside = threshold < result.low or threshold > result.high
    assert outside == (result.word != "undecided")
    if result.word == "supported":
        assert threshold < result.low <= result.share
    if result.word == "contradicted":
        assert result.share <= result.high < threshold


@given(counts, many)
def test_the_ends_of_the_interval_have_just_the_evidence_needed(
    count: tuple[int, int], verdicts: int
) -> None:
    agree, n = count
    low, high = interval(agree, n, verdicts)
    assert (low == 0.0) == (agree == 0)
    assert (high == 1.0) == (agree == n)
    for end, side, exact in ((low, 0, 0.0), (high, 1, 1.0)):
        if end != exact:
            assert evidence(agree, n, end)[side] == pytest.approx(needed_evidence(verdicts))
    assert interval(n - agree, n, verdicts) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@pytest.mark.parametrize("agree", [1, 500_000, 10**6])
def test_a_million_repetitions_have_an_interval(agree: int) -> None:
    n = 10**6
    low, high = interval(agree, n, 58)
    assert low <= agree / n <= high
    # about Gauß's, with the evidence that a verdict needs
    width = math.sqrt(2 * (needed_evidence(58) + 0.5 * math.log(n)) * 0.25 / n)
    assert high - low <= 3 * width


@given(st.integers(1, 60), thresholds)
def test_more_that_agree_are_more_evidence(n: int, threshold: float) -> None:
    logs = [evidence(k, n, threshold) for k in range(n + 1)]
    assert all(one[0] < more[0] for one, more in itertools.pairwise(logs))
    assert all(one[1] > more[1] for one, more in itertools.pairwise(logs))


def test_nothing_compared_is_no_evidence() -> None:
    result = judge(0, 0, 0.8, 3)
    assert (result.p, result.adjusted, result.word) == (1.0, 1.0, "undecided")
    assert (result.low, result.high) == (0.0, 1.0)
    assert math.isnan(result.share)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_intervals_hold_the_share_looked_at_whenever(share: float) -> None:
    rng = np.random.default_rng(0)
    missed, once = 0, functools.cache(interval)
    for _ in range(200):
        agree = np.cumsum(rng.random(40) < share)
        ends = [once(int(k), n, 1) for n, k in enumerate(agree, start=1)]
        missed += not all(low <= share <= high for low, high in ends)
    assert stats.binom.sf(missed - 1, 200, ALPHA) > 1e-4
