"""What the report says of claims: where each holds, and what a difference of verdicts means."""

import math
from pathlib import Path

import pandas as pd

from study.report.gather import gather
from study.report.questions.claims import finding, tables
from study.spec.hypotheses import Interaction, Level
from tests import synthetic
from tests.words import has


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return comparisons in which Adam's loss is a tenth of SGD's in 19 of 20 repetitions."""
    frame = pd.DataFrame(rows, columns=["id", "dataset", "implementation", "verdict"])
    seen = {"n": 20, "agree": 19, "ties": 0, "effect": 0.1, "low": 0.05, "high": 0.2}
    sides = {"unit": "ratio", "value": "adam", "with": "sgd", "expected": "lower"}
    frame = frame.assign(claim="Claim " + frame["id"] + ".", kind="comparison", threshold=0.5)
    return frame.assign(**seen, **sides, opposed=False, rows="", added=0, p=0.02)


SEEN = ("adam's is 1/10 of sgd's", "1/20 to 1/5", "lower in 19 of 20 repetitions")


def test_one_network_is_not_named() -> None:
    rows = [("a", "linear", "exact", "supported"), ("a", "xor", "exact", "undecided")]
    first, claim = finding(table(*rows))
    assert has(first, "1 hypothesis has 2 verdicts", "1 supported", "0 contradicted", "1 undecided")
    assert has(claim, "“Claim a”", "supported on linear", *SEEN, "undecided on xor", *SEEN)
    assert "network" not in first + claim


def test_networks_that_disagree_are_named_and_what_that_does_not_show() -> None:
    rows = [
        ("a", "xor", "exact", "contradicted"), ("a", "xor", "as_printed", "supported"),
        ("b", "xor", "exact", "undecided"), ("b", "xor", "as_printed", "supported"),
        ("c", "xor", "as_printed − exact", "undecided"),
    ]  # fmt: skip
    first, a, b, c, opposite, one = finding(table(*rows))
    assert has(first, "3 hypotheses have 5 verdicts", "network")
    printed = ("supported for the network as printed on xor", *SEEN)
    assert has(a, "“Claim a”", *printed, "contradicted for the exact network on xor", *SEEN)
    assert has(b, "“Claim b”", *printed, "undecided for the exact network on xor", *SEEN)
    assert has(c, "“Claim c”", "undecided on xor", *SEEN)
    assert has(opposite, "opposite", "a (xor)")
    assert has(one, "one network alone", "b (xor)", "not show that the networks differ")


def test_ties_are_named_and_differences_and_levels_have_words_of_their_own() -> None:
    rows = table(("a", "xor", "exact", "supported"))
    tied = finding(rows.assign(agree=15, ties=5))[1]
    assert has(tied, "lower in 15 of the 15 repetitions that differ")
    difference = rows.assign(unit="difference", effect=-0.05, low=-0.1, high=0.02)
    assert has(finding(difference)[1], "adam − sgd is -0.05, -0.1 to 0.02", "lower in 19 of 20")
    unknown = finding(rows.assign(effect=math.nan))[1]
    assert has(unknown, "supported on xor", "lower in 19 of 20")
    assert "adam" not in unknown
    untested = finding(rows.assign(n=0, agree=0, verdict="undecided"))[1]
    assert has(untested, "undecided on xor", "not tested")
    level = rows.assign(kind="level", threshold=0.8, expected="", unit="", value="")
    assert has(
        finding(level)[1], "“Claim a” in more than 80 %", "supported on xor",
        "median 0.1, 0.05 to 0.2", "in 19 of 20",
    )  # fmt: skip
    assert has(finding(level.assign(threshold=0.5))[1], "in more than half")


def test_the_rows_for_which_a_verdict_holds_are_named_where_all_repetitions_share_them() -> None:
    rows = table(("a", "xor", "exact", "supported")).assign(rows="its 21 points")
    assert has(finding(rows)[1], "supported on xor, for its 21 points (")


def test_a_verdict_whose_mean_goes_the_other_way_is_a_warning() -> None:
    rows = table(("a", "xor", "exact", "supported"), ("b", "xor", "exact", "undecided"))
    *_, warning = finding(rows.assign(opposed=True))
    assert has(warning, "mean", "a on xor")
    assert "b on xor" not in warning


def test_hypotheses_that_were_added_later_are_named_and_what_they_undo() -> None:
    rows = table(
        ("a", "xor", "exact", "undecided"), ("b", "xor", "exact", "undecided"),
        ("c", "xor", "exact", "undecided"),
    ).assign(added=[0, 15, 15], p=[0.02, 0.5, 0.5])  # fmt: skip
    *_, says = finding(rows)
    late = ("Added after", "b (after 15 repetitions)", "c (after 15 repetitions)")
    assert has(says, *late, "Without them", "a on xor")
    *_, says = finding(rows.assign(p=0.06))
    assert has(says, *late, "fresh study")


def test_nothing_declared_is_nothing_said() -> None:
    assert finding(table()) == []


def test_a_single_verdict_is_not_counted_apart() -> None:
    first, claim = finding(table(("a", "x", "exact", "contradicted")))
    assert first == "1 hypothesis has 1 verdict: contradicted."
    assert has(claim, "“Claim a”: contradicted on x", *SEEN)


def test_each_verdict_stands_beside_its_hypothesis_and_sides_have_their_labels(
    tmp_path: Path,
) -> None:
    material = gather(synthetic.store(synthetic.CLAIMS, tmp_path / "lab"))
    found = tables(material)
    records, beside = found["claims"].to_dict("records"), found["verdicts"].set_index("id")
    assert list(beside.index) == [h.id for h in material.pipeline.hypotheses]
    assert list(beside["label"]) == [h.claim for h in material.pipeline.hypotheses]
    for row in records:
        column = f"{row['dataset']}, {row['implementation']}"
        assert beside.loc[row["id"], column] == row["verdict"]
    sides = {row["id"]: (row["value"], row["with"], row["expected"]) for row in records}
    for one in material.pipeline.hypotheses:
        if isinstance(one, Level | Interaction):
            assert sides[one.id] == ("", "", "")
        else:
            assert sides[one.id] == (*one.compare.labels, one.expect)
