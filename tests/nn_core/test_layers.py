"""The laws of every layer: what a row of LAYERS must keep, alone and in stacks."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from nn_core import (
    ACTIVATIONS,
    Array,
    Conv2D,
    Flatten,
    Layer,
    Linear,
    Sequential,
    Shape,
    standard_normal,
)

Make: TypeAlias = Callable[[], Layer]
SAMPLES = 5
ROW, IMAGE = (3,), (4, 5, 2)
LAYERS: dict[str, tuple[Make, Shape]] = {  # and the shape of one sample
    "linear": (lambda: Linear(3, 4), ROW),
    "linear to one": (lambda: Linear(3, 1), ROW),
    "convolution": (lambda: Conv2D(2, 3, (3, 2)), IMAGE),
    "convolution to one": (lambda: Conv2D(2, 1, (2, 3)), IMAGE),
    "convolution by 1x1": (lambda: Conv2D(2, 3, (1, 1)), IMAGE),
    "convolution to a pixel": (lambda: Conv2D(2, 3, (4, 5)), IMAGE),
    "flatten": (Flatten, IMAGE),
    **{name: (make, ROW) for name, make in ACTIVATIONS.items()},
    **{f"{name} on images": (make, IMAGE) for name, make in ACTIVATIONS.items()},
}
STACKS: list[Shape] = [(), (1,), (4,), (2, 3)]
layers = pytest.mark.parametrize(("make", "sample"), LAYERS.values(), ids=list(LAYERS))
stacks = pytest.mark.parametrize("stack", STACKS, ids=str)
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def alone(
    make: Make, sample: Shape, stack: Shape, rng: np.random.Generator, dtype: type = np.float64
) -> Sequential:
    """Return a network of this layer, which Flatten follows where it does not make rows."""
    last = [Flatten()] if make in ACTIVATIONS.values() and sample == IMAGE else []
    network = Sequential([make(), *last], stack, dtype)
    network.parameters[...] = rng.standard_normal(network.parameters.shape)
    return network


@layers
@stacks
def test_backward_is_the_derivative_of_forward(
    make: Make, sample: Shape, stack: Shape, rng: np.random.Generator
) -> None:
    """⟨dL/dx, u⟩ equals the central difference of ⟨y, v⟩ along a random direction u."""
    network, h = alone(make, sample, stack, rng), 1e-6
    x, u = rng.standard_normal((2, *stack, SAMPLES, *sample))
    v = rng.standard_normal(network(x).shape)
    numeric = (np.sum(network(x + h * u) * v) - np.sum(network(x - h * u) * v)) / (2 * h)
    network(x)
    assert np.sum(network.backward(v) * u) == pytest.approx(numeric, rel=1e-6)


@layers
@stacks
def test_the_parameters_gradient_is_the_derivative_by_them(
    make: Make, sample: Shape, stack: Shape, rng: np.random.Generator
) -> None:
    network, h = alone(make, sample, stack, rng), 1e-6
    x = rng.standard_normal((*stack, SAMPLES, *sample))
    v = rng.standard_normal(network(x).shape)
    network.backward(v, grad_input=False)
    u = rng.standard_normal(network.parameters.shape)
    network.parameters += h * u
    after = np.sum(network(x) * v)
    network.parameters -= 2 * h * u
    before = np.sum(network(x) * v)
    numeric = (after - before) / (2 * h)
    assert np.sum(network.gradients * u) == pytest.approx(numeric, rel=1e-6)


@layers
@stacks
@precisions
@pytest.mark.parametrize("samples", [1, SAMPLES, 64])
def test_a_stack_equals_its_members_bit_for_bit(
    make: Make, sample: Shape, stack: Shape, dtype: type, samples: int
) -> None:
    rng = np.random.default_rng(samples)
    network = alone(make, sample, stack, rng, dtype)
    x = rng.standard_normal((*stack, samples, *sample))
    y = network(x).copy()
    grad_y: Array = rng.standard_normal(y.shape).astype(dtype)
    grad_x = network.backward(grad_y).copy()
    for i in np.ndindex(stack):
        one = alone(make, sample, (), rng, dtype)
        one.parameters[...] = network.parameters[i]
        assert np.array_equal(one(x[i]), y[i])
        assert np.array_equal(one.backward(grad_y[i]), grad_x[i])
        assert np.array_equal(one.gradients, network.gradients[i])


@layers
@stacks
def test_one_x_for_all_equals_the_same_x_for_each(
    make: Make, sample: Shape, stack: Shape, rng: np.random.Generator
) -> None:
    network = alone(make, sample, stack, rng)
    x = rng.standard_normal((SAMPLES, *sample))
    y = network(x).copy()
    grad_x = network.backward(y).copy()
    assert grad_x.shape == (*stack, *x.shape)
    assert np.array_equal(y, network(np.broadcast_to(x, (*stack, *x.shape))))
    assert np.array_equal(grad_x, network.backward(y))


@layers
@precisions
def test_precision_is_kept_for_inputs_of_any_type(
    make: Make, sample: Shape, dtype: type, rng: np.random.Generator
) -> None:
    network = alone(make, sample, (2,), rng, dtype)
    y = network(np.ones((SAMPLES, *sample)))
    grad_x = network.backward(np.ones(y.shape))
    assert {y.dtype, grad_x.dtype, network.gradients.dtype} == {np.dtype(dtype)}


@layers
def test_integers_are_not_truncated(make: Make, sample: Shape, rng: np.random.Generator) -> None:
    network = alone(make, sample, (), rng)
    whole = rng.integers(-3, 4, (SAMPLES, *sample))
    assert np.array_equal(network(whole).copy(), network(whole.astype(float)))


@layers
@pytest.mark.parametrize("samples", [0, 1])
def test_no_samples_and_one_sample_are_samples_too(
    make: Make, sample: Shape, samples: int, rng: np.random.Generator
) -> None:
    network = alone(make, sample, (2,), rng)
    y = network(np.ones((samples, *sample)))
    grad_x = network.backward(np.zeros(y.shape))
    assert y.shape[:2] == (2, samples)
    assert grad_x.shape == (2, samples, *sample)
    assert not network.gradients.any()


@layers
@stacks
def test_a_layer_called_alone_does_what_it_does_in_a_network(
    make: Make, sample: Shape, stack: Shape, rng: np.random.Generator
) -> None:
    network = alone(make, sample, stack, rng)
    x: Array = rng.standard_normal((SAMPLES, *sample))
    y, kept = x, x.copy()
    for layer in network.layers:
        y = layer(y)
    expected = network(x)
    assert np.array_equal(np.broadcast_to(y, expected.shape), expected)
    assert np.array_equal(x, kept)
    assert not np.shares_memory(y, expected)


def test_a_linear_layer_is_a_product_and_a_sum(rng: np.random.Generator) -> None:
    network = Sequential([linear := Linear(2, 3)])
    network.initialize(standard_normal, rng=rng)
    linear.biases[...] = [1, 2, 3]
    x = rng.standard_normal((4, 2))
    np.testing.assert_allclose(network(x), x @ linear.weights + [1, 2, 3], rtol=1e-14)


@pytest.mark.parametrize(("inputs", "outputs"), [(0, 3), (3, 0), (-1, 1)])
def test_a_width_below_one_is_refused(inputs: int, outputs: int) -> None:
    with pytest.raises(ValueError, match=rf"at least 1, got Linear\({inputs}, {outputs}\)"):
        Linear(inputs, outputs)


def test_a_linear_layer_outside_a_network_has_no_parameters() -> None:
    with pytest.raises(ValueError, match=r"Linear\(2, 3\) has no parameters until it is part of"):
        Linear(2, 3)(np.ones((5, 2)))


def test_weights_are_written_into_never_replaced() -> None:
    """An assignment would leave the network's flat array, and so all training, behind."""
    Sequential([linear := Linear(2, 3)])
    with pytest.raises(AttributeError):
        linear.weights = np.ones((2, 3))  # type: ignore[misc]
