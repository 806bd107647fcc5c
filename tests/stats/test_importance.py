"""Shares of ranks: by hand, by SciPy, planted effects, and compared with chance."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from study.stats.importance import COLUMNS, epsilon_squared, importance
from tests.grids import code, grid, normal

NAMES = ["activation", "optimizer", "lr", "momentum"]


def trials(seed: int, n: int = 40) -> pd.DataFrame:
    """Return trials whose levels and values are drawn at random, with nothing between them."""
    rng = np.random.default_rng(seed)
    runs = grid({"activation": ["sigmoid", "tanh", "relu"], "optimizer": ["sgd", "adam"],
                 "lr": [0.01, 0.1, 1.0], "momentum": [0.0, 0.9]}, 1)  # fmt: skip
    drawn = runs.iloc[rng.integers(0, len(runs), n)].reset_index(drop=True)
    return drawn.assign(value=normal(drawn, seed, 1.0))


def by_parameter(frame: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return the table of one dataset, by parameter."""
    rng = np.random.default_rng(seed)
    return importance(frame, NAMES, metric="final_train_loss", rng=rng).set_index("term")


def test_two_groups_of_two_are_as_computed_by_hand(rng: np.random.Generator) -> None:
    """Ranks 1, 2 | 3, 4: H = 2.4, so ε² = 2.4 / 3; 2 of the 6 ways to share them reach it."""
    share, null = epsilon_squared(np.array([1.0, 2, 3, 4]), np.array([0, 0, 1, 1]), rng=rng)
    assert share == pytest.approx(0.8)
    assert null == pytest.approx(0.8)


def test_ranks_with_ties_and_infinities_agree_with_scipy(rng: np.random.Generator) -> None:
    place = rng.integers(0, 3, 30)
    values = np.where(rng.random(30) < 0.3, math.inf, rng.integers(0, 6, 30).astype(float))
    share, _ = epsilon_squared(values, place, rng=rng)
    expected = stats.kruskal(*(stats.rankdata(values)[place == k] for k in range(3)))
    assert share == pytest.approx(expected.statistic / 29)


def test_chance_reaches_its_quantile_in_one_search_of_twenty() -> None:
    tables = [by_parameter(table) for table in map(trials, range(60))]
    reached = [share >= null for t in tables for share, null in t[["share", "null"]].to_numpy()]
    assert np.mean(reached) == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / len(reached)))


def test_noise_alone_has_the_share_of_its_degrees_of_freedom(rng: np.random.Generator) -> None:
    place = np.arange(40) % 3
    shares = [epsilon_squared(rng.normal(size=40), place, rng=rng)[0] for _ in range(60)]
    assert np.mean(shares) == pytest.approx(2 / 39, abs=3 * float(np.std(shares)) / math.sqrt(60))


def test_a_planted_parameter_has_the_largest_share_and_more_than_chance() -> None:
    frame = trials(1, 60)
    table = by_parameter(frame.assign(value=frame["value"] + 2 * code(frame, "lr")))
    assert table.loc["lr", "share"] == table["share"].max()
    assert (table["share"] > table["null"]).tolist() == [False, False, True, False]


def test_a_level_whose_runs_diverge_has_more_than_chance() -> None:
    frame = trials(2, 60)
    table = by_parameter(frame.assign(value=frame["value"].mask(frame["lr"] == "1", math.inf)))
    assert (table["share"] > table["null"]).tolist() == [False, False, True, False]


def test_a_parameter_is_judged_where_it_acts_alone() -> None:
    frame = trials(3, 60)
    table = by_parameter(frame)
    acting = frame["optimizer"] == "sgd"
    assert table.loc["momentum", "trials"] == acting.sum()
    assert table.loc["lr", "trials"] == 60
    assert table["levels"].tolist() == [3, 2, 3, 2]


def test_one_level_has_no_row_and_nothing_at_all_the_same_columns() -> None:
    frame = trials(4)
    assert "optimizer" not in by_parameter(frame[frame["optimizer"] == "sgd"]).index
    nothing = importance(frame[:0], NAMES, metric="x", rng=np.random.default_rng(0))
    assert nothing.empty
    assert tuple(nothing.columns) == COLUMNS


@pytest.mark.parametrize("value", [0.5, math.inf])
@pytest.mark.parametrize("n", [3, 5, 6, 10])
def test_equal_trials_have_no_importance(value: float, n: int) -> None:
    table = by_parameter(trials(5, n).assign(value=value))
    assert table[["share", "null"]].isna().all(axis=None)


def test_levels_with_a_single_trial_have_no_importance(rng: np.random.Generator) -> None:
    share, null = epsilon_squared(np.array([1.0, 2.0, 3.0]), np.arange(3), rng=rng)
    assert math.isnan(share)
    assert math.isnan(null)


def test_datasets_are_judged_apart() -> None:
    frame = trials(6, 60)
    two = pd.concat([
        frame.assign(dataset="xor"),
        frame.assign(dataset="linear", value=frame["value"] + 3 * code(frame, "optimizer")),
    ])  # fmt: skip
    rng = np.random.default_rng(0)
    table = importance(two, ["optimizer"], metric="final_train_loss", rng=rng)
    reached = table["share"] > table["null"]
    assert dict(zip(table["dataset"], reached, strict=True)) == {"linear": True, "xor": False}


def test_shuffles_come_from_the_given_generator_alone() -> None:
    before = repr(np.random.get_state())  # noqa: NPY002  # the state that must not move
    frame = trials(7)
    pd.testing.assert_frame_equal(by_parameter(frame, 1), by_parameter(frame, 1))
    assert by_parameter(frame, 1)["null"].tolist() != by_parameter(frame, 2)["null"].tolist()
    assert by_parameter(frame, 1)["share"].tolist() == by_parameter(frame, 2)["share"].tolist()
    assert before == repr(np.random.get_state())  # noqa: NPY002
