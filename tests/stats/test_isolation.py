"""Each value with all others free: the best configuration there, and among how many."""

import math

import pytest
from study.stats.isolation import COLUMNS, isolation

from study.spec.objective import Objective
from study.stats.summaries import configurations
from tests.grids import Choices, grid

CHOICES: Choices = {"lr": [0.1, 1.0], "activation": ["sigmoid", "tanh"]}

LEVELS = {"lr": ["0.1", "1", "10"], "activation": ["sigmoid", "tanh"]}


def test_every_level_has_the_best_configuration_that_was_tried_there() -> None:
    runs = grid(CHOICES, 3, datasets=["linear", "xor"])
    losses = [0.4] * 3 + [0.3] * 3 + [0.1, 0.2, 0.5] + [0.6] * 3
    runs = runs.assign(final_train_loss=losses + [0.5] * 9 + [math.inf] * 3)
    table = isolation(configurations(runs, list(CHOICES), Objective()), LEVELS)
    assert table[table["dataset"] == "linear"][["level", "configuration", "median"]].to_numpy(
    ).tolist() == [
        ["0.1", "lr 0.1 · tanh", 0.3], ["1", "lr 1 · sigmoid", 0.2],
        ["sigmoid", "lr 1 · sigmoid", 0.2], ["tanh", "lr 0.1 · tanh", 0.3],
    ]  # fmt: skip
    row = table.iloc[1]
    assert (row["tried"], row["runs"], row["metric"]) == (2, 3, "final_train_loss")
    assert (row["low"], row["high"], row["confidence"]) == (0.1, 0.5, 0.75)
    assert set(table["dataset"]) == {"linear", "xor"}


def test_levels_that_were_tried_unequally_often_say_so() -> None:
    runs = grid(CHOICES, 1).assign(final_train_loss=[0.1, 0.2, 0.3, 0.4])
    table = isolation(configurations(runs.drop(index=3), list(CHOICES), Objective()), LEVELS)
    assert table["tried"].tolist() == [2, 1, 2, 1]


def test_a_level_at_which_all_diverged_has_an_infinite_best() -> None:
    runs = grid(CHOICES, 3).assign(final_train_loss=0.1)
    runs = runs.assign(status=runs["status"].mask(runs["lr"] == "1", "diverged"))
    table = isolation(configurations(runs, list(CHOICES), Objective()), LEVELS).set_index("level")
    assert table.loc["1", "median"] == math.inf
    assert table.loc["tanh", "median"] == pytest.approx(0.1)


def test_nothing_ranked_has_the_same_columns() -> None:
    nothing = configurations(grid(CHOICES, 1).assign(status="missing"), list(CHOICES), Objective())
    table = isolation(nothing, LEVELS)
    assert table.empty
    assert tuple(table.columns) == COLUMNS
