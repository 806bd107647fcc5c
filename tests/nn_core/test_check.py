"""The gradient check passes correct layers and names wrong ones."""

import numpy as np
import pytest
from typing_extensions import override

from nn_core import ACTIVATIONS, Layer, Linear, Rows, Sequential, Tanh, check_gradient, he


class HalfTanh(Tanh):
    """Tanh whose backward pass forgets half of its slope."""

    @override
    def backward(self, grad_y: Rows, *, grad_input: bool = True) -> Rows:
        grad_y.full *= 0.5
        return super().backward(grad_y, grad_input=grad_input)


def network(activation: type[Layer], stack: tuple[int, ...] = (2,)) -> Sequential:
    layers = [Linear(3, 4), activation(), Linear(4, 2)]
    network = Sequential(layers, stack)
    network.initialize(he, rng=np.random.default_rng(0))
    return network


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
@pytest.mark.parametrize("stack", [(), (2,), (2, 3)], ids=str)
def test_a_right_gradient_passes(
    activation: type[Layer], stack: tuple[int, ...], rng: np.random.Generator
) -> None:
    x = rng.standard_normal((5, 3))
    assert check_gradient(network(activation, stack), x, rng=rng).largest < 1e-7


def test_a_wrong_gradient_is_found_below_the_layer_that_is_wrong(rng: np.random.Generator) -> None:
    errors = dict(check_gradient(network(HalfTanh), rng.standard_normal((5, 3))).errors)
    assert list(errors) == ["x", "layer 0, Linear(3, 4)", "layer 2, Linear(4, 2)"]
    assert errors["x"] > 0.01
    assert errors["layer 0, Linear(3, 4)"] > 0.01
    assert errors["layer 2, Linear(4, 2)"] < 1e-7


def test_the_check_leaves_the_parameters_and_x_as_they_were(rng: np.random.Generator) -> None:
    checked, x = network(Tanh), rng.standard_normal((5, 3))
    before = checked.parameters.copy(), x.copy()
    assert check_gradient(checked, x) == check_gradient(checked, x)
    assert np.array_equal(checked.parameters, before[0])
    assert np.array_equal(x, before[1])


def test_the_result_prints_its_errors(rng: np.random.Generator) -> None:
    text = repr(check_gradient(network(Tanh), rng.standard_normal((5, 3)))).splitlines()
    assert text[0].startswith("GradientCheck: largest relative error ")
    assert text[2].endswith("  layer 0, Linear(3, 4)")
    assert len(text) == 4


def test_a_gradient_of_zero_has_no_error() -> None:
    dead = network(Tanh)
    dead.parameters[...] = 0
    assert dict(check_gradient(dead, np.zeros((5, 3))).errors)["x"] == 0
