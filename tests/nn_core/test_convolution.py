"""Convolution and Flatten: what they compute, what they refuse, and how their weights begin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import Array, Conv2D, Flatten, Linear, ReLU, Sequential, Shape, Tanh, check_gradient


def plain(x: Array, weights: Array, biases: Array) -> Array:
    """Return the convolution, pixel by pixel, of images (samples, height, width, channels)."""
    rows, columns, _, outputs = weights.shape
    samples, height, width, _ = x.shape
    y = np.empty((samples, height - rows + 1, width - columns + 1, outputs))
    for i, j in np.ndindex(y.shape[1:3]):
        seen = x[:, i : i + rows, j : j + columns]
        y[:, i, j] = np.tensordot(seen, weights, axes=3) + biases
    return y


size = st.integers(1, 3)


@settings(deadline=None, max_examples=60)
@given(
    stack=st.lists(st.integers(1, 3), max_size=2).map(tuple),
    channels=st.tuples(size, size),
    kernel=st.tuples(size, size),
    beyond=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    samples=st.integers(0, 3),
    shared=st.booleans(),
    narrow=st.booleans(),
    seed=st.integers(0, 9),
)
def test_a_convolution_is_its_sum_at_every_pixel(  # noqa: PLR0913 (each is one thing that may vary)
    *,
    stack: Shape,
    channels: tuple[int, int],
    kernel: tuple[int, int],
    beyond: tuple[int, int],
    samples: int,
    shared: bool,
    narrow: bool,
    seed: int,
) -> None:
    """And its derivatives are right: of images of every size, from the kernel's own on."""
    rng = np.random.default_rng(seed)
    layer = Conv2D(*channels, kernel)
    network = Sequential([layer], stack, np.float32 if narrow else np.float64)
    network.parameters[...] = rng.standard_normal(network.parameters.shape)
    image = (kernel[0] + beyond[0], kernel[1] + beyond[1], channels[0])
    x = rng.standard_normal((*(() if shared else stack), samples, *image))
    y = network(x)
    assert y.shape == (*stack, samples, beyond[0] + 1, beyond[1] + 1, channels[1])
    assert y.dtype == network.dtype
    for i in np.ndindex(stack):
        expected = plain(x if shared else x[i], layer.weights[i], layer.biases[i])
        tolerance = 1e-5 if narrow else 1e-12
        np.testing.assert_allclose(y[i], expected, rtol=tolerance, atol=tolerance)
    if samples and not narrow:
        assert check_gradient(network, x, rng=rng).largest < 1e-7


def test_a_network_for_images_has_right_gradients(rng: np.random.Generator) -> None:
    """Activations at every place; the one after Flatten works over two orders in memory."""
    layers = [
        Tanh(), Conv2D(2, 3, (2, 3)), Tanh(), ReLU(), Conv2D(3, 2, (2, 2)), Flatten(), Tanh(),
        Linear(24, 1), Tanh(),
    ]  # fmt: skip
    network = Sequential(layers, stack=(2,))
    network.parameters[...] = rng.standard_normal(network.parameters.shape)
    x = rng.standard_normal((2, 4, 5, 7, 2))
    assert network(x).shape == (2, 4, 1)
    assert check_gradient(network, x, rng=rng).largest < 1e-6


def test_flatten_keeps_the_samples_and_the_order_of_pixels() -> None:
    x = np.arange(2 * 3 * 4 * 5 * 2).reshape(2, 3, 4, 5, 2)
    network = Sequential([Flatten()], stack=(2,))
    assert np.array_equal(network(x), x.reshape(2, 3, 40))
    assert np.array_equal(network.backward(network(x)), x)
    assert np.array_equal(Flatten()(x), x.reshape(2, 3, 40))


