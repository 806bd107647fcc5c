"""Losses of a standardized target in the target's own unit: a table, and what it shows."""

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.plan import seeds
from study.report.wording import number
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.stats.summaries import measured

COLUMNS = ("dataset", "target", "metric", "loss", "error")


def spreads(pipeline: Pipeline, repetitions: Iterable[int]) -> pd.DataFrame:
    """Return by what each standardized target was divided, a row per dataset and repetition."""
    rows = [
        (name, dataset.source[1], repetition, seeds.samples(pipeline, name, repetition).spread)
        for name, dataset in pipeline.datasets.items()
        if dataset.standardized
        for repetition in sorted(repetitions)
    ]
    return pd.DataFrame(rows, columns=["dataset", "target", "repetition", "spread"])


def own_units(
    ranked: pd.DataFrame, counted: pd.DataFrame, spreads: pd.DataFrame, aim: Objective
) -> pd.DataFrame:
    """Return the error of each dataset's first configuration in the unit of its target.

    `ranked` has the configurations, best first, by the runs `counted` and the objective `aim`. One
    row per dataset with a standardized target, where that is a loss, a mean squared error: the
    objective of the `loss`, and of the `error` = spread · √loss, a root mean square.
    """
    rows = []
    for first in ranked[ranked["rank"] == 1].to_dict("records"):
        metric, name = str(first["metric"]), str(first["dataset"])
        of = spreads[spreads["dataset"] == name]
        own = counted[counted["dataset"].astype(str) == name]
        own = own[own["configuration"] == first["configuration"]]
        if METRICS[metric].is_loss and not of.empty:
            loss = measured(own, metric).to_numpy()
            spread = own["repetition"].map(of.set_index("repetition")["spread"]).to_numpy(float)
            error = spread * np.sqrt(loss)
            rows.append((name, of["target"].iloc[0], metric, aim.of(loss), aim.of(error)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def errors(table: pd.DataFrame) -> list[str]:
    """Return a sentence for each finite row of the table `own_units`."""
    return [
        f"On {row['dataset']}, that loss of {number(row['loss'])} is a root-mean-square error of "
        f"{number(row['error'])} in the unit of {row['target']}."
        for row in table.to_dict("records")
        if math.isfinite(row["error"])
    ]
