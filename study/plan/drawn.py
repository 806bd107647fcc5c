"""Which runs are trained again for a study's certificate: a few, drawn at random."""

import hashlib
import heapq
from collections.abc import Iterable

DRAWN = 8
"""The number of these runs."""


def drawn(run_ids: Iterable[str]) -> list[str]:
    """Draw runs at random, seeded by which runs there are: one study always has the same.

    >>> drawn("abcdefghij") == drawn("jihgfedcba"), len(drawn("abcdefghij")), drawn("ab")
    (True, 8, ['b', 'a'])
    """
    ids = sorted(run_ids)
    seed = hashlib.sha256("".join(ids).encode())

    def place(run_id: str) -> bytes:
        mixed = seed.copy()
        mixed.update(run_id.encode())
        return mixed.digest()

    return heapq.nsmallest(DRAWN, ids, key=place)
