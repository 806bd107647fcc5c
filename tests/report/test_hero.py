"""The first screen reports what its tables contain: notes, cards, and what leads."""

import math

import pandas as pd

from study.report.hero import Card, cards, notes, warned
from study.report.leads import lead
from study.report.questions.cautions import said
from tests.words import has, only

SIZE = pd.DataFrame(
    [{"planned": 60, "added": 0, "at_most": 60, "datasets": 2, "repetitions": 3,
      "configurations": 10}]
)  # fmt: skip
PARAMETERS = pd.DataFrame({"parameter": ["hidden", "lr"], "studied": [False, True]})
CERTIFICATE = pd.DataFrame({"differs_at": [math.nan] * 8, "reason": None})


def counts(planned: int, *, missing: int = 0, **wrong: int) -> pd.DataFrame:
    """Return outcomes of one dataset; all that went wrong has learning rate 10."""
    ends = {"diverged": 0, "pruned": 0, "failed": 0, "missing": missing} | wrong
    completed = planned - sum(ends.values())
    row = {"dataset": "xor", "planned": planned, "completed": completed, **ends}
    return pd.DataFrame([
        {"parameter": "all", "level": "all runs", **row},
        {"parameter": "lr", "level": "1", **row, "diverged": 0, "pruned": 0, "failed": 0},
        {"parameter": "lr", "level": "10", **row},
    ])  # fmt: skip


