"""The report's sentences, asserted as text, from tables written by hand."""

import pandas as pd

from study.report import sentences
from study.stats.summaries import STATUSES

COUNTS = ["dataset", "parameter", "level", "planned", *STATUSES]


def test_a_search_that_has_not_ended_says_how_far_it_came() -> None:
    so_far = size("tpe", 20, planned=60)
    assert sentences.open_end(so_far.assign(at_most=60)) == []
    assert sentences.open_end(so_far.assign(at_most=450)) == [
        (
            "60 of at most 450 runs are stored. What is asked of the search as a whole is answered "
            "when it has ended."
        )
    ]


def counts(*rows: tuple[str, str, str, int, int, int, int, int, int]) -> pd.DataFrame:
    """Return a table of outcomes."""
    return pd.DataFrame(rows, columns=COUNTS)


def size(method: str, trials: int, *, planned: int) -> pd.DataFrame:
    """Return a table `size` of ten configurations on two datasets."""
    row = {
        "datasets": 2, "configurations": 10, "repetitions": 3, "trials": trials, "method": method,
        "planned": planned, "added": 0, "epochs": 5000,
    }  # fmt: skip
    return pd.DataFrame([row])


def test_the_study_is_described_by_what_varies_and_how_much_there_is() -> None:
    parameters = pd.DataFrame(
        {"parameter": ["hidden", "lr", "optimizer"], "studied": [True, True, False]}
    )
    first, second = sentences.studied(parameters, size("grid", 20, planned=60))
    assert first == (
        "Small neural networks learn 2 datasets. Hidden layers and learning rate vary; everything "
        "else is the same for all. 10 configurations × 2 datasets × 3 repetitions make 60 runs, "
        "each of up to 5,000 epochs."
    )
    assert second.endswith("comparisons are fair.")


def test_a_search_has_configurations_on_one_dataset_each_and_more_runs_of_the_confirmed() -> None:
    parameters = pd.DataFrame({"parameter": ["lr"], "studied": [True]})
    first, _ = sentences.studied(parameters, size("tpe", 19, planned=60))
    assert first.endswith(
        "for all. 19 configurations, each on one dataset, × 3 repetitions (those that were "
        "confirmed: twice as many) make 60 runs, each of up to 5,000 epochs."
    )


def test_a_study_of_one_configuration_says_that_nothing_varies() -> None:
    parameters = pd.DataFrame({"parameter": ["lr"], "studied": [False]})
    one = size("grid", 1, planned=1).assign(datasets=1, configurations=1, repetitions=1, epochs=1)
    assert sentences.studied(parameters, one) == [
        "Small neural networks learn 1 dataset. Nothing varies; everything else is the same for "  # noqa: ISC004
        "all. 1 configuration × 1 dataset × 1 repetition make 1 run, each of up to 1 epoch."
    ]


def test_a_finished_study_says_how_its_runs_ended_and_where_most_diverged() -> None:
    table = counts(
        ("a", "all", "all runs", 1600, 1450, 150, 0, 0, 0),
        ("a", "lr", "0.1", 800, 750, 50, 0, 0, 0),
        ("a", "lr", "1", 800, 700, 100, 0, 0, 0),
    )
    assert sentences.outcomes(table) == [
        (
            "Of 1,600 runs 1,450 completed, 150 diverged and none failed. Divergence is "
            "most frequent with learning rate 1: 100 of 800 runs (12 %)."
        )
    ]


def test_divergence_at_one_level_alone_is_called_so() -> None:
    table = counts(
        ("a", "all", "all runs", 1600, 1500, 100, 0, 0, 0),
        ("a", "lr", "0.1", 800, 800, 0, 0, 0, 0),
        ("a", "lr", "1", 800, 700, 100, 0, 0, 0),
    )
    assert sentences.outcomes(table)[0].endswith(
        "Divergence occurs only with learning rate 1: 100 of 800 runs (12 %)."
    )


def test_where_every_run_diverged_no_level_is_blamed() -> None:
    table = counts(
        ("a", "all", "all runs", 8, 0, 6, 0, 0, 2), ("a", "lr", "1", 8, 0, 6, 0, 0, 2)
    )  # fmt: skip
    assert sentences.outcomes(table)[0] == (
        "Of 6 runs none completed, 6 diverged and none failed. Nothing below can say which "
        "setting is good: none of these ends with a loss."
    )


def test_pruned_and_failed_runs_are_named_where_there_are_any() -> None:
    table = counts(("a", "all", "all runs", 10, 5, 0, 3, 2, 0))
    assert sentences.outcomes(table) == [
        "Of 10 runs 5 completed, none diverged, 3 were pruned and 2 failed.",
        (
            "A pruned run stopped at an earlier epoch than the others. Comparisons of last epochs "
            "leave out all runs of its trial, also the runs that diverged earlier."
        ),
    ]


def test_a_study_of_which_nothing_went_wrong_says_no_more() -> None:
    assert sentences.outcomes(counts(("a", "all", "all runs", 10, 10, 0, 0, 0, 0))) == [
        "All 10 runs completed."
    ]


def test_an_unfinished_study_says_what_is_missing_altogether() -> None:
    table = counts(
        ("a", "all", "all runs", 800, 412, 0, 0, 0, 388),
        ("b", "all", "all runs", 800, 0, 0, 0, 0, 800),
        ("a", "lr", "0.1", 500, 412, 0, 0, 0, 88),
        ("a", "lr", "1", 300, 0, 0, 0, 0, 300),
        ("b", "lr", "0.1", 500, 0, 0, 0, 0, 500),
        ("b", "lr", "1", 300, 0, 0, 0, 0, 300),
    )
    assert sentences.unfinished(table) == [
        (
            "412 of 1,600 runs are stored; missing: 1,188, among them every run on b and every run "
            "with learning rate 1."
        )
    ]


def test_runs_missing_here_and_there_are_counted() -> None:
    table = counts(
        ("a", "all", "all runs", 2, 1, 0, 0, 0, 1),
        ("a", "lr", "0.1", 2, 1, 0, 0, 0, 1),
    )
    assert sentences.unfinished(table) == ["1 of 2 runs are stored; missing: 1."]
