"""Numbers and signs as short texts, which the explorer's script reads back exactly."""

import base64
import itertools
import math
from collections.abc import Sequence

import numpy as np

Number = float | int | None


def whole(numbers: Sequence[int]) -> str:
    """Return whole numbers as int16, little-endian, in base64.

    >>> whole([1, -2])
    'AQD+/w=='
    """
    return base64.b64encode(np.array(numbers, dtype="<i2").tobytes()).decode()


def exact(numbers: Sequence[float]) -> str | list[Number]:
    """Return numbers as float32 in base64 where those are exact, and as a list where it is shorter.

    None and NaN stand for infinite numbers.

    >>> exact([0.5, math.inf]), exact([0.1, 0.2])
    ([0.5, None], [0.1, 0.2])
    """
    listed = [_plain(value) for value in numbers]
    finite = np.array([math.nan if value is None else value for value in listed], dtype=np.float64)
    with np.errstate(over="ignore"):
        narrow = finite.astype("<f4")
    text = base64.b64encode(narrow.tobytes()).decode()
    same = np.array_equal(narrow.astype(np.float64), finite, equal_nan=True)
    written = ",".join("null" if value is None else repr(value) for value in listed)
    return text if same and len(text) < len(written) else listed


STORED = 2**53
"""Below it, a double holds each whole number."""


def _plain(value: float) -> Number:
    """Return a number as JSON has it: whole ones without a point, None if it is infinite."""
    if not math.isfinite(value):
        return None
    return int(value) if abs(value) < STORED and value == int(value) else float(value)


def runs(signs: str) -> str:
    """Return signs with the length of each run before it, where that is not 1.

    The signs are no digits.

    >>> runs("aaab")
    '3ab'
    """
    groups = ((sign, len(list(of))) for sign, of in itertools.groupby(signs))
    return "".join(f"{n if n > 1 else ''}{sign}" for sign, n in groups)
