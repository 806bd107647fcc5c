"""Whether parameters matter: each contrast by hand, null grids, and unmatched settings."""

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from study.stats.matters import COLUMNS, contrasts, matter, needed
from tests.grids import Choices, accuracies, code, grid, normal

LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"

CHOICES: Choices = {"lr": [0.01, 0.1, 1.0], "activation": ["sigmoid", "tanh"]}


def by_levels(table: pd.DataFrame) -> pd.DataFrame:
    """Return the contrasts by parameter and levels."""
    return table.set_index(["parameter", "level", "other"])


def contrast(table: pd.DataFrame, level: str, other: str) -> dict[Hashable, Any]:
    """Return the contrast of two learning rates."""
    of_lr = table[table["parameter"] == "lr"].set_index(["level", "other"]).to_dict("index")
    return of_lr[level, other]


def p_of(lower: int, n: int) -> float:
    """Return the verdicts' p, by integrating the likelihood ratio over all θ above and below ½."""

    def ratio(theta: float) -> float:
        return 2 ** (n + 1.0) * math.pow(theta, lower) * math.pow(1 - theta, n - lower)

    most = max(float(quad(ratio, *ends)[0]) for ends in ((0.5, 1), (0, 0.5)))
    return min(1.0, 2 / most)


def test_a_contrast_is_as_computed_by_hand() -> None:
    """log₁₀ of the loss, at two settings; each repetition has the median of both differences."""
    runs = grid({"lr": [0.1, 1.0], "activation": ["sigmoid", "tanh"]}, 3)
    logs = pd.Series(0.0, runs.index)
    high, tanh = runs["lr"] == "1", runs["activation"] == "tanh"
    for repetition, (one, other) in enumerate([(-1.0, -3.0), (1.0, -2.0), (2.0, 4.0)]):
        logs[high & ~tanh & (runs["repetition"] == repetition)] = one
        logs[high & tanh & (runs["repetition"] == repetition)] = other
    row = contrast(contrasts(runs.assign(final_train_loss=10**logs), ["lr"], LOSS), "1", "0.1")
    assert (row["settings"], row["n"], row["lower"], row["ties"]) == (2, 3, 2, 0)
    assert row["effect"] == pytest.approx(10**-0.5), "the median of −2, −½ and 3"
    assert row["unit"] == "ratio"
    assert row["p"] == pytest.approx(p_of(2, 3))


@pytest.mark.parametrize("n", [6, 10, 12])
def test_every_two_levels_are_one_family(n: int) -> None:
    runs = grid(CHOICES, n, datasets=("linear", "xor"))
    logs = -3.0 + code(runs, "lr") + normal(runs, n, 0.01)
    table = contrasts(runs.assign(final_train_loss=10**logs), [*CHOICES], LOSS)
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 2 * (3 + 1)
    for row in table.to_dict("records"):
        assert row["p"] == pytest.approx(p_of(row["lower"], n))
        assert row["p_adjusted"] == pytest.approx(min(1, 8 * row["p"]))
        assert row["differ"] == (row["p_adjusted"] <= 0.05)
    result = matter(table)
    assert result["xor", "exact", "lr"] == (n == 12), "8 comparisons need 11 of 11: p = 0.0059"
    assert not result["xor", "exact", "activation"]
    assert needed(table) == 11
    assert p_of(11, 11) * 8 <= 0.05 < p_of(10, 10) * 8


def test_a_parameter_matters_where_only_two_of_its_levels_differ() -> None:
    runs = grid({"lr": [0.01, 0.1, 1.0]}, 12)
    logs = (runs["lr"] == "1").astype(float) + normal(runs, 0, 0.1)
    table = by_levels(contrasts(runs.assign(final_train_loss=10**logs), ["lr"], LOSS))
    assert table["differ"].to_dict() == {
        ("lr", "0.1", "0.01"): False, ("lr", "1", "0.01"): True, ("lr", "1", "0.1"): True,
    }  # fmt: skip
    assert matter(table.reset_index()).tolist() == [True]


def test_of_many_levels_each_is_compared_with_the_first_and_the_next() -> None:
    rates = [i / 1000 for i in range(1, 24)]
    runs = grid({"lr": rates}, 12)
    logs = code(runs, "lr") / 10 + normal(runs, 0, 0.001)
    table = contrasts(runs.assign(final_train_loss=10**logs), ["lr"], LOSS)
    names = [f"{rate:g}" for rate in rates]
    pairs = {*zip(names[1:], names[:-1], strict=True), *((name, names[0]) for name in names[1:])}
    assert set(zip(table["level"], table["other"], strict=True)) == pairs
    assert len(table) == len(pairs) == 22 + 21
    assert not table["differ"].any(), "43 comparisons take 14 repetitions"
    assert needed(table) == 14
    assert 43 * p_of(14, 14) <= 0.05 < 43 * p_of(13, 13)


