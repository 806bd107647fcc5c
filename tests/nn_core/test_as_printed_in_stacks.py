"""The as-printed network keeps the exact one's promises: stacks, copies, no allocation."""

import copy
import pickle
import tracemalloc

import numpy as np
import pytest

from nn_core import ACTIVATIONS, OPTIMIZERS, MSELoss, as_printed
from tests.nn_core.lab import epoch, make, points

activations = pytest.mark.parametrize("activation", ACTIVATIONS)
optimizers = pytest.mark.parametrize("optimizer", OPTIMIZERS)


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
def test_both_networks_start_and_predict_the_same(activation: str, *, exact: bool) -> None:
    """Common random numbers: they differ in their training alone."""
    network, other = make(activation, stack=(3,), exact=exact), make(activation, stack=(3,))
    x, _ = points()
    assert np.array_equal(network.parameters, other.parameters)
    assert np.array_equal(network(x), other(x))


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
