"""The laws of every layer: what a row of LAYERS must keep, alone and in stacks."""

from collections.abc import Callable

import numpy as np
import pytest

from nn_core import ACTIVATIONS, Array, Layer, Linear, Sequential, Shape, standard_normal

SAMPLES, FEATURES = 5, 3
LAYERS: dict[str, Callable[[], Layer]] = {
    "linear": lambda: Linear(FEATURES, 4),
    "linear to one": lambda: Linear(FEATURES, 1),
    **ACTIVATIONS,
}
STACKS: list[Shape] = [(), (1,), (4,), (2, 3)]
layers = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
stacks = pytest.mark.parametrize("stack", STACKS, ids=str)
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def alone(
    make: Callable[[], Layer], stack: Shape, rng: np.random.Generator, dtype: type = np.float64
) -> Sequential:
    """Return a network of this layer only."""
    network = Sequential([make()], stack, dtype)
    network.parameters[...] = rng.standard_normal(network.parameters.shape)
    return network


@layers
@stacks
def test_backward_is_the_derivative_of_forward(
    make: Callable[[], Layer], stack: Shape, rng: np.random.Generator
) -> None:
    """⟨dL/dx, u⟩ equals the central difference of ⟨y, v⟩ along a random direction u."""
    network, h = alone(make, stack, rng), 1e-6
    x, u = rng.standard_normal((2, *stack, SAMPLES, FEATURES))
    v = rng.standard_normal(network(x).shape)
    numeric = (np.sum(network(x + h * u) * v) - np.sum(network(x - h * u) * v)) / (2 * h)
    network(x)
    assert np.sum(network.backward(v) * u) == pytest.approx(numeric, rel=1e-6)


@layers
@stacks
def test_the_parameters_gradient_is_the_derivative_by_them(
    make: Callable[[], Layer], stack: Shape, rng: np.random.Generator
) -> None:
    network, h = alone(make, stack, rng), 1e-6
    x = rng.standard_normal((*stack, SAMPLES, FEATURES))
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
    make: Callable[[], Layer],
    stack: Shape,
    dtype: type,
    samples: int,
    rng: np.random.Generator,
) -> None:
    network = alone(make, stack, rng, dtype)
    x = rng.standard_normal((*stack, samples, FEATURES))
    y = network(x).copy()
    grad_y: Array = rng.standard_normal(y.shape).astype(dtype)
    grad_x = network.backward(grad_y).copy()
    for i in np.ndindex(stack):
        one = alone(make, (), rng, dtype)
        one.parameters[...] = network.parameters[i]
        assert np.array_equal(one(x[i]), y[i])
        assert np.array_equal(one.backward(grad_y[i]), grad_x[i])
        assert np.array_equal(one.gradients, network.gradients[i])


@layers
@stacks
def test_one_x_for_all_is_that_x_for_each(
    make: Callable[[], Layer], stack: Shape, rng: np.random.Generator
) -> None:
    network = alone(make, stack, rng)
    x = rng.standard_normal((SAMPLES, FEATURES))
    y = network(x).copy()
    grad_x = network.backward(y).copy()
    assert y.shape[:-1] == grad_x.shape[:-1] == (*stack, SAMPLES)
    assert np.array_equal(y, network(np.broadcast_to(x, (*stack, *x.shape))))
    assert np.array_equal(grad_x, network.backward(y))


@layers
@precisions
def test_precision_is_kept_whatever_comes_in(
    make: Callable[[], Layer], dtype: type, rng: np.random.Generator
) -> None:
    network = alone(make, (2,), rng, dtype)
    y = network(np.ones((SAMPLES, FEATURES)))
    grad_x = network.backward(np.ones(y.shape))
    assert {y.dtype, grad_x.dtype, network.gradients.dtype} == {np.dtype(dtype)}


@layers
def test_integers_are_not_truncated(make: Callable[[], Layer], rng: np.random.Generator) -> None:
    network = alone(make, (), rng)
    whole = np.array([[1, -2, 3]])
    assert np.array_equal(network(whole).copy(), network(whole.astype(float)))


@layers
@pytest.mark.parametrize("samples", [0, 1])
def test_no_samples_and_one_sample_are_samples_too(
    make: Callable[[], Layer], samples: int, rng: np.random.Generator
) -> None:
    network = alone(make, (2,), rng)
    y = network(np.ones((samples, FEATURES)))
    grad_x = network.backward(np.zeros(y.shape))
    assert y.shape[:2] == (2, samples)
    assert grad_x.shape == (2, samples, FEATURES)
    assert not network.gradients.any()


@layers
@stacks
def test_a_layer_called_alone_does_what_it_does_in_a_network(
    make: Callable[[], Layer], stack: Shape, rng: np.random.Generator
) -> None:
    network = alone(make, stack, rng)
    x = rng.standard_normal((SAMPLES, FEATURES))
    kept = x.copy()
    y: Array = network.layers[0](x)
    assert np.array_equal(y, network(x))
    assert np.array_equal(x, kept)
    assert not np.shares_memory(y, network(x))


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


def test_a_linear_layer_alone_says_that_it_has_no_parameters_yet() -> None:
    with pytest.raises(ValueError, match=r"Linear\(2, 3\) has no parameters until it stands in"):
        Linear(2, 3)(np.ones((5, 2)))


def test_weights_are_written_into_never_replaced() -> None:
    """An assignment would leave the network's flat array, and so all training, behind."""
    Sequential([linear := Linear(2, 3)])
    with pytest.raises(AttributeError):
        linear.weights = np.ones((2, 3))  # type: ignore[misc]
