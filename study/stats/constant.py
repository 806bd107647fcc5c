"""Networks that predict the same for all samples: they agree, but are not stable."""

import numpy as np
import pandas as pd

from study.stats.comparable import TRIAL

WITHIN = 0.01
"""Predictions that differ by at most this share of the range of the labels count as equal."""

LABEL = 0.5
"""Above it the answer is label 1."""

MOSTLY = 0.5
"""A configuration has collapsed if more than this share of its runs predict a constant."""

COLUMNS = (*TRIAL, "runs", "constant", "answer")


def constant(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return one row per run: whether it predicts the same for all of its training samples.

    `predictions` has one row per run and training sample: run_id, classes (whether the target is a
    class), target, prediction, answer. `constant` is 1 where all predictions lie within 1 % of the
    range of the targets, or are all of one class, else 0; and 0 where the targets themselves are
    all the same. Of two classes, a prediction above ½ is class 1; of more there is no prediction,
    and the `answer` is the class. The column `answer` is the middle between the least and the
    greatest prediction, or the class.
    """
    several = predictions["prediction"].isna() & predictions["answer"].notna()
    labelled = predictions.assign(
        prediction=predictions["prediction"].where(~several, predictions["answer"].astype(float)),
        several=several,
    )
    by = labelled.groupby("run_id", observed=True)
    of = by[["target", "prediction"]].agg(["min", "max"]).astype(float)
    low, high, apart = of["prediction", "min"], of["prediction", "max"], by["several"].any()
    span = of["target", "max"] - of["target", "min"]
    one_label = by["classes"].first() & ((low > LABEL) | (high <= LABEL))
    near = one_label | (high - low <= WITHIN * span)
    alike = (span > 0) & near.where(~apart, low == high)
    columns = {"run_id": of.index.astype("str"), "constant": alike.astype(float).to_numpy()}
    return pd.DataFrame(columns).assign(answer=((low + high) / 2).to_numpy())


def by_configuration(runs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset and configuration: the number of runs with a constant prediction.

    `runs` has the columns of `constant`, NaN for a run without stored predictions. The table's
    `runs` counts the completed runs with stored predictions, `constant` the runs among them with a
    constant prediction, and `answer` is the median of these.
    """
    completed = runs[(runs["status"] == "completed") & runs["constant"].notna()]
    completed = completed.assign(
        answer=completed["answer"].where(completed["constant"] > 0).astype(float)
    )
    groups = completed.groupby(list(TRIAL), sort=False, observed=True)
    table = groups.agg(
        runs=("constant", "size"), constant=("constant", "sum"), answer=("answer", "median")
    )
    return table.reset_index().astype({"dataset": "str", "constant": int})[list(COLUMNS)]


def collapsed(table: pd.DataFrame) -> "np.typing.NDArray[np.bool_]":
    """Return where most runs predict a constant; `table` counts `runs` and `constant`."""
    return np.asarray(table["constant"] > MOSTLY * table["runs"])
