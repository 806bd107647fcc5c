"""The lab's network as printed: by hand, against its own code, and in stacks."""

import copy
import pickle
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from nn_core import (
    ACTIVATIONS,
    OPTIMIZERS,
    Array,
    Conv2D,
    Flatten,
    Layer,
    Linear,
    MSELoss,
    Optimizer,
    Sequential,
    Shape,
    Sigmoid,
    SoftSign,
    Tanh,
    as_printed,
    check_gradient,
    standard_normal,
)
from tests.nn_core.printed import Printed

PRINTED = ("none", "sigmoid", "softsign", "tanh")
activations = pytest.mark.parametrize("activation", ACTIVATIONS)
optimizers = pytest.mark.parametrize("optimizer", OPTIMIZERS)


def layers(activation: str, *widths: int) -> list[Layer]:
    pairs = [(Linear(*pair), ACTIVATIONS[activation]()) for pair in pairwise(widths)]
    return [layer for pair in pairs for layer in pair]


def make(
    activation: str,
    widths: Shape = (2, 16, 8, 1),
    stack: Shape = (),
    dtype: type = np.float64,
    *,
    exact: bool = False,
) -> Sequential:
    """Return the printed network, or the exact one, with weights of their own for each network."""
    own = layers(activation, *widths)
    network = Sequential(own if exact else as_printed.share(own), stack, dtype)
    network.initialize(standard_normal, rng=np.random.default_rng(0))
    return network


def points(stack: Shape = (), dtype: type = np.float64, samples: int = 30) -> tuple[Array, Array]:
    x: Array = np.random.default_rng(1).random((*stack, samples, 2)).astype(dtype)
    return x, (x[..., :1] <= x[..., 1:]).astype(dtype)


def epoch(network: Sequential, optimizer: Optimizer, x: Array, y: Array) -> Array:
    y_pred, loss = network(x), MSELoss()
    value = loss(y_pred, y)
    network.backward(loss.backward(y_pred, y), grad_input=False)
    optimizer.step()
    return value


@pytest.mark.parametrize(("printed", "hidden"), [(True, 9 / 256), (False, 36 / 256)])
def test_hidden_gradients_by_hand(*, printed: bool, hidden: float) -> None:
    """SoftSign, x = 1: h = 1/(1 + 1), ŷ = 6h/(1 + 6h) = 3/4; y = 0.

    dL/dŷ = 3/2, its slope (1 − 3/4)² = 1/16: dL/dz₂ = 3/32, right in both. dL/dh = 6·3/32, times
    the slope of the hidden layer, (1 − 1/2)² = 1/4; as printed, times the output's, 1/16.
    """
    own: list[Layer] = [Linear(1, 1), SoftSign(), Linear(1, 1), SoftSign()]
    network = Sequential(as_printed.share(own) if printed else own)
    network.parameters[...] = [1, 0, 6, 0]
    y_pred = network([[1.0]])
    network.backward(MSELoss().backward(y_pred, [[0.0]]))
    assert y_pred.tolist() == [[0.75]]
    assert network.gradients.tolist() == [hidden, hidden, 3 / 64, 3 / 32]


def test_adam_as_printed_leaves_biases_by_hand() -> None:
    """Its first step is lr against the sign of each gradient; the second biases stay at 5."""
    network = Sequential([Linear(1, 2), Tanh(), Linear(2, 1)])
    network.parameters[...] = 5
    network.gradients[...] = [1, -2, 3, -4, -5, 6, -7]
    optimizer = as_printed.OPTIMIZERS["adam"](network, lr=0.5)
    optimizer.step()
    assert network.parameters == pytest.approx([4.5, 5.5, 5, 5, 5.5, 4.5, 5], abs=1e-7)
    assert network.gradients.tolist() == [1, -2, 3, -4, -5, 6, -7]
    assert not optimizer.state["m"][[2, 3, 6]].any()
    assert not optimizer.state["v"][[2, 3, 6]].any()


