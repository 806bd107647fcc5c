"""A network: shapes in and out, its buffers, what it refuses, and how it is copied."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_core import Array, Linear, NoActivation, Sequential, Shape, Sigmoid, Tanh, standard_normal


def make(
    stack: Shape = (), widths: tuple[int, int, int] = (2, 4, 1), dtype: type = np.float64
) -> Sequential:
    """Return a network with one hidden layer and drawn weights."""
    inputs, hidden, outputs = widths
    layers = [Linear(inputs, hidden), Tanh(), Linear(hidden, outputs), Sigmoid()]
    network = Sequential(layers, stack, dtype)
    network.initialize(standard_normal, rng=np.random.default_rng(1))
    return network


width = st.integers(1, 5)


@settings(deadline=None, max_examples=60)
@given(
    stack=st.lists(st.integers(1, 3), max_size=3).map(tuple),
    widths=st.tuples(width, width, width),
    samples=st.integers(1, 6),
    shared=st.booleans(),
    seed=st.integers(0, 9),
)
def test_a_network_is_its_layers_one_after_the_other(
    stack: Shape, widths: tuple[int, int, int], samples: int, *, shared: bool, seed: int
) -> None:
    network, draw = make(stack, widths), np.random.default_rng(seed)
    x = draw.standard_normal((*(() if shared else stack), samples, widths[0]))
    first, _, second, _ = network.layers
    assert isinstance(first, Linear)
    assert isinstance(second, Linear)
    hidden = np.tanh(x @ first.weights + first.biases[..., None, :])
    expected = 1 / (1 + np.exp(-(hidden @ second.weights + second.biases[..., None, :])))
    y_pred = network(x)
    assert y_pred.shape == (*stack, samples, widths[2])
    np.testing.assert_allclose(y_pred, expected, rtol=1e-12)
    assert network.backward(np.ones(y_pred.shape)).shape == (*stack, samples, widths[0])


def test_layers_view_the_flat_arrays_row_by_row() -> None:
    network = make((3,))
    first, _, second, _ = network.layers
    assert isinstance(first, Linear)
    assert isinstance(second, Linear)
    network.parameters[...] = np.arange(17)
    assert first.weights.shape == (3, 2, 4)
    assert first.weights[2].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert first.biases[2].tolist() == [8, 9, 10, 11]
    second.biases[...] = [[5], [6], [7]]
    assert network.parameters[:, -1].tolist() == [5, 6, 7]
    network(np.ones((5, 2)))
    network.backward(np.ones((3, 5, 1)))
    assert np.array_equal(first.grad_weights, network.gradients[:, :8].reshape(3, 2, 4))
    assert np.array_equal(first.grad_biases, network.gradients[:, 8:12])


def test_shapes_may_alternate_between_forward_passes(rng: np.random.Generator) -> None:
    """Mini-batches, a smaller last batch, other data: each as in a network of its own."""
    network = make((2,))
    for samples in [4, 4, 3, 50, *range(1, 12), 4, 3]:
        x = rng.standard_normal((samples, 2))
        fresh = copy.deepcopy(network)
        assert np.array_equal(network(x), fresh(x))
        grad_y: Array = np.ones((2, samples, 1))
        assert np.array_equal(network.backward(grad_y), fresh.backward(grad_y))
        assert np.array_equal(network.gradients, fresh.gradients)


def test_backward_may_be_called_twice_and_overwrites_nothing(rng: np.random.Generator) -> None:
    network = make((2,))
    x, grad_y = rng.standard_normal((4, 2)), rng.standard_normal((2, 4, 1))
    before = x.copy(), grad_y.copy(), network(x).copy()
    y_pred = network(x)
    first = network.backward(grad_y).copy(), network.gradients.copy()
    assert np.array_equal(network.backward(grad_y), first[0])
    assert np.array_equal(network.gradients, first[1])
    for now, then in zip((x, grad_y, y_pred), before, strict=True):
        assert np.array_equal(now, then)


def test_an_activation_first_works_on_a_copy_of_x() -> None:
    x = np.array([[-1.0, 2.0]])
    Sequential([Sigmoid(), Linear(2, 1)])(x)
    assert x.tolist() == [[-1.0, 2.0]]


@pytest.mark.parametrize("first", [[], [NoActivation()], [Sigmoid()]], ids=["linear", "none", "σ"])
def test_training_may_skip_the_product_for_the_data(
    first: list[NoActivation | Sigmoid], rng: np.random.Generator
) -> None:
    network = Sequential([*(copy.copy(layer) for layer in first), Linear(2, 1)])
    network.initialize(standard_normal, rng=rng)
    x, grad_y = rng.standard_normal((4, 2)), rng.standard_normal((4, 1))
    network(x)
    network.backward(grad_y)
    gradients = network.gradients.copy()
    assert network.backward(grad_y, grad_input=False) is None
    assert np.array_equal(network.gradients, gradients)


def test_an_instance_that_is_used_twice_is_refused() -> None:
    """The lab's network shares one activation: each place overwrites what the others keep."""
    shared = Sigmoid()
    with pytest.raises(ValueError, match=r"Sigmoid\(\) \(layer 3\) is part of this network"):
        Sequential([Linear(2, 3), shared, Linear(3, 1), shared])
    Sequential([layer := Linear(2, 3)])
    with pytest.raises(ValueError, match=r"Linear\(2, 3\) \(layer 0\) is part of another network"):
        Sequential([layer])


