"""Figures of a search draw every number of their tables."""

import math

import numpy as np
import pandas as pd

from study.plot.paths import paths
from study.plot.searching import density, front, history
from study.plot.theme import ARMS
from tests.artists import offsets, segments


def test_a_history_draws_trials_and_the_best_so_far() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "arm": "search", "order": [1, 2, 3],
            "state": ["completed", "pruned", "completed"],
            "objective": [0.5, 0.1, math.inf], "best": [0.5, 0.5, 0.5],
        }
    )  # fmt: skip
    (axes,) = history(table, "final_train_loss").axes
    done, left, never = axes.collections
    assert offsets(done) == [[1.0, 0.5]]
    assert offsets(left) == [[2.0, 0.1]]
    assert [x for x, _ in offsets(never)] == [3.0]
    (line,) = axes.lines
    assert np.asarray(line.get_ydata()).tolist() == [0.5, 0.5, 0.5]
    assert axes.get_yscale() == "log"


def test_density_has_a_bar_for_each_half_of_the_search_and_one_for_chance() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "parameter": "activation", "level": ["tanh", "none"] * 2,
            "arm": ["search"] * 2 + ["random"] * 2, "first": [3, 1, 2, 2], "second": [5, 0, 1, 3],
        }
    )  # fmt: skip
    (axes,) = density(table).axes
    heights = [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]
    assert heights == [3, 1, 5, 0, 3, 5]


def test_a_front_joins_the_trials_that_no_other_beats() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "objective_1": [0.1, 0.01, 0.5, math.inf],
            "objective_2": [5.0, 50.0, 60.0, 1.0], "front": [0, 0, 1, -1],
        }
    )  # fmt: skip
    (axes,) = front(table, ["final_train_loss", "parameters"]).axes
    (line,) = axes.lines
    assert np.asarray(line.get_xydata()).tolist() == [[5.0, 0.1], [50.0, 0.01]]
    assert offsets(axes.collections[0]) == [[60.0, 0.5]]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


def test_an_arm_has_one_colour() -> None:
    assert len(set(ARMS.values())) == len(ARMS)


def test_each_trial_is_a_path_and_the_best_are_coloured() -> None:
    rows = [
        ("xor", rank, name, f"{rank}", place)
        for rank in range(1, 13)
        for name, place in (("lr", rank / 12), ("momentum", None if rank == 1 else 0.5))
    ]
    columns = ["dataset", "rank", "parameter", "value", "place"]
    (axes,) = paths(pd.DataFrame(rows, columns=columns).astype({"place": float})).axes
    rest, best = axes.collections
    assert [len(segments(one)) for one in (rest, best)] == [2, 10]
    assert segments(best)[0] == [[0.0, 1 / 12]]
    assert segments(best)[1] == [[0.0, 2 / 12], [1.0, 0.5]]
    assert axes.get_title(loc="left") == "xor: the best 10 of 12 trials"
