"""How often Python looks for cycles of objects: seldom, where millions are made and few are."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

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