def test_a_refused_network_leaves_its_layers_free() -> None:
    shared, linear = Sigmoid(), Linear(2, 3)
    with pytest.raises(ValueError, match="make a new layer for each place"):
        Sequential([linear, shared, shared])
    assert Sequential([linear, shared])(np.ones((1, 2))).shape == (1, 3)


def test_a_wrong_width_is_named_with_both_shapes() -> None:
    with pytest.raises(ValueError, match=r"takes x of shape \(…, samples, 2\), got \(5, 4\)"):
        Sequential([Linear(2, 3)])(np.ones((5, 4)))
    with pytest.raises(
        ValueError, match=r"layer 2 .*Linear\(4, 1\) takes .*, got \(…, samples, 3\)"
    ):
        Sequential([Linear(2, 3), Tanh(), Linear(4, 1)], stack=(7,))


@pytest.mark.parametrize("shape", [(), (2,), (4, 5, 2), (3, 3, 5, 2)], ids=str)
def test_an_x_with_other_axes_is_refused(shape: Shape) -> None:
    with pytest.raises(ValueError, match=r" \(samples, features\) or \(3, samples, feat") as caught:
        make((3,))(np.ones(shape))
    assert f"got {shape}" in str(caught.value)


def test_backward_needs_a_forward_pass_and_its_shape() -> None:
    network = make((3,))
    with pytest.raises(ValueError, match=r"call network\(x\) first"):
        network.backward(np.ones((3, 5, 1)))
    network(np.ones((5, 2)))
    with pytest.raises(ValueError, match=r"y_pred's shape, \(3, 5, 1\), got \(5, 1\)"):
        network.backward(np.ones((5, 1)))


def test_a_network_needs_layers_and_a_usual_precision() -> None:
    with pytest.raises(ValueError, match="at least one layer, got none"):
        Sequential([])
    with pytest.raises(ValueError, match="float32 or float64, got float16"):
        Sequential([Linear(1, 1)], dtype=np.float16)


def test_copies_and_pickles_are_networks_of_their_own(rng: np.random.Generator) -> None:
    network, x = make((2,)), rng.standard_normal((4, 2))
    y_pred = network(x).copy()
    copies = copy.copy(network), copy.deepcopy(network), pickle.loads(pickle.dumps(network))  # noqa: S301 (our own)
    network.parameters[...] = 0
    for other in copies:
        assert np.array_equal(other(x), y_pred)
        linear = other.layers[0]
        assert isinstance(linear, Linear)
        assert np.shares_memory(linear.weights, other.parameters)


def test_a_network_prints_its_architecture() -> None:
    assert repr(make((8,), dtype=np.float32)) == (
        "Sequential([\n"
        "    Linear(2, 4),\n"
        "    Tanh(),\n"
        "    Linear(4, 1),\n"
        "    Sigmoid(),\n"
        "], stack=(8,), dtype='float32')"
    )
