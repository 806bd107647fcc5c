"""Eight runs trained again, in another stack and another process, and compared bit for bit."""

import hashlib
import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import wait
from pathlib import Path

import pandas as pd

from study.execution.executors import LOST, Executor, GoneError
from study.execution.reproduce import first_difference
from study.execution.work import ATTEMPTS, Leg, reason
from study.plan.identity import Identity
from study.plan.stacks import Stack, work
from study.plan.trials import Run, runs_of
from study.spec.pipeline import Pipeline
from study.store.files import write_table
from study.store.reader import load_results
from study.store.stored import read_part
from study.training.build import Array
from study.training.loop import train
from study.training.meter import METRICS
from study.training.summary import Row

CERTIFICATE, DRAWN = "certificate.parquet", 8
"""The file, and how many runs are drawn for it."""

ENOUGH = 2.0
"""A process is begun for so many seconds of training: to begin it takes one itself."""


def drawn(run_ids: Iterable[str]) -> list[str]:
    """Draw runs at random, seeded by which runs there are: one study always has the same.

    >>> drawn("abcdefghij") == drawn("jihgfedcba"), len(drawn("abcdefghij")), drawn("ab")
    (True, 8, ['b', 'a'])
    """
    ids = sorted(run_ids)
    seed = hashlib.sha256("".join(ids).encode())

    def place(run_id: str) -> bytes:
        mixed = seed.copy()
        mixed.update(run_id.encode())
        return mixed.digest()

    return heapq.nsmallest(DRAWN, ids, key=place)


def holds(folder: Path, run_ids: Iterable[str]) -> list[Row] | None:
    """Return the certificate that is stored, if it is of these runs and found no difference."""
    try:
        rows: list[Row] = read_part(folder / CERTIFICATE).to_pylist()
    except OSError:
        return None
    same = [row["run_id"] for row in rows] == drawn(run_ids)
    return rows if same and all(difference(row) is None for row in rows) else None


def certify(
    folder: Path, pipeline: Pipeline, runs: Mapping[str, Run], make: Callable[[int], Executor]
) -> list[Row]:
    """Train some of `runs` again and compare each epoch; write the certificate, and return it.

    `make` makes an executor of so many workers at most, begun anew.
    """
    chosen = [runs[run_id] for run_id in drawn(runs)]
    if not chosen:
        write_table([], folder / CERTIFICATE)
        return []
    results = load_results(folder)
    stored = results.runs.set_index("run_id").loc[[run.run_id for run in chosen]]
    legs = [
        Leg(Stack((_beyond(run, pipeline), run)), int(epochs))
        for run, epochs in zip(chosen, stored["epochs"], strict=True)
    ]
    seconds = sum(work(leg.stack, pipeline) * leg.until for leg in legs) / pipeline.training.epochs
    with make(math.ceil(seconds / ENOUGH)) as executor:
        found = _again(legs, pipeline, executor)
        process = executor.process
    columns = ["run_id", "epoch", *METRICS]
    metrics = results.metrics({"run_id": list(stored.index)}, columns=columns)
    rows: list[Row] = [
        {
            "run_id": run.run_id,
            "dataset": run.dataset,
            "repetition": run.repetition,
            "status": stored.loc[run.run_id, "status"],
            "epochs": leg.until,
            "process": process,
            **_compared(again, metrics[metrics["run_id"] == run.run_id].sort_values("epoch")),
        }
        for run, leg, again in zip(chosen, legs, found, strict=True)
    ]
    write_table(rows, folder / CERTIFICATE)
    return rows


def _compared(again: dict[str, Array] | BaseException, stored: pd.DataFrame) -> Row:
    if isinstance(again, BaseException):
        return {"differs_at": None, "differs_in": None, "reason": reason(again)}
    at, column = first_difference(again, stored)
    return {"differs_at": at, "differs_in": column, "reason": None}


def difference(row: Row) -> str | None:
    """Say in a sentence how a run differs when it is trained again; None where it does not."""
    if row["reason"] is not None:
        return f"run {row['run_id']} could not be trained again: {row['reason']}"
    if row["differs_at"] is None:
        return None
    return (
        f"run {row['run_id']} comes to other numbers when it is trained again: "
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
) -> list[dict[str, Array] | BaseException]:
    """Return the metrics of the last run of each stack, trained so far, or why there are none."""
    found: dict[int, dict[str, Array] | BaseException] = {}
    left = list(range(len(legs)))
    for _ in range(ATTEMPTS):
        futures = {
            i: executor.submit(last_metrics, legs[i].stack, pipeline, legs[i].until) for i in left
        }
        while wait(futures.values(), timeout=1).not_done:
            executor.news()
        executor.news()  # raises where no worker can do anything
        found |= {i: future.exception() or future.result() for i, future in futures.items()}
        left = [i for i in left if isinstance(found[i], LOST)]
    for error in found.values():
        if isinstance(error, GoneError):
            raise error
    return [found[i] for i in range(len(legs))]


def last_metrics(stack: Stack, pipeline: Pipeline, until: int) -> dict[str, Array]:
    """Train a stack up to an epoch; return the metrics of its last run."""
    histories, _ = train(stack, pipeline, until=until)
    return histories[-1].metrics
