"""Eight runs trained again, in another stack and another process, and compared bit for bit."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import wait
from pathlib import Path

import pandas as pd

from study.execution.executors import LOST, Executor, GoneError
from study.execution.reproduce import unlike
from study.execution.supply import ATTEMPTS, Leg, reason
from study.plan import seeds
from study.plan.identity import Identity
from study.plan.stacks import Stack, work
from study.plan.trials import Run, runs_of
from study.spec.pipeline import Pipeline
from study.store.files import write_table
from study.store.names import CERTIFICATE
from study.store.reader import load_results
from study.store.sound import added_since, places
from study.store.stored import read_whole, stored_runs
from study.training.summary import Row, Trained, last_trained

ENOUGH = 2.0
"""A process is started for this many seconds of training, since starting it takes one second."""


def certified(
    folder: Path,
    pipeline: Pipeline,
    runs: Mapping[str, Run],
    make: Callable[[int], Executor],
    *,
    anew: bool,
) -> list[Row]:
    """Return the stored certificate; make a new one if it does not hold, or on request."""
    stored = None if anew else holds(folder, runs)
    return certify(folder, pipeline, runs, make) if stored is None else stored


def holds(folder: Path, run_ids: Iterable[str]) -> list[Row] | None:
    """Return the certificate that is stored, if it is of these runs and found no difference.

    It holds only for the files it was made from, so a rewritten part needs a new certificate.
    """
    try:
        rows: list[Row] = read_whole(folder, "certificate").to_pylist()
    except OSError:
        return None
    if [row["run_id"] for row in rows] != seeds.certified(run_ids):
        return None
    now = places(folder, {str(row["run_id"]) for row in rows})
    same = all(now[str(row["run_id"])] == (row["part"], row["checksums"]) for row in rows)
    return rows if same and all(difference(row) is None for row in rows) else None


def certify(
    folder: Path, pipeline: Pipeline, runs: Mapping[str, Run], make: Callable[[int], Executor]
) -> list[Row]:
    """Train some of `runs` again and compare all their stored values; write the certificate.

    `make` returns a new executor with at most this many workers.
    """
    chosen = [runs[run_id] for run_id in seeds.certified(runs)]
    if not chosen:
        write_table([], folder / CERTIFICATE)
        return []
    ids = [run.run_id for run in chosen]
    where, stored = places(folder, set(ids)), stored_runs(folder)
    legs = [
        Leg(Stack((_beyond(run, pipeline), run)), int(str(stored[run.run_id]["epochs"])))
        for run in chosen
    ]
    seconds = sum(work(leg.stack, pipeline) * leg.until for leg in legs) / pipeline.training.epochs
    with make(math.ceil(seconds / ENOUGH)) as executor:
        repeated = _again(legs, pipeline, executor)
        process = executor.process
    results = load_results(folder)
    metrics, predictions = results.metrics({"run_id": ids}), results.predictions({"run_id": ids})
    rows: list[Row] = []
    for run, leg, again in zip(chosen, legs, repeated, strict=True):
        row = stored[run.run_id]
        own = (frame[frame["run_id"] == run.run_id] for frame in (metrics, predictions))
        part, checksums = where[run.run_id]
        rows.append(
            {
                "run_id": run.run_id,
                "dataset": run.dataset,
                "repetition": run.repetition,
                "status": row["status"],
                "epochs": leg.until,
                "process": process,
                **_compared(again, row, *own, added=added_since(folder, part)),
                "part": part,
                "checksums": checksums,
            }
        )
    write_table(rows, folder / CERTIFICATE)
    return rows


def _compared(
    again: Trained | BaseException,
    row: Row,
    metrics: pd.DataFrame,
    predictions: pd.DataFrame,
    *,
    added: Collection[str],
) -> Row:
    if isinstance(again, BaseException):
        return {"differs_at": None, "differs_in": None, "reason": reason(again)}
    at, column = unlike(again, row, metrics.sort_values("epoch"), predictions, added)
    return {"differs_at": at, "differs_in": column, "reason": None}


def difference(row: Row) -> str | None:
    """Describe how a run differs when it is trained again; None if it does not."""
    if row["reason"] is not None:
        return f"run {row['run_id']} could not be trained again: {row['reason']}"
    if row["differs_at"] is None:
        return None
    return (
        f"run {row['run_id']} gives other numbers when it is trained again: "
        f"{row['differs_in']} differs from epoch {row['differs_at']} on"
    )


def _beyond(run: Run, pipeline: Pipeline) -> Run:
    """Return a run that no study has, of a repetition that is never planned: company in a stack."""
    repetition = run.repetition + 2 * pipeline.search.repetitions
    identity = Identity(pipeline, run.dataset)
    (other,) = runs_of(identity, run.dataset, run.configuration, [repetition])
    return other


def _again(
    legs: list[Leg], pipeline: Pipeline, executor: Executor
) -> list[Trained | BaseException]:
    """Return the last run of each stack, trained so far, or the error."""
    results: dict[int, Trained | BaseException] = {}
    left = list(range(len(legs)))
    for _ in range(ATTEMPTS):
        futures = {
            i: executor.submit(last_trained, legs[i].stack, pipeline, legs[i].until) for i in left
        }
        while wait(futures.values(), timeout=1).not_done:
            executor.news()
        executor.news()  # raises if no worker can work
        results |= {i: future.exception() or future.result() for i, future in futures.items()}
        left = [i for i in left if isinstance(results[i], LOST)]
    for error in results.values():
        if isinstance(error, GoneError):
            raise error
    return [results[i] for i in range(len(legs))]
