"""Verdicts on made-up runs: the table, what counts, and diverged or failed runs."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from study.columns import TABLES
from study.stats.hypotheses import EXTRA, hypotheses
from study.stats.mixture import judge
from study.stats.reach import fewest
from tests.claims import (
    ACCURACY,
    DIVERGED,
    FAILED,
    LOSS,
    TEN,
    asked,
    comparison,
    judged,
    level,
    made,
    one,
    two,
)


def test_the_table_has_the_columns_of_the_file_and_a_few_for_the_report() -> None:
    table = hypotheses(made({}, TEN, metric=LOSS), asked([]))
    assert list(table.columns) == [*(column.name for column in TABLES["hypotheses"]), *EXTRA]
    assert table.empty


@pytest.mark.parametrize(
    ("expect", "verdict", "agree"), [("lower", "supported", 10), ("higher", "contradicted", 0)]
)
def test_one_direction_in_all_repetitions_supports_it_and_contradicts_the_other(
    expect: str, verdict: str, agree: int
) -> None:
    row = two(TEN, [10 * x for x in TEN], expect=expect)
    assert (row["verdict"], row["n"], row["agree"], row["ties"]) == (verdict, 10, agree, 0)
    assert row["p"] == pytest.approx(22 / 2047), "by hand: 2 · 11 / (2¹¹ − 1)"
    assert row["p_adjusted"] == row["p"]
    assert (row["threshold"], row["share"]) == (0.5, agree / 10)
    assert (row["effect"], row["unit"]) == (pytest.approx(0.1), "ratio")
    assert (row["low"], row["high"]) == (pytest.approx(0.1), pytest.approx(0.1))
    assert row["level"] == pytest.approx(1 - 22 / 1024)
    assert row["kind"] == "comparison"


outcomes = st.sampled_from([0.0, 0.25, 0.25000001, 0.5, 1e30, DIVERGED, FAILED])


@few(max_examples=60, deadline=None)
@given(st.lists(st.tuples(outcomes, outcomes), min_size=1, max_size=20), st.booleans())
def test_a_comparison_counts_what_python_counts(
    pairs: list[tuple[float | str, float | str]],
    log: bool,  # noqa: FBT001  # drawn
) -> None:
    first, second = zip(*pairs, strict=True)
    row = two(first, second, **({} if log else {"scale": "linear"}))

    def scaled(result: float | str) -> float:
        if isinstance(result, str):
            return math.inf
        return result if not log else math.log10(result) if result else -math.inf

    agree = ties = 0
    for a, b in pairs:
        x, y = scaled(a), scaled(b)
        tied = x == y or abs(x - y) <= 1e-6
        ties += tied
        agree += x < y and not tied
    assert (row["n"], row["agree"], row["ties"]) == (len(pairs), agree, ties)
    expected = judge(agree, len(pairs) - ties, 0.5, 1)
    assert (row["p"], row["verdict"]) == (expected.p, expected.word)
    assert row["diverged_value"] == first.count(DIVERGED)
    assert row["diverged_with"] == second.count(DIVERGED)


@pytest.mark.parametrize("n", [1, 2, 7, 8])
def test_fewer_than_eight_repetitions_decide_nothing_with_that_reason(n: int) -> None:
    row = two([0.1] * n, [1.0] * n)
    assert row["verdict"] == ("supported" if n == 8 else "undecided")
    assert (f"{n} cannot reach p = 0.05" in row["reason"]) == (n < 8)


def test_m_is_the_number_of_rows_whether_they_could_be_tested_or_not() -> None:
    runs = pd.concat(
        made({"optimizer": name}, [size] * 11, metric=LOSS, dataset=data)
        for name, size in (("adam", 0.1), ("sgd", 1.0))
        for data in ("xor", "linear")
    )
    absent = comparison(id="absent", where={"lr": 9.0})
    two_rows = judged(runs, [comparison(id="one")], ["linear", "xor"])
    four_rows = judged(runs, [comparison(id="one"), absent], ["linear", "xor"])
    more = [comparison(id=f"c{i}") for i in range(5)]
    ten_rows = judged(runs, more, ["linear", "xor"])
    for table, m in ((two_rows, 2), (four_rows, 4), (ten_rows, 10)):
        assert len(table) == m
        assert table["p_adjusted"].tolist() == [min(1.0, m * p) for p in table["p"]]
    assert set(two_rows["verdict"]) == {"supported"}
    assert fewest(0.5, 10) == 12
    assert set(ten_rows["verdict"]) == {"undecided"}, "eleven repetitions decide less"
    untested = four_rows[four_rows["id"] == "absent"]
    assert untested[["n", "agree", "ties", "p"]].to_numpy().tolist() == [[0, 0, 0, 1.0]] * 2
    assert untested["share"].isna().all()
    assert untested[["share_low", "share_high"]].to_numpy().tolist() == [[0.0, 1.0]] * 2


def test_a_run_stored_before_a_metric_existed_is_left_out_and_never_the_worst() -> None:
    """It has the best test loss, and so had a best epoch, which was not stored."""
    metric = "best_test_epoch"
    first, second = [3.0] * 12, [90.0] * 10 + [None, DIVERGED]
    runs = pd.concat(
        made({"optimizer": name}, results, metric=metric).assign(best_test_loss=0.1)
        for name, results in (("adam", first), ("sgd", second))
    )
    row = one(runs, comparison(metric=metric))
    assert (row["n"], row["agree"], row["diverged_with"]) == (11, 11, 1)
    assert one(runs.assign(best_test_loss=math.nan), comparison(metric=metric))["n"] == 12
    lost = runs.assign(best_test_epoch=math.nan)
    row = one(lost[lost["status"] == "completed"], comparison(metric=metric))
    assert (row["n"], row["verdict"]) == (0, "undecided")


def test_a_network_that_no_run_has_is_a_row_that_could_not_be_tested() -> None:
    runs = made({}, [1.0] * 10, metric=ACCURACY)
    declared = [level(ACCURACY, {"at_least": 1.0})]
    table = hypotheses(runs, asked(declared, networks=["exact", "as_printed"]))
    assert table["verdict"].tolist() == ["supported", "undecided"]
    assert table["n"].tolist() == [10, 0]
    assert table["reason"][1].startswith("not tested: the study holds no finished configuration")


def test_never_and_diverged_are_infinite_and_lose_to_every_number() -> None:
    metric = "epochs_to_full_accuracy"
    row = two([30, 40, 50, 60] * 2, [None, DIVERGED, 900, None] * 2, metric=metric)
    assert (row["verdict"], row["agree"], row["diverged_with"]) == ("supported", 8, 2)
    assert math.isnan(row["effect"]), "the median ratio is infinite"
    assert (row["low"], row["high"]) == (0.0, pytest.approx(50 / 900))
    assert "runs that never reached: adam 0, sgd 4" in row["reason"]


def test_a_median_ratio_that_is_infinite_is_written_as_infinite() -> None:
    row = two([40] * 8, [None] * 8, metric="epochs_to_full_accuracy")
    assert "median ratio 1/∞ (1/∞ to 1/∞ " in row["reason"]


def test_where_both_diverge_it_is_a_tie() -> None:
    row = two([DIVERGED] * 10, [DIVERGED] * 10)
    assert (row["verdict"], row["p"], row["ties"]) == ("undecided", 1.0, 10)
    assert row["n"] == 10
    assert math.isnan(row["share"])
    assert (row["share_low"], row["share_high"]) == (0.0, 1.0)
    assert "0 of the 0 that differ, 10 ties" in row["reason"]


def test_a_failed_run_keeps_its_repetition_and_loses() -> None:
    row = two([FAILED] * 8, [1.0] * 8)
    assert (row["n"], row["agree"], row["verdict"]) == (8, 0, "contradicted")
    assert two([FAILED, FAILED], [FAILED, DIVERGED])["ties"] == 2
    for expect in ({"is": True}, {"is": False}):
        runs = made({}, [FAILED] * 8, metric=LOSS)
        assert one(runs, level("diverged", expect))["agree"] == 0, "it shows neither"


def test_a_diverged_accuracy_is_the_lowest_and_a_cost_is_a_fact_of_any_run() -> None:
    worse = two([DIVERGED] * 8, [0.0] * 8, metric=ACCURACY)
    assert (worse["verdict"], worse["low"], worse["unit"]) == ("supported", -math.inf, "difference")
    assert math.isnan(worse["effect"])
    runs = pd.concat(
        made({"optimizer": name}, [size] * 8, metric="parameters").assign(status=DIVERGED)
        for name, size in (("adam", 5.0), ("sgd", 9.0))
    )
    assert one(runs, comparison(metric="parameters", scale="linear"))["effect"] == -4
