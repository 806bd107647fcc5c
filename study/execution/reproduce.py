"""One run trained again, alone, and compared with what is stored of it, epoch by epoch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from study.errors import ResultsError
from study.execution.chosen import chosen
from study.plan.identity import identities
from study.plan.stacks import Stack
from study.plan.trials import stored_run
from study.spec.load import load_pipeline
from study.store.files import PIPELINE
from study.store.reader import load_results
from study.store.stored import stored_runs
from study.training.build import Array, named_parameters
from study.training.loop import train
from study.training.meter import METRICS
from study.units import amount


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How a second training compares: where it first differs, and the parameters it ended with."""

    run_id: str
    epochs: int
    differs_at: int | None
    column: str | None
    weights: dict[str, Array]

    @property
    def sentence(self) -> str:
        """Whether the second training came to the stored numbers."""
        if self.differs_at is None:
            return f"run {self.run_id}: all {amount(self.epochs)} epochs are bit-identical"
        return f"run {self.run_id}: {self.column} differs from epoch {self.differs_at} on"


def reproduce(folder: Path, run_id: str | None) -> Reproduction:
    """Train one run of a results folder again and compare every epoch's metrics bit for bit.

    `run_id` may be what the id begins with. Raises ResultsError where the folder has no such run,
    or several, or where the run failed.
    """
    results, run_id = load_results(folder), chosen(folder, run_id)
    pipeline, row = load_pipeline(folder / PIPELINE), stored_runs(folder)[run_id]
    run = stored_run(identities(pipeline), row)
    if run is None:
        raise ResultsError(f"{folder}: {PIPELINE} has no dataset {row['dataset']!r} any more")
    epochs = int(str(row["epochs"]))
    if not epochs:
        raise ResultsError(f"{folder}: run {run_id} failed: {row['reason']}")
    with threadpool_limits(1):
        (history,), _ = train(Stack((run,)), pipeline, until=epochs)
    stored = results.metrics({"run_id": run_id}, columns=["epoch", *METRICS]).sort_values("epoch")
    differs_at, column = first_difference(history.metrics, stored)
    return Reproduction(
        run_id=run_id,
        epochs=epochs,
        differs_at=differs_at,
        column=column,
        weights=named_parameters(run, pipeline, history.parameters),
    )


def first_difference(
    again: Mapping[str, Array], stored: pd.DataFrame
) -> tuple[int, str] | tuple[None, None]:
    """Return where a run's metrics first differ from what is stored of it, epoch by epoch.

    The stored rows are in order. An epoch that was not come to again is one that differs.
    """
    same = np.zeros((len(stored), len(METRICS)), np.bool_)
    for i, name in enumerate(METRICS):
        now = again[name][: len(stored)]
        before = stored[name].to_numpy(dtype=now.dtype, na_value=np.nan)[: len(now)]
        same[: len(now), i] = (now == before) | (np.isnan(now) & np.isnan(before))
    differs = np.argwhere(~same)
    return (int(differs[0, 0]) + 1, METRICS[differs[0, 1]]) if differs.size else (None, None)
