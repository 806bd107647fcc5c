"""The report's sentences, asserted as text, from tables written by hand."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from study.analysis.summaries import STATUSES
from study.report import contrasts, sentences

COUNTS = ["dataset", "parameter", "level", "planned", *STATUSES]


def counts(*rows: tuple[str, str, str, int, int, int, int, int, int]) -> pd.DataFrame:
    """Return a table of outcomes."""
    return pd.DataFrame(rows, columns=COUNTS)


def size(method: str, trials: int, *, planned: int) -> pd.DataFrame:
    """Return a table `size` of ten configurations on two datasets."""
    row = {
        "datasets": 2, "configurations": 10, "repetitions": 3, "trials": trials, "method": method,
        "planned": planned, "epochs": 5000,
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
            "Of 1,600 stored runs 1,450 completed, 150 diverged and none failed. Divergence is "
            "most frequent with learning rate 1: 100 of 800 runs (12 %)."
        )
    ]


def test_pruned_and_failed_runs_are_named_where_there_are_any() -> None:
    table = counts(("a", "all", "all runs", 10, 5, 0, 3, 2, 0))
    assert sentences.outcomes(table) == [
        "Of 10 stored runs 5 completed, 0 diverged, 3 pruned and 2 failed.",
        (
            "Runs that were pruned stand at an earlier epoch than the others, and are left out "
            "wherever last epochs are compared."
        ),
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


def ranked(
    medians: Sequence[float],
    lows: Sequence[float],
    highs: Sequence[float],
    p: Sequence[float] = (1.0,),
    candidate: Sequence[bool] = (True,),
) -> pd.DataFrame:
    """Return ranked configurations of ten runs each, the last being the base setup."""
    n = len(medians)
    return pd.DataFrame(
        {
            "dataset": "xor",
            "rank": range(1, n + 1),
            "configuration": [f"lr {i}" for i in range(n)],
            "base": [i == n - 1 for i in range(n)],
            "runs": 10,
            "metric": "final_train_loss",
            "quantile": 0.5,
            "value": medians,
            "median": medians,
            "low": lows,
            "high": highs,
            "overlaps_best": [low <= highs[0] for low in lows],
            "p": p,
            "candidate": candidate,
            "cheapest": [i == 1 for i in range(n)],
            "parameters": [41.0] * n,
        }
    )


LUCK = pd.DataFrame([{"dataset": "xor", "configurations": 3, "apparent": 0.1, "held_out": 0.12}])
NO_LUCK = LUCK.assign(held_out=math.nan)
BEST = (
    "On xor, lr 0 has the best median final training loss, 0.1 "
    "(0.05 to 0.15: 2nd to 9th of 10 runs, 97.9 %). "
)


@pytest.mark.parametrize(
    ("p", "candidate", "expected"),
    [
        ([1.0, 0.2, 0.01], [True, True, False],
         ("1 other cannot be told from it (paired permutation of the greatest t); the cheapest of "
         "them is lr 1, with 41 parameters.")),
        ([1.0, 0.01, 0.01], [True, False, False],
         "It can be told from every other one (paired permutation of the greatest t)."),
        ([math.nan] * 3, [True] * 3,
         "10 repetitions cannot tell it from any of the 2 others: that takes 6."),
    ],
)  # fmt: skip
def test_the_best_is_named_with_its_interval_and_with_what_it_cannot_be_told_from(
    p: list[float], candidate: list[bool], expected: str
) -> None:
    table = ranked([0.1, 0.2, 0.9], [0.05, 0.12, 0.8], [0.15, 0.3, 1.0], p, candidate)
    base = " The base setup is 3rd of 3."
    assert sentences.best(table, NO_LUCK) == [BEST + expected + base]
    luck = (
        " Chosen by all repetitions but one, and measured in that one, the best has a median "
        "final training loss of 0.12."
    )
    assert sentences.best(table, LUCK) == [BEST + expected + base + luck]


def test_the_only_configuration_is_compared_with_nothing() -> None:
    table = ranked([0.1], [0.05], [0.15])
    assert sentences.best(table, LUCK.assign(configurations=1)) == [
        BEST + "It is the only configuration. The base setup is 1st of 1."
    ]


def test_a_single_run_is_best_without_an_interval() -> None:
    assert sentences.best(ranked([0.1], [0.1], [0.1]).assign(runs=1), NO_LUCK) == [
        (
            "On xor, lr 0 has the best median final training loss, 0.1 (a single run). A single "
            "run says nothing of how far repetitions differ. The base setup is 1st of 1."
        )
    ]


def test_nothing_is_best_where_everything_diverged() -> None:
    assert sentences.best(ranked([math.inf], [math.inf], [math.inf]), LUCK) == [
        "On xor, no configuration has a finite final training loss."
    ]


def test_a_best_by_another_quantile_is_called_so() -> None:
    table = ranked([0.1], [0.05], [0.15])
    rest = " of its repetitions, 0.3, and the median 0.1 ("
    assert (
        f"has the best final training loss at the worst{rest}"
        in (sentences.best(table.assign(quantile=1.0, value=0.3), NO_LUCK)[0])
    )
    assert (
        f"has the best final training loss at the 0.9 quantile{rest}"
        in (sentences.best(table.assign(quantile=0.9, value=0.3), NO_LUCK)[0])
    )


def test_the_base_setup_is_named_with_what_keeps_it_from_the_defaults() -> None:
    default = pd.DataFrame({"dataset": ["a", "b"], "configuration": "sgd", "differs": ""})
    assert sentences.base_setup(default) == (
        "The base setup has the default of every parameter: sgd."
    )
    near = pd.DataFrame(
        {"dataset": ["a", "b"], "configuration": ["p", "q"], "differs": ["hidden, lr", ""]}
    )
    assert sentences.base_setup(near) == (
        "The default of every parameter together is not stored, or diverged; the nearest "
        "configuration stands for the base setup: p (which differs in hidden layers and learning "
        "rate) and q."
    )


def test_learning_says_where_the_base_setup_begins_and_ends() -> None:
    base = pd.DataFrame({"dataset": ["a"], "configuration": ["sgd"], "differs": [""]})
    curves = pd.DataFrame(
        {
            "dataset": "a",
            "metric": ["train_loss", "train_loss", "train_accuracy", "train_accuracy"],
            "epoch": [1, 5000, 1, 5000],
            "runs": 3,
            "median": [0.5, 1.5e-5, 0.5, 0.998],
        }
    )
    assert sentences.learning(base, curves)[1] == (
        "On a, its median training loss goes from 0.5 after epoch 1 to 1.5 × 10⁻⁵ after "
        "epoch 5,000, and its median accuracy to over 99 %. The band is the range of 3 runs, 75 %."
    )
    infinite = curves[curves["metric"] == "train_loss"].assign(median=math.inf)
    assert sentences.learning(base, infinite)[1] == (
        "On a, its median training loss is infinite from epoch 1 on."
    )
    alone = sentences.learning(base, curves.assign(runs=1))[1]
    assert alone.endswith("It is a single run without a band.")


def test_the_lowest_level_of_each_parameter_is_named_and_infinite_ones_never() -> None:
    curves = pd.DataFrame(
        {
            "dataset": ["a", "a", "a", "b"],
            "parameter": ["optimizer", "optimizer", "lr", "lr"],
            "level": ["sgd", "adam", "1", "1"],
            "epoch": 10,
            "median": [0.2, 0.1, 0.3, math.inf],
        }
    )
    assert contrasts.levels(curves) == [
        "On a, the lowest median at the end belongs to optimizer adam and learning rate 1.",
        "On b, every level's median is infinite at the end.",
    ]


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        ([0.1, 0.2, 0.1, 0.9], "differs most across learning rate: from 0.1 at 0.1 to 0.9 at 1."),
        (
            [0.1, 0.2, math.inf, 0.9],
            "differs most across learning rate: from 0.9 at 1 to ∞ at 0.1.",
        ),
        ([0.0, 0.2, 0.1, 0.9], "differs most across optimizer: from 0 at sgd to 0.2 at adam."),
        ([0.1] * 4, "is the same at every level."),
        ([math.inf] * 4, "is the same at every level."),
    ],
)
def test_the_parameter_with_the_largest_ratio_of_medians_is_named(
    medians: list[float], expected: str
) -> None:
    table = pd.DataFrame(
        {
            "dataset": "a",
            "parameter": ["optimizer", "optimizer", "lr", "lr"],
            "level": ["sgd", "adam", "0.1", "1"],
            "median": medians,
        }
    )
    assert contrasts.spread(table) == [f"On a, the median final training loss {expected}"]


def cells(diverged: int) -> pd.DataFrame:
    """Return two measured cells and an excluded one."""
    return pd.DataFrame(
        {
            "dataset": "a",
            "first": "lr",
            "second": "optimizer",
            "first_level": ["0.1", "1", "1"],
            "second_level": ["sgd", "sgd", "adam"],
            "diverged": [0, diverged, 0],
            "median": [0.2, 0.1, math.nan],
            "state": ["measured", "measured", "excluded"],
            "reason": [None, None, "overflows"],
        }
    )


def test_the_lowest_cell_is_named_and_exclusions_give_their_reason() -> None:
    lowest = "On a, the lowest cell is learning rate 1 with optimizer sgd: median 0.1. "
    assert contrasts.together(cells(0)) == [
        f"{lowest}Runs diverged in no cell.",
        "1 cell excluded beforehand: overflows.",
    ]
    assert contrasts.together(cells(2))[0] == f"{lowest}Runs diverged in 1 of 2 cells."


def test_a_forming_boundary_is_told_by_its_share_of_the_plane() -> None:
    points = pd.DataFrame(
        {
            "dataset": "a",
            "part": ["grid"] * 8 + ["train"],
            "epoch": [1] * 4 + [1000] * 4 + [1000],
            "prediction": [0.9] * 4 + [0.9, 0.1, 0.1, 0.5] + [0.1],
        }
    )
    assert sentences.forming(points) == [
        "On a, the network answers 1 on 100 % of the plane after 1 epoch, and on 25 % after 1,000."
    ]
    assert sentences.forming(points[points["epoch"] == 1]) == [
        "On a, the network answers 1 on 100 % of the plane after 1 epoch."
    ]
    assert sentences.forming(points.assign(prediction=math.nan)) == [
        "On a, the network has no finite output at any stored epoch."
    ]


def test_answers_say_how_many_samples_are_right() -> None:
    shown = pd.DataFrame(
        {"dataset": ["a", "a", "b"], "role": ["base", "best", "base and best"],
         "accuracy": [0.5, 1.0, 0.905]}
    )  # fmt: skip
    assert sentences.answers(shown) == [
        (
            "On a, the base setup answers 50 % of the training samples right and the best "
            "configuration answers 100 % of the training samples right."
        ),
        "On b, the base setup, here also the best, answers 90 % of the training samples right.",
    ]
