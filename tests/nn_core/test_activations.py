"""Activations: their formulas, extreme inputs, and one activation after another."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_core import ACTIVATIONS, Array, Layer, Linear, Sequential, check_gradient, standard_normal

FORMULAS: dict[str, Callable[[Array], Array]] = {
    "none": lambda x: x,
    "elu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    "leaky_relu": lambda x: np.where(x > 0, x, x / 100),
    "relu": lambda x: np.where(x > 0, x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "tanh": lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1),
}
LIMITS: dict[str, tuple[float, float]] = {
    "none": (-1e4, 1e4),
    "elu": (-1, 1e4),
    "leaky_relu": (-100, 1e4),
    "relu": (0, 1e4),
    "sigmoid": (0, 1),
    "softsign": (-1, 1),
    "tanh": (-1, 1),
}
activations = pytest.mark.parametrize("make", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_is_its_formula(name: str) -> None:
    x = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(ACTIVATIONS[name]()(x), FORMULAS[name](x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
@precisions
def test_an_activation_rises_from_one_limit_to_the_other(name: str, dtype: type) -> None:
    y = Sequential([ACTIVATIONS[name]()], dtype=dtype)(np.linspace(-1e4, 1e4, 101)[None])
    assert y[0, [0, -1]] == pytest.approx(LIMITS[name], abs=1e-3)
    assert (np.diff(y) >= 0).all()
    low, high = ACTIVATIONS[name].limits
    assert low <= y.min() <= y.max() <= high
    assert math.isinf(low) == (LIMITS[name][0] < -1)
    assert math.isinf(high) == (LIMITS[name][1] > 1)


@activations
@precisions
def test_extreme_inputs_raise_no_warning(make: Callable[[], Layer], dtype: type) -> None:
    """Large ones and subnormal ones: y and its slope are finite."""
    tiny = float(np.finfo(dtype).smallest_subnormal)
    with np.errstate(all="raise", under="ignore"):
        network = Sequential([make()], dtype=dtype)
        y = network([[-1e4, -750, -1, -tiny, 0, tiny, 1, 750, 1e4]])
        grad_x = network.backward(np.ones((1, 9)))
    assert np.isfinite(y).all()
    assert np.isfinite(grad_x).all()


@activations
@precisions
@given(where=st.integers(0, 6), bad=st.sampled_from([np.nan, np.inf, -np.inf]))
def test_a_nonfinite_entry_does_not_spread_to_others(
    make: Callable[[], Layer], dtype: type, where: int, bad: float
) -> None:
    """NaN gives NaN, and no neighbour in the row changes."""
    x: Array = np.linspace(-3, 3, 7, dtype=dtype)[None]
    network = Sequential([make()], dtype=dtype)
    y = network(x).copy()
    grad_x = network.backward(np.ones((1, 7))).copy()
    x[0, where] = bad
    with np.errstate(invalid="ignore"):
        after = network(x)
        grad_after = network.backward(np.ones((1, 7)))
    others = np.arange(7) != where
    assert np.array_equal(after[:, others], y[:, others])
    assert np.array_equal(grad_after[:, others], grad_x[:, others])
    assert np.isnan(after[0, where]) or not np.isnan(bad)


@pytest.mark.parametrize("first", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
@pytest.mark.parametrize("second", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_an_activation_may_follow_another(
    first: type[Layer], second: type[Layer], rng: np.random.Generator
) -> None:
    """Working in place, the second must not overwrite the output that the first one keeps."""
    network = Sequential([Linear(3, 4), first(), second(), Linear(4, 2), first()])
    network.initialize(standard_normal, rng=rng)
    assert check_gradient(network, rng.standard_normal((5, 3))).largest < 1e-6
