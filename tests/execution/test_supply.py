"""Stacks go to the workers a few at a time, and none of them may take forever."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pytest
from typing_extensions import override

from study.execution import supply
from study.execution.executors import Executor, Inline, Processes
from study.execution.folder import claim
from study.execution.record import Record
from study.execution.supply import Supply
from study.plan.trials import planned
from study.spec.pipeline import Pipeline
from study.store.parts import Writer
from tests.pipelines import small

T = TypeVar("T")


class Idle(Inline):
    """Three workers that take stacks and never train one."""

    workers = 3

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        return Future()


@contextmanager
def supplying(pipeline: Pipeline, results: Path, executor: Executor) -> Iterator[Supply]:
    with (
        claim(pipeline, results, fresh=False) as claimed,
        executor,
        Writer(claimed.folder, "float32") as writer,
    ):
        record = Record(claimed.folder, (), datetime.now(UTC), {})
        yield Supply(pipeline, claimed, record, executor, writer, size=1)


def test_each_worker_has_one_stack_to_train_and_one_in_reserve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer it would wait for its next one; with more, memory would not be bounded."""
    under_way: list[int] = []

    def train_one(futures: dict[Future[object], object], **_: object) -> object:
        under_way.append(len(futures))
        next(iter(futures)).set_result(([], None))
        return wait(futures, return_when=FIRST_COMPLETED)

    monkeypatch.setattr(supply, "wait", train_one)
    pipeline = small()
    with supplying(pipeline, tmp_path, Idle()) as runs:
        for _ in runs.train(planned(pipeline).runs[:9], pipeline.training.epochs):
            pass
    assert under_way == [6, 6, 6, 6, 5, 4, 3, 2, 1]


def test_a_stack_that_takes_too_long_ends_as_failed_runs(tmp_path: Path) -> None:
    pipeline = small("training.epochs=1000000", "search.repetitions=1")
    with supplying(pipeline, tmp_path, Processes(1, timeout=2.0)) as runs:
        for _ in runs.train(planned(pipeline).runs[:1], pipeline.training.epochs):
            pass
    (run,) = pd.read_parquet(tmp_path / "small" / "runs.parquet").to_dict("records")
    assert (run["status"], run["epochs"]) == ("failed", 0)
    assert run["reason"] == "it took longer than [execution] timeout allows"
