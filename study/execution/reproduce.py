"""Choose a stored run, train it again, and compare it with its stored rows bit for bit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from study.errors import ResultsError
from study.metrics import OF_EPOCHS
from study.plan.identity import identities
from study.plan.stacks import Stack
from study.plan.trials import Run, stored_run
from study.space import PARAMETERS
from study.spec.load import load_pipeline
from study.spec.objective import best_trials
from study.spec.pipeline import Pipeline
from study.stats.typical import typical
from study.store.kept import kept_pipeline
from study.store.names import PIPELINE
from study.store.provenance import finished
from study.store.reader import load_results
from study.store.sound import added_since, places
from study.store.stored import stored_runs
from study.training.build import Array, named_parameters
from study.training.loop import train
from study.training.summary import Row, Trained
from study.units import amount

SHOWN = 5
"""The number of matching runs that an error names."""

MEASURED = ("seconds", "reason")
"""Columns of a run's row that may change with each training."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How a second training compares: where it first differs, and its final parameters."""

    run_id: str
    epochs: int
    differs_at: int | None
    column: str | None
    weights: dict[str, Array]

    @property
    def sentence(self) -> str:
        """Whether the second training gave the stored numbers."""
        if self.differs_at is None:
            return f"run {self.run_id}: all {amount(self.epochs)} epochs are bit-identical"
        return f"run {self.run_id}: {self.column} differs from epoch {self.differs_at} on"


def reproduce(folder: Path, run_id: str | None) -> Reproduction:
    """Train one run of a results folder again and compare every epoch's metrics bit for bit.

    `run_id` may be a prefix of the id. Raises ResultsError if the folder has no such run,
    or several, or if the run failed.
    """
    run_id = chosen(folder, run_id)  # raises ResultsError if the folder holds no results
    return reproduced(folder, kept_pipeline(folder), run_id)


def reproduced(folder: Path, pipeline: Pipeline, run_id: str) -> Reproduction:
    """Train a stored run of a study's pipeline again, and compare it with its stored metrics."""
    results = load_results(folder)
    run, epochs = run_of(folder, pipeline, run_id)
    with threadpool_limits(1):
        (history,), _ = train(Stack((run,)), pipeline, until=epochs)
    metrics = results.metrics({"run_id": run_id}, columns=["epoch", *OF_EPOCHS])
    metrics = metrics.sort_values("epoch")
    part, _ = places(folder, {run_id})[run_id]
    differs_at, column = first_difference(history.metrics, metrics, added_since(folder, part))
    return Reproduction(
        run_id=run_id,
        epochs=epochs,
        differs_at=differs_at,
        column=column,
        weights=named_parameters(run, pipeline, history.parameters),
    )


def run_of(folder: Path, pipeline: Pipeline, run_id: str) -> tuple[Run, int]:
    """Return a stored run as its pipeline describes it, and its last epoch.

    Raises ResultsError if its row was changed, or the run failed.
    """
    row = stored_runs(folder)[run_id]
    run = stored_run(identities(pipeline), row)
    if run is None or run.run_id != run_id:
        raise ResultsError(f"{folder}: the row of run {run_id} in runs.parquet was changed")
    epochs = int(str(row["epochs"]))
    if not epochs:
        raise ResultsError(f"{folder}: run {run_id} failed: {row['reason']}")
    return run, epochs


def best_runs(folder: Path) -> dict[str, str]:
    """Return, for each dataset, a run of the configuration that is ranked first.

    It is the typical run of the best trial, the run that the report shows. A dataset without a
    best trial is left out, and so are all datasets before the study has finished.
    """
    if finished(folder) is None:
        return {}
    pipeline, results = load_pipeline(folder / PIPELINE), load_results(folder)
    aim, trials = pipeline.search.aims[0], results.trials
    best: dict[str, str] = {}
    for dataset, trial in best_trials(trials.reset_index().to_dict("records"), aim).items():
        own = results.runs.merge(trials.loc[[trial["index"]], ["dataset", *PARAMETERS]])
        n = trial["runs"]
        first = n if trial["phase"] == "confirm" else 0
        own = own[own["repetition"].between(first, first + n - 1)]
        if len(own) == n:  # its part may be set aside
            for run_id in typical(own.assign(configuration=""), aim)["run_id"]:
                best[dataset] = str(run_id)
    return {name: best[name] for name in pipeline.datasets if name in best}


