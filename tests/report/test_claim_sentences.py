"""What the report says of claims: where each holds, and what a difference of verdicts means."""

import pandas as pd

from study.report.claim_sentences import verdicts


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["id", "dataset", "implementation", "verdict"])
    return frame.assign(claim="Claim " + frame["id"] + ".", kind="comparison", claimed=0.5)


def test_one_network_is_not_named() -> None:
    rows = [("a", "linear", "exact", "supported"), ("a", "xor", "exact", "undecided")]
    assert verdicts(table(*rows)) == [
        (
            "1 hypothesis comes to 2 verdicts, each on a dataset: 1 supported, 0 contradicted "
            "and 1 undecided. Undecided is not refuted: it means that these repetitions do not "
            "tell."
        ),
        "“Claim a”: supported on linear; undecided on xor.",
    ]


def test_a_claim_that_holds_wherever_it_was_tested_holds_everywhere() -> None:
    rows = [("a", on, net, "supported") for on in ("x", "y") for net in ("exact", "as_printed")]
    assert verdicts(table(*rows))[1:] == ["“Claim a”: supported everywhere."]
    assert verdicts(table(rows[0]))[1:] == ["“Claim a”: supported on x."]


def test_networks_that_disagree_are_named_and_what_that_does_not_show() -> None:
    rows = [
        ("a", "xor", "exact", "contradicted"), ("a", "xor", "as_printed", "supported"),
        ("b", "xor", "exact", "undecided"), ("b", "xor", "as_printed", "supported"),
        ("c", "xor", "as_printed − exact", "undecided"),
    ]  # fmt: skip
    first, *each, opposite, one = verdicts(table(*rows))
    assert first.startswith("3 hypotheses come to 5 verdicts, each on a dataset and network:")
    assert each == [
        (
            "“Claim a”: supported for the network as printed on xor; "
            "contradicted for the exact network on xor."
        ),
        (
            "“Claim b”: supported for the network as printed on xor; "
            "undecided for the exact network on xor."
        ),
        "“Claim c”: undecided on xor.",
    ]
    assert opposite == "The networks come to opposite verdicts in a (xor)."
    assert one == (
        "Decided for one network alone: b (xor). That one is decided and the other is not does "
        "not show that the networks differ: a hypothesis about both would."
    )


def test_a_level_is_said_with_the_share_of_the_runs_that_it_claims() -> None:
    rows = table(("a", "xor", "exact", "supported")).assign(kind="level", claimed=0.9)
    assert verdicts(rows)[1:] == ["“Claim a” in at least 90 % of the runs: supported on xor."]


def test_nothing_declared_is_nothing_said() -> None:
    assert verdicts(table()) == []


def test_a_single_verdict_is_not_counted_apart() -> None:
    first, claim = verdicts(table(("a", "x", "exact", "contradicted")))
    assert first == "1 hypothesis comes to 1 verdict: contradicted."
    assert claim == "“Claim a”: contradicted on x."
