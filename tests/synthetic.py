"""Small studies with made-up, deterministic numbers, stored as a real study stores its own."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.columns import TABLES, parameter_columns
from study.metrics import OF_EPOCHS
from study.plan.trials import Run, planned
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from study.store.files import write_text
from study.store.parts import Writer
from study.store.provenance import write_provenance

EPOCHS = 30

LAB = f"""
name = "lab"
title = "A small lab"

[datasets.linear]
generator = "linear"
samples = 12

[datasets.xor]
generator = "xor"

[training]
epochs = {EPOCHS}

[search]
repetitions = 3

[search.parameters]
lr = [1e-2, 1.0]
optimizer = ["sgd", "adam"]
momentum = {{choices = [0.0, 0.9], when = {{optimizer = "sgd"}}}}

[[search.exclude]]
where = {{optimizer = "adam", lr = 1.0}}
reason = "known to be hopeless"
"""

CLAIMS = (
    LAB.replace("repetitions = 3", "repetitions = 6")
    + """
[[hypotheses]]
id = "adam-lower"
claim = "Adam ends lower"
where = {lr = 1e-2}
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "final_train_loss"
expect = "lower"

[[hypotheses]]
id = "momentum-diverges"
claim = "With momentum and the largest learning rate a run diverges"
datasets = ["xor"]
where = {lr = 1.0, momentum = 0.9}
metric = "diverged"
expect = {is = true}
"""
)

ONE = f"""
name = "one"

[datasets.linear]
generator = "linear"
samples = 12

[training]
epochs = {EPOCHS}

[search]
repetitions = 1
"""

_HELD_OUT = ONE.replace("= 12", "= 12\ntest_fraction = 0.25")

HELD_OUT = _HELD_OUT + (
    '[search.objective]\nmetric = "final_test_accuracy"\ngoal = "maximize"\n'
    "[search.parameters]\nlr = [1e-2, 1.0]\n"
)

MANY = _HELD_OUT + (
    f"[search.parameters]\nlr = [{', '.join(f'{10 ** (-i / 4):.3g}' for i in range(16))}]\n"
    '[datasets.xor]\ngenerator = "xor"\n'
)

Pick = Callable[[Run], bool]


@dataclass(frozen=True)
class Rows:
    """One run as it is stored."""

    row: Mapping[str, object]
    metrics: Mapping[str, NDArray[Any] | None]
    predictions: Mapping[str, NDArray[Any]]


def everything(_: Run) -> bool:
    """Store every run."""
    return True


def diverges(run: Run) -> bool:
    """Return whether a run diverges: with momentum, at the largest learning rate."""
    return run.configuration["momentum"] == 0.9 and run.configuration["lr"] == 1.0


def nothing(_: Run) -> bool:
    """Pick no run."""
    return False


def store(text: str, folder: Path, *, keep: Pick = everything, fails: Pick = nothing) -> Path:
    """Write a study's folder with the runs that `keep` picks, and return it."""
    pipeline = read_pipeline(text, "synthetic.toml")
    write_text(text, folder / "pipeline.toml")
    write_provenance(folder, command=("study", "run"), started=datetime(2030, 1, 2, tzinfo=UTC))
    with Writer(folder, pipeline.training.precision) as writer:
        for run in planned(pipeline).runs:
            if keep(run):
                writer.add([rows(run, pipeline, failed=fails(run))])
    return folder


def rows(run: Run, pipeline: Pipeline, *, failed: bool) -> Rows:
    """Make up one run: the loss falls the faster, the larger lr and network are, Adam twice."""
    if failed:
        return Rows(_row(run, "failed", {}, reason="the worker was lost"), {}, {})
    held_out = pipeline.datasets[run.dataset].held_out > 0
    metrics = _metrics(run, held_out=held_out)
    status = "diverged" if diverges(run) else "completed"
    return Rows(
        _row(run, status, metrics), metrics, _predictions(run, pipeline, len(metrics["epoch"]))
    )


def _metrics(run: Run, *, held_out: bool) -> dict[str, Any]:
    epochs = np.arange(1, (4 if diverges(run) else EPOCHS) + 1)
    values = run.configuration
    speed = 0.05 * float(values["lr"] or 0) ** 0.25 * (2 if values["optimizer"] == "adam" else 1)
    speed *= 1 + 0.2 * (values["hidden"] == "128x64") + 0.1 * run.repetition
    loss = 0.01 + (0.3 + 0.02 * run.repetition) * np.exp(-speed * epochs)
    if diverges(run):
        loss = np.where(epochs < 4, 10.0**epochs, math.inf)
    accuracy = np.round(np.clip(1.05 - loss, 0, 1), 2)
    return dict.fromkeys(OF_EPOCHS, loss) | {
        "epoch": epochs,
        "train_accuracy": accuracy,
        "test_loss": 1.1 * loss if held_out else None,
        "test_accuracy": 0.9 * accuracy if held_out else None,
    }


def _row(
    run: Run, status: str, metrics: dict[str, Any], reason: str | None = None
) -> dict[str, object]:
    row: dict[str, object] = {column.name: None for column in TABLES["runs"]}
    row |= {"run_id": run.run_id, "dataset": run.dataset, "repetition": run.repetition}
    row |= parameter_columns(run.configuration)
    row |= {"status": status, "epochs": 0, "parameters": 10, "seconds": 0.1, "reason": reason}
    if metrics:
        row["epochs"] = len(metrics["epoch"])
        row["diverged_at"] = row["epochs"] if status == "diverged" else None
        for name in ("train_loss", "train_accuracy", "test_loss", "test_accuracy"):
            if metrics[name] is not None:
                row[f"final_{name}"] = float(metrics[name][-1])
        row["best_train_loss"] = float(metrics["train_loss"].min())
    return row


def _predictions(run: Run, pipeline: Pipeline, epoch: int) -> dict[str, NDArray[Any]]:
    dataset = pipeline.datasets[run.dataset]
    parts = dataset.parts(rng=np.random.default_rng(run.repetition))
    blocks = [("train", parts.train.x, parts.train.y[:, 0])]
    if parts.test is not None:
        blocks.append(("test", parts.test.x, parts.test.y[:, 0]))
    grid = dataset.grid()
    assert grid is not None, "these datasets are 2-D"
    blocks.append(("grid", grid, np.full(len(grid), np.nan)))
    epochs = [epoch] * len(blocks)
    if run.repetition == 0:
        blocks.append(("grid", grid, np.full(len(grid), np.nan)))
        epochs.append(1)
    x = np.concatenate([block[1] for block in blocks])
    prediction = 1 / (1 + np.exp(-6 * (x[:, 1] - x[:, 0])))
    return {
        "epoch": np.repeat(epochs, [len(block[1]) for block in blocks]),
        "part": np.concatenate([np.full(len(block[1]), block[0]) for block in blocks]),
        "x0": x[:, 0],
        "x1": x[:, 1],
        "target": np.concatenate([block[2] for block in blocks]),
        "prediction": prediction,
        "answer": (prediction > 0.5).astype(float),
        "confidence": np.full(len(x), np.nan),  # a squared error has no probabilities
    }