def ranked(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return ranked configurations, which the repetitions cannot separate."""
    frame = pd.DataFrame(rows, columns=["dataset", "configuration", "value"])
    frame["rank"] = frame.groupby("dataset", sort=False).cumcount() + 1
    frame = frame.assign(metric="final_train_loss", goal="minimize", quantile=0.5, runs=3)
    return frame.assign(separable=False, tied=True, median=frame["value"], fresh=False)


def claims(*rows: tuple[str, str, str, str, int, int, int]) -> pd.DataFrame:
    """Return verdicts: claim, dataset, network, verdict, n, agree, ties."""
    names = ["claim", "dataset", "implementation", "verdict", "n", "agree", "ties"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(id=frame["claim"], reason=frame["claim"] + " because")


LEARNED = pd.DataFrame(
    {
        "dataset": ["xor", "linear"], "metric": "final_train_loss", "trivial": [0.2494, 0.25],
        "answer": "the mean target",
        "better": [2, 1], "value": [0.01, 0.02], "runs": 30, "stuck": 0, "diverged": 0,
    }
)  # fmt: skip


def tables(**own: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "size": SIZE, "parameters": PARAMETERS, "outcomes": counts(60),
        "configurations": ranked(("xor", "lr 1", 0.01), ("xor", "lr 2", 0.1)),
        "learned": LEARNED, "certificate": CERTIFICATE, **own,
    }  # fmt: skip


def card(of: int, **own: pd.DataFrame) -> Card:
    """Return the only line of a card."""
    (line,) = cards(tables(**own))[of]
    return line


def test_the_first_card_counts_networks_and_how_they_ended() -> None:
    assert card(0) == Card("60", "networks trained; none diverged")
    lost = card(0, outcomes=counts(60, missing=10, diverged=8, failed=1))
    assert lost.value == "50"
    assert has(lost.text, "of 60 planned", "8 diverged (all with learning rate 10)", "1 failed")
    assert card(0, size=SIZE.assign(added=15)).text.endswith("; 15 more trained to decide claims")


def test_the_second_card_counts_claims_by_their_verdicts() -> None:
    of = claims(
        ("A", "xor", "exact", "undecided", 3, 1, 0),
        ("A", "xor", "as_printed", "supported", 9, 9, 0),
        ("B", "xor", "exact", "supported", 9, 9, 0),
        ("B", "xor", "as_printed", "supported", 9, 9, 0),
        ("C", "xor", "exact", "contradicted", 9, 0, 0),
    )  # fmt: skip
    sentences = card(1, claims=of)
    assert sentences.value == "3 claims"
    assert has(
        sentences.text, "1 supported everywhere", "1 contradicted everywhere", "1 with different"
    )
    once = card(1, claims=of.iloc[[0]])
    assert once == Card("1 claim", "1 undecided")


def test_without_claims_the_second_card_counts_configurations() -> None:
    sentences = card(1)
    assert sentences.value == "10 configurations"
    assert has(sentences.text, "learning rate", "3 repetitions", "2 datasets")


def test_the_third_card_names_the_best_of_each_dataset_and_its_ties() -> None:
    assert has(f"{card(2)}", "lr 1", "3 repetitions cannot separate")
    settled = ranked(("xor", "lr 1", 0.01), ("xor", "lr 2", 0.1)).assign(separable=True)
    assert card(2, configurations=settled.assign(tied=[True, False])).text.endswith(
        "tied with 0 of 1 other"
    )
    assert card(2, configurations=settled).text.endswith("tied with 1 of 1 other")
    both = ranked(("xor", "lr 1", 0.01), ("linear", "lr 1", 0.02))
    assert card(2, configurations=both) == Card("lr 1", "best on xor and linear")
    lost = ranked(("xor", "lr 1", 0.01), ("linear", "lr 1", math.inf))
    best, none = cards(tables(configurations=lost))[2]
    assert best.value == "lr 1"
    assert has(none.text, "no configuration", "finite", "linear")


def test_many_datasets_do_not_fill_the_card() -> None:
    learned = pd.concat([LEARNED.iloc[[0]].assign(dataset=f"d{i}") for i in range(12)])
    own = ranked(*((f"d{i}", f"lr {i}", 0.01) for i in range(12)))
    lines = cards(tables(configurations=own, learned=learned))[2]
    assert [line.value for line in lines] == ["lr 0", "lr 1", "lr 2", "…"]
    assert "9 more" in lines[-1].text
    same = ranked(*((f"d{i}", "lr 1", 0.01) for i in range(12)))
    (line,) = cards(tables(configurations=same, learned=learned))[2]
    assert has(line.text, "d0, d1, d2 and 9 more")


def test_a_statement_about_every_best_configuration_appears_once() -> None:
    own = ranked(*((d, f"lr {d}{i}", i / 10) for d in ("xor", "linear") for i in (1, 2)))
    *each, every = cards(tables(configurations=own))[2]
    assert [line.text for line in each] == ["best on xor", "best on linear"]
    assert has(every.value, "both datasets")
    assert has(every.text, "3 repetitions cannot separate it from the others")


def test_the_fourth_card_counts_identical_runs() -> None:
    assert card(3).value == "8 of 8"
    wrong = CERTIFICATE.assign(differs_at=[5.0, *[math.nan] * 7])
    assert card(3, certificate=wrong).value == "7 of 8"
    assert card(3, certificate=CERTIFICATE.iloc[:0]).value == "Not yet certified"


def test_that_nothing_was_learned_comes_first_and_no_configuration_is_best() -> None:
    nothing = LEARNED.assign(better=[0, 1], value=[0.3101, 0.02])
    (first,) = notes(tables(learned=nothing))
    assert has(first, "No configuration", "0.31", "xor", "0.249")
    sentences = cards(tables(learned=nothing, configurations=ranked(("xor", "lr 1", 0.31))))[2]
    assert [line.value for line in sentences] == ["No best configuration"]
    assert lead(tables(learned=nothing, configurations=ranked(("xor", "lr 1", 0.31)))) is None


def test_that_no_run_completed_comes_first() -> None:
    empty = LEARNED.iloc[:0]
    lost = counts(60, diverged=48, failed=12)
    assert notes(tables(learned=empty, outcomes=lost)) == [
        "No run completed: 48 diverged and 12 failed."
    ]
    assert notes(tables(learned=empty, outcomes=counts(60, diverged=48))) == []
    assert not any("completed" in note for note in notes(tables(outcomes=counts(60, missing=60))))


def test_missing_runs_are_counted_in_a_note() -> None:
    assert notes(tables()) == []
    (note,) = notes(tables(outcomes=counts(60, missing=10)))
    assert has(note, "not finished", "50 of 60 runs", "10")


def test_the_matrix_has_a_row_a_claim_and_a_column_a_dataset_and_network() -> None:
    of = claims(
        ("A", "xor", "exact", "undecided", 10, 6, 1),
        ("A", "xor", "as_printed", "supported", 9, 9, 0),
        ("B", "lin", "exact", "contradicted", 9, 0, 0),
        ("C", "xor", "as_printed − exact", "supported", 20, 19, 0),
    )  # fmt: skip
    names = pd.DataFrame({"id": ["A", "B", "C"], "label": ["a", "b", "c"]})
    leading = lead(tables(claims=of, verdicts=names))
    assert leading is not None
    assert leading.columns == (
        ("xor", "exact"), ("xor", "as printed"), ("lin", "exact"), ("lin", "as printed"),
    )  # fmt: skip
    cells = {row.label: [(c.icon, c.text, c.span) for c in row.cells] for row in leading.rows}
    absent = ("", "–", 1)
    assert cells == {
        "a": [("?", "6/9", 1), ("✓", "9/9", 1), absent, absent],
        "b": [absent, absent, ("✗", "0/9", 1), absent],
        "c": [("✓", "19/20", 2), absent, absent],
    }
    (first, _) = leading.rows[0].evidence
    assert (first.place, first.verdict, first.reason) == (
        "xor, exact network",
        "undecided",
        "A because",
    )
    assert first.strip == (("agree", 6), ("tie", 1), ("against", 3))
    assert has(first.words, "10 repetitions", "6 agree", "1 tie", "3 against")


def test_the_columns_of_one_network_are_the_datasets() -> None:
    of = claims(
        ("A", "xor", "exact", "supported", 9, 9, 0), ("A", "lin", "exact", "supported", 9, 9, 0)
    )
    names = pd.DataFrame({"id": ["A"], "label": ["a"]})
    leading = lead(tables(claims=of, verdicts=names))
    assert leading is not None
    assert leading.columns == (("xor", ""), ("lin", ""))
    assert [e.place for e in leading.rows[0].evidence] == ["xor", "lin"]


def test_without_claims_the_ranking_leads_with_the_trivial_predictor() -> None:
    own = ranked(*(("xor", f"lr {i}", i / 100) for i in range(1, 8)))
    leading = lead(tables(configurations=own))
    assert leading is not None
    assert [row.label for row in leading.rows] == [
        *(f"lr {i}" for i in range(1, 6)),
        "trivial predictor",
    ]
    assert [cell.text for cell in leading.rows[1].cells] == ["0.02", "2, tied"], "of one dataset"
    assert [cell.text for cell in leading.rows[-1].cells] == ["0.25", "–"]
    assert "trivial predictor" in leading.key
    held_out = own.assign(metric="final_test_loss")
    leading = lead(tables(configurations=held_out))
    assert leading is not None
    assert "held-out" in leading.title
    assert len(leading.rows) == 5, "the trivial predictor's loss is of another part"
    assert "trivial" not in leading.key
    both = ranked(("xor", "lr 1", 0.01), ("xor", "lr 2", 0.02), ("linear", "lr 1", 0.2))
    leading = lead(tables(configurations=both))
    assert leading is not None
    heads = ["dataset", "median final training loss", "rank"]
    assert [head for head, _ in leading.columns] == heads
    assert [row.cells[0].text for row in leading.rows] == ["xor"] * 3 + ["linear"] * 2
    nothing = LEARNED.assign(better=[2, 0])
    leading = lead(tables(configurations=both, learned=nothing))
    assert leading is not None
    assert leading.columns[0] == ("dataset", ""), "of two datasets, one has a best configuration"


def test_accuracies_stand_next_to_the_most_frequent_class_of_their_own_part() -> None:
    majority = pd.DataFrame(
        {"dataset": "xor", "part": ["train", "test"], "accuracy": [0.6, 0.55]}
    )  # fmt: skip
    for metric, text in (("final_test_accuracy", "0.55"), ("final_train_accuracy", "0.6")):
        own = ranked(("xor", "lr 1", 0.9), ("xor", "lr 2", 0.8)).assign(metric=metric)
        leading = lead(tables(configurations=own, majority=majority))
        assert leading is not None
        assert leading.rows[-1].label == "most frequent class"
        assert leading.rows[-1].cells[0].text == text
        alone = tables(configurations=own.iloc[:1], majority=majority)
        assert f"most frequent class: {text}" in cards(alone)[2][0].text
        chance = pd.DataFrame([{"dataset": "xor", "better": 5, "worse": 1, "runs": 6}])
        history = pd.DataFrame({"dataset": ["xor"]})
        arms = {"search_history": history, "against_random": chance}
        leading = lead(tables(configurations=own, majority=majority, **arms))
        assert leading is not None
        assert ("most frequent class", "") in leading.columns
        assert text in [cell.text for cell in leading.rows[0].cells]


def test_a_study_of_one_configuration_ranks_nothing() -> None:
    one = ranked(("xor", "the one configuration", 0.18))
    leading = lead(tables(configurations=one))
    assert leading is not None
    assert [[row.label, *(cell.text for cell in row.cells)] for row in leading.rows] == [
        ["the one configuration", "0.18"], ["trivial predictor", "0.25"],
    ]  # fmt: skip
    assert card(2, configurations=one).value == "0.18"


def test_the_ranking_has_the_best_linear_model_wherever_it_is() -> None:
    own = ranked(*(("xor", f"lr {i}", i / 100) for i in range(1, 10)))
    hidden = ["8", *["16"] * 6, "none", "none"]
    leading = lead(tables(configurations=own.assign(hidden=hidden)))
    assert leading is not None
    assert [row.label for row in leading.rows][5:] == [
        "best linear model: lr 8", "trivial predictor",
    ]  # fmt: skip
    assert [cell.text for cell in leading.rows[5].cells] == ["0.08", "8, tied"]


def test_a_search_leads_with_what_it_found_and_the_result_against_random() -> None:
    chance = pd.DataFrame([{"dataset": "xor", "better": 5, "worse": 1, "runs": 6}])
    history = pd.DataFrame({"dataset": ["xor"]})
    leading = lead(tables(search_history=history, against_random=chance))
    assert leading is not None
    (row,) = leading.rows
    assert row.label == "lr 1"
    assert [cell.text for cell in row.cells][:2] == ["0.01", "0.25"]
    assert has(row.cells[2].text, "better in 5", "worse in 1", "6 pairs")
    alone = lead(tables(search_history=history, against_random=chance.iloc[:0]))
    assert alone is not None
    assert len(alone.columns) == 2


def test_several_objectives_lead_with_the_front() -> None:
    pareto = pd.DataFrame({
        "dataset": "xor", "configuration": ["a", "b", "c"], "front": [0, 0, 1],
        "objective_1": [0.1, 0.2, 0.3], "objective_2": [30.0, 20.0, 40.0],
    })  # fmt: skip
    aims = pd.DataFrame({
        "objective": ["objective_1", "objective_2"], "metric": ["final_train_loss", "parameters"],
    })  # fmt: skip
    leading = lead(tables(pareto=pareto, objectives=aims))
    assert leading is not None
    assert [(r.label, *(c.text for c in r.cells)) for r in leading.rows] == [
        ("a", "0.1", "30"), ("b", "0.2", "20"),
    ]  # fmt: skip


def test_warnings_and_notes_are_separate() -> None:
    rows = [
        {"dataset": "xor", "caution": "few", "severity": "note", "value": 3.0},
        {"dataset": "xor", "caution": "stuck", "severity": "warning", "value": 1.0, "n": 10.0},
    ]
    table = pd.DataFrame(rows).assign(implementation=None)
    warnings = warned(said(table, lambda row: f"help {row['caution']}"))
    assert only(warnings.warnings, "1 of 10 runs", "`help stuck`")
    assert only(warnings.notes, "3 repetitions", "`help few`")
