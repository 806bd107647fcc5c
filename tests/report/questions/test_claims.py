"""Claims: how many hold everywhere, what else a reader should know, and every verdict."""

from pathlib import Path

import pandas as pd
import pytest

from study.report.gather import gather
from study.report.questions.claims import QUESTION, SHORT, finding, named, notes, tables
from study.spec.hypotheses import Interaction, Level
from tests import synthetic
from tests.words import has, only


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Return verdicts: each has the id, dataset, network and verdict of a row."""
    frame = pd.DataFrame(rows, columns=["id", "dataset", "implementation", "verdict"])
    return frame.assign(label="Claim " + frame["id"], n=20, opposed=False, added=0, p=0.02)


S, C, U = "supported", "contradicted", "undecided"


@pytest.mark.parametrize(
    ("verdicts", "parts"),
    [
        ([[S, S], [S, S], [C, C], [S, U], [U, U]],
         ["5", "2", "supported everywhere", "1", "contradicted everywhere", "1", "mixed", "1",
          "undecided everywhere"]),
        ([[S, C], [C, S]], ["Both", "mixed"]),
        ([[U, U], [U, U]], ["Both", "undecided", "20 repetitions"]),
        ([[U]], ["undecided", "20 repetitions"]),
        ([[C]], ["contradicted."]),
        ([[S], [C]], ["2", "1", "supported", "1", "contradicted."]),
    ],
)  # fmt: skip
def test_claims_are_counted_by_what_they_are_everywhere(
    verdicts: list[list[str]], parts: list[str]
) -> None:
    rows = [
        (f"c{i}", dataset, "exact", verdict)
        for i, of in enumerate(verdicts)
        for dataset, verdict in zip(("linear", "xor"), of, strict=False)
    ]
    sentences = finding(table(*rows))
    assert only(sentences, *parts)
    assert ("everywhere" in sentences[0]) == (
        len(rows) > len(verdicts) and "everywhere" in str(parts)
    )


def test_claims_without_a_tested_repetition_are_undecided() -> None:
    (sentence,) = finding(table(("a", "xor", "exact", U)).assign(n=0))
    assert has(sentence, "undecided")
    assert "repetition" not in sentence


def test_without_a_hypothesis_there_is_no_finding() -> None:
    assert finding(table()) == []
    assert notes(table()).empty


def test_opposite_verdicts_of_the_networks_are_noted_and_others_are_not() -> None:
    rows = [
        ("a", "xor", "exact", C), ("a", "xor", "as_printed", S),
        ("a", "linear", "exact", S), ("a", "linear", "as_printed", S),
        ("b", "xor", "exact", U), ("b", "xor", "as_printed", S),
        ("c", "linear", "exact", S), ("c", "xor", "exact", C),
    ]  # fmt: skip
    (row,) = notes(table(*rows)).to_dict("records")
    assert "opposite" in row["note"]
    assert row["claims"] == "a on xor"


def test_a_verdict_whose_mean_contradicts_its_share_is_noted() -> None:
    rows = table(("a", "xor", "exact", S), ("b", "xor", "exact", U)).assign(opposed=True)
    (row,) = notes(rows).to_dict("records")
    assert has(row["note"], "mean", "share")
    assert row["claims"] == "a on xor"


def test_hypotheses_that_were_added_later_are_noted_with_the_verdicts_that_they_undo() -> None:
    rows = table(
        ("a", "xor", "exact", U), ("b", "xor", "exact", U), ("c", "xor", "exact", U)
    ).assign(added=[0, 15, 15], p=[0.02, 0.5, 0.5])  # fmt: skip
    (undone,) = notes(rows).to_dict("records")
    assert undone["claims"] == "b (after 15 repetitions) and c (after 15 repetitions)"
    assert undone["meaning"].endswith("a on xor")
    (fresh,) = notes(rows.assign(p=0.06)).to_dict("records")
    assert fresh["claims"] == undone["claims"]
    assert "a on xor" not in fresh["meaning"]


def test_rows_have_short_labels_if_these_differ() -> None:
    rows = table(("a", "xor", "exact", S), ("b", "xor", "exact", U))
    assert named(rows)["id"].tolist() == ["Claim a", "Claim b"]
    for labels in (["Same", "Same"], ["Short", "l" * (SHORT + 1)]):
        assert named(rows.assign(label=labels))["id"].tolist() == ["a", "b"]


def test_each_verdict_is_listed_next_to_its_hypothesis_and_sides_have_their_labels(
    tmp_path: Path,
) -> None:
    material = gather(synthetic.store(synthetic.CLAIMS, tmp_path / "lab"))
    tables_of = tables(material)
    records, beside = tables_of["claims"].to_dict("records"), tables_of["verdicts"].set_index("id")
    assert list(beside.index) == [h.id for h in material.pipeline.hypotheses]
    assert list(beside["label"]) == [h.claim for h in material.pipeline.hypotheses]
    for row in records:
        column = f"{row['dataset']}, {row['implementation']}"
        assert beside.loc[row["id"], column] == row["verdict"]
        assert row["label"] == beside.loc[row["id"], "label"]
    sides = {row["id"]: (row["value"], row["with"], row["expected"]) for row in records}
    for one in material.pipeline.hypotheses:
        if isinstance(one, Level | Interaction):
            assert sides[one.id] == ("", "", "")
        else:
            assert sides[one.id] == (*one.compare.labels, one.expect)
    assert only(QUESTION.finding(tables_of), "Both", U, "6 repetitions")
