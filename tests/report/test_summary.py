"""The paragraph on top of the page says what its tables say, in a few sentences."""

import math

import pandas as pd

from study.report.summary import summary
from tests.words import has

SIZE = pd.DataFrame([{"planned": 60, "added": 0, "at_most": 60, "datasets": 2, "repetitions": 3}])
PARAMETERS = pd.DataFrame({"parameter": ["hidden", "lr"], "studied": [False, True]})


def counts(planned: int, completed: int, diverged: int, missing: int = 0) -> pd.DataFrame:
    row = {"planned": planned, "completed": completed, "diverged": diverged, "missing": missing}
    return pd.DataFrame([{"parameter": "all", **row, "pruned": 0, "failed": 0}])


def ranked(*rows: tuple[str, str, float]) -> pd.DataFrame:
    columns = ["dataset", "configuration", "median"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["value"] = frame["median"]
    frame = frame.assign(metric="final_train_loss", goal="minimize", quantile=0.5, runs=3)
    return frame.assign(separable=False, tied=True)


def claims(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["claim", "dataset", "implementation", "verdict"])
    return frame.assign(id=frame["claim"])


LEARNED = pd.DataFrame(
    {
        "dataset": ["xor", "linear"], "metric": "final_train_loss", "trivial": [0.2494, 0.25],
        "better": [2, 1], "value": [0.01, 0.02], "runs": 30, "stuck": 0, "diverged": 0,
    }
)  # fmt: skip


def tables(**own: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "size": SIZE, "parameters": PARAMETERS, "outcomes": counts(60, 60, 0),
        "configurations": ranked(("xor", "lr 1", 0.01), ("xor", "lr 2", 0.1)),
        "learned": LEARNED, **own,
    }  # fmt: skip


def test_it_says_what_was_studied_what_is_best_and_how_it_ended() -> None:
    studied, best, ended = summary(tables())
    assert studied == (
        "60 small neural networks were planned, which differ in learning rate: on 2 datasets, "
        "with 3 repetitions of each configuration."
    )
    loss = "median final training loss 0.01, but 3 repetitions cannot separate 2 configurations"
    assert best == f"On xor, the best is lr 1 ({loss})."
    assert ended == "All 60 runs ran to their end."


def test_that_nothing_was_learned_comes_first_and_no_configuration_is_best() -> None:
    nothing = LEARNED.assign(better=[0, 1], value=[0.3101, 0.02])
    first, studied, *others = summary(tables(learned=nothing))
    assert first.startswith("No configuration beats the trivial predictor")
    assert first.endswith("loss of 0.31, the trivial predictor 0.249).")
    assert studied.startswith("60 small neural networks")
    assert not any("the best is" in sentence for sentence in others)
    both = summary(tables(learned=LEARNED.assign(better=0, value=math.inf)))
    assert (
        "predictor 0.249) and on linear (the first ranked has a median final training loss of ∞"
        in both[0]
    )
    known = ranked(("xor", "lr 1", 0.31), ("linear", "lr 2", 0.02))
    _, _, best, _ = summary(tables(learned=nothing, configurations=known))
    assert best.startswith("On linear, the best is lr 2")


def test_runs_of_the_best_that_learned_nothing_are_counted() -> None:
    some = LEARNED.assign(stuck=[14, 1], diverged=[0, 1])
    _, _, first, second, _ = summary(tables(learned=some))
    assert first.startswith("On xor, 14 of 30 runs of the best configuration are no better than")
    assert second.startswith("On linear, 1 of 30 runs of the best configuration is no better than")
    assert second.endswith("(1 diverged or failed).")


def test_runs_that_were_added_for_verdicts_are_counted_apart() -> None:
    first = summary(tables(size=SIZE.assign(added=15)))[0]
    assert first.startswith("60 small neural networks")
    assert "15 more runs" in first


def test_a_search_that_has_not_ended_says_what_was_trained_so_far() -> None:
    studied = summary(tables(size=SIZE.assign(at_most=450)))[0]
    assert studied.startswith("60 small neural networks were trained so far, which differ in")


def test_what_is_not_settled_or_not_learned_is_said() -> None:
    best = ranked(("a", "lr 1", 0.01), ("a", "lr 2", 0.02), ("b", "lr 1", math.inf))
    _, first, second, last = summary(
        tables(configurations=best, outcomes=counts(60, 40, 10, missing=10))
    )
    assert has(first, "lr 1", "0.01", "3 repetitions cannot separate 2 configurations")
    assert second == "On b, no configuration has a finite median final training loss."
    assert last == "Of 50 runs 10 diverged (20 % of them)."


def test_it_counts_what_is_tied_with_the_best() -> None:
    best = ranked(("xor", "lr 1", 0.01), ("xor", "lr 2", 0.1)).assign(separable=True)
    _, first, _ = summary(tables(configurations=best.assign(tied=[True, False])))
    assert has(first, "lr 1", "0.01", "tied with 0 of 1 other")
    _, first, _ = summary(tables(configurations=best))
    assert has(first, "0.01", "tied with 1 of 1 other")


def test_verdicts_are_counted_and_those_that_the_defects_made_are_named() -> None:
    of = claims(
        ("A", "xor", "exact", "undecided"), ("A", "xor", "as_printed", "supported"),
        ("B", "xor", "exact", "supported"), ("B", "xor", "as_printed", "supported"),
    )  # fmt: skip
    _, verdicts, made, apart, *_ = summary(tables(claims=of))
    assert verdicts == "Of 4 verdicts on 2 claims 3 are supported and 1 undecided."
    assert made == "Supported for the network as printed, and not for the exact one: “A” on xor."
    assert apart.endswith("no hypothesis compares them.")


def test_verdicts_that_are_all_the_same_are_not_counted_apart() -> None:
    of = claims(("A", "linear", "exact", "undecided"), ("A", "xor", "exact", "undecided"))
    assert summary(tables(claims=of))[1] == "Both verdicts on 1 claim are the same: undecided."
    of = claims(("A", "linear", "exact", "supported"), ("A", "xor", "exact", "undecided"))
    assert summary(tables(claims=of))[1] == (
        "Of 2 verdicts on 1 claim 1 is supported and 1 undecided."
    )


def test_whether_the_networks_differ_is_what_their_comparison_says() -> None:
    of = claims(
        ("A", "xor", "exact", "undecided"), ("A", "xor", "as_printed", "supported"),
        ("C", "xor", "as_printed − exact", "supported"),
        ("D", "xor", "as_printed − exact", "undecided"),
    )  # fmt: skip
    _, _, made, apart, *_ = summary(tables(claims=of))
    assert made.endswith("“A” on xor.")
    assert apart == (
        "That alone does not show that the networks differ; of 2 verdicts that compare them 1 is "
        "supported."
    )


def test_a_study_of_one_network_says_nothing_of_defects() -> None:
    of = claims(("A", "xor", "exact", "contradicted"))
    found = summary(tables(claims=of))
    assert found[1] == "The verdict on the only claim: contradicted."
    assert not any("printed" in sentence for sentence in found)
