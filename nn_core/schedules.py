"""How the learning rate changes from epoch to epoch, as a factor: SCHEDULES."""

import math
from collections.abc import Callable
from inspect import signature
from typing import TypeAlias

Schedule: TypeAlias = Callable[..., float]
"""The factor in an epoch, counted from 0, of `epochs`; further numbers are named arguments."""


def constant(epoch: int, epochs: int) -> float:
    """Return 1."""
    _ = epoch, epochs
    return 1.0


def step(epoch: int, epochs: int, *, step_epochs: int, step_factor: float) -> float:
    """Return step_factor^⌊epoch / step_epochs⌋: a factor every step_epochs epochs."""
    _ = epochs
    return float(step_factor ** (epoch // step_epochs))


def cosine(epoch: int, epochs: int) -> float:
    """Return ½ (1 + cos(π · epoch / epochs)): Loshchilov & Hutter 2017, equation 5, one period."""
    return (1 + math.cos(math.pi * epoch / epochs)) / 2


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "step": step,
    "cosine": cosine,
}
"""Functions (epoch from 0, epochs) → factor of the learning rate, by name."""


def numbers(schedule: Schedule) -> tuple[str, ...]:
    """Return the names of the numbers that a schedule takes in addition to the epochs.

    >>> numbers(step), numbers(cosine)
    (('step_epochs', 'step_factor'), ())
    """
    return tuple(signature(schedule).parameters)[2:]
