"""Runs with made-up results, and hypotheses about them, for tests of what is claimed."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from study.columns import TABLES
from study.space import PARAMETERS, Value, canonical
from study.spec.hypotheses import NETWORK, Claims, Comparison, Hypothesis, Interaction, Level
from study.stats.hypotheses import hypotheses

DIVERGED, FAILED, PRUNED = "diverged", "failed", "pruned"
LOSS, ACCURACY = "final_train_loss", "final_train_accuracy"
TEN = [0.1 * i for i in range(1, 11)]

Results = Sequence[float | str | None]
"""One for each repetition: a metric's value, None where it has none, or how the run ended."""


def made(
    values: Mapping[str, Value], results: Results, *, metric: str, dataset: str = "xor"
) -> pd.DataFrame:
    """Return the runs of one configuration, one for each repetition."""
    rows = []
    for repetition, result in enumerate(results):
        row: dict[str, object] = {column.name: math.nan for column in TABLES["runs"]}
        row |= canonical(values)
        row |= {"run_id": f"{dataset} {dict(values)} {repetition}", "dataset": dataset}
        row |= {"repetition": repetition, "status": "completed"}
        row |= {"status": result} if isinstance(result, str) else {metric: result}
        rows.append(row)
    return pd.DataFrame(rows).astype({metric: np.float64})


def two(
    first: Results, second: Results, *, metric: str = "final_train_loss", **more: object
) -> pd.Series:
    """Test that Adam, `first`, is lower than SGD, `second`, repetition by repetition."""
    runs = [
        made({"optimizer": name}, results, metric=metric)
        for name, results in (("adam", first), ("sgd", second))
    ]
    return one(pd.concat(runs), comparison(metric=metric, **more))


def one(runs: pd.DataFrame, declared: Hypothesis) -> pd.Series:
    """Return the only row of a hypothesis on XOR."""
    table = judged(runs, [declared])
    assert len(table) == 1
    return table.iloc[0]


def judged(
    runs: pd.DataFrame, declared: Sequence[Hypothesis], datasets: Sequence[str] = ("xor",)
) -> pd.DataFrame:
    """Return the table of hypotheses, on the networks that the runs have."""
    present = [n for n in PARAMETERS["implementation"].options if (runs[NETWORK] == n).any()]
    return hypotheses(runs, Claims(declared=declared, datasets=datasets, networks=present))


def asked(declared: Sequence[Hypothesis], **more: Any) -> Claims:  # noqa: ANN401  # its fields
    """Return hypotheses as the claims of a study of the correct network on XOR."""
    return Claims(declared=declared, **{"datasets": ["xor"], "networks": ["exact"], **more})


OPTIMIZERS = {"parameter": "optimizer", "value": "adam", "with": "sgd"}


def comparison(**keys: object) -> Comparison:
    """Return a comparison of Adam with SGD, by default "lower"."""
    defaults = {"id": "a", "claim": "A", "compare": OPTIMIZERS, "metric": "final_train_loss"}
    return Comparison.model_validate({**defaults, "expect": "lower", **keys})


def interaction(**keys: object) -> Interaction:
    """Return how the difference of Adam and SGD changes from lr 0.01 to 1, higher."""
    across = {"parameter": "lr", "value": 1.0, "with": 0.01}
    defaults = {"id": "a", "claim": "A", "compare": OPTIMIZERS, "metric": "final_train_loss"}
    return Interaction.model_validate({**defaults, "across": across, "expect": "higher", **keys})


def level(metric: str, expect: Mapping[str, object], **keys: object) -> Level:
    """Return a level that, by default, half of the runs should meet."""
    defaults = {"id": "a", "claim": "A", "metric": metric, "expect": dict(expect)}
    return Level.model_validate({**defaults, **keys})
