"""The laws of every optimizer: stacks, resuming elsewhere, precision, and refusals."""

from typing import Any

import numpy as np
import pytest

from nn_core import (
    OPTIMIZERS,
    SGD,
    AdaGrad,
    Adam,
    Array,
    Linear,
    Optimizer,
    RMSprop,
    Sequential,
    Tanh,
    as_printed,
)

NETWORKS, PARAMETERS = 4, 3
ONE: dict[str, tuple[str, dict[str, Any]]] = {
    "sgd": ("sgd", {"lr": 0.1}),
    "sgd with momentum": ("sgd", {"lr": 0.1, "momentum": 0.9}),
    "sgd with decay": ("sgd", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.5}),
    "adam": ("adam", {"lr": 0.1}),
    "adam with decay": ("adam", {"lr": 0.1, "weight_decay": 0.5}),
    "adam with its own numbers": (
        "adam",
        {"lr": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3},
    ),
    "adagrad": ("adagrad", {"lr": 0.1}),
    "adagrad with its own number": ("adagrad", {"lr": 0.1, "epsilon": 1e-3}),
    "rmsprop": ("rmsprop", {"lr": 0.1}),
    "rmsprop with its own numbers": ("rmsprop", {"lr": 0.1, "decay": 0.9, "epsilon": 1e-3}),
}
optimizers = pytest.mark.parametrize(("name", "numbers"), ONE.values(), ids=list(ONE))
precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def make(
    name: str, numbers: dict[str, Any], networks: int | None, dtype: type = np.float64
) -> tuple[Sequential, Optimizer]:
    """Return a network of three parameters, all one, or a stack of them, and its optimizer."""
    stack = () if networks is None else (networks,)
    network = Sequential([Linear(2, 1)], stack, dtype)
    network.parameters[...] = 1
    return network, OPTIMIZERS[name](network, **numbers)


def train(network: Sequential, optimizer: Optimizer, gradients: Array) -> None:
    """Take one step for each of `gradients`, (steps, …, P)."""
    for gradient in gradients:
        network.gradients[...] = gradient
        optimizer.step()


def test_every_optimizer_is_tested() -> None:
    assert {name for name, _ in ONE.values()} == set(OPTIMIZERS)


@optimizers
@precisions
def test_a_stack_equals_its_members_bit_for_bit(
    name: str, numbers: dict[str, Any], dtype: type, rng: np.random.Generator
) -> None:
    """Each number is the same for all, then one for each; the steps cross two flushes."""
    gradients = rng.standard_normal((130, NETWORKS, PARAMETERS)) * 10.0 ** rng.integers(-25, 1, 3)
    each = {key: value * np.array([1, 0.5, 0.3, 0.1]) for key, value in numbers.items()}
    for given in (numbers, each):
        network, optimizer = make(name, given, NETWORKS, dtype)
        train(network, optimizer, gradients)
        for i in range(NETWORKS):
            own = {key: value if np.ndim(value) == 0 else value[i] for key, value in given.items()}
            one, alone = make(name, own, None, dtype)
            train(one, alone, gradients[:, i])
            assert np.array_equal(one.parameters, network.parameters[i])
            for key, array in alone.state.items():
                assert np.array_equal(array, optimizer.state[key][i])


@optimizers
@precisions
def test_the_remaining_members_continue_in_another_stack_bit_for_bit(
    name: str, numbers: dict[str, Any], dtype: type, rng: np.random.Generator
) -> None:
    gradients = rng.standard_normal((70, NETWORKS, PARAMETERS))
    network, optimizer = make(name, numbers, NETWORKS, dtype)
    train(network, optimizer, gradients[:50])
    keep = [0, 3]
    rest, resumed = make(name, numbers, len(keep), dtype)
    rest.parameters[...] = network.parameters[keep]
    resumed.t = optimizer.t
    for key, array in resumed.state.items():
        array[...] = optimizer.state[key][keep]
    train(network, optimizer, gradients[50:])
    train(rest, resumed, gradients[50:, keep])
    assert resumed.t == 70
    assert np.array_equal(rest.parameters, network.parameters[keep])
    for key, array in resumed.state.items():
        assert np.array_equal(array, optimizer.state[key][keep])


@optimizers
@precisions
def test_precision_is_kept_and_nothing_warns(
    name: str, numbers: dict[str, Any], dtype: type, rng: np.random.Generator
) -> None:
    network, optimizer = make(name, numbers, NETWORKS, dtype)
    with np.errstate(all="raise", under="ignore"):
        train(network, optimizer, 1e4 * rng.standard_normal((100, NETWORKS, PARAMETERS)))
    arrays = [network.parameters, *optimizer.state.values()]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert all(np.isfinite(array).all() for array in arrays)


@optimizers
def test_every_number_is_one_or_one_for_each_and_finite(name: str, numbers: dict[str, Any]) -> None:
    for key in numbers:
        with pytest.raises(ValueError, match=rf"{key} is one number, or one .* shape \(4,\), got"):
            make(name, {**numbers, key: np.ones(3)}, NETWORKS)
        with pytest.raises(ValueError, match=rf"{key} .*shape \(\), got shape \(1,\)"):
            make(name, {**numbers, key: [0.5]}, None)
        for bad in (np.inf, np.nan):
            with pytest.raises(ValueError, match=rf"{key} must be finite, got {bad}"):
                make(name, {**numbers, key: bad}, NETWORKS)