def chosen(folder: Path, beginning: str | None) -> str:
    """Return the id of the one stored run whose id begins so.

    Raises ResultsError, which explains how to find a run, unless there is exactly one.
    """
    load_results(folder)  # raises an error that describes the problem of the folder
    matching = [
        run_id for run_id in stored_runs(folder) if beginning and run_id.startswith(beginning)
    ]
    if len(matching) == 1 or beginning in matching:
        return beginning if beginning in matching else matching[0]
    if matching:
        some = ", ".join(matching[:SHOWN]) + ", …" * (len(matching) > SHOWN)
        raise ResultsError(f"{folder}: {len(matching)} runs begin with {beginning!r}: {some}")
    best = ", ".join(f"{run_id} on {dataset}" for dataset, run_id in best_runs(folder).items())
    raise ResultsError(
        (f"{folder} has no run {beginning!r}; " if beginning else f"which run of {folder}? ")
        + (f"the best are {best}; " if best else "")
        + "runs.parquet lists all"
    )


def unlike(
    again: Trained,
    row: Row,
    metrics: pd.DataFrame,
    predictions: pd.DataFrame,
    unmeasured: Collection[str] = (),
) -> tuple[int, str] | tuple[None, None]:
    """Return the first epoch and column in which a run differs from its stored rows.

    Metrics are compared first, epoch by epoch, then predictions, then the row of runs. The stored
    rows are in order. Columns that were `unmeasured` when it was stored are not compared.
    """
    epochs = len(again.metrics["epoch"]) if again.metrics["epoch"] is not None else 0
    nothing = np.full(epochs, np.nan)
    curves = {name: nothing if c is None else c for name, c in again.metrics.items()}
    at, column = first_difference(curves, metrics, unmeasured)
    if at is not None and column is not None:
        return at, column
    for name, now in again.predictions.items():
        if name in unmeasured:
            continue
        rows = np.full(len(predictions), np.nan) if now is None else now
        differs = np.flatnonzero(~_same(rows, predictions[name]))
        if differs.size:
            return int(predictions["epoch"].iloc[differs[0]]), name
    for name, value in again.row.items():
        was = row[name]
        if name in {*MEASURED, *unmeasured}:
            continue
        if not (value == was or (value != value and was != was)):  # noqa: PLR0124  # NaN
            return epochs, name
    return None, None


def _same(now: Array, stored: "pd.Series[float]") -> NDArray[np.bool_]:
    """Compare a column value by value; all differ if the lengths differ."""
    if len(now) != len(stored):
        return np.zeros(len(stored), np.bool_)
    if now.dtype.kind != "f":
        pairs = zip(now.tolist(), stored.tolist(), strict=True)
        return np.array([a == b for a, b in pairs], np.bool_)
    before = stored.to_numpy(dtype=now.dtype, na_value=np.nan)
    return np.array((now == before) | (np.isnan(now) & np.isnan(before)), np.bool_)


def first_difference(
    again: Mapping[str, Array], stored: pd.DataFrame, unmeasured: Collection[str] = ()
) -> tuple[int, str] | tuple[None, None]:
    """Return where a run's metrics first differ from its stored ones, epoch by epoch.

    The stored rows are in order. An epoch that was not reached again differs.
    """
    names = [name for name in OF_EPOCHS if name not in unmeasured]
    same = np.zeros((len(stored), len(names)), np.bool_)
    for i, name in enumerate(names):
        now = again[name][: len(stored)]
        before = stored[name].to_numpy(dtype=now.dtype, na_value=np.nan)[: len(now)]
        same[: len(now), i] = (now == before) | (np.isnan(now) & np.isnan(before))
    differs = np.argwhere(~same)
    return (int(differs[0, 0]) + 1, names[differs[0, 1]]) if differs.size else (None, None)
