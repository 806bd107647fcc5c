"""Runs of a full grid with levels as the report has them; each test plants its own numbers."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from study.columns import TABLES
from study.space import Value, canonical
from study.stats import levels

Choices: TypeAlias = Mapping[str, Sequence[Value]]
"""Parameter → the values that are tried."""

TRIVIAL = {"xor": 0.25, "linear": 0.25}
"""The trivial predictor's loss, of labels that are half 0 and half 1."""

TWO_BY_TWO: Choices = {"activation": ["sigmoid", "tanh"], "lr": [0.1, 1.0]}


def grid(choices: Choices, n: int, *, datasets: Sequence[str] = ("xor",)) -> pd.DataFrame:
    """Return n completed runs of every configuration, whose metrics are unknown so far.

    Rows stand dataset by dataset, configuration by configuration, repetition by repetition.
    """
    chosen = [
        canonical(dict(zip(choices, values, strict=True)))
        for values in itertools.product(*choices.values())
    ]
    different = {tuple(one.values()): one for one in chosen}.values()
    row: dict[str, object] = {column.name: math.nan for column in TABLES["runs"]}
    rows = [
        row
        | {"dataset": dataset, "repetition": repetition, "status": "completed", "epochs": 100}
        | {"parameters": 10, "constant": math.nan}
        | one
        for dataset in datasets
        for one in different
        for repetition in range(n)
    ]
    frame = pd.DataFrame(rows).assign(run_id=[f"run {i}" for i in range(len(rows))])
    frame = levels.levelled(frame, levels.written(frame, choices))
    return frame.assign(configuration=levels.configurations(frame, list(choices)))


def normal(runs: pd.DataFrame, seed: int, sd: float = 0.1) -> pd.Series:
    """Return independent normal noise, a number for each run."""
    drawn = np.random.default_rng(seed).normal(0, sd, len(runs))
    return pd.Series(drawn, index=runs.index)


def code(runs: pd.DataFrame, name: str) -> pd.Series:
    """Return the place of each run's level of a parameter: 0, 1, ….; −1 where it does not act."""
    return runs[name].cat.codes.astype(float)


def accuracies(runs: pd.DataFrame, values: Sequence[float]) -> pd.DataFrame:
    """Return the runs with these final training accuracies, a metric that is taken as it is."""
    return runs.assign(final_train_accuracy=np.asarray(values, dtype=float))
