"""One run trained again, alone, and compared with what is stored of it, epoch by epoch."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from study.errors import ResultsError
from study.execution.chosen import chosen
from study.execution.folder import PIPELINE
from study.plan.identity import identities
from study.plan.stacks import Stack
from study.plan.trials import stored_run
from study.spec.load import load_pipeline
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
    same = np.zeros((epochs, len(METRICS)), np.bool_)
    for i, name in enumerate(METRICS):
        again = history.metrics[name][:epochs]
        before = stored[name].to_numpy(dtype=again.dtype, na_value=np.nan)[: len(again)]
        same[: len(again), i] = (again == before) | (np.isnan(again) & np.isnan(before))
    differs = np.argwhere(~same)
    return Reproduction(
        run_id=run_id,
        epochs=epochs,
        differs_at=int(differs[0, 0]) + 1 if differs.size else None,
        column=METRICS[differs[0, 1]] if differs.size else None,
        weights=named_parameters(run, pipeline, history.parameters),
    )
