"""Every warning is a sentence with the numbers and names of its row."""

import pandas as pd
import pytest

from study.report.questions.cautions import finding
from study.stats.cautions import CAUTIONS
from tests.words import has, only

GROUP = {"dataset": "xor", "implementation": "exact"}

PARTS: dict[str, tuple[str, ...]] = {
    "trivial": ("epochs to full accuracy", "10"),
    "stuck": ("3 of 10 runs", "best configuration"),
    "constant": ("3 of 10 configurations",),
    "few": ("3 repetitions", "6"),
    "edge": ("learning rate 1", "10 values"),
    "overfits": ("test loss", "40 epochs", "0.0914", "0.0977"),
    "improving": ("final test loss", "a factor of 1,000"),
    "reversal": ("learning rate 1", "worse", "0.1", "better", "optimizer adam", "10 repetitions"),
    "separates": ("learning rate", "diverge"),
    "never": ("over 99 %", "10 runs", "full accuracy"),
    "unpaired": ("correlation", "epochs to full accuracy", "3"),
}


def test_every_kind_of_warning_is_tried() -> None:
    assert list(PARTS) == list(CAUTIONS)


@pytest.mark.parametrize("kind", CAUTIONS)
def test_every_warning_has_the_numbers_and_names_of_its_row(kind: str) -> None:
    row: dict[str, object] = {
        **GROUP, "caution": kind, "parameter": "lr", "level": "1", "reference": "0.1",
        "other": "optimizer", "other_level": "adam", "metric": "epochs_to_full_accuracy",
        "value": 3.0, "beside": 0.5, "n": 10.0,
    }  # fmt: skip
    of_kind: dict[str, dict[str, object]] = {
        "never": {"value": 0.999},
        "overfits": {"metric": "test_loss", "value": 0.0914, "beside": 0.0977, "after": 40.0},
        "improving": {"metric": "final_test_loss"},
    }
    row |= of_kind.get(kind, {})
    assert only(finding(pd.DataFrame([row])), "xor", *PARTS[kind])


def test_a_reversal_of_a_level_that_is_better_in_general_says_so() -> None:
    row = {
        **GROUP, "caution": "reversal", "parameter": "lr", "level": "1", "reference": "0.1",
        "other": "optimizer", "other_level": "adam", "value": -1.0, "beside": 0.5, "n": 10.0,
    }  # fmt: skip
    (sentence,) = finding(pd.DataFrame([row]))
    assert has(sentence, "learning rate 1", "better", "0.1", "worse", "optimizer adam")


def test_an_accuracy_gets_better_by_what_is_added() -> None:
    row = {**GROUP, "caution": "improving", "metric": "final_test_accuracy", "value": 0.03}
    (sentence,) = finding(pd.DataFrame([row]))
    assert has(sentence, "final test accuracy", "0.03")
    assert "factor" not in sentence


def test_of_many_warnings_of_a_kind_the_first_are_written() -> None:
    row = {**GROUP, "caution": "few", "value": 3.0, "n": 10.0}
    found = finding(pd.DataFrame([row] * 5))
    assert len(found) == 4
    assert has(found[-1], "2 more warnings")
    both = pd.DataFrame([{**row, "caution": "never", "metric": "epochs_to_loss_05"}] * 2)
    both["implementation"] = ["exact", "as_printed"]
    exact, printed = finding(both)
    assert has(exact, "xor, exact network")
    assert has(printed, "xor, network as printed")
    assert len(finding(pd.DataFrame(columns=["caution", "implementation"]))) == 1


def test_how_many_get_there_is_said_as_it_is() -> None:
    row = {**GROUP, "caution": "never", "metric": "epochs_to_loss_05", "n": 12.0}
    for part, words in {0.0: "none of 12 runs", 0.25: "25 % of 12 runs"}.items():
        assert only(finding(pd.DataFrame([{**row, "value": part}])), "xor", words, "loss 0.05")
