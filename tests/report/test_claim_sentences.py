"""What the report says of claims: where each holds, and what a difference of verdicts means."""

import math

import pandas as pd

from study.report.claim_sentences import verdicts


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return comparisons in which Adam's loss is a tenth of SGD's in 19 of 20 repetitions."""
    frame = pd.DataFrame(rows, columns=["id", "dataset", "implementation", "verdict"])
    seen = {"n": 20, "agree": 19, "ties": 0, "effect": 0.1, "low": 0.05, "high": 0.2}
    sides = {"unit": "ratio", "value": "adam", "with": "sgd", "expected": "lower"}
    frame = frame.assign(claim="Claim " + frame["id"] + ".", kind="comparison", threshold=0.5)
    return frame.assign(**seen, **sides, opposed=False, rows="", added=0, p=0.02)


SEEN = "adam's is 1/10 of sgd's, 1/20 to 1/5; lower in 19 of 20 repetitions"


def test_one_network_is_not_named() -> None:
    rows = [("a", "linear", "exact", "supported"), ("a", "xor", "exact", "undecided")]
    first, claim = verdicts(table(*rows))
    assert first.startswith("1 hypothesis has 2 verdicts, each on a dataset: 1 supported, 0 ")
    assert "Undecided is not refuted" in first
    assert claim == f"“Claim a”: supported on linear ({SEEN}); undecided on xor ({SEEN})."


def test_networks_that_disagree_are_named_and_what_that_does_not_show() -> None:
    rows = [
        ("a", "xor", "exact", "contradicted"), ("a", "xor", "as_printed", "supported"),
        ("b", "xor", "exact", "undecided"), ("b", "xor", "as_printed", "supported"),
        ("c", "xor", "as_printed − exact", "undecided"),
    ]  # fmt: skip
    first, *each, opposite, one = verdicts(table(*rows))
    assert first.startswith("3 hypotheses have 5 verdicts, each on a dataset and network:")
    on = f"on xor ({SEEN})"
    assert each == [
        (
            f"“Claim a”: supported for the network as printed {on}; "
            f"contradicted for the exact network {on}."
        ),
        (
            f"“Claim b”: supported for the network as printed {on}; "
            f"undecided for the exact network {on}."
        ),
        f"“Claim c”: undecided {on}.",
    ]
    assert opposite == "The networks have opposite verdicts in a (xor)."
    assert one == (
        "Decided for one network alone: b (xor). That one is decided and the other is not does "
        "not show that the networks differ: a hypothesis about both would."
    )


def test_ties_are_named_and_differences_and_levels_have_words_of_their_own() -> None:
    rows = table(("a", "xor", "exact", "supported"))
    tied = verdicts(rows.assign(agree=15, ties=5))[1]
    assert "lower in 15 of the 15 repetitions that differ" in tied
    difference = rows.assign(unit="difference", effect=-0.05, low=-0.1, high=0.02)
    assert "(adam − sgd is -0.05, -0.1 to 0.02; lower in" in verdicts(difference)[1]
    unknown = verdicts(rows.assign(effect=math.nan))[1]
    assert unknown == "“Claim a”: supported on xor (lower in 19 of 20 repetitions)."
    untested = verdicts(rows.assign(n=0, agree=0, verdict="undecided"))[1]
    assert untested == "“Claim a”: undecided on xor (not tested)."
    level = rows.assign(kind="level", threshold=0.8, expected="", unit="", value="")
    assert verdicts(level)[1] == (
        "“Claim a” in more than 80 % of the repetitions: supported on xor (median 0.1, 0.05 to "
        "0.2; in 19 of 20 repetitions)."
    )
    assert "in more than half of the repetitions:" in verdicts(level.assign(threshold=0.5))[1]


def test_a_verdict_whose_mean_goes_the_other_way_is_a_warning() -> None:
    rows = table(("a", "xor", "exact", "supported"), ("b", "xor", "exact", "undecided"))
    *_, warning = verdicts(rows.assign(opposed=True))
    assert warning.endswith("the mean contradicts the share: a on xor.")


def test_hypotheses_that_were_added_later_are_named_and_what_they_undo() -> None:
    rows = table(
        ("a", "xor", "exact", "undecided"), ("b", "xor", "exact", "undecided"),
        ("c", "xor", "exact", "undecided"),
    ).assign(added=[0, 15, 15], p=[0.02, 0.5, 0.5])  # fmt: skip
    *_, says = verdicts(rows)
    assert says == (
        "Added after results were there to be seen: b (after 15 repetitions) and c (after 15 "
        "repetitions). Without them there would be a verdict on a on xor."
    )
    *_, says = verdicts(rows.assign(p=0.06))
    assert says.endswith("A fresh study would confirm them.")


def test_nothing_declared_is_nothing_said() -> None:
    assert verdicts(table()) == []


def test_a_single_verdict_is_not_counted_apart() -> None:
    first, claim = verdicts(table(("a", "x", "exact", "contradicted")))
    assert first == "1 hypothesis has 1 verdict: contradicted."
    assert claim == f"“Claim a”: contradicted on x ({SEEN})."
