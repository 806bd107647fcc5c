"""The trivial predictor, which ignores its inputs: its loss and accuracy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from study.metrics import ACCURACY, METRICS
from study.stats.intervals import Array

ONE: Mapping[str, int] = {}
"""How many outputs each dataset has: one, unless it is named."""


def _squares(y: Array, train: Array) -> float:
    return float(np.mean((y - train.mean(axis=0)) ** 2))


def _distances(y: Array, train: Array) -> float:
    return float(np.mean(np.abs(y - np.median(train, axis=0))))


def _entropies(y: Array, train: Array) -> float:
    """Return the mean over outputs of −p ln q − (1 − p) ln(1 − q)."""
    p, q = y.mean(axis=0), train.mean(axis=0)
    return float(np.mean(_information(p, q) + _information(1 - p, 1 - q)))


def _entropy(y: Array, train: Array) -> float:
    """Return −Σ p ln q."""
    return float(np.sum(_information(y.mean(axis=0), train.mean(axis=0))))


def _information(p: Array, q: Array) -> Array:
    """Return −p ln q, and 0 where p is 0."""
    with np.errstate(divide="ignore"):
        return -p * np.log(q, out=np.zeros_like(q), where=p > 0)


@dataclass(frozen=True, slots=True)
class Constant:
    """The best constant prediction for a loss: what it is, and its `loss` on y, chosen on `train`.

    Both are (samples, outputs), classes as 0 and 1.
    """

    answer: str
    loss: Callable[[Array, Array], float]


TRIVIAL: dict[str, Constant] = {
    "binary_cross_entropy": Constant("the class frequencies", _entropies),
    "mae": Constant("the median target", _distances),
    "mse": Constant("the mean target", _squares),
    "softmax_cross_entropy": Constant("the class frequencies", _entropy),
}
"""Loss → the constant prediction that is best for it."""


def trivial(targets: pd.DataFrame, loss: str, outputs: Mapping[str, int] = ONE) -> pd.DataFrame:
    """Return the trivial predictor's loss on the training part.

    `targets` has one row per training sample of every repetition: dataset, repetition, target;
    `outputs` is the number of each dataset's outputs. One row per dataset: `trivial`, the mean over
    its repetitions, and `repetitions`.
    """
    each = baselines(targets.assign(part="train"), loss, outputs).groupby("dataset", sort=False)
    frame = each["loss"].agg(trivial="mean", repetitions="size")
    return frame.reset_index().astype({"dataset": str})


def majority(targets: pd.DataFrame, outputs: Mapping[str, int] = ONE) -> pd.DataFrame:
    """Return the accuracy of always predicting the most frequent class, on each part of the data.

    `targets` is as of `baselines`, of datasets with classes. One row per dataset and `part`: the
    mean of `accuracy` over the repetitions.
    """
    each = baselines(targets, "mse", outputs).groupby(["dataset", "part"], sort=False)
    return each["accuracy"].mean().reset_index()


def of_metric(majority: pd.DataFrame, metric: str) -> dict[str, float]:
    """Return each dataset's accuracy of the most frequent class, where the metric is an accuracy.

    The accuracy belongs to the metric's own part.
    """
    if METRICS[metric].quantity is not ACCURACY:
        return {}
    own = majority[majority["part"] == METRICS[metric].part]
    return dict(zip(own["dataset"].astype(str), own["accuracy"].astype(float), strict=True))


def baselines(targets: pd.DataFrame, loss: str, outputs: Mapping[str, int] = ONE) -> pd.DataFrame:
    """Return what the trivial predictor has on each part of each repetition.

    `targets` has one row per sample of the training and the held-out part: dataset, repetition,
    part, target; a class is its index. One row per dataset, repetition and part, `of` this loss:
    the `loss` of the answer that is best for the training part, the same to all samples, and the
    `accuracy` of always answering the part's own most frequent class: no constant answer has a
    higher one.
    """
    rows = []
    for (dataset, repetition), group in targets.groupby(
        ["dataset", "repetition"], sort=False, observed=True
    ):
        classes = outputs.get(str(dataset), 1)
        parts = {
            str(part): _outputs(of["target"].to_numpy(dtype=float), classes)
            for part, of in group.groupby("part", sort=False, observed=True)
        }
        for part, y in parts.items() if "train" in parts else ():
            shares = y.mean(axis=0)
            most = shares.max() if classes > 1 else max(shares[0], 1 - shares[0])
            value = TRIVIAL[loss].loss(y, parts["train"])
            rows.append((str(dataset), repetition, part, value, float(most), loss))
    return pd.DataFrame(rows, columns=["dataset", "repetition", "part", "loss", "accuracy", "of"])


def _outputs(targets: Array, classes: int) -> Array:
    """Return targets as (samples, outputs): several classes as 0 and 1."""
    column = targets[:, None]
    return column if classes == 1 else (column == np.arange(classes)).astype(float)
