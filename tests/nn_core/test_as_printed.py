"""The lab's network as printed: by hand, against its own code, and what is refused."""

import numpy as np
import pytest

from nn_core import (
    OPTIMIZERS,
    Conv2D,
    Flatten,
    Layer,
    Linear,
    MSELoss,
    Sequential,
    Shape,
    Sigmoid,
    SoftSign,
    Tanh,
    as_printed,
    check_gradient,
)
from tests.nn_core.lab import epoch, layers, make, points
from tests.nn_core.printed import Printed

PRINTED = ("none", "sigmoid", "softsign", "tanh")


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


@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_as_printed_equals_exact_where_the_lab_printed_it_correctly_or_not_at_all(
    optimizer: str,
) -> None:
    assert as_printed.OPTIMIZERS[optimizer] is OPTIMIZERS[optimizer]
    assert set(as_printed.OPTIMIZERS) == set(OPTIMIZERS)


def test_without_activation_both_implementations_agree() -> None:
    own = layers("none", 2, 3, 1)
    assert as_printed.share(own) == own


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
    with pytest.raises(ValueError, match="linear layers that end in one output") as caught:
        as_printed.share(wrong)
    assert f"got {wrong}" in str(caught.value)


def test_a_printed_network_prints_which_layers_share() -> None:
    assert "    SharedTanh(),\n    Linear(2, 1),\n" in repr(make("tanh", (2, 2, 1)))
