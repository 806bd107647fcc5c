"""The report's sentences, asserted as text, from tables written by hand."""

import pandas as pd

from study.report import sentences


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
