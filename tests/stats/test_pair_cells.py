"""Pairs of parameters: one row a cell, and every empty cell has its reason."""

import math

import pandas as pd

from study.stats.pairs import Exclusion, pairs


def frame() -> pd.DataFrame:
    """Return runs of two parameters of two levels; one cell is planned only, one has no run."""
    rows = [
        ("a", "0.1", "sgd", "completed", 0.2),
        ("a", "0.1", "sgd", "diverged", 9.0),
        ("a", "1", "sgd", "missing", math.nan),
        ("a", "0.1", "adam", "completed", 0.3),
    ]
    runs = pd.DataFrame(rows, columns=["dataset", "lr", "optimizer", "status", "final_train_loss"])
    levels = {"dataset": ["a"], "lr": ["0.1", "1"], "optimizer": ["sgd", "adam"]}
    kinds = {name: pd.CategoricalDtype(of, ordered=True) for name, of in levels.items()}
    return runs.astype(kinds)


def test_every_cell_has_its_median_and_its_counts() -> None:
    cells = pairs(frame(), ["lr", "optimizer"])
    assert cells["first_level"].tolist() == ["0.1", "0.1", "1", "1"]
    assert cells["second_level"].tolist() == ["sgd", "adam", "sgd", "adam"]
    assert cells["median"].tolist()[:2] == [math.inf, 0.3]
    assert cells[["planned", "runs", "diverged"]].to_numpy()[0].tolist() == [2, 2, 1]
    assert cells["state"].tolist() == ["measured", "measured", "missing", "untried"]


def test_an_exclusion_that_agrees_with_an_empty_cell_gives_its_reason() -> None:
    out: list[Exclusion] = [({"optimizer": "sgd"}, "not this"), ({"lr": "1"}, "overflows")]
    cells = pairs(frame(), ["lr", "optimizer"], out)
    assert cells["state"].tolist() == ["measured", "measured", "missing", "excluded"]
    assert cells["reason"].tolist()[-1] == "overflows"


def test_a_parameter_that_never_acts_at_a_level_is_not_reported_as_excluded() -> None:
    runs = frame().astype({"lr": object})
    runs.loc[runs["optimizer"] == "adam", "lr"] = None
    runs["lr"] = runs["lr"].astype(pd.CategoricalDtype(["0.1", "1"], ordered=True))
    cells = pairs(runs, ["lr", "optimizer"], [({"optimizer": "adam", "hidden": "8"}, "no")])
    assert cells["state"].tolist() == ["measured", "impossible", "missing", "impossible"]
    assert cells["reason"].isna().all()


def test_one_parameter_makes_no_pair() -> None:
    assert pairs(frame(), ["lr"]).empty
