"""What the report says of the best, asserted as text, from tables written by hand."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from study.report import best_sentences as says


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
            "near": False,
            "fresh": False,
            "runs": 10,
            "metric": "final_train_loss",
            "goal": "minimize",
            "quantile": 0.5,
            "value": medians,
            "median": medians,
            "low": lows,
            "high": highs,
            "p": p,
            "candidate": candidate,
            "cheapest": [i == 1 for i in range(n)],
            "parameters": [82.0, *[41.0] * (n - 1)],
        }
    )


LUCK = pd.DataFrame([{"dataset": "xor", "configurations": 3, "apparent": 0.1, "held_out": 0.12}])
NO_LUCK = LUCK.assign(held_out=math.nan)
BEST = (
    "On xor, lr 0 has the best upper median final training loss, 0.1 "
    "(0.05 to 0.15: 2nd to 9th of 10 runs, 97.9 %). "
)


@pytest.mark.parametrize(
    ("p", "candidate", "expected"),
    [
        ([1.0, 0.2, 0.01], [True, True, False],
         ("1 other may be the best as well (paired permutation of the greatest t); the cheapest of "
         "them is lr 1, with 41 parameters.")),
        ([1.0, 0.01, 0.01], [True, False, False],
         "No other may be the best as well (paired permutation of the greatest t)."),
        ([math.nan] * 3, [True] * 3,
         "10 repetitions cannot tell it from any of the 2 others: that takes 6."),
    ],
)  # fmt: skip
def test_the_best_is_named_with_its_interval_and_with_what_it_cannot_be_told_from(
    p: list[float], candidate: list[bool], expected: str
) -> None:
    table = ranked([0.1, 0.2, 0.9], [0.05, 0.12, 0.8], [0.15, 0.3, 1.0], p, candidate)
    base = " The base setup is 3rd of 3."
    assert says.best(table, NO_LUCK) == [BEST + expected + base]
    luck = (
        " Chosen by all repetitions but one, and measured in that one, the upper median final "
        "training loss of the best is 0.12."
    )
    assert says.best(table, LUCK) == [BEST + expected + base + luck]


def test_none_is_the_cheapest_where_all_have_one_size() -> None:
    table = ranked([0.1, 0.2], [0.05, 0.12], [0.15, 0.3], [1.0, 0.2], [True, True])
    (sentence,) = says.best(table.assign(parameters=41.0), NO_LUCK)
    assert "the greatest t); all of them have 41 parameters. The base" in sentence


def test_a_narrow_interval_has_the_digits_that_tell_its_ends_apart() -> None:
    (narrow,) = says.best(ranked([0.69314], [0.69308], [0.69327]), NO_LUCK)
    assert "training loss, 0.69314 (0.69308 to 0.69327: 2nd" in narrow


def test_the_only_configuration_is_compared_with_nothing() -> None:
    table = ranked([0.1], [0.05], [0.15])
    assert says.best(table, LUCK.assign(configurations=1)) == [
        BEST + "It is the only configuration that is ranked. The base setup is 1st of 1."
    ]


def test_a_single_run_is_best_without_an_interval() -> None:
    assert says.best(ranked([0.1], [0.1], [0.1]).assign(runs=1), NO_LUCK) == [
        (
            "On xor, lr 0 has the best median final training loss, 0.1 (a single run). A single "
            "run says nothing of how far repetitions differ. The base setup is 1st of 1."
        )
    ]


def test_nothing_is_best_where_everything_diverged() -> None:
    assert says.best(ranked([math.inf], [math.inf], [math.inf]), LUCK) == [
        "On xor, no configuration has a finite upper median final training loss."
    ]


def test_a_best_by_another_quantile_is_called_so() -> None:
    table = ranked([0.1], [0.05], [0.15])
    rest = " of its repetitions, 0.3, and the median 0.1 ("
    assert (
        f"has the best final training loss at the worst{rest}"
        in (says.best(table.assign(quantile=1.0, value=0.3), NO_LUCK)[0])
    )
    assert (
        f"has the best final training loss at the 0.9 quantile{rest}"
        in (says.best(table.assign(quantile=0.9, value=0.3), NO_LUCK)[0])
    )


def test_what_is_nearest_to_the_base_setup_has_its_place_where_that_is_not_stored() -> None:
    table = ranked([0.1, 0.2], [0.05, 0.12], [0.15, 0.3], [1.0, 0.2], [True, True])
    (near,) = says.best(table.assign(base=False, near=[False, True]), NO_LUCK)
    assert near.endswith(" The configuration nearest to the base setup is 2nd of 2.")
    (neither,) = says.best(table.assign(base=False), NO_LUCK)
    assert neither.endswith(" The base setup is not among those that are ranked.")


def test_of_a_search_the_confirmed_alone_are_ranked_and_that_is_said() -> None:
    table = ranked([0.1, 0.2], [0.05, 0.12], [0.15, 0.3], [1.0, 0.2], [True, True])
    assert says.best(table.assign(fresh=True), NO_LUCK)[0].startswith(
        "On xor, of the 2 that were confirmed, by their fresh runs, lr 0 has the best upper "
    )
