"""The answers to the cookbook's questions, counted from the stored rows in plain Python."""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow.parquet as pq

Row: TypeAlias = dict[str, Any]
Answer: TypeAlias = list[tuple[Any, ...]]

ORDER = {"optimizer": ["sgd", "adam"], "activation": ["none", "tanh"]}


def rows(folder: Path, table: str) -> list[Row]:
    """Return all rows of a table; a run that did not complete has a loss of ∞."""
    collected = []
    for part in sorted((folder / f"{table}.parquet").iterdir()):
        collected += pq.read_table(part).to_pylist()
    for row in collected:
        row["loss"] = row.get("final_train_loss")
        if row.get("status") != "completed":
            row["loss"] = math.inf
    return collected


def groups(of: Iterable[Row], *by: str) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """Return the rows of each group, the groups in their order."""
    collected: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in of:
        collected[tuple(row[name] for name in by)].append(row)

    def place(group: tuple[tuple[Any, ...], list[Row]]) -> list[Any]:
        pairs = zip(by, group[0], strict=True)
        return [ORDER[name].index(value) if name in ORDER else value for name, value in pairs]

    return sorted(collected.items(), key=place)


def upper(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _tanh(folder: Path) -> list[Row]:
    return [run for run in rows(folder, "runs") if run["activation"] == "tanh"]


def best(folder: Path) -> Answer:
    xor = [run for run in rows(folder, "runs") if run["dataset"] == "xor"]
    collected = []
    for key, own in groups(xor, "hidden", "activation", "optimizer", "lr"):
        loss = [run["loss"] for run in own]
        collected.append((*key, upper(loss), min(loss), max(loss)))
    return sorted(collected, key=lambda row: row[4])[:3]


def diverged(folder: Path) -> Answer:
    return [
        (*key, sum(run["status"] == "diverged" for run in own) / len(own))
        for key, own in groups(rows(folder, "runs"), "activation", "lr")
    ]


def curve(folder: Path) -> Answer:
    one = {"dataset": "xor", "hidden": "16", "activation": "tanh", "optimizer": "adam", "lr": 0.1}
    epochs = [row for row in rows(folder, "metrics") if one.items() <= row.items()]
    return [
        (*key, *statistics.quantiles([row["train_loss"] for row in own], n=4, method="inclusive"))
        for key, own in groups(epochs, "epoch")
    ]


def optimizers(folder: Path) -> Answer:
    collected = []
    for key, own in groups(_tanh(folder), "dataset", "repetition"):
        pairs = [
            {run["optimizer"]: run["loss"] for run in pair}
            for _, pair in groups(own, "hidden", "lr")
        ]
        collected.append((*key, statistics.median(pair["adam"] - pair["sgd"] for pair in pairs)))
    return collected


def reached(folder: Path) -> Answer:
    collected = []
    for key, own in groups(rows(folder, "runs"), "dataset", "optimizer", "lr"):
        epochs = [run["epochs_to_full_accuracy"] or math.inf for run in own]
        collected.append((*key, upper(epochs), min(epochs), epochs.count(math.inf)))
    return collected


def widths(folder: Path) -> Answer:
    return [
        (*key, upper(run["loss"] for run in own), max(run["loss"] for run in own))
        for key, own in groups(_tanh(folder), "dataset", "width")
    ]


def worst(folder: Path) -> Answer:
    completed = [run for run in rows(folder, "runs") if run["status"] == "completed"]
    run = max(completed, key=lambda run: run["loss"])
    return [tuple(run[name] for name in ("run_id", "dataset", "activation", "lr", "loss"))]


def unseen(folder: Path) -> Answer:
    linear = [
        run
        for run in rows(folder, "runs")
        if run["dataset"] == "linear" and run["status"] == "completed"
    ]
    return [
        (
            *key,
            statistics.fmean(r["final_train_accuracy"] - r["final_test_accuracy"] for r in own),
            statistics.fmean(r["final_test_accuracy"] for r in own),
        )
        for key, own in groups(linear, "optimizer", "lr")
    ]


def boundary(folder: Path) -> Answer:
    linear = [run for run in rows(folder, "runs") if run["dataset"] == "linear"]
    run = min(linear, key=lambda run: run["loss"])
    one = {"run_id": run["run_id"], "part": "grid", "epoch": run["epochs"]}
    grid = [row for row in rows(folder, "predictions") if one.items() <= row.items()]
    above = [row for row in grid if row["prediction"] > 0.5]
    return [(*key, min(row["x1"] for row in own)) for key, own in groups(above, "x0")]


def noise(folder: Path) -> Answer:
    collected = []
    for key, own in groups(_tanh(folder), "dataset"):
        within = [
            statistics.pvariance([math.log10(run["loss"]) for run in runs])
            for _, runs in groups(own, "hidden", "optimizer", "lr")
        ]
        total = statistics.pvariance([math.log10(run["loss"]) for run in own])
        collected.append((*key, statistics.fmean(within) / total))
    return collected


def cost(folder: Path) -> Answer:
    return [
        (*key, len(own), statistics.fmean(run["seconds"] for run in own))
        for key, own in groups(rows(folder, "runs"), "dataset", "parameters")
    ]


def every(folder: Path) -> Answer:
    collected = []
    for study in sorted(folder.parent.iterdir()):
        for key, own in groups(rows(study, "runs"), "dataset"):
            losses = [run["final_train_loss"] for run in own]
            least = min(loss for loss in losses if not math.isnan(loss))
            collected.append((study.name, *key, len(own), least))
    return collected


ANSWERS: list[Callable[[Path], Answer]] = [
    best, diverged, curve, optimizers, reached, widths,
    worst, unseen, boundary, noise, cost, every,
]  # fmt: skip
