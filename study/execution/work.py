"""Stacks out to the workers, finished runs in: bounded, stored each second, retried if lost."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from study.execution.executors import LOST, Executor
from study.plan.stacks import Stack
from study.spec.pipeline import Pipeline
from study.store.parts import Writer
from study.training.summary import Trained, failed_run, train_stack

ATTEMPTS = 3
"""How often a stack is begun before the loss of its worker counts as its own fault."""

AHEAD = 2
"""How many stacks a worker has before it, the one it trains included: memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stack that is begun for the first, second or last time."""

    stack: Stack
    number: int = 1


def train_all(
    stacks: Iterable[Stack], pipeline: Pipeline, executor: Executor, writer: Writer
) -> Iterator[tuple[Stack, list[Trained]]]:
    """Have all stacks trained and stored; yield each as it is finished.

    A stack that raises ends as failed runs with the reason, and the others go on.
    """
    waiting = deque(Attempt(stack) for stack in stacks)
    under_way: dict[Future[list[Trained]], Attempt] = {}
    try:
        while waiting or under_way:
            while waiting and len(under_way) < AHEAD * executor.workers:
                attempt = waiting.popleft()
                future = executor.submit(train_stack, attempt.stack, pipeline)
                under_way[future] = attempt
            for future in wait(under_way, timeout=1, return_when=FIRST_COMPLETED).done:
                attempt = under_way.pop(future)
                error = future.exception()
                if isinstance(error, LOST) and attempt.number < ATTEMPTS:
                    waiting.appendleft(Attempt(attempt.stack, attempt.number + 1))
                    continue
                finished = (
                    future.result()
                    if error is None
                    else [failed_run(run, _reason(error)) for run in attempt.stack.runs]
                )
                writer.add(finished)
                yield attempt.stack, finished
            if writer.due:
                writer.commit()
    finally:  # closed or interrupted: what workers have finished meanwhile is kept too
        for future in under_way:
            if future.done() and not future.cancelled() and future.exception() is None:
                writer.add(future.result())
    writer.commit()


def _reason(error: BaseException) -> str:
    """Say in one line why a stack failed.

    >>> _reason(MemoryError("out of memory"))
    'MemoryError: out of memory'
    """
    if isinstance(error, TimeoutError):
        return "it took longer than [execution] timeout allows"
    if isinstance(error, LOST):
        return f"its worker was lost {ATTEMPTS} times: {error}"
    return f"{type(error).__name__}: {error}".rstrip(": ")
