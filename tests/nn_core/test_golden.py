"""The network against values that another library computed."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_core import ACTIVATIONS, LOSSES, OPTIMIZERS, Array, Conv2D, Linear, Sequential

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text())
STACKS = [(), (1,), (3,), (2, 2)]
OURS = {"alpha": "decay", "eps": "epsilon"}  # the reference's names in this library's
Case = dict[str, Any]


def label(case: Case) -> str:
    kind = case.get("optimizer", case.get("loss_function"))
    return f"{kind} {case['activation']} {case.get('lr', '')} {case['sizes']}"


def build(
    case: Case, last: str, initial: str, stack: tuple[int, ...], dtype: type
) -> tuple[Sequential, list[Linear]]:
    linears = [Linear(a, b) for a, b in pairwise(case["sizes"])]
    activations = [ACTIVATIONS[case["activation"]]() for _ in linears[1:]] + [ACTIVATIONS[last]()]
    pairs = zip(linears, activations, strict=True)
    network = Sequential([layer for pair in pairs for layer in pair], stack, dtype)
    for i, linear in enumerate(linears):
        linear.weights[...] = case[f"{initial}weights"][i]
        linear.biases[...] = case[f"{initial}biases"][i]
    return network, linears


@pytest.mark.parametrize("case", GOLDEN["gradient_cases"], ids=label)
@pytest.mark.parametrize("stack", STACKS, ids=str)
@pytest.mark.parametrize(("dtype", "digits"), [(np.float64, 1e-9), (np.float32, 2e-4)])
def test_predictions_losses_and_gradients_are_the_reference_s(
    case: Case, stack: tuple[int, ...], dtype: type, digits: float
) -> None:
    network, linears = build(case, case["output_activation"], "", stack, dtype)
    loss = LOSSES[case["loss_function"]]()
    y: Array = np.array(case["y"], dtype)
    y_pred = network(case["x"])
    value = loss(y_pred, y)
    grad_x = network.backward(loss.backward(y_pred, y))
    pairs = [(y_pred, case["prediction"]), (value, case["loss"]), (grad_x, case["grad_x"])]
    for i, linear in enumerate(linears):
        pairs += [
            (linear.grad_weights, case["grad_weights"][i]),
            (linear.grad_biases, case["grad_biases"][i]),
        ]
    for ours, theirs in pairs:
        expected = np.broadcast_to(theirs, (*stack, *np.shape(theirs)))
        assert ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=digits, atol=digits)


@pytest.mark.parametrize("case", GOLDEN["trajectories"], ids=label)
@pytest.mark.parametrize("stack", [(), (3,)], ids=str)
def test_training_follows_the_reference_step_by_step(case: Case, stack: tuple[int, ...]) -> None:
    """In the stack, the middle network has half the learning rate and must go its own way."""
    network, linears = build(case, case["activation"], "initial_", stack, np.float64)
    options = dict(case["options"])
    if "betas" in options:
        options["beta1"], options["beta2"] = options.pop("betas")
    options = {OURS.get(key, key): value for key, value in options.items()}
    lr = case["lr"] * np.array([1, 0.5, 1]) if stack else case["lr"]
    name = "sgd" if case["optimizer"] == "momentum" else case["optimizer"]
    optimizer, loss = OPTIMIZERS[name](network, lr, **options), LOSSES["mse"]()
    alike = np.s_[::2] if stack else ...
    y = np.array(case["y"])
    for expected in case["losses_before_each_update"]:
        y_pred = network(case["x"])
        np.testing.assert_allclose(loss(y_pred, y)[alike], expected, rtol=1e-8)
        network.backward(loss.backward(y_pred, y), grad_input=False)
        optimizer.step()
    for i, linear in enumerate(linears):
        for ours, theirs in [
            (linear.weights[alike], case["final_weights"][i]),
            (linear.biases[alike], case["final_biases"][i]),
        ]:
            expected = np.broadcast_to(theirs, ours.shape)
            np.testing.assert_allclose(ours, expected, rtol=1e-8, atol=1e-9)
    if stack and case["activation"] != "relu":  # whose networks may be dead
        assert not np.allclose(network.parameters[0], network.parameters[1], rtol=1e-6)


@pytest.mark.parametrize(
    "case", GOLDEN["convolution_cases"], ids=lambda c: str(np.shape(c["kernel"]))
)
@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_a_convolution_and_its_gradients_are_the_reference_s(
    case: Case, stack: tuple[int, ...]
) -> None:
    *size, inputs, outputs = np.shape(case["kernel"])
    layer = Conv2D(inputs, outputs, (size[0], size[1]))
    network = Sequential([layer], stack)
    layer.weights[...], layer.biases[...] = case["kernel"], case["bias"]
    y = network(case["x"])
    grad_x = network.backward(np.broadcast_to(case["grad_y"], y.shape))
    for ours, theirs in [
        (y, case["y"]),
        (grad_x, case["grad_x"]),
        (layer.grad_weights, case["grad_kernel"]),
        (layer.grad_biases, case["grad_bias"]),
    ]:
        assert ours.shape == (*stack, *np.shape(theirs))
        np.testing.assert_allclose(ours, np.broadcast_to(theirs, ours.shape), rtol=1e-9, atol=1e-9)
