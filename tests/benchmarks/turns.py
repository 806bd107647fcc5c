"""Time, measured in turns on one core, since machines are noisy and shared."""

import os
import time
from collections.abc import Sequence

from tests.benchmarks.contestants import Contestant


def one_core() -> str:
    """Keep this process and its children on one core if the system can; return a note on it."""
    if not hasattr(os, "sched_setaffinity"):  # macOS, Windows
        return "one thread each (this system cannot keep a process on one core)"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"everything on core {core} alone"


def in_turns(contestants: Sequence[Contestant], rounds: int, seconds: float) -> list[float]:
    """Return the least µs per run and epoch of each contestant, in its best round.

    The time is the processor's, of all threads of this process: on one core that is the time on a
    clock, less what other programs take meanwhile.
    """
    least = [float("inf")] * len(contestants)
    for contestant in contestants:
        contestant.call()
    for _ in range(rounds):
        for i, contestant in enumerate(contestants):
            calls, start = 0, time.process_time()
            while (elapsed := time.process_time() - start) < seconds:
                contestant.call()
                calls += 1
            least[i] = min(least[i], 1e6 * elapsed / (calls * contestant.epochs * contestant.runs))
    return least
