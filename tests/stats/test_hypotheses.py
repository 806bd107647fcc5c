"""Claims and verdicts on made-up runs: what counts, what ties, and how large effects are."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from scipy import stats

from study.columns import TABLES
from study.space import Value
from study.spec.hypotheses import Claims, Hypothesis
from study.stats.agreement import TOLERANCE
from study.stats.hypotheses import EXTRA, hypotheses
from study.stats.mixture import judge
from study.stats.reach import fewest
from tests.claims import DIVERGED, FAILED, comparison, interaction, judged, level, made, one, two

TEN = [0.1 * i for i in range(1, 11)]
LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"


def asked(declared: Sequence[Hypothesis], **more: Any) -> Claims:  # noqa: ANN401  # its fields
    return Claims(declared=declared, **{"datasets": ["xor"], "networks": ["exact"], **more})


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


def test_matched_configurations_are_one_number_a_repetition() -> None:
    """Forty pairs that agree are five repetitions: too few."""
    rates = np.geomspace(1e-4, 1, 8).tolist()
    runs = [
        made({"optimizer": name, "lr": lr}, [loss] * 5, metric=LOSS)
        for name, loss in (("adam", 0.1), ("sgd", 0.2))
        for lr in rates
    ]
    row = one(pd.concat(runs), comparison())
    assert (row["n"], row["verdict"]) == (5, "undecided")
    assert row["method"].endswith("; each repetition the median of 8 matched cases")


@few(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([LOSS, ACCURACY]))
def test_the_number_of_a_repetition_is_the_median_over_what_matches(seed: int, metric: str) -> None:
    rng = np.random.default_rng(seed)
    results = rng.random(size=(2, 3, 9)).round(2) + 0.01
    runs = [
        made({"optimizer": name, "lr": lr}, list(results[i, j]), metric=metric)
        for i, name in enumerate(("adam", "sgd"))
        for j, lr in enumerate((0.1, 0.01, 1.0))
    ]
    row = one(pd.concat(runs), comparison(metric=metric))
    on_scale = np.log10(results) if metric == LOSS else results
    by_hand = np.median(on_scale[0] - on_scale[1], axis=0)
    ties = np.abs(by_hand) <= TOLERANCE
    assert (row["agree"], row["ties"]) == ((by_hand[~ties] < 0).sum(), ties.sum())
    median = np.median(by_hand)
    assert row["effect"] == pytest.approx(10**median if metric == LOSS else median)
    ordered = np.sort(by_hand)
    ends = ordered[1], ordered[-2]  # the 2nd and 8th of 9 hold the median with 96.1 %
    assert row["level"] == pytest.approx(1 - 20 / 512)
    expected = tuple(10.0**end for end in ends) if metric == LOSS else ends
    assert (row["low"], row["high"]) == pytest.approx(expected)


def test_a_parameter_that_does_not_act_on_one_side_is_not_matched() -> None:
    """Momentum is null under Adam: Adam stands against SGD with either."""
    values: list[tuple[dict[str, Value], float]] = [
        ({"optimizer": "adam", "lr": 0.1}, 1.0),
        ({"optimizer": "adam", "lr": 0.2}, 100.0),
        ({"optimizer": "sgd", "momentum": 0.0, "lr": 0.1}, 4.0),
        ({"optimizer": "sgd", "momentum": 0.9, "lr": 0.1}, 4.0),
    ]
    runs = [made(value, [loss] * 8, metric=LOSS) for value, loss in values]
    row = one(pd.concat(runs), comparison())
    assert (row["effect"], row["verdict"]) == (pytest.approx(0.25), "supported")
    assert "median of 2 matched cases" in row["method"]


def test_configurations_that_differ_in_other_parameters_are_not_paired() -> None:
    runs = pd.concat([
        made({"optimizer": "adam", "lr": 0.1}, TEN, metric=LOSS),
        made({"optimizer": "sgd", "lr": 0.2}, TEN, metric=LOSS),
    ])  # fmt: skip
    row = one(runs, comparison())
    assert (row["verdict"], row["n"], row["p"], row["p_adjusted"]) == ("undecided", 0, 1.0, 1.0)
    assert row["reason"] == "not tested: no configurations differ in optimizer alone"
    assert math.isnan(row["effect"])
    assert (row["unit"], row["method"]) == ("", "")


def test_a_repetition_that_lacks_a_run_does_not_count() -> None:
    runs = pd.concat([
        made({"optimizer": "adam"}, [0.1] * 9, metric=LOSS),
        made({"optimizer": "sgd"}, [1.0] * 12, metric=LOSS).iloc[[0, 1, 2, 4, 5, 6, 7, 8, 10, 11]],
    ])  # fmt: skip
    row = one(runs, comparison())
    assert (row["n"], row["agree"], row["verdict"]) == (8, 8, "supported")
    assert row["reason"].endswith("left out: 3 repetitions that lack a run")


def test_only_repetitions_that_had_no_part_in_choosing_count() -> None:
    runs = pd.concat(
        made({"optimizer": name}, [size] * 20, metric=LOSS)
        for name, size in (("adam", 0.1), ("sgd", 1.0))
    )

    def tested(start: int) -> pd.Series:
        def first(dataset: str, configurations: Sequence[Mapping[str, object]]) -> int:
            assert dataset == "xor"
            assert [c["optimizer"] for c in configurations] == ["adam", "sgd"]
            return start

        return hypotheses(runs, asked([comparison()], first=first)).iloc[0]

    for start, n in ((0, 20), (12, 8), (13, 7)):
        row = tested(start)
        assert (row["n"], row["agree"]) == (n, n)
        assert row["verdict"] == ("undecided" if n < 8 else "supported")
    row = tested(20)
    assert (row["n"], row["p"], row["verdict"]) == (0, 1.0, "undecided")
    assert row["reason"] == (
        "not tested: the first 20 repetitions had a part in choosing its configurations"
    )


@pytest.mark.parametrize(
    ("distance", "agree"), [(0.0, 10), (0.7, 10), (0.71, 9), (3.0, 0), (-3.0, 0), (1.0, 5)]
)
def test_equal_is_within_the_margin_its_end_included(distance: float, agree: int) -> None:
    noise = np.linspace(-0.3, 0.3, 10)
    row = two(list(5 + distance + noise), [5.0] * 10, expect="equal", margin=1.0, metric=ACCURACY)
    assert (row["agree"], row["ties"], row["n"]) == (agree, 0, 10)
    assert row["verdict"] == judge(agree, 10, 0.5, 1).word
    assert abs(row["worst"]) == pytest.approx(abs(distance) + 0.3)


def test_equal_takes_the_same_infinity_as_equal_and_its_margin_on_the_scale() -> None:
    row = two([DIVERGED] * 8, [DIVERGED] * 8, expect="equal", margin=0.1)
    assert (row["agree"], row["verdict"]) == (8, "supported")
    assert two([DIVERGED] * 8, [1.0] * 8, expect="equal", margin=0.1)["agree"] == 0
    assert two([1.25] * 8, [1.0] * 8, expect="equal", margin=0.1)["agree"] == 8
    assert two([1.27] * 8, [1.0] * 8, expect="equal", margin=0.1)["agree"] == 0
    linear = two([1.27] * 8, [1.0] * 8, expect="equal", margin=0.27, scale="linear")
    assert linear["agree"] == 8


def test_a_scale_of_its_own_decides_where_matched_cases_disagree() -> None:
    """Ratios of 10, 1/1.25 and 1/1.25; differences of 0.9, −2 and −2."""
    cells = {("adam", 1.0): 1.0, ("sgd", 1.0): 0.1, ("adam", 0.1): 8.0, ("sgd", 0.1): 10.0}
    runs = pd.concat(
        made({"optimizer": name, "lr": lr}, [loss] * 8, metric=LOSS)
        for (name, lr), loss in cells.items()
    )
    assert one(runs, comparison())["agree"] == 0, "log₁₀: (1 − 0.097) / 2 is higher"
    assert one(runs, comparison(scale="linear"))["agree"] == 8, "(0.9 − 2) / 2 is lower"


def test_a_few_repetitions_far_the_other_way_are_the_worst_and_a_warning() -> None:
    row = two([0.9] * 18 + [1e6] * 2, [1.0] * 20)
    assert (row["verdict"], row["agree"]) == ("supported", 18)
    assert row["worst"] == pytest.approx(1e6)
    assert row["opposed"]
    assert "the mean goes the other way" in row["reason"]
    calm = two([0.9] * 18 + [1.1] * 2, [1.0] * 20)
    assert (calm["worst"], calm["opposed"]) == (pytest.approx(1.1), False)
    diverged = two([0.9] * 18 + [DIVERGED] * 2, [1.0] * 20)
    assert (diverged["worst"], diverged["opposed"], diverged["diverged_value"]) == (
        math.inf,
        True,
        2,
    )


def test_a_stack_that_was_timed_once_counts_once() -> None:
    """Repetitions 0 to 3 share a stack on each side, 4 to 11 have their own; one failed."""
    shared, own = [1.0] * 4, [2.0 + i for i in range(8)]
    runs = pd.concat(
        made({"optimizer": name}, [more + s for s in (*shared, *own)], metric="seconds")
        for name, more in (("adam", 0.0), ("sgd", 100.0))
    )
    row = one(runs, comparison(metric="seconds"))
    assert (row["n"], row["agree"], row["verdict"]) == (9, 9, "supported")
    assert row["reason"].endswith("left out: 3 repetitions timed in a stack that counts once")


def four(values: dict[tuple[str, float], list[float | str]]) -> pd.DataFrame:
    return pd.concat(
        made({"optimizer": name, "lr": lr}, results, metric=LOSS)
        for (name, lr), results in values.items()
    )


def test_an_interaction_is_the_ratio_of_two_ratios() -> None:
    runs = four({
        ("adam", 1.0): [8.0] * 8, ("sgd", 1.0): [2.0] * 8,
        ("adam", 0.01): [1.0] * 8, ("sgd", 0.01): [2.0] * 8,
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["effect"], row["unit"]) == (pytest.approx(8.0), "ratio")
    assert (row["verdict"], row["kind"]) == ("supported", "interaction")
    assert one(runs, interaction(scale="linear"))["effect"] == 7.0


def test_without_an_interaction_of_ratios_differences_of_another_size_decide_nothing() -> None:
    runs = four({
        ("adam", 1.0): [0.004] * 12, ("sgd", 1.0): [0.002] * 12,
        ("adam", 0.01): [4.0] * 12, ("sgd", 0.01): [2.0] * 12,
    })  # fmt: skip
    row = one(runs, interaction())
    assert (row["ties"], row["verdict"]) == (12, "undecided")
    assert one(runs, interaction(scale="linear"))["verdict"] == "contradicted"


@pytest.mark.parametrize("also", [("sgd", 1.0), ("adam", 0.01)])
def test_an_interaction_with_one_infinite_side_is_infinite_and_with_two_a_tie(
    also: tuple[str, float],
) -> None:
    values: dict[tuple[str, float], list[float | str]] = {
        ("adam", 1.0): [DIVERGED] * 9, ("sgd", 1.0): [4.0] * 9,
        ("adam", 0.01): [1.0] * 9, ("sgd", 0.01): [2.0] * 9,
    }  # fmt: skip
    row = one(four(values), interaction())
    assert (row["agree"], row["verdict"]) == (9, "supported")
    values[also] = [3.0] * 8 + [DIVERGED]
    row = one(four(values), interaction())
    assert (row["n"], row["agree"], row["ties"], row["verdict"]) == (9, 8, 1, "supported")
    assert row["diverged_value"] + row["diverged_with"] == 10


@pytest.mark.parametrize("hits", range(11))
def test_a_level_is_decided_by_the_share_of_the_repetitions_that_meet_it(hits: int) -> None:
    runs = made({}, [1.0] * hits + [0.9] * (10 - hits), metric=ACCURACY)
    for share in (0.5, 0.3):
        row = one(runs, level(ACCURACY, {"at_least": 1.0, "share": share}))
        expected = judge(hits, 10, share, 1)
        assert (row["verdict"], row["p"]) == (expected.word, expected.p)
        assert (row["agree"], row["ties"], row["threshold"]) == (hits, 0, share)
        assert row["effect"] == np.median([1.0] * hits + [0.9] * (10 - hits))
    assert row["worst"] == (1.0 if hits == 10 else 0.9)


def test_a_diverged_run_meets_only_the_level_of_the_worst() -> None:
    runs = made({}, [DIVERGED] * 10, metric=LOSS)
    for expect, verdict in (({"at_most": 1e30}, "contradicted"), ({"at_least": 1.0}, "supported")):
        assert one(runs, level(LOSS, expect))["verdict"] == verdict
    runs = made({}, [DIVERGED] * 10, metric=ACCURACY)
    assert one(runs, level(ACCURACY, {"at_least": 0.0}))["verdict"] == "contradicted"
    row = one(runs, level("diverged", {"is": True}))
    assert (row["verdict"], row["diverged_value"]) == ("supported", 10)
    assert math.isnan(row["effect"])
    assert one(runs, level("diverged", {"is": False}))["verdict"] == "contradicted"


def test_never_is_later_than_any_epoch() -> None:
    runs = made({}, [None] * 10, metric="epochs_to_full_accuracy")
    row = one(runs, level("epochs_to_full_accuracy", {"at_most": 10**6}))
    assert (row["verdict"], row["agree"]) == ("contradicted", 0)


def test_a_threshold_is_read_in_the_metrics_own_precision() -> None:
    """0.95 in single precision is less than 0.95: it is the same number all the same."""
    runs = made({}, [0.95] * 10, metric=ACCURACY).astype({ACCURACY: np.float32})
    row = one(runs, level(ACCURACY, {"at_least": 0.95}))
    assert row["agree"] == 10
    assert f"median {ACCURACY.replace('_', ' ')} " in row["reason"]
    assert one(runs, level(ACCURACY, {"at_most": 0.95}))["agree"] == 10


def test_a_large_share_needs_many_repetitions() -> None:
    expect = {"at_least": 1.0, "share": 0.9}
    for n in (50, 51):
        row = one(made({}, [1.0] * n, metric=ACCURACY), level(ACCURACY, expect))
        assert row["verdict"] == ("supported" if n == 51 else "undecided")


def test_the_unit_is_the_repetition_where_several_configurations_match() -> None:
    """If two of four diverge, there is no majority; n is the number of repetitions."""
    runs = [
        made({"lr": lr}, [DIVERGED if lr > 0.5 else 0.1] * 6, metric=LOSS)
        for lr in (0.1, 0.2, 1.0, 2.0)
    ]
    row = one(pd.concat(runs), level("diverged", {"is": True}))
    assert (row["n"], row["agree"], row["diverged_value"]) == (6, 0, 12)
    assert one(pd.concat(runs), level("diverged", {"is": False}))["agree"] == 0
    assert one(pd.concat(runs[1:]), level("diverged", {"is": True}))["agree"] == 6


def test_a_verdict_about_rows_that_all_repetitions_share_names_them() -> None:
    metric = "final_test_accuracy"
    first, second = [0.9, 0.8, 0.9, 0.7] * 3, [0.6, 0.7, 0.8, 0.6] * 3
    runs = pd.concat(
        made({"optimizer": name}, results, metric=metric)
        for name, results in (("adam", first), ("sgd", second))
    )
    declared = [comparison(metric=metric, expect="higher")]
    shared = {"xor": ("this table's rows", 0.25)}
    row = hypotheses(runs, asked(declared, shared=shared)).iloc[0]
    differences = np.subtract(first, second)
    half = stats.t.ppf(0.975, 11) * math.sqrt(differences.var(ddof=1) * (1 / 12 + 0.25))
    low, high = differences.mean() - half, differences.mean() + half
    assert f"; valid for this table's rows; for new rows {low:.3g} to {high:.3g}, " in row["reason"]
    assert row["rows"] == "this table's rows"
    shared = {"xor": ("its 21 points", 0.0)}
    row = hypotheses(runs, asked(declared, shared=shared)).iloc[0]
    assert row["reason"].endswith("; valid for its 21 points")
    assert "for" not in two([0.1] * 3, [1.0] * 3)["reason"]
