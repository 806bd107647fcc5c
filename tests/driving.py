"""Studies run in this process, and how two of them are compared."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from study import load_results
from study.execution.driver import Options, run
from study.execution.events import Event, Finished
from study.spec.pipeline import Pipeline
from study.training.summary import Begun, Trained, train_stack


def finish(pipeline: Pipeline, results: Path, **options: object) -> list[Event]:
    """Run a study in this process, and return its events."""
    return list(run(pipeline, Options(results, executor="inline", **options)))  # type: ignore[arg-type]


def last(events: list[Event]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return all that is stored, in one order, except for the seconds."""
    results = load_results(folder)
    keys = {
        "runs": ["run_id"],
        "metrics": ["run_id", "epoch"],
        "predictions": ["run_id", "epoch", "part", "x0", "x1"],
    }
    frames = {
        "runs": results.runs.drop(columns="seconds"),
        "metrics": results.metrics(),
        "predictions": results.predictions(),
    }
    plain = {
        name: frame.astype(dict.fromkeys(frame.select_dtypes("category"), str))
        .sort_values(keys[name], kind="stable")
        .reset_index(drop=True)
        for name, frame in frames.items()
    }
    return {**plain, "trials": results.trials}


def digest(folder: Path) -> str:
    """Return a hash of the sorted tables, bit by bit."""
    sha256 = hashlib.sha256()
    for name, frame in tables(folder).items():
        sha256.update(f"{name} {len(frame)} {frame.dtypes.to_dict()}".encode())
        for column in (frame[label] for label in frame):
            exact = column.dtype.kind in "fiu"
            values = column.to_numpy() if exact else column.astype(object).to_numpy()
            sha256.update(values.tobytes() if exact else repr(list(values)).encode())
    return sha256.hexdigest()


def assert_same(one: Path, two: Path) -> None:
    """Compare two studies row for row and bit for bit."""
    assert_equal(tables(one), tables(two))


def assert_equal(one: dict[str, pd.DataFrame], two: dict[str, pd.DataFrame]) -> None:
    """Compare the tables of two studies."""
    for (name, a), b in zip(one.items(), two.values(), strict=True):
        pd.testing.assert_frame_equal(a, b, check_exact=True, obj=name)


def failing(times: int) -> Callable[..., tuple[list[Trained], Begun | None]]:
    """Return a `train_stack` whose first calls raise."""
    calls = iter(range(times))

    def train(*leg: object) -> tuple[list[Trained], Begun | None]:
        if next(calls, None) is None:
            return train_stack(*leg)  # type: ignore[arg-type]
        raise MemoryError("too large")

    return train