def test_weights_view_the_flat_array_row_by_row_and_biases_come_last() -> None:
    network = Sequential([layer := Conv2D(2, 3, (1, 2)), Conv2D(3, 1, (1, 1))], stack=(2,))
    network.parameters[...] = np.arange(19)
    assert layer.weights.shape == layer.grad_weights.shape == (2, 1, 2, 2, 3)
    assert layer.weights[1].ravel().tolist() == list(range(12))
    assert layer.biases[1].tolist() == [12, 13, 14]
    network.gradients[...] = np.arange(19)
    assert np.array_equal(layer.grad_weights, layer.weights)
    assert np.array_equal(layer.grad_biases, layer.biases)
    layer.weights[...] = -1
    assert (network.parameters[:, :12] == -1).all()


def test_the_fans_count_the_kernel_s_area() -> None:
    noted = []

    def note(
        shape: Shape, *, fan_in: int, fan_out: int, rng: np.random.Generator
    ) -> np.ndarray[Shape, np.dtype[np.float64]]:
        noted.append((shape, fan_in, fan_out))
        return rng.standard_normal(shape)

    network = Sequential([layer := Conv2D(2, 5, (3, 4)), Flatten(), Linear(10, 1)], stack=(6,))
    network.parameters[...] = 7
    network.initialize(note, rng=np.random.default_rng(0))
    assert noted == [((6, 3, 4, 2, 5), 24, 60), ((6, 10, 1), 10, 1)]
    assert not layer.biases.any()
    expected = np.random.default_rng(0).standard_normal((6, 3, 4, 2, 5))
    assert np.array_equal(layer.weights, expected)


@pytest.mark.parametrize("sizes", [(0, 1, (2, 2)), (1, 0, (2, 2)), (1, 1, (0, 2)), (1, 1, (2, -1))])
def test_a_size_below_one_is_refused(sizes: tuple[int, int, tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"at least 1, got Conv2D\(") as caught:
        Conv2D(*sizes)
    assert f"Conv2D{sizes}" in str(caught.value)


@pytest.mark.parametrize("image", [(2, 9, 2), (9, 3, 2), (9, 9, 3)], ids=str)
def test_images_that_a_kernel_does_not_fit_are_refused_with_both_shapes(image: Shape) -> None:
    network = Sequential([Conv2D(2, 1, (3, 4))], stack=(2,))
    with pytest.raises(ValueError, match=r"height ≥ 3, width ≥ 4, 2\), got \(2, 5, \d, \d, \d\)"):
        network(np.ones((5, *image)))
    assert network(np.ones((5, 3, 4, 2))).shape == (2, 5, 1, 1, 1)


def test_layers_that_do_not_follow_one_another_are_refused_with_the_shape() -> None:
    """Images go into no linear layer, and rows into no layer of images, not even in a stack."""
    with pytest.raises(ValueError, match=r"layer 1 .*Linear\(1, 1\) takes .*, height, width, 1\)"):
        Sequential([Conv2D(1, 1, (2, 2)), Linear(1, 1)])
    with pytest.raises(ValueError, match=r"layer 2 .*Flatten\(\) takes .*, got \(…, samples, 5\)"):
        Sequential([Linear(2, 5), Tanh(), Flatten()])
    with pytest.raises(ValueError, match=r"layer 1 .*Conv2D\(3, 1, .*, height, width, 2\)"):
        Sequential([Conv2D(1, 2, (2, 2)), Conv2D(3, 1, (2, 2))])
    with pytest.raises(ValueError, match=r"Flatten\(\) takes .*, got \(2, 2, 3, 9\)"):
        Sequential([Flatten(), Flatten()], stack=(2, 2))(np.ones((3, 3, 3, 1)))
    with pytest.raises(ValueError, match=r"Conv2D\(9, 1, \(1, 1\)\) takes .*, got \(3, 9\)"):
        Sequential([Flatten(), Conv2D(9, 1, (1, 1))])(np.ones((3, 3, 3, 1)))
    with pytest.raises(ValueError, match=r"width, channels\), got \(3, 9\)"):
        Sequential([Tanh(), Flatten()])(np.ones((3, 9)))


def test_layers_for_images_print_as_they_were_made() -> None:
    assert repr([Conv2D(1, 4, (3, 2)), Flatten()]) == "[Conv2D(1, 4, (3, 2)), Flatten()]"
