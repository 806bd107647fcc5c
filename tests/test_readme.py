"""The README is short, and its numbers match the recorded verdicts."""

import re

import pandas as pd
import pytest

from study.plan.forecast import forecast
from study.spec.load import load_pipeline
from study.stats.reach import fewest
from tests.pages import ROOT, fenced
from tests.record import ROW, stored

TEXT = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
STUDIES = {
    name: load_pipeline(ROOT / "pipelines" / f"{name}.toml") for name in ("lab", "lab_questions")
}
RECORD = stored()
LAB = RECORD[RECORD["study"] == "lab"]


def one(hypothesis: str, dataset: str, implementation: str = "exact") -> pd.Series:
    """Return a recorded verdict."""
    result = RECORD[(RECORD[ROW] == [hypothesis, dataset, implementation]).all(axis=1)]
    assert len(result) == 1
    return result.iloc[0]


def stated(pattern: str) -> tuple[str, ...]:
    """Return the numbers of the only place of the README that has this pattern."""
    (match,) = re.findall(pattern, TEXT)
    return match if isinstance(match, tuple) else (match,)


def test_the_readme_can_be_read_in_a_few_minutes() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 1500


def test_it_lists_the_untested_platforms() -> None:
    assert "Windows and macOS are untested" in TEXT


def test_the_example_is_short_and_has_no_key_twice() -> None:
    (pipeline,) = (block.text for block in fenced("README.md") if block.language == "toml")
    assert len(pipeline.splitlines()) <= 15


@pytest.mark.parametrize("name", STUDIES)
def test_the_record_is_of_the_hypotheses_that_the_pipeline_declares(name: str) -> None:
    recorded = RECORD[RECORD["study"] == name]
    declared = {hypothesis.id: hypothesis for hypothesis in STUDIES[name].hypotheses}
    assert {*recorded["id"]} == {*declared}
    for (key, network), rows in recorded.groupby(["id", "implementation"]):
        where = declared[str(key)].datasets or [*STUDIES[name].datasets]
        assert sorted(rows["dataset"]) == sorted(where), (key, network)


def test_the_verdicts_of_the_lab_are_counted_right() -> None:
    counts = LAB["verdict"].value_counts()
    numbers = stated(
        r"Of its (\d+) verdicts (\d+) are supported, (\d+) contradicted and (\d+) undecided"
    )
    result = [len(LAB), *(counts[v] for v in ("supported", "contradicted", "undecided"))]
    assert [int(number) for number in numbers] == result
    same = (LAB["verdict"] == LAB["replicated"]).sum()
    assert stated(r"(\d+) of the (\d+) verdicts came out the same") == (str(same), str(len(LAB)))
    both = {*zip(LAB["verdict"], LAB["replicated"], strict=True)}
    assert not both & {("supported", "contradicted"), ("contradicted", "supported")}
    assert stated(r"the conclusions as (\d+) hypotheses") == (str(LAB["id"].nunique()),)
    runs = forecast(STUDIES["lab"], {}, workers=2).runs
    assert stated(r"on ([\d,]+) networks and more") == (f"{runs:,}",)


def test_softsign_and_tanh_are_reported_as_recorded() -> None:
    printed = one("claim-8-softsign-better", "xor", "as_printed")
    exact = one("claim-8-softsign-better", "xor")
    assert (printed["verdict"], exact["verdict"]) == ("supported", "contradicted")
    assert stated(
        r"\(in (\d+) of (\d+) repetitions\) and is contradicted[^(]+\((\d+) of (\d+)\)"
    ) == (*map(str, (printed["agree"], printed["n"], exact["agree"], exact["n"])),)


def test_supported_and_contradicted_claims_are_as_recorded() -> None:
    for claim in ("claim-2-never-there", "claim-2-slower", "claim-6-adam-faster"):
        assert {*LAB[LAB["id"] == claim]["verdict"]} == {"supported"}
    assert {*LAB[LAB["id"] == "claim-5-xor-not-learned"]["verdict"]} == {"supported"}
    assert {*LAB[LAB["id"] == "claim-5-overflows"]["verdict"]} == {"supported"}
    assert {*LAB[LAB["id"] == "claim-5-overflows-adam"]["verdict"]} == {"contradicted"}
    for dataset in ("linear", "xor"):
        rate = one("claim-3-worse", dataset)
        assert stated(r"lower than at 0.01, in (\d+) of (\d+) repetitions") == (
            *map(str, (rate["n"] - rate["agree"], rate["n"])),
        )
    numbers = stated(
        r"Ten repetitions can decide none of the (\d+) verdicts\*\*: that takes at least (\d+)"
    )
    assert numbers == (str(len(LAB)), str(fewest(0.5, len(LAB))))


def test_the_answers_to_the_open_questions_are_as_recorded() -> None:
    rows = RECORD[RECORD["study"] == "lab_questions"]
    numbers = stated(r"with (\d+) verdicts on ([\d,]+) networks\.")
    assert numbers == (str(len(rows)), f"{rows['networks'].iloc[0]:,}")
    for dataset in ("linear", "xor"):
        he = one("tanh-he", dataset, "as_printed")
        assert stated(r"a quarter, in (\d+) of (\d+) repetitions on either") == (
            *map(str, (he["agree"], he["n"])),
        )
        assert he["effect"] == pytest.approx(0.25, abs=0.02)
        assert one("tanh-he", dataset)["verdict"] == "contradicted"
        constant = one("lr-1-needs-no-rescue", dataset)
        assert constant["agree"] == constant["n"]
    cosine = one("lr-1-cosine", "xor", "as_printed")
    assert cosine["verdict"] == "undecided"
    assert stated(r"is undecided \(lower in (\d+) of (\d+) repetitions\)") == (
        *map(str, (cosine["agree"], cosine["n"])),
    )
    hidden = one("xor-without-hidden-layer", "xor")
    assert stated(r"the median accuracy is (\d+) %") == (f"{hidden['effect']:.0%}"[:-1],)
    entropy = one("cross-entropy-faster", "xor")
    assert entropy["verdict"] == "undecided"
    assert stated(r"in (\d+) of (\d+) repetitions neither reaches full accuracy") == (
        *map(str, (entropy["ties"], entropy["n"])),
    )
