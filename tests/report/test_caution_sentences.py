"""Every warning is a sentence that says what its row says."""

import pandas as pd
import pytest

from study.report import caution_sentences as says
from study.stats.cautions import CAUTIONS

GROUP = {"dataset": "xor", "implementation": "exact"}

WARNINGS = {
    "trivial": "On xor, no configuration beats the trivial predictor in the epochs to full "
    "accuracy (10 tried), so their ranking means nothing. Other learning rates, scaled inputs or "
    "another network may learn.",
    "stuck": "On xor, 3 of 10 runs of the best configuration ended no better than the trivial "
    "predictor: the best is not reliable.",
    "constant": "On xor, most runs of 3 of 10 configurations give one constant answer to all "
    "training samples. Where their repetitions agree, that is no sign of stability.",
    "few": "On xor, most configurations have 3 repetitions: fewer than 6 cannot decide a "
    "comparison.",
    "edge": "On xor, the best configuration has learning rate 1, the outermost of 10 values tried: "
    "one beyond it may be better.",
    "overfits": "On xor, the best configuration overfits: its median test loss is lowest after 40 "
    "epochs (0.0914), and 0.0977 at the end.",
    "improving": "On xor, the best configuration still improves in the last fifth of the epochs "
    "(its final test loss gets better by a factor of 1,000): with more epochs the order may "
    "change.",
    "reversal": "On xor, learning rate 1 is worse than 0.1 in general, but better "
    "at optimizer adam, in each of 10 repetitions.",
    "separates": "On xor, learning rate only separates runs that diverge from "
    "those that do not: among those that do not, it makes no clear difference.",
    "never": "On xor, only over 99 % of 10 runs get to full accuracy within their epochs.",
    "unpaired": "On xor, common draws hardly pay: over repetitions, the "
    "correlation of configurations in epochs to full accuracy is 3.",
}


@pytest.mark.parametrize("kind", CAUTIONS)
def test_every_caution_has_its_sentence(kind: str) -> None:
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
    (sentence,) = says.cautions(pd.DataFrame([row]))
    assert sentence == WARNINGS[kind]


def test_an_accuracy_gets_better_by_what_is_added() -> None:
    row = {**GROUP, "caution": "improving", "metric": "final_test_accuracy", "value": 0.03}
    assert "(its final test accuracy gets better by 0.03)" in says.cautions(pd.DataFrame([row]))[0]


def test_of_many_warnings_of_a_kind_the_first_are_written() -> None:
    row = {**GROUP, "caution": "few", "value": 3.0, "n": 10.0}
    found = says.cautions(pd.DataFrame([row] * 5))
    assert len(found) == 4
    assert found[-1] == "The table has 2 more warnings of the last kind."
    both = pd.DataFrame([{**row, "caution": "never", "metric": "epochs_to_loss_05"}] * 2)
    both["implementation"] = ["exact", "as_printed"]
    assert says.cautions(both)[1].startswith("On xor, network as printed, only")
    nothing = pd.DataFrame(columns=["caution", "implementation"])
    assert says.cautions(nothing) == ["Nothing: none of the usual warnings applies."]


def test_how_many_get_there_is_said_as_it_is() -> None:
    row = {**GROUP, "caution": "never", "metric": "epochs_to_loss_05", "n": 12.0}
    said = {0.0: "none of 12", 0.25: "only 25 % of 12"}
    for part, words in said.items():
        (sentence,) = says.cautions(pd.DataFrame([{**row, "value": part}]))
        assert sentence == f"On xor, {words} runs get to loss 0.05 within their epochs."
