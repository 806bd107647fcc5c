"""Levels in pairs: who is whose partner, and one difference a repetition."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest

from study.stats.contrasts import BOTH, Pairing, differences, pairings
from tests.grids import TWO_BY_TWO, Choices, grid


def pairing(runs: pd.DataFrame, name: str, reference: str) -> Pairing:
    """Return the only pairing of a parameter."""
    (only,) = pairings(runs, [name], {name: [reference]})
    return only


def test_pairs_differ_in_one_parameter_alone() -> None:
    runs = grid(TWO_BY_TWO, 2)
    paired = pairing(runs, "lr", "0.1")
    assert (paired.level, paired.reference) == ("1", "0.1")
    one, other = runs.iloc[paired.one], runs.iloc[paired.other]
    assert one["lr"].tolist() == ["1"] * 4
    assert other["lr"].tolist() == ["0.1"] * 4
    for same in ("activation", "repetition"):
        assert one[same].tolist() == other[same].tolist()
    assert len(set(paired.setting)) == 2


def test_the_reference_is_the_first_that_the_group_has() -> None:
    runs = grid({"lr": [0.1, 1.0, 10.0]}, 1)
    paired = list(pairings(runs, ["lr"], {"lr": ["7", "1", "0.1"]}))
    assert [(one.level, one.reference) for one in paired] == [("0.1", "1"), ("10", "1")]
    assert not list(pairings(runs, ["lr"], {"lr": ["7"]}))


def test_networks_are_compared_within_a_dataset_and_all_else_within_a_network() -> None:
    choices = {"implementation": ["exact", "as_printed"], "activation": ["sigmoid", "tanh"]}
    runs = grid(choices, 1, datasets=["linear", "xor"])
    of = {"implementation": ["exact"], "activation": ["sigmoid"]}
    paired = list(pairings(runs, list(of), of))
    assert [(one.dataset, one.implementation) for one in paired] == [
        ("linear", BOTH), ("xor", BOTH),
        ("linear", "exact"), ("linear", "as_printed"), ("xor", "exact"), ("xor", "as_printed"),
    ]  # fmt: skip
    assert [len(one.one) for one in paired] == [2, 2, 1, 1, 1, 1]


def test_what_never_acts_at_one_level_is_not_matched_on() -> None:
    runs = grid({"optimizer": ["sgd", "adam"], "momentum": [0.0, 0.9]}, 1)
    paired = pairing(runs, "optimizer", "sgd")
    assert runs.iloc[paired.one]["optimizer"].tolist() == ["adam", "adam"]
    assert runs.iloc[paired.other]["momentum"].astype(str).tolist() == ["0", "0.9"]


def test_differences_are_combined_within_a_repetition() -> None:
    runs = grid({"activation": ["sigmoid", "tanh", "relu"], "lr": [0.1, 1.0]}, 2)
    values = np.zeros(len(runs))
    high = np.flatnonzero(runs["lr"] == "1")
    values[high] = [1.0, 10.0, 2.0, 20.0, 9.0, math.nan]
    paired = pairing(runs, "lr", "0.1")
    assert differences(paired, values).tolist() == [2.0, 15.0]
    assert differences(paired, values, combine="mean").tolist() == [4.0, 15.0]
    assert differences(paired, np.full(len(runs), math.nan)).tolist() == []


@pytest.mark.parametrize("seed", range(8))
def test_pairs_are_those_of_the_definition_in_any_incomplete_design(seed: int) -> None:
    """Each two runs of one repetition at the two levels that agree in whatever acts at both."""
    rng = np.random.default_rng(seed)
    choices: Choices = {
        "lr": [0.1, 1.0, 10.0], "optimizer": ["sgd", "adam"], "momentum": [0.0, 0.9]
    }  # fmt: skip
    runs = grid(choices, 3)
    runs["momentum"] = runs["momentum"].mask(runs["optimizer"] == "adam")
    runs = runs[rng.random(len(runs)) < 0.6].sample(frac=1, random_state=seed)
    runs = pd.concat([runs, runs.sample(3, random_state=seed)], ignore_index=True)
    rows = runs.to_dict("records")
    for parameter, first in (("lr", "1"), ("optimizer", "sgd")):
        found = list(pairings(runs, [parameter], {parameter: [first]}))
        at = {level: [row for row in rows if row[parameter] == level] for level in runs[parameter]}
        expected = {}
        for level in set(at) - {first}:
            acting = [
                name
                for name in set(choices) - {parameter}
                if all(any(pd.notna(row[name]) for row in at[of]) for of in (level, first))
            ]
            alike = [
                (i, j)
                for (i, one), (j, other) in itertools.product(enumerate(rows), repeat=2)
                if (one[parameter], other[parameter]) == (level, first)
                and one["repetition"] == other["repetition"]
                and all(
                    one[name] == other[name] or (pd.isna(one[name]) and pd.isna(other[name]))
                    for name in acting
                )
            ]
            if alike:
                expected[level] = alike
        pairs = {of.level: list(zip(of.one, of.other, strict=True)) for of in found}
        assert pairs == expected
        for of in found:
            repetitions = runs["repetition"].to_numpy()
            assert of.repetition.tolist() == repetitions[of.one].tolist()
