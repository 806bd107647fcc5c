"""What is corrected together, and what a family cannot decide."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.analysis.families import undecidable, unsupportable
from study.analysis.holm import holm
from study.analysis.hypotheses import hypotheses
from study.spec.hypotheses import Hypothesis
from tests.claims import comparison, level, made

LOSS = "final_train_loss"


def runs() -> pd.DataFrame:
    """Return ten repetitions on two datasets, both networks: the printed one is always worse."""
    return pd.concat(
        made({"optimizer": optimizer, "implementation": network}, losses, metric=LOSS, dataset=data)
        for data in ("linear", "xor")
        for network, worse in (("exact", 0.0), ("as_printed", 5.0))
        for optimizer, losses in (
            ("adam", [worse + 0.1 * i for i in range(10)]),
            ("sgd", [worse + 1 + 0.3 * i for i in range(10)]),
        )
    )


def test_there_is_a_row_for_each_hypothesis_dataset_and_network_in_the_order_declared() -> None:
    declared: list[Hypothesis] = [
        comparison(id="one"),
        level(LOSS, {"at_most": 2.0}, id="two", datasets=["xor"]),
    ]
    table = hypotheses(runs(), declared, ["linear", "xor"])
    assert list(zip(table["id"], table["dataset"], table["implementation"], strict=True)) == [
        ("one", "linear", "exact"), ("one", "linear", "as_printed"),
        ("one", "xor", "exact"), ("one", "xor", "as_printed"),
        ("two", "xor", "exact"), ("two", "xor", "as_printed"),
    ]  # fmt: skip


def test_holm_corrects_within_a_dataset_and_network_alone() -> None:
    declared = [comparison(id=str(i)) for i in range(3)]
    table = hypotheses(runs(), declared, ["linear", "xor"])
    assert set(table["p"]) == {2**-9}
    assert set(table["p_holm"]) == {3 * 2**-9}
    assert table["reason"].str.endswith("after Holm's correction for 3 hypotheses").all()


def test_networks_that_are_compared_or_named_have_one_row() -> None:
    networks = {"parameter": "implementation", "value": "as_printed", "with": "exact"}
    declared = [
        comparison(id="both", compare=networks, expect="higher"),
        comparison(id="named", where={"implementation": "exact"}),
    ]
    table = hypotheses(runs(), declared, ["xor"])
    assert table["implementation"].tolist() == ["as_printed − exact", "exact"]
    assert table["estimate"].tolist()[0] == 5.0
    assert table["p_holm"].tolist() == [2**-9, 2**-9]


def test_what_was_not_tested_corrects_nothing() -> None:
    declared = [comparison(id="one"), comparison(id="absent", where={"lr": 9.0})]
    table = hypotheses(runs(), declared, ["xor"])
    assert table.loc[table["id"] == "one", "p_holm"].tolist() == [2**-9, 2**-9]
    assert table.loc[table["id"] == "absent", "verdict"].tolist() == ["undecided"] * 2


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_holm_is_monotone_and_between_p_and_bonferroni(p: list[float]) -> None:
    corrected = holm(p)
    assert all(a <= b <= min(1.0, len(p) * a) or a == b for a, b in zip(p, corrected, strict=True))
    by_size = [c for _, c in sorted(zip(p, corrected, strict=True))]
    assert by_size == sorted(by_size)
    assert min(corrected) == min(1.0, len(p) * min(p))


@pytest.mark.parametrize(("n", "count", "decides"), [(5, 1, False), (6, 1, True), (6, 2, False),
                                                     (10, 25, True), (10, 26, False)])  # fmt: skip
def test_repetitions_decide_a_family_only_if_its_smallest_p_survives_holm(
    n: int, count: int, *, decides: bool
) -> None:
    declared = [comparison(id=str(i)) for i in range(count)]
    hopeless = undecidable(declared, ["xor"], ["exact"], n)
    assert (not hopeless) == decides
    assert all(p == pytest.approx(count * 2 ** (1 - n)) for p in hopeless.values())


def test_a_hypothesis_is_decidable_where_one_of_its_families_can_decide_it() -> None:
    declared = [comparison(id="both"), comparison(id="xor", datasets=["xor"])]
    assert list(undecidable(declared, ["linear", "xor"], ["exact"], 6)) == ["xor"]


def test_a_share_too_large_for_the_repetitions_can_be_contradicted_alone() -> None:
    declared = [
        level(LOSS, {"at_most": 1.0, "share": share}, id=f"of{share:.0%}"[:-1])
        for share in (0.5, 0.9, 1.0)
    ]
    assert unsupportable(declared, 10) == ["of90", "of100"]
    assert unsupportable(declared, 36) == ["of100"]
    assert not undecidable(declared, ["xor"], ["exact"], 10)
