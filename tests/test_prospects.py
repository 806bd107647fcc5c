"""What a plan prints about hypotheses: numbers from the test behind every verdict."""

import pytest

from study.prospects import hypothesis_rows, most_added, notice, prospects
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from tests.execution.test_deciding import SEARCHED, TEXT

HARD = """
[[hypotheses]]
id = "hard"
claim = "Four in five end low"
metric = "final_train_loss"
expect = {at_most = 0.2, share = 0.8}
"""


def study(*overrides: str, text: str = TEXT) -> Pipeline:
    return read_pipeline(text, "coin.toml", overrides)


def rows(pipeline: Pipeline, before: tuple[dict[str, object], ...] = ()) -> dict[str, str]:
    return {label: text for label, text in hypothesis_rows(pipeline, before) if label}


def test_a_plan_has_the_numbers_of_its_verdicts() -> None:
    result = prospects(study("search.repetitions=20"))
    assert result is not None
    assert (result.verdicts, result.n, result.most) == (3, 20, 22)
    assert (result.smallest_n, result.smallest_k) == (10, 18)
    assert result.powerful == (45, 21, 10)
    (half,) = result.reach
    assert (half.threshold, half.ids) == (0.5, ("coin", "clear"))
    assert (half.supports, half.contradicts) == (18, 2)
    lines = rows(study("search.repetitions=20"))
    assert lines["hypotheses"] == "2, with 3 verdicts on all datasets and networks"
    assert lines["deciding"].startswith("18 of 20 repetitions decide a comparison, or 10 of 10")
    assert lines["80 % power"].endswith("45 for 80 %, 21 for 90 %, 10 for 100 %")


def test_each_direction_is_in_reach_or_has_the_number_of_repetitions_that_it_needs() -> None:
    text = TEXT + HARD
    lines = [line for label, line in hypothesis_rows(study(text=text), ()) if not label]
    assert lines == [
        (
            "more than half (coin, clear): supported from 11 repetitions on, within decide; "
            "contradicted from 11 repetitions on, within decide"
        ),
        (
            "more than 80 % (hard): not supported: that takes 33 repetitions, more than decide "
            "allows; contradicted from 5 repetitions on, within decide"
        ),
    ]
    assert notice(study(text=text)) == (
        "22 repetitions can contradict but not support hard; 33 can"
    )
    assert notice(study()) == ""
    few = notice(study("search.decide=4"))
    assert few == "4 repetitions cannot decide coin, clear among 3 verdicts; 10 can"


def test_the_most_that_decide_can_cost_counts_what_hypotheses_may_need() -> None:
    """Two configurations on both datasets, one more on XOR, 18 more repetitions each."""
    runs, seconds = most_added(study())
    assert runs == 18 * 5
    assert seconds > 0
    assert most_added(study("search.decide=4"))[0] == 0
    assert f"at most {18 * 5} more runs" in rows(study())["decide"]
    assert most_added(study(text=SEARCHED))[0] == 18 * 12 * 2


def test_decide_adds_nothing_where_the_rows_are_the_same_each_time() -> None:
    """On such a dataset alone, nothing is within decide; next to another, the plan names it."""
    iris = ("search.repetitions=4", "model.loss=mse", "model.output_activation=none")
    fixed = """
[datasets.iris]
generator = "sklearn"
name = "iris"
"""
    head = 'name = "rows"\n' + fixed
    alone = study(*iris, text=head + TEXT[TEXT.index("[model]") : TEXT.rindex("[[hypo")])
    result = prospects(alone)
    assert result is not None
    assert (result.n, result.most) == (4, None)
    lines = rows(alone)
    assert lines["decide"].startswith("adds none on iris")
    text = " ".join(line for _, line in hypothesis_rows(alone, ()))
    assert "takes 8 repetitions" in text
    assert "within decide" not in text
    assert notice(alone) == "4 repetitions cannot decide coin; 8 can"
    assert rows(study("search.repetitions=22"))["decide"].startswith("adds none")
    both = study(text=TEXT.replace("[model]", f"{fixed}[model]"))
    assert rows(both)["decide"].endswith("not on iris, whose rows are the same each time")


def test_chosen_configurations_count_only_added_repetitions() -> None:
    result = prospects(study(text=SEARCHED))
    assert result is not None
    assert (result.n, result.most) == (0, 18)
    confirmed = prospects(study("search.confirm=2", text=SEARCHED))
    assert confirmed is not None
    assert confirmed.n == 4


@pytest.mark.parametrize(("p", "undone"), [(0.01, False), (0.02, True)])
def test_more_hypotheses_name_the_verdicts_that_they_would_undo(p: float, *, undone: bool) -> None:
    stored = {"id": "coin", "dataset": "xor", "implementation": "exact", "p": p}
    lines = rows(study(), ({**stored, "verdict": "supported"},))
    assert ("undone" in lines) == undone
    if undone:
        assert lines["undone"] == "3 verdicts would undo coin on xor, exact"
    assert "undone" not in rows(study(), ({**stored, "verdict": "undecided"},))


def test_a_study_without_hypotheses_has_no_such_lines() -> None:
    text = TEXT.partition("[[hypotheses]]")[0]
    assert rows(study(text=text)) == {}
    assert notice(study(text=text)) == ""


def test_claims_beyond_any_number_of_repetitions_are_never_supported() -> None:
    text = TEXT + HARD.replace("share = 0.8", "share = 0.99999")
    last_line = [line for label, line in hypothesis_rows(study(text=text), ()) if not label][-1]
    assert last_line.startswith("more than 99.999 % (hard): never supported; contradicted")
    assert "cannot decide" not in notice(study(text=text))


def test_without_decide_a_plan_shows_the_repetitions_that_verdicts_need() -> None:
    text = TEXT.replace("decide = 22\n", "")
    assert "decide" not in rows(study(text=text))
    (half,) = [line for label, line in hypothesis_rows(study(text=text), ()) if not label]
    assert half == (
        "more than half: not supported: that takes 10 repetitions; "
        "not contradicted: that takes 10 repetitions"
    )
