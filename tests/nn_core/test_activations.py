"""Activations: their formulas, extreme inputs, and one activation after another."""

from collections.abc import Callable

import numpy as np
import pytest

from nn_core import ACTIVATIONS, Array, Layer, Linear, Sequential, check_gradient, standard_normal

FORMULAS: dict[str, Callable[[Array], Array]] = {
    "none": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "tanh": lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1),
}
LIMITS: dict[str, tuple[float, float]] = {
    "none": (-1e4, 1e4),
    "relu": (0, 1e4),
    "sigmoid": (0, 1),
    "softsign": (-1, 1),
    "tanh": (-1, 1),
}
activations = pytest.mark.parametrize(("name", "make"), ACTIVATIONS.items(), ids=list(ACTIVATIONS))


@activations
def test_an_activation_is_its_formula(name: str, make: Callable[[], Layer]) -> None:
    x = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(make()(x), FORMULAS[name](x), rtol=1e-12, atol=1e-15)


@activations
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_extreme_inputs_reach_the_limits_without_a_warning(
    name: str, make: Callable[[], Layer], dtype: type
) -> None:
    low, high = LIMITS[name]
    with np.errstate(all="raise"):
        network = Sequential([make()], dtype=dtype)
        y = network(np.array([[-1e4, -750, 0, 750, 1e4]]))
        grad_x = network.backward(np.ones((1, 5)))
    assert y[0, [0, -1]] == pytest.approx([low, high], abs=1e-3)
    assert np.isfinite(grad_x).all()
    assert (np.diff(y) >= 0).all()


@pytest.mark.parametrize("first", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
@pytest.mark.parametrize("second", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_an_activation_may_follow_another(
    first: type[Layer], second: type[Layer], rng: np.random.Generator
) -> None:
    """Working in place, the second must not overwrite the output that the first one keeps."""
    network = Sequential([Linear(3, 4), first(), second(), Linear(4, 2), first()])
    network.initialize(standard_normal, rng=rng)
    assert check_gradient(network, rng.standard_normal((5, 3))).largest < 1e-6