@optimizers
def test_moments_that_no_longer_act_become_zero_not_subnormal(
    name: str, numbers: dict[str, Any]
) -> None:
    """Where gradients vanish, moments decay towards numbers that processors are slow with."""
    network, optimizer = make(name, numbers, None, np.float32)
    train(network, optimizer, np.full((1, PARAMETERS), 1e-3))
    tiny = np.finfo(np.float32).tiny
    for _ in range(40):
        train(network, optimizer, np.zeros((50, PARAMETERS)))
        for array in optimizer.state.values():
            assert ((array == 0) | (np.abs(array) >= tiny)).all()


def test_momentum_is_kept_only_where_a_network_has_some(rng: np.random.Generator) -> None:
    """A network without momentum moves the same next to one with momentum."""
    gradients = rng.standard_normal((9, 2, PARAMETERS))
    mixed, optimizer = make("sgd", {"lr": 0.1, "momentum": [0, 0.9]}, 2)
    plain, without = make("sgd", {"lr": 0.1}, 2)
    train(mixed, optimizer, gradients)
    train(plain, without, gradients)
    assert (set(optimizer.state), set(without.state)) == ({"b"}, set())
    assert np.array_equal(mixed.parameters[0], plain.parameters[0])
    assert not np.array_equal(mixed.parameters[1], plain.parameters[1])


@pytest.mark.parametrize("table", [OPTIMIZERS, as_printed.OPTIMIZERS], ids=["exact", "as printed"])
def test_weights_decay_by_rate_times_decay_before_each_step_and_biases_do_not(
    table: dict[str, type[Optimizer]], rng: np.random.Generator
) -> None:
    """A network without decay whose weights are shrunk by hand stays equal, bit for bit."""
    for make_one in table.values():
        network, plain = (Sequential([Linear(2, 3), Tanh(), Linear(3, 1)], (2,)) for _ in range(2))
        network.parameters[...] = plain.parameters[...] = rng.standard_normal((2, 13))
        decay = np.array([0.5, 0.0])
        optimizer, other = make_one(network, 0.1, weight_decay=decay), make_one(plain, 0.1)
        for factor in (1.0, 0.5, 0.5):
            network.gradients[...] = plain.gradients[...] = rng.standard_normal((2, 13))
            for each in (optimizer, other):
                each.scale_lr(factor)
            for layer in plain.layers[::2]:
                assert isinstance(layer, Linear)
                layer.weights[...] *= (1 - 0.1 * factor * decay)[:, None, None]
            optimizer.step()
            other.step()
            assert np.array_equal(network.parameters, plain.parameters)


def test_every_optimizer_takes_a_weight_decay() -> None:
    for make_one in (*OPTIMIZERS.values(), *as_printed.OPTIMIZERS.values()):
        assert make_one.options()[0] == "lr"
        assert "weight_decay" in make_one.options()


def test_sgd_moves_against_the_gradient() -> None:
    network, optimizer = make("sgd", {"lr": 0.5}, None)
    assert isinstance(optimizer, SGD)
    train(network, optimizer, np.array([[1.0, -2.0, 0.0]]))
    assert network.parameters.tolist() == [0.5, 2.0, 1.0]


@pytest.mark.parametrize(
    ("decay", "epsilon"), [(0.99, 1e-8), (0.9, 1e-2), (0.0, 1e-8)], ids=["default", "own", "none"]
)
def test_rmsprop_divides_by_the_root_of_the_mean_squared_gradient(
    decay: float, epsilon: float, rng: np.random.Generator
) -> None:
    """With ε outside the root, and v beginning at zero."""
    network, optimizer = make("rmsprop", {"lr": 0.1, "decay": decay, "epsilon": epsilon}, None)
    assert isinstance(optimizer, RMSprop)
    gradients = rng.standard_normal((50, PARAMETERS))
    theta, v = np.ones(PARAMETERS), np.zeros(PARAMETERS)
    for g in gradients:
        v = decay * v + (1 - decay) * g**2
        theta = theta - 0.1 * g / (np.sqrt(v) + epsilon)
    train(network, optimizer, gradients)
    np.testing.assert_allclose(network.parameters, theta, rtol=1e-12)


@pytest.mark.parametrize("epsilon", [1e-10, 1e-2])
def test_adagrad_divides_by_the_root_of_the_summed_squared_gradient(
    epsilon: float, rng: np.random.Generator
) -> None:
    network, optimizer = make("adagrad", {"lr": 0.1, "epsilon": epsilon}, None)
    assert isinstance(optimizer, AdaGrad)
    gradients = rng.standard_normal((50, PARAMETERS))
    roots = np.sqrt(np.cumsum(gradients**2, axis=0))
    train(network, optimizer, gradients)
    due = 1 - 0.1 * (gradients / (roots + epsilon)).sum(axis=0)
    np.testing.assert_allclose(network.parameters, due, rtol=1e-12)


def test_adam_is_algorithm_1_of_its_paper(rng: np.random.Generator) -> None:
    network, optimizer = make("adam", {"lr": 0.1}, None)
    assert isinstance(optimizer, Adam)
    gradients = rng.standard_normal((50, PARAMETERS))
    theta, m, v = np.ones(PARAMETERS), np.zeros(PARAMETERS), np.zeros(PARAMETERS)
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        theta = theta - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    train(network, optimizer, gradients)
    np.testing.assert_allclose(network.parameters, theta, rtol=1e-12)
