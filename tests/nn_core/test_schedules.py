"""The laws of every schedule: its formula, its first factor, and its effect on optimizers."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nn_core import OPTIMIZERS, SCHEDULES, Linear, Sequential
from nn_core.schedules import numbers

FORMULAS: dict[str, tuple[dict[str, Any], Callable[[float], float]]] = {
    "constant": ({}, lambda _: 1.0),
    "step": ({"step_epochs": 25, "step_factor": 0.1}, lambda share: 0.1 ** np.floor(4 * share)),
    "cosine": ({}, lambda share: np.cos(np.pi * share / 2) ** 2),
}
"""Name → its own numbers, and its factor by the share of 100 epochs that is over."""

schedules = pytest.mark.parametrize("name", FORMULAS)


def test_every_schedule_is_held_to_these_laws() -> None:
    assert set(FORMULAS) == set(SCHEDULES)


@schedules
def test_a_schedule_is_its_formula_begins_at_one_and_never_rises(name: str) -> None:
    own, formula = FORMULAS[name]
    assert set(own) == set(numbers(SCHEDULES[name]))
    factors = [SCHEDULES[name](epoch, 100, **own) for epoch in range(100)]
    assert factors == pytest.approx([formula(epoch / 100) for epoch in range(100)])
    assert factors[0] == 1
    assert all(0 < later <= earlier for earlier, later in pairwise(factors))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("lr", [0.1, [0.1, 0.3]], ids=["one", "one for each"])
def test_a_factor_is_of_the_rate_that_was_given_and_does_not_add_up(
    optimizer: str, lr: float | list[float], rng: np.random.Generator
) -> None:
    """Steps under changing factors equal steps of new optimizers with those rates and state."""
    gradients = rng.standard_normal((6, 2, 3))
    network = Sequential([Linear(2, 1)], (2,))
    scaled = OPTIMIZERS[optimizer](network, lr)
    plain = Sequential([Linear(2, 1)], (2,))
    memory: dict[str, Any] = {}
    for t, (factor, gradient) in enumerate(
        zip([1, 0.5, 0.1, 0.1, 0.01, 1], gradients, strict=True)
    ):
        network.gradients[...] = plain.gradients[...] = gradient
        scaled.scale_lr(factor)
        scaled.step()
        each = OPTIMIZERS[optimizer](plain, np.multiply(lr, factor))
        each.t = t
        for key, array in memory.items():
            each.state[key][...] = array
        each.step()
        memory = each.state
        assert np.array_equal(network.parameters, plain.parameters)
