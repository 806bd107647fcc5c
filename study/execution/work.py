"""Stacks out to the workers, finished runs in: bounded, stored each second, retried if lost."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from study.execution.events import Noted
from study.execution.executors import LOST, Executor, GoneError
from study.plan.stacks import Stack
from study.spec.pipeline import Pipeline
from study.store.parts import Writer
from study.training.summary import Begun, Trained, failed_run, train_stack

ATTEMPTS = 3
"""How often a stack is begun before the loss of its worker counts as its own fault."""

AHEAD = 2
"""How many stacks a worker has before it, the one it trains included: memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A stack to be trained up to an epoch, from its start or from where it stands."""

    stack: Stack
    until: int
    begun: Begun | None = None

    @property
    def since(self) -> int:
        """The epoch at which it stands."""
        return 0 if self.begun is None else self.begun.state.epoch


@dataclass(frozen=True, slots=True)
class Attempt:
    """A leg that is begun for the first, second or last time."""

    leg: Leg
    number: int = 1


def train_all(
    legs: Iterable[Leg], pipeline: Pipeline, executor: Executor, writer: Writer
) -> Iterator[tuple[Attempt, list[Trained], Begun | None] | Noted]:
    """Have all legs trained; store the runs that end, and yield these beside those that can go on.

    Each comes with the attempt that brought it to its end. A stack that raises ends as failed runs
    with the reason, and the others go on. What is new of the workers is yielded too. Raises
    GoneError where none can be had any more.
    """
    waiting = deque(Attempt(leg) for leg in legs)
    under_way: dict[Future[tuple[list[Trained], Begun | None]], Attempt] = {}
    try:
        while waiting or under_way:
            while waiting and len(under_way) < AHEAD * executor.workers:
                attempt = waiting.popleft()
                leg = attempt.leg
                future = executor.submit(train_stack, leg.stack, pipeline, leg.until, leg.begun)
                under_way[future] = attempt
            done = wait(under_way, timeout=1, return_when=FIRST_COMPLETED).done
            yield from map(Noted, executor.news())  # first: it raises where no worker can work
            for future in done:
                attempt = under_way.pop(future)
                error = future.exception()
                if isinstance(error, GoneError):
                    raise error
                if isinstance(error, LOST) and attempt.number < ATTEMPTS:
                    waiting.appendleft(Attempt(attempt.leg, attempt.number + 1))
                    continue
                runs = attempt.leg.stack.runs
                finished, begun = (
                    future.result()
                    if error is None
                    else ([failed_run(run, reason(error)) for run in runs], None)
                )
                writer.add(finished)
                yield attempt, finished, begun
            if writer.due:
                writer.commit()
    finally:  # closed or interrupted: what workers have finished meanwhile is kept too
        for future in under_way:
            if future.done() and not future.cancelled() and future.exception() is None:
                writer.add(future.result()[0])
    writer.commit()


def reason(error: BaseException) -> str:
    """Say in one line why a stack failed.

    >>> reason(MemoryError("out of memory"))
    'MemoryError: out of memory'
    """
    if isinstance(error, TimeoutError):
        return "it took longer than [execution] timeout allows"
    if isinstance(error, LOST):
        return f"its worker was lost {ATTEMPTS} times: {error}"
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(":")
