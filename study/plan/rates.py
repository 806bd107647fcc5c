"""The learning rate of each epoch, by a configuration's schedule."""

from collections.abc import Callable, Mapping
from typing import Any

from nn_core import SCHEDULES
from nn_core.schedules import numbers

CONSTANT = "constant"
"""The schedule that changes nothing."""


def factor(configuration: Mapping[str, Any], epochs: int) -> Callable[[int], float] | None:
    """Return a function from an epoch, counted from 0, to its factor; None if it is always 1.

    >>> cosine = factor({"schedule": "cosine"}, 4)
    >>> [round(cosine(epoch), 2) for epoch in range(4)]
    [1.0, 0.85, 0.5, 0.15]
    """
    name = str(configuration["schedule"])
    if name == CONSTANT:
        return None
    schedule = SCHEDULES[name]
    own = {key: configuration[key] for key in numbers(schedule)}
    return lambda epoch: schedule(epoch, epochs, **own)
