"""When runs get to a threshold: the share that has after each epoch, and who never does."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from study.stats.comparable import matched
from study.stats.ranges import binned
from study.stats.summaries import measured, stored

COLUMNS = ("dataset", "parameter", "level", "metric", "epoch", "share", "runs", "never")


def arrivals(
    runs: pd.DataFrame, parameters: Sequence[str], *, metric: str, last: int
) -> pd.DataFrame:
    """Return how large a share of the runs at each level has got to a threshold after each epoch.

    `metric` is the epoch of arrival, null if never. One row per dataset, parameter, level and epoch
    at which a run arrives, and the `last` one: `share` of the `runs` so far (the empirical
    distribution function), and how many `never` arrive, including diverged runs. A parameter
    has the runs of settings that occur at each of its levels; many levels are binned.
    """
    rows = [
        (str(dataset), parameter, str(level), metric, *step)
        for parameter in parameters
        for (dataset, level), group in stored(
            matched(binned(runs, [parameter]), [parameter], parameters)
        ).groupby(["dataset", parameter])
        for step in _steps(measured(group, metric), last)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _steps(epochs: pd.Series, last: int) -> Iterator[tuple[int, float, int, int]]:
    known = epochs[np.isfinite(epochs)].astype(int)
    never, arrived = len(epochs) - len(known), 0
    counts = known.value_counts().sort_index()
    for epoch, n in {**counts.to_dict(), last: counts.get(last, 0)}.items():
        arrived += int(n)
        yield int(str(epoch)), arrived / len(epochs), len(epochs), never
