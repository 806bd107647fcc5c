"""How often repetitions of a configuration predict different classes, over the plane."""

import numpy as np
import pandas as pd

from study.stats.constant import LABEL

CELL = ["dataset", "first_level", "second_level"]
"""A configuration: a dataset, and a level of each of two parameters."""

PAIR = 2
"""With more classes, the predicted class is stored and not one output."""


def surfaces(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return the share of repetitions that answer 1, at each point of the plane.

    `predictions` has one row per run and point: dataset, first_level, second_level, run_id, x0, x1,
    prediction (NaN where the network's weights have overflowed: that repetition does not count),
    with several classes also classes and answer. One row per dataset, pair of levels and point:
    `ones`, of so many `repetitions`; of several classes see `_several`.
    """
    if "classes" not in predictions:
        return _two(predictions)
    several_of = predictions["classes"] > PAIR  # these have no prediction
    parts = [_several(predictions[several_of])]
    if not several_of.all():
        parts.append(_two(predictions[~several_of]).assign(classes=PAIR))
    return pd.concat(parts, ignore_index=True)


def _two(predictions: pd.DataFrame) -> pd.DataFrame:
    defined = predictions[predictions["prediction"].notna()]
    ones = defined.assign(one=defined["prediction"] > LABEL)
    groups = ones.groupby([*CELL, "x0", "x1"], sort=False)["one"]
    return groups.agg(ones="mean", repetitions="size").reset_index()


def _several(predictions: pd.DataFrame) -> pd.DataFrame:
    """Return the `answer` of the most repetitions at each point, the first one of equals.

    `margin` is the share of repetitions that answer it, less the share of the second; `alike` is
    the sum of the squares of the shares of all classes.
    """
    at, defined = [*CELL, "x0", "x1", "classes"], predictions[predictions["answer"].notna()]
    each = np.eye(int(predictions["classes"].max()))[defined["answer"].astype(int)]
    groups = pd.DataFrame(each).groupby([defined[name].to_numpy() for name in at], sort=False)
    counts = groups.sum()
    n = counts.sum(axis=1).to_numpy()
    shares = counts.to_numpy() / n[:, None]
    first = np.sort(shares, axis=1)[:, ::-1]
    return (
        counts.index.to_frame(index=False)
        .set_axis(at, axis=1)
        .assign(
            ones=np.nan,
            repetitions=n.astype(int),
            answer=shares.argmax(axis=1),
            margin=first[:, 0] - first[:, 1],
            alike=np.square(shares).sum(axis=1),
        )
    )


def disagreement(table: pd.DataFrame, runs: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return how often two repetitions of a configuration answer differently, over the plane.

    `table` is of `surfaces`; `runs` has dataset, first_level, second_level and the column
    `constant`: whether a run gives one answer to all of its training samples. The result counts
    the `runs` where that is known, and the `constant` ones.
    With a share s of n repetitions that answer 1 at a point, two of them drawn at random differ
    there with probability 2 s (1 − s) n / (n − 1) (Gini's unbiased index), and of several classes
    with (1 − Σ s²) n / (n − 1) (Simpson 1949); `disagreement` is its mean over the points, NaN for
    a single repetition.
    """
    n, s = table["repetitions"].astype(float), table["ones"]
    apart = 2 * s * (1 - s)
    if "alike" in table:
        apart = apart.fillna(1 - table["alike"])
    differ = apart * n / (n - 1).where(n > 1, np.nan)
    cells = table.assign(differ=differ).groupby(CELL, sort=False)
    answers_of = cells.agg(repetitions=("repetitions", "max"), disagreement=("differ", "mean"))
    counts = runs.groupby(CELL, sort=False)["constant"].agg(runs="count", constant="sum")
    answers_of = answers_of.join(
        counts.reindex(answers_of.index, fill_value=0).astype(int)
    ).reset_index()
    answers_of.insert(1, "first", first)
    answers_of.insert(2, "second", second)
    return answers_of
