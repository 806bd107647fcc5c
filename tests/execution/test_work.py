"""Stacks go to the workers a few at a time, and none of them may take forever."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import TypeVar

import pytest
from typing_extensions import override

from study.execution import work
from study.execution.events import Noted
from study.execution.executors import Inline, Processes
from study.execution.work import Leg, train_all
from study.plan.stacks import stacks
from study.plan.trials import planned
from study.store.parts import Writer
from tests.pipelines import small

T = TypeVar("T")


class Idle(Inline):
    """Three workers that take stacks and never train one."""

    workers = 3

    @override
    def submit(self, function: Callable[..., T], *args: object) -> "Future[T]":
        return Future()


def test_each_worker_has_one_stack_to_train_and_one_to_go_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer it would wait for its next one; with more, memory would not be bounded."""
    under_way: list[int] = []

    def train_one(futures: dict[Future[object], object], **_: object) -> object:
        under_way.append(len(futures))
        next(iter(futures)).set_result(([], None))
        return wait(futures, return_when=FIRST_COMPLETED)

    monkeypatch.setattr(work, "wait", train_one)
    pipeline = small()
    leg = Leg(stacks(planned(pipeline).runs, pipeline)[0], pipeline.training.epochs)
    with Writer(tmp_path, "float32") as writer:
        assert len(list(train_all([leg] * 9, pipeline, Idle(), writer))) == 9
    assert under_way == [6, 6, 6, 6, 5, 4, 3, 2, 1]


def test_a_stack_that_takes_too_long_ends_as_failed_runs(tmp_path: Path) -> None:
    pipeline = small("training.epochs=1000000", "search.repetitions=1")
    work = [Leg(stacks(planned(pipeline).runs, pipeline)[0], pipeline.training.epochs)]
    with Writer(tmp_path, "float32") as writer, Processes(1, timeout=2.0) as executor:
        (done,) = train_all(work, pipeline, executor, writer)
    assert not isinstance(done, Noted)
    _, finished, _ = done
    assert {run.row["status"] for run in finished} == {"failed"}
    assert {run.row["reason"] for run in finished} == {
        "it took longer than [execution] timeout allows"
    }
