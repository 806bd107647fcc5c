"""Variance shares of a balanced grid: by hand, planted, and on pure noise."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from study.stats.decomposition import decomposition, shares
from study.stats.intervals import Array
from tests.grids import TRIVIAL, TWO_BY_TWO, Choices, accuracies, code, grid, normal

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"

CUBE: Choices = {**TWO_BY_TWO, "optimizer": ["sgd", "adam"]}


def by_hand() -> Array:
    """Return a 2 × 2 grid with 2 repetitions: effects of 3, 1 and 0, and a residual of square 1.

    Around the mean: ± 3 for the first axis, ± 1 for the second, ± ½ for the repetition, and √⅜
    that is the product of all three signs: its sum of squares is 3, with 3 degrees of freedom.
    """
    a, b, r = np.meshgrid([-1.0, 1.0], [-1.0, 1.0], [-1.0, 1.0], indexing="ij")
    return np.asarray(10 + 3 * a + b + 0.5 * r + math.sqrt(3 / 8) * a * b * r)


def by_term(runs: pd.DataFrame, names: Sequence[str] = tuple(TWO_BY_TWO)) -> pd.DataFrame:
    """Return the table of the accuracies, by term."""
    return decomposition(runs, names, TRIVIAL, metrics=[ACCURACY]).set_index("term")


def test_a_grid_of_two_by_two_is_decomposed_as_by_hand() -> None:
    """SS: 8 · 9, 8 · 1 and 0, 2 of repetitions and 3 left, so SSt = 85 and MSe = 1."""
    assert shares(by_hand()).tolist() == pytest.approx([71 / 86, 7 / 86, -1 / 86, 9 / 86])


def test_a_frame_has_the_same_shares_as_its_numbers_with_their_names() -> None:
    table = by_term(accuracies(grid(TWO_BY_TWO, 2), by_hand().ravel().tolist()))
    assert table["share"].tolist() == pytest.approx(shares(by_hand()).tolist())
    assert list(zip(table.index, table["kind"], strict=True)) == [
        ("activation", "parameter"), ("lr", "parameter"),
        ("activation × lr", "pair"), ("noise", "noise"),
    ]  # fmt: skip
    assert (table["repetitions"] == 2).all()
    assert "low" not in table, "no interval of ω² holds it as often as it says"


def test_shares_and_noise_sum_to_one_and_noise_is_not_hidden() -> None:
    result = shares(np.random.default_rng(0).normal(size=(2, 3, 4, 5)))
    assert len(result) == 3 + 3 + 1 + 1
    assert result.sum() == pytest.approx(1)


def test_pure_noise_gives_every_term_a_share_near_none(rng: np.random.Generator) -> None:
    result = np.array([shares(rng.normal(size=(3, 4, 5))) for _ in range(400)])
    error = result.std(axis=0) / math.sqrt(len(result))
    assert np.all(np.abs(result[:, :-1].mean(axis=0)) < 3 * error[:-1] + 0.005)
    assert result[:, -1].mean() > 0.98


def test_what_all_configurations_of_a_repetition_share_is_noise(rng: np.random.Generator) -> None:
    result = shares(np.broadcast_to(rng.normal(size=10), (2, 3, 10)) + 0.0)
    assert result.tolist() == pytest.approx([0, 0, 0, 1])


@pytest.mark.parametrize("planted", [(1.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.3, 0.0, 1.0)])
def test_planted_effects_are_found_with_their_share(
    planted: tuple[float, float, float], rng: np.random.Generator
) -> None:
    a, b = np.meshgrid([-1.0, 1.0], [-1.0, 1.0], indexing="ij")
    effects = planted[0] * a + planted[1] * b + planted[2] * a * b
    drawn = [shares(effects[..., None] + rng.normal(0, 0.7, (2, 2, 10))) for _ in range(200)]
    squares = np.square(planted)
    truth = [*squares, 0.49] / (squares.sum() + 0.49)
    assert np.mean(drawn, axis=0).tolist() == pytest.approx(truth.tolist(), abs=0.02)


def test_three_parameters_that_act_only_together_are_reported_as_such() -> None:
    runs = grid(CUBE, 5)
    sign = (1 - 2 * code(runs, "activation")) * (1 - 2 * code(runs, "lr"))
    sign *= 1 - 2 * code(runs, "optimizer")
    table = by_term(accuracies(runs, (sign + normal(runs, 0)).tolist()), tuple(CUBE))
    assert table.loc["three or more together", "kind"] == "rest"
    assert table["share"].idxmax() == "three or more together"
    assert table["share"].drop("three or more together").abs().max() < 0.05


def test_losses_count_in_their_logarithm_up_to_the_trivial_predictors() -> None:
    runs = grid(TWO_BY_TWO, 5)
    logs = -3 + 2.0 * code(runs, "lr") + normal(runs, 3)
    same = runs.assign(final_train_loss=10**logs)
    worse = same.assign(final_train_loss=same["final_train_loss"].mask(same["lr"] == "1", 1e6))
    beyond = worse["lr"] == "1"
    worse.loc[beyond, "status"] = ["diverged", "failed", "completed", "diverged", "completed"] * 2
    table = decomposition(worse, list(TWO_BY_TWO), TRIVIAL).set_index("term")
    capped = logs.mask(beyond, math.log10(0.25)).to_numpy().reshape(2, 2, 5)
    assert set(table["metric"]) == {LOSS}
    assert table["share"].tolist() == pytest.approx(shares(capped).tolist())
    assert float(table["share"]["lr"]) > 0.9


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("status", ["completed", "diverged"])
def test_equal_runs_have_no_shares_at_all(status: str, n: int) -> None:
    for choices in (TWO_BY_TWO, CUBE):
        runs = grid(choices, n).assign(status=status, final_train_loss=0.3)
        table = decomposition(runs, list(choices), TRIVIAL)
        assert len(table) == (4 if choices is TWO_BY_TWO else 8)
        assert table["share"].isna().all()


def test_only_repetitions_that_all_have_enter() -> None:
    runs = grid(TWO_BY_TWO, 3)
    values = accuracies(runs, np.dstack([by_hand(), np.full((2, 2), 99.0)]).ravel().tolist())
    table = by_term(values.drop(index=values.index[-1]))
    assert table["share"].tolist() == pytest.approx(shares(by_hand()).tolist())
    assert set(table["repetitions"]) == {2}


def test_an_effect_has_the_sum_of_squares_that_its_means_make(rng: np.random.Generator) -> None:
    """Against the sums of squares of nested least-squares fits, on 3 × 2 × 4 with 3 repetitions."""
    values = rng.normal(size=(3, 2, 4, 3))
    places = [axis.ravel() for axis in np.indices(values.shape)]
    dummies = [np.eye(n)[place] for n, place in zip(values.shape, places, strict=True)]

    def left(*terms: tuple[int, ...]) -> float:
        columns = [np.ones((values.size, 1))]
        for term in terms:
            block = np.ones((values.size, 1))
            for axis in term:
                block = (block[:, :, None] * dummies[axis][:, None, :]).reshape(values.size, -1)
            columns.append(block)
        design = np.hstack(columns)
        fitted = design @ np.linalg.lstsq(design, values.ravel(), rcond=None)[0]
        return float(np.sum((values.ravel() - fitted) ** 2))

    mains, pairs = [(0,), (1,), (2,)], list(itertools.combinations(range(3), 2))
    everything = left()
    residual = left((0, 1, 2), (3,)) / (23 * 2)
    first = (everything - left((0,)) - 2 * residual) / (everything + residual)
    together = left(*mains) - left(*mains, (0, 2))
    pair = (together - 2 * 3 * residual) / (everything + residual)
    more = left(*mains, *pairs) - left((0, 1, 2))
    rest = (more - 2 * 1 * 3 * residual) / (everything + residual)
    result = shares(values)
    assert [result[0], result[4], result[6]] == pytest.approx([first, pair, rest])


def test_parameters_that_always_change_together_are_one_factor() -> None:
    """As by exclusions: hidden 8 with convolution alone, and 18 without it alone."""
    whole = grid({"activation": ["relu", "tanh"], "lr": [0.1, 1.0]}, 5)
    values = (code(whole, "activation") * code(whole, "lr") + normal(whole, 3, 0.05)).tolist()
    runs = accuracies(whole, values)
    paired = runs.assign(optimizer=np.where(runs["activation"] == "tanh", "adam", "sgd"))
    paired["optimizer"] = paired["optimizer"].astype("category")
    names = ["activation", "optimizer", "lr"]
    assert decomposition(paired, names, TRIVIAL).empty, "the other half of the grid is missing"
    result = decomposition(paired, names, TRIVIAL, merge=True)
    alone = decomposition(runs, ["activation", "lr"], TRIVIAL)
    assert result["term"].tolist() == [
        "activation & optimizer", "lr", "activation & optimizer × lr", "noise"
    ]  # fmt: skip
    assert result["share"].tolist() == pytest.approx(alone["share"].tolist())
    assert result["share"].tolist()[2] > 0.2
