"""A grid that is not balanced has no variance shares, whatever it lacks."""

import pandas as pd
import pytest

from study.stats.decomposition import COLUMNS, decomposition
from tests.grids import TRIVIAL, TWO_BY_TWO, Choices, accuracies, grid, normal

CUBE: Choices = {**TWO_BY_TWO, "optimizer": ["sgd", "adam"]}


def unbalanced() -> dict[str, pd.DataFrame]:
    """Return grids that are no balanced ones, and why."""
    full = grid(TWO_BY_TWO, 3)
    values = accuracies(full, range(len(full)))
    acting = grid({"optimizer": ["sgd", "adam"], "momentum": [0.0, 0.9]}, 3)
    one = grid({"lr": [0.1]}, 3)
    return {
        "one repetition": values[values["repetition"] == 0],
        "a hole": values[(values["lr"] == "0.1") | (values["activation"] == "tanh")],
        "pruned": values.assign(status=["pruned"] * 3 + ["completed"] * 9),
        "missing": values.assign(status=["missing"] * 3 + ["completed"] * 9),
        "inactive": accuracies(acting, range(len(acting))),
        "one level": accuracies(one, [0, 1, 2]),
    }


@pytest.mark.parametrize("why", unbalanced())
def test_there_is_no_row_where_the_grid_is_not_balanced(why: str) -> None:
    table = decomposition(unbalanced()[why], ["activation", "lr", "optimizer", "momentum"], TRIVIAL)
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def test_a_grid_with_many_values_is_balanced_too() -> None:
    """Each value is a level of its own, however many there are."""
    rates = [0.1 * i for i in range(1, 15)]
    runs = grid({"lr": rates, "activation": ["sigmoid", "tanh"]}, 3)
    grown = accuracies(runs, [float(lr) for lr in runs["lr"].astype(str)])
    table = decomposition(grown, ["activation", "lr"], TRIVIAL, metrics=["final_train_accuracy"])
    assert table.set_index("term")["share"].to_dict() == pytest.approx(
        {"activation": 0, "lr": 1, "activation × lr": 0, "noise": 0}, abs=1e-9
    )


def test_the_order_of_rows_changes_nothing() -> None:
    runs = grid(CUBE, 5)
    values = accuracies(runs, normal(runs, 7).tolist())
    mixed = values.sample(frac=1, random_state=0)
    first, second = (decomposition(frame, list(CUBE), TRIVIAL) for frame in (values, mixed))
    assert len(first) == 8
    pd.testing.assert_frame_equal(first, second)
