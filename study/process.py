"""What a process may use: its processors; and how often it collects garbage."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager


def cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # absent on macOS and Windows
    return len(allowed(0)) if allowed else os.cpu_count() or 1


COLLECT = 500_000
"""Objects after which garbage is collected: a tenth of all time was that."""


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Collect garbage seldom meanwhile."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)
