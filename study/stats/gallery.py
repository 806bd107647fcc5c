"""What networks of one configuration answer over the plane, and where they disagree."""

import numpy as np
import pandas as pd

SURFACES = ("dataset", "first_level", "second_level", "x0", "x1", "ones", "repetitions")

CELLS = (
    "dataset", "first", "second", "first_level", "second_level", "repetitions", "disagreement",
    "runs", "constant",
)  # fmt: skip

THRESHOLD = 0.5


def surfaces(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the share of repetitions that answer 1, at each point of the plane.

    `answers` has one row per run and point: dataset, first_level, second_level, run_id, x0, x1,
    prediction (NaN where the network's weights have overflowed: that repetition does not count).
    One row per dataset, pair of levels and point: `ones`, of so many `repetitions`.
    """
    known = answers[answers["prediction"].notna()]
    by = list(SURFACES[:5])
    groups = known.assign(one=known["prediction"] > THRESHOLD).groupby(by, sort=False)["one"]
    frame = groups.agg(ones="mean", repetitions="size").reset_index()
    return frame[list(SURFACES)]


def disagreement(table: pd.DataFrame, runs: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return how often two repetitions of a configuration answer differently, over the plane.

    `table` is of `surfaces`; `runs` has dataset, first_level, second_level and the column
    `constant`: whether a run gives one answer to all of its training samples. The result counts
    the `runs` where that is known, and the `constant` ones.
    With a share s of n repetitions that answer 1 at a point, two of them drawn at random differ
    there with probability 2 s (1 − s) n / (n − 1) (Gini's unbiased index); `disagreement` is its
    mean over the points, NaN for a single repetition.
    """
    n, s = table["repetitions"].astype(float), table["ones"]
    differ = 2 * s * (1 - s) * n / (n - 1).where(n > 1, np.nan)
    by = ["dataset", "first_level", "second_level"]
    frame = table.assign(differ=differ).groupby(by, sort=False)
    cells = frame.agg(repetitions=("repetitions", "max"), disagreement=("differ", "mean"))
    known = runs.groupby(by, sort=False)["constant"].agg(runs="count", constant="sum")
    counts = known.reindex(cells.index, fill_value=0).astype(int)
    found = cells.join(counts).reset_index().assign(first=first, second=second)
    return found[list(CELLS)]
