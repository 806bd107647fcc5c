"""Datasets on which nothing was learned are named with their numbers."""

import pandas as pd

from study.report.learned import announced, limited, nothing
from tests.words import only

LEARNED = pd.DataFrame(
    {
        "dataset": ["xor", "linear"], "metric": "final_train_loss", "trivial": [0.2494, 0.25],
        "answer": "the median target",
        "better": [0, 1], "value": [0.3101, 0.02], "runs": 30, "stuck": [30, 3], "diverged": [0, 2],
    }
)  # fmt: skip


def test_a_dataset_on_which_nothing_was_learned_is_named_and_has_no_best() -> None:
    expected = (
        "always predicts the median target",
        "final training loss",
        "0.31",
        "on xor",
        "0.249",
    )
    assert only(nothing(LEARNED), "No configuration", *expected)
    assert nothing(LEARNED.assign(better=1)) == []
    many = pd.concat([LEARNED.iloc[[0]].assign(dataset=f"d{i}") for i in range(12)])
    assert only(nothing(many), "on d0", "on d2", "9 more")
    ranked = pd.DataFrame({"dataset": ["xor", "linear", "linear"], "rank": [1, 1, 2]})
    assert announced(ranked, LEARNED)["dataset"].tolist() == ["linear", "linear"]


def test_where_fresh_repetitions_rank_only_confirmed_configurations_are_called_infeasible() -> None:
    constraints = pd.DataFrame(
        {"dataset": ["xor", "linear"], "constraint": "parameters at most 3", "all": [0, 2]}
    )
    for fresh in (False, True):
        ranked = pd.DataFrame({"dataset": ["xor", "linear"], "fresh": fresh})
        sentences = limited({"constraints": constraints, "configurations": ranked})
        assert only(sentences, "feasible", "on xor", "parameters at most 3")
        assert ("No confirmed configuration" in sentences[0]) == fresh