@pytest.mark.parametrize("activation", PRINTED)
@pytest.mark.parametrize(("optimizer", "lr"), [("sgd", 0.05), ("adam", 0.01)])
@pytest.mark.parametrize("widths", [(2, 16, 8, 1), (2, 5, 1), (2, 3, 4, 5, 1)], ids=str)
def test_training_follows_the_printed_code(
    activation: str, optimizer: str, lr: float, widths: Shape
) -> None:
    network = make(activation, widths)
    network.parameters *= 0.5  # where a linear network does not overflow
    linears = [layer for layer in network.layers if isinstance(layer, Linear)]
    reference = Printed(
        [layer.weights.astype(np.float64) for layer in linears], activation, optimizer, lr
    )
    x, y = points()
    moves = as_printed.OPTIMIZERS[optimizer](network, lr)
    for _ in range(30):
        expected = reference.train(x.astype(np.float64), y.astype(np.float64))
        assert epoch(network, moves, x, y) == pytest.approx(expected, rel=1e-9)
    for layer, weights, biases in zip(linears, reference.weights, reference.biases, strict=True):
        np.testing.assert_allclose(layer.weights, weights, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(layer.biases, biases, rtol=1e-8, atol=1e-10)
        assert biases.any() == (optimizer == "sgd")


@pytest.mark.parametrize("activation", PRINTED)
def test_only_the_gradients_of_the_output_layer_are_right(activation: str) -> None:
    """Without activation all are: nothing is kept, so nothing can be overwritten."""
    x, _ = points()
    errors = dict(check_gradient(make(activation), x).errors)
    wrong = {name for name, error in errors.items() if error > 1e-2}
    assert wrong == ({"x", *list(errors)[1:3]} if activation != "none" else set())
    assert errors["layer 4, Linear(8, 1)"] < 1e-7


@activations
@optimizers
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_equals_its_members_bit_for_bit(
    activation: str, optimizer: str, dtype: type
) -> None:
    lab, lr = (2, 128, 64, 1), np.array([0.01, 0.001, 0.02, 0.01])
    x, y = points((4,), dtype, samples=100)
    network = make(activation, lab, (4,), dtype)
    begun = network.parameters.copy()
    moves = as_printed.OPTIMIZERS[optimizer](network, lr)
    with np.errstate(all="ignore"):  # without activation it overflows, as the lab says
        losses = np.array([epoch(network, moves, x, y) for _ in range(4)])
    for i in range(4):
        one = make(activation, lab, (), dtype)
        one.parameters[...] = begun[i]
        alone = as_printed.OPTIMIZERS[optimizer](one, lr[i])
        with np.errstate(all="ignore"):
            own = [epoch(one, alone, x[i], y[i]) for _ in range(4)]
        assert np.array_equal(own, losses[:, i], equal_nan=True)
        assert np.array_equal(one.parameters, network.parameters[i], equal_nan=True)
        for key, array in alone.state.items():
            assert np.array_equal(array, moves.state[key][i], equal_nan=True)


@activations
@pytest.mark.parametrize("exact", [True, False])
def test_both_networks_begin_and_answer_alike(activation: str, *, exact: bool) -> None:
    """Common random numbers: they differ in their training alone."""
    network, other = make(activation, stack=(3,), exact=exact), make(activation, stack=(3,))
    x, _ = points()
    assert np.array_equal(network.parameters, other.parameters)
    assert np.array_equal(network(x), other(x))


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_what_was_printed_right_or_not_at_all_is_the_exact_one(optimizer: str) -> None:
    assert as_printed.OPTIMIZERS[optimizer] is OPTIMIZERS[optimizer]
    assert set(as_printed.OPTIMIZERS) == set(OPTIMIZERS)


def test_without_activation_the_printed_network_is_the_exact_one() -> None:
    own = layers("none", 2, 3, 1)
    assert as_printed.share(own) == own


@optimizers
def test_nothing_is_allocated_after_the_first_epoch(optimizer: str) -> None:
    network = make("tanh", (2, 128, 64, 1), (8,), np.float32)
    moves = as_printed.OPTIMIZERS[optimizer](network, 0.01)
    sets = [points((8,), np.float32, 256), points((), np.float32, 100)]
    for _ in range(2):
        tracemalloc.start()
        for x, y in sets:
            epoch(network, moves, x, y)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 128 * 1024


def test_the_cache_is_the_last_forward_pass_s_of_this_network_alone() -> None:
    """Batches of other sizes in between, and copies, do not leave their slopes behind."""
    x, y = points()
    network = make("sigmoid")
    for other in (copy.copy(network), copy.deepcopy(network), pickle.loads(pickle.dumps(network))):  # noqa: S301 (our own)
        grad_y = MSELoss().backward(network(x), y)
        network.backward(grad_y)
        gradients = network.gradients.copy()
        network(x[:7])
        network(x)
        other(x[::-1])
        network.backward(grad_y)
        assert np.array_equal(network.gradients, gradients)
        other(x)
        other.backward(grad_y)
        assert np.array_equal(other.gradients, gradients)


def test_adam_as_printed_moves_the_weights_of_any_layer_with_weights() -> None:
    network = Sequential([convolution := Conv2D(1, 2, (2, 2)), Flatten(), Linear(2, 1)])
    network.gradients[...] = 1
    as_printed.OPTIMIZERS["adam"](network, lr=1).step()
    assert convolution.weights.ravel() == pytest.approx([-1] * 8)
    assert not convolution.biases.any()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [Linear(2, 1)],
        [Linear(2, 3), Sigmoid(), Linear(3, 1)],
        [Linear(2, 3), Sigmoid(), Linear(3, 2), Sigmoid()],
        [Linear(2, 3), Sigmoid(), Linear(3, 1), Tanh()],
        [Sigmoid(), Linear(2, 1)],
        [Linear(2, 3), Linear(3, 1)],
        [Conv2D(1, 1, (2, 2)), Tanh(), Flatten(), Linear(4, 1), Tanh()],
    ],
    ids=str,
)
def test_layers_that_the_lab_does_not_print_are_refused_by_name(wrong: list[Layer]) -> None:
    with pytest.raises(ValueError, match="linear layers to one output, with the same") as caught:
        as_printed.share(wrong)
    assert f"got {wrong}" in str(caught.value)


def test_a_printed_network_prints_which_layers_share() -> None:
    assert "    SharedTanh(),\n    Linear(2, 1),\n" in repr(make("tanh", (2, 2, 1)))
