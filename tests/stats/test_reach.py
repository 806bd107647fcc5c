"""What repetitions can decide: against the test itself, count by count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from study.stats.mixture import judge
from study.stats.reach import POWER, deciding, fewest, power, powerful


@given(st.integers(0, 40), st.floats(0.05, 0.95), st.sampled_from([1, 5, 13, 58]))
def test_deciding_counts_agree_with_the_test(n: int, threshold: float, verdicts: int) -> None:
    words = [judge(k, n, threshold, verdicts).word for k in range(n + 1)]
    supporting = [k for k, word in enumerate(words) if word == "supported"]
    contradicting = [k for k, word in enumerate(words) if word == "contradicted"]
    expected = min(supporting, default=None), max(contradicting, default=None)
    assert deciding(n, threshold, verdicts) == expected


@pytest.mark.parametrize(
    ("threshold", "verdicts", "n"),
    [(0.5, 1, 8), (0.5, 5, 11), (0.5, 13, 12), (0.5, 58, 15), (0.8, 1, 24), (0.8, 58, 45),
     (0.9, 1, 51)],
)  # fmt: skip
def test_the_fewest_repetitions_match_the_design(threshold: float, verdicts: int, n: int) -> None:
    assert fewest(threshold, verdicts) == n
    assert fewest(1 - threshold, verdicts, supporting=False) == n
    assert judge(n, n, threshold, verdicts).word == "supported"
    assert judge(n - 1, n - 1, threshold, verdicts).word == "undecided"


def test_a_share_next_to_one_is_out_of_reach() -> None:
    assert fewest(0.99999, 58) is None
    assert fewest(0.99999, 58, supporting=False) is not None


@pytest.mark.parametrize("share", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("n", [5, 20, 30, 40])
def test_power_is_the_chance_of_a_count_that_decides(share: float, n: int) -> None:
    least, _ = deciding(n, 0.5, 13)
    expected = 0.0 if least is None else stats.binom.sf(least - 1, n, share)
    assert power(n, share, 13) == pytest.approx(expected)


def test_power_matches_the_design() -> None:
    assert [powerful(share, 13) for share in (0.8, 0.9, 1.0)] == [54, 27, 12]
    result = [[round(100 * power(n, s, 13)) for n in (20, 30, 40)] for s in (0.95, 0.9, 0.8)]
    assert result == [[92, 98, 100], [68, 82, 98], [21, 26, 59]]
    for share in (0.8, 0.9, 1.0):
        n = powerful(share, 58)
        assert power(n, share, 58) >= POWER > power(n - 1, share, 58)
