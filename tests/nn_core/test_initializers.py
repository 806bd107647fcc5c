"""Initializers: their spread, and that they depend on `rng` alone."""

import numpy as np
import pytest

from nn_core import (
    BIAS_INITIALIZERS,
    INITIALIZERS,
    Conv2D,
    Flatten,
    Initializer,
    Linear,
    Sequential,
    he,
    uniform,
)

FAN_IN, FAN_OUT = 200, 100
BIASES = {"zeros": 0.0, "normal": 1.0, "uniform": 1 / np.sqrt(3 * 200)}
"""The standard deviations of biases, with `FAN_IN` inputs."""

DEVIATIONS = {
    "standard_normal": 1.0,
    "xavier": np.sqrt(2 / (FAN_IN + FAN_OUT)),  # of the uniform law within ±√(6 / …)
    "he": np.sqrt(2 / FAN_IN),
    "uniform": 1 / np.sqrt(3 * FAN_IN),  # of the uniform law within ±1/√…
    "zeros": 0.0,
}
BOUNDS = {"xavier": np.sqrt(6 / (2 + 4)), "uniform": 1 / np.sqrt(2)}
"""The bounds of uniform laws, with 2 inputs and 4 outputs."""

initializers = pytest.mark.parametrize(
    ("name", "draw"), INITIALIZERS.items(), ids=list(INITIALIZERS)
)


@initializers
def test_weights_spread_as_in_the_paper(
    name: str, draw: Initializer, rng: np.random.Generator
) -> None:
    weights = draw((FAN_IN, FAN_OUT), fan_in=FAN_IN, fan_out=FAN_OUT, rng=rng)
    assert weights.shape == (FAN_IN, FAN_OUT)
    assert weights.std() == pytest.approx(DEVIATIONS[name], rel=0.02)
    assert abs(weights.mean()) <= 0.03 * DEVIATIONS[name]


@pytest.mark.parametrize("name", BOUNDS)
def test_a_uniform_law_comes_near_its_bound_and_stays_within(
    name: str, rng: np.random.Generator
) -> None:
    weights = INITIALIZERS[name]((1000,), fan_in=2, fan_out=4, rng=rng)
    assert 0.99 * BOUNDS[name] < np.abs(weights).max() <= BOUNDS[name]


@initializers
def test_the_same_rng_draws_the_same_another_draws_another(name: str, draw: Initializer) -> None:
    def weights(seed: int) -> list[float]:
        network = Sequential([Linear(2, 3), Linear(3, 1)], stack=(2,))
        network.initialize(draw, rng=np.random.default_rng(seed))
        return network.parameters.ravel().tolist()

    assert weights(1) == weights(1), name
    assert (weights(1) != weights(2)) == (DEVIATIONS[name] > 0)


@initializers
def test_the_global_stream_is_left_alone(
    name: str, draw: Initializer, rng: np.random.Generator
) -> None:
    before = np.random.get_state(legacy=False)  # noqa: NPY002 (the stream that must not move)
    draw((5, 4), fan_in=5, fan_out=4, rng=rng)
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    np.testing.assert_equal(after, before, err_msg=name)


@initializers
def test_both_precisions_share_one_draw_and_biases_are_zero(name: str, draw: Initializer) -> None:
    def network(dtype: type) -> Sequential:
        network = Sequential([Linear(2, 3)], dtype=dtype)
        network.parameters[...] = 7
        network.initialize(draw, rng=np.random.default_rng(0))
        return network

    wide, narrow = network(np.float64), network(np.float32)
    assert np.array_equal(wide.parameters.astype(np.float32), narrow.parameters), name
    assert not wide.parameters[-3:].any()
    assert wide.parameters[:-3].all() == (DEVIATIONS[name] > 0)


@pytest.mark.parametrize("name", BIAS_INITIALIZERS)
def test_biases_are_drawn_apart_and_leave_the_weights_alone(name: str) -> None:
    """For every layer and network of a stack; the fans are the unit's."""
    network = Sequential([Conv2D(50, 2000, (2, 2)), Flatten(), Linear(FAN_IN, 3000)], (2,))
    network.initialize(he, rng=np.random.default_rng(0))
    before = network.parameters.copy()
    network.initialize_biases(BIAS_INITIALIZERS[name], rng=np.random.default_rng(1))
    for layer in (network.layers[0], network.layers[2]):
        assert isinstance(layer, Conv2D | Linear)
        for biases in layer.biases:
            assert biases.std() == pytest.approx(BIASES[name], rel=0.05)
            assert abs(biases.mean()) <= 0.06 * BIASES[name]
        layer.biases[...] = 0
    assert np.array_equal(network.parameters, before)


def test_uniform_is_within_the_bound_of_a_convolutions_fan_in(rng: np.random.Generator) -> None:
    """A unit of 3 channels and a kernel of 2 by 4 has 24 inputs, for weights and biases."""
    network = Sequential([Conv2D(3, 500, (2, 4))])
    network.initialize(uniform, rng=rng)
    network.initialize_biases(uniform, rng=rng)
    (layer,) = network.layers
    assert isinstance(layer, Conv2D)
    for drawn in (layer.weights, layer.biases):
        assert 0.98 / np.sqrt(24) < np.abs(drawn).max() <= 1 / np.sqrt(24)
