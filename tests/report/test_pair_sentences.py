"""What the report says of two parameters together, asserted as text, from hand-made tables."""

import math

import pandas as pd
import pytest

from study.report import pair_sentences as says

SAME = " Each parameter's best level is the same at every level of each other."


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
    assert says.pairs(cells(0)) == [
        f"{lowest}Runs diverged in no cell.{SAME}",
        "1 cell excluded beforehand: overflows.",
    ]
    assert says.pairs(cells(2))[0].startswith(f"{lowest}Runs diverged in 1 of 2 cells. ")


@pytest.mark.parametrize(
    ("medians", "hangs"),
    [
        ([0.1, 0.2, 0.3, 0.4], None),
        ([0.1, 0.4, 0.3, 0.39], None),
        ([0.1, 0.6, 0.4, 0.3], ("learning rate", "optimizer: 1 with sgd, but 10 with adam, where 1",
                                "ends 2 times as high")),
        ([0.1, math.inf, 0.4, 0.3],
         ("learning rate", "optimizer: 1 with sgd, but 10 with adam, where 1",
          "has an infinite median")),
        ([0.1, 0.4, 0.4, 0.2], ("learning rate", "optimizer: 1 with sgd, but 10 with adam, where 1",
                                "ends 2 times as high")),
        ([0.1, math.inf, 0.2, math.inf], None),
    ],
)  # fmt: skip
def test_what_is_best_of_one_parameter_may_hang_on_another(
    medians: list[float], hangs: tuple[str, str, str] | None
) -> None:
    """Lowest is lr 1 with sgd; beside adam another lr may be best, by more than a tenth."""
    table = pd.DataFrame({
        "dataset": "a", "first": "lr", "second": "optimizer", "first_level": ["1", "1", "10", "10"],
        "second_level": ["sgd", "adam"] * 2, "diverged": 0, "median": medians, "state": "measured",
        "reason": None,
    })  # fmt: skip
    (sentence,) = says.pairs(table)
    if hangs is None:
        assert sentence.endswith("best level is the same at every level of each other.")
    else:
        parameter, where, ends = hangs
        assert sentence.endswith(f" The best choice of {parameter} hangs most on {where} {ends}.")


def test_nothing_hangs_on_anything_where_no_cell_is_finite() -> None:
    table = cells(1).assign(median=math.inf)
    assert says.pairs(table)[0] == (
        "On a, no cell has a finite median. Runs diverged in 1 of 2 cells."
    )
