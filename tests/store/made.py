"""Made-up runs to store, and checks that hold for a stored folder at any moment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from study.columns import TABLES, parameter_columns
from study.metrics import OF_EPOCHS
from study.space import canonical
from study.store.files import Rows, write_parquet
from study.store.parts import PARTED, Writer
from study.store.stored import part_names, stored_runs


@dataclass(frozen=True)
class Made:
    """One run as it is handed to the writer."""

    row: Mapping[str, object]
    metrics: Mapping[str, NDArray[Any] | None]
    predictions: Mapping[str, NDArray[Any]]


def made(number: int, *, epochs: int = 20, optimizer: str = "sgd", held_out: bool = False) -> Made:
    """Return run number `number`: a decay with the noise of float32, the same whenever asked."""
    rng = np.random.default_rng(number)
    time = np.arange(1, epochs + 1, dtype=np.int32)
    decay = np.exp(-time / epochs * (1 + 4 * rng.random())) + 1e-3
    loss = (decay * (1 + 1e-7 * rng.standard_normal(epochs))).astype(np.float32)
    accuracy = np.floor(100 * (1 - loss / 2)).astype(np.float32) / np.float32(100)
    metrics = dict.fromkeys(OF_EPOCHS, np.zeros_like(loss)) | {
        "epoch": time,
        "train_accuracy": accuracy,
        "test_loss": 2 * loss if held_out else None,
        "test_accuracy": accuracy if held_out else None,
        "gradient_norm": np.gradient(loss).astype(np.float32) if epochs > 1 else loss,
    }
    values = canonical({"optimizer": optimizer, "lr": 10.0 ** -(number % 3)})
    row: dict[str, object] = dict.fromkeys(column.name for column in TABLES["runs"])
    row |= parameter_columns(values)
    row |= {"run_id": f"{number:04x}", "dataset": "xor", "repetition": number, "epochs": epochs}
    row |= {"status": "completed", "final_train_loss": float(loss[-1]), "seconds": rng.random()}
    return Made(row, metrics, predictions(rng, epochs))


def predictions(rng: np.random.Generator, epoch: int) -> dict[str, NDArray[Any]]:
    """Return predictions at two samples and three grid points."""
    return {
        "epoch": np.full(5, epoch, dtype=np.int32),
        "part": np.array(["train"] * 2 + ["grid"] * 3),
        "x0": rng.random(5, dtype=np.float32),
        "x1": rng.random(5, dtype=np.float32),
        "target": np.array([0, 1, np.nan, np.nan, np.nan], dtype=np.float32),
        "prediction": rng.random(5, dtype=np.float32),
        "answer": np.array([0, 1, 1, 0, np.nan], dtype=np.float32),
        "confidence": rng.random(5, dtype=np.float32),
    }


def failed(number: int) -> Made:
    """Return a run that failed: a row, and nothing else."""
    row = dict(made(number).row) | {"status": "failed", "epochs": 0, "reason": "worker was lost"}
    return Made(row | {"final_train_loss": None}, {}, {})


def stored(folder: Path, *batches: Sequence[Made]) -> Path:
    """Store each batch as one part."""
    with Writer(folder, "float32") as writer:
        for batch in batches:
            writer.add(batch)
            writer.commit()
    return folder


def ids(*numbers: int) -> list[str]:
    """Return the run_ids of these runs."""
    return [f"{number:04x}" for number in numbers]


def table(folder: Path, name: str) -> Rows:
    """Return all rows of a table in parts."""
    paths = sorted((folder / f"{name}.parquet").glob("*"))
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def rewrite(path: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Write one file of a part again, changed, with a checksum that is right."""
    rows = change(pq.read_table(path))
    with path.open("wb") as file:
        write_parquet(rows, file)


def assert_consistent(folder: Path) -> None:
    """Check what holds of every folder at rest, whatever happened to it."""
    runs = stored_runs(folder)
    assert {tuple(part_names(folder, name)) for name in PARTED} == {tuple(part_names(folder))}
    epochs = [(row["run_id"], row["epoch"]) for row in table(folder, "metrics")]
    trained = {key: row for key, row in runs.items() if row["status"] != "failed"}
    whole = [(key, 1 + at) for key, row in trained.items() for at in range(int(str(row["epochs"])))]
    assert sorted(epochs, key=str) == sorted(whole, key=str)
    assert {row["run_id"] for row in table(folder, "predictions")} == set(trained)
    left = {path.name for path in folder.iterdir()} - {f"{name}.parquet" for name in PARTED}
    assert left <= {"damaged"}


class Killed(BaseException):
    """The process ends here."""


def killed_at_each_step(
    monkeypatch: pytest.MonkeyPatch,
    folders: Path,
    *,
    begin: Callable[[Path], object],
    act: Callable[[Path], object],
) -> Iterator[Path]:
    """Begin a folder and let `act` work on it, again and again, killed one step later each time.

    A step ends where something is synced to disk. Yield each folder; the last one is complete.
    """
    for last in count():
        folder, steps = folders / str(last), count()
        begin(folder)

        def fsync(_: int, last: int = last, steps: Iterator[int] = steps) -> None:
            if next(steps) == last:
                raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", fsync)
            with suppress(Killed):
                act(folder)
        yield folder
        if next(steps) <= last:
            return