def test_infinite_losses_tie_with_each_other_and_lose_to_every_number() -> None:
    runs = grid({"lr": [0.01, 0.1, 1.0]}, 8).assign(final_train_loss=0.5)
    dead = (runs["lr"] == "1") | (runs["repetition"] < 2)
    ends = pd.Series(["diverged", "failed"])[runs["repetition"] % 2].to_numpy()
    table = contrasts(runs.assign(status=runs["status"].mask(dead, ends)), ["lr"], LOSS)
    row = contrast(table, "1", "0.1")
    assert (row["n"], row["lower"], row["ties"]) == (8, 0, 2)
    assert row["p"] == pytest.approx(p_of(0, 6))
    assert math.isinf(row["effect"])
    equal = contrast(table, "0.1", "0.01")
    assert (equal["lower"], equal["ties"], equal["p"], equal["effect"]) == (0, 8, 1, 1)


def test_accuracies_are_compared_by_differences() -> None:
    runs = grid({"lr": [0.1, 1.0]}, 8)
    higher = accuracies(runs, (0.5 + 0.25 * code(runs, "lr")).tolist())
    (row,) = contrasts(higher, ["lr"], ACCURACY).to_dict("records")
    assert (row["lower"], row["ties"], row["unit"]) == (0, 0, "difference")
    assert row["effect"] == pytest.approx(0.25)


def test_a_repetition_that_lacks_a_run_is_left_out_entirely() -> None:
    runs = grid(CHOICES, 8).assign(final_train_loss=0.5)
    lacking = (runs["repetition"] == 7) & (runs["lr"] == "1") & (runs["activation"] == "tanh")
    kept = runs.assign(status=runs["status"].mask(lacking, "missing"))
    table = by_levels(contrasts(kept, [*CHOICES], LOSS))
    assert table["n"].to_dict() == {
        ("lr", "0.1", "0.01"): 8, ("lr", "1", "0.01"): 7, ("lr", "1", "0.1"): 7,
        ("activation", "tanh", "sigmoid"): 7,
    }  # fmt: skip


def test_levels_without_a_common_setting_are_no_comparison() -> None:
    """With lr 1 there is tanh alone, and momentum acts under SGD alone."""
    runs = grid(CHOICES, 8).assign(final_train_loss=0.5)
    alone = runs[(runs["lr"] != "1") ^ (runs["activation"] == "tanh")]
    table = by_levels(contrasts(alone, [*CHOICES], LOSS))
    assert [*table.index] == [("lr", "0.1", "0.01")]
    own = grid({"optimizer": ["sgd", "adam"], "momentum": [0.0, 0.9]}, 8)
    result = contrasts(own.assign(final_train_loss=0.5), ["optimizer", "momentum"], LOSS)
    assert by_levels(result)["settings"].to_dict() == {
        ("optimizer", "adam", "sgd"): 2, ("momentum", "0.9", "0"): 1,
    }  # fmt: skip


def test_a_whole_pruned_configuration_and_times_are_left_out() -> None:
    runs = grid(CHOICES, 8).assign(final_train_loss=0.5, seconds=1.0)
    assert contrasts(runs, [*CHOICES], "seconds").empty
    pruned = runs["status"].mask(runs["lr"] == "1", "pruned")
    table = contrasts(runs.assign(status=pruned), [*CHOICES], LOSS)
    assert set(table["level"]) == {"0.1", "tanh"}
    nothing = contrasts(runs[:0], [*CHOICES], LOSS)
    assert tuple(nothing.columns) == COLUMNS
    assert matter(nothing).empty


@pytest.mark.parametrize("levels", [(2, 2), (3, 4)])
def test_nothing_matters_in_at_most_one_null_study_of_twenty(levels: Sequence[int]) -> None:
    named: Choices = {
        "lr": [0.01, 0.1, 1.0][: levels[0]],
        "activation": ["none", "relu", "sigmoid", "tanh"][: levels[1]],
    }
    runs, wrong = grid(named, 20), 0
    for seed in range(40):
        common = np.random.default_rng(seed).normal(0, 3, 20)[runs["repetition"]]
        logs = common + normal(runs, seed)
        table = contrasts(runs.assign(final_train_loss=10**logs), [*named], LOSS)
        wrong += bool(table["differ"].any())
    assert wrong <= 0.05 * 40 + 3 * math.sqrt(0.05 * 0.95 * 40)


def test_the_largest_effects_of_two_parameters_are_kept_apart() -> None:
    """A parameter that only changes how large another one's effect is has none of its own."""
    runs = grid({"lr": [0.1, 1.0], "activation": ["none", "sigmoid", "tanh"]}, 16)
    sizes = code(runs, "lr") * (code(runs, "activation") - 1)
    logs = sizes + normal(runs, 3, 0.01)
    result = matter(contrasts(runs.assign(final_train_loss=10**logs), ["lr", "activation"], LOSS))
    assert result.reset_index()[["parameter", "differ"]].to_numpy().tolist() == [
        ["lr", False], ["activation", True],
    ]  # fmt: skip
