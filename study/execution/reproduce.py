"""One run trained again, alone, and compared with what is stored of it, epoch by epoch."""

from dataclasses import dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from study.errors import ResultsError
from study.execution.chosen import chosen
from study.execution.compare import first_difference
from study.metrics import OF_EPOCHS
from study.plan.identity import identities
from study.plan.stacks import Stack
from study.plan.trials import stored_run
from study.store.kept import kept_pipeline
from study.store.reader import load_results
from study.store.sound import added_since, places
from study.store.stored import stored_runs
from study.training.build import Array, named_parameters
from study.training.loop import train
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
    results = load_results(folder)
    pipeline, run_id = kept_pipeline(folder), chosen(folder, run_id)
    row = stored_runs(folder)[run_id]
    run = stored_run(identities(pipeline), row)
    if run is None or run.run_id != run_id:
        raise ResultsError(f"{folder}: the row of run {run_id} in runs.parquet was changed")
    epochs = int(str(row["epochs"]))
    if not epochs:
        raise ResultsError(f"{folder}: run {run_id} failed: {row['reason']}")
    with threadpool_limits(1):
        (history,), _ = train(Stack((run,)), pipeline, until=epochs)
    stored = results.metrics({"run_id": run_id}, columns=["epoch", *OF_EPOCHS]).sort_values("epoch")
    part, _ = places(folder, {run_id})[run_id]
    differs_at, column = first_difference(history.metrics, stored, added_since(folder, part))
    return Reproduction(
        run_id=run_id,
        epochs=epochs,
        differs_at=differs_at,
        column=column,
        weights=named_parameters(run, pipeline, history.parameters),
    )
