"""Arguments of a wrong kind: the error names what was given and what to write instead."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

import nn_core
from nn_core import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SGD,
    Activation,
    Adam,
    Array,
    Conv2D,
    Flatten,
    Layer,
    Linear,
    MSELoss,
    RMSprop,
    Sequential,
    Sigmoid,
    Tanh,
    as_printed,
    check_gradient,
    he,
    xavier,
    zeros,
)

RNG = np.random.default_rng(0)
X: Array = np.ones((4, 2))


def network(stack: tuple[int, ...] = ()) -> Sequential:
    """Return a network with drawn weights."""
    made = Sequential([Linear(2, 3), Tanh(), Linear(3, 1)], stack)
    made.initialize(xavier, rng=np.random.default_rng(0))
    return made


def adam(**numbers: object) -> Adam:
    """Return Adam with any arguments, whatever their types."""
    options: dict[str, Any] = {"lr": 0.1, **numbers}
    return Adam(network(), **options)


Mistake = tuple[Callable[[], object], type[Exception], tuple[str, ...]]
MISTAKES: dict[str, Mistake] = {
    "an initializer's name": (
        lambda: network().initialize(any_of("xavier"), rng=RNG), TypeError,
        ("initializer", "'xavier'", "nn_core.xavier"),
    ),
    "no initializer": (
        lambda: network().initialize(any_of(None), rng=RNG), TypeError, ("initializer", "None")),
    "a class of initializers": (
        lambda: network().initialize(any_of(Tanh), rng=RNG), TypeError, ("the class Tanh",)),
    "biases by a name": (
        lambda: network().initialize_biases(any_of("zeros"), rng=RNG), TypeError, ("'zeros'",)),
    "a layer by a name": (
        lambda: network().layers[0].initialize(any_of("he"), rng=RNG), TypeError, ("'he'",)),
    "a seed": (
        lambda: network().initialize(xavier, rng=any_of(7)), TypeError,
        ("rng", "Generator", "got 7", "np.random.default_rng(7)"),
    ),
    "a seed for biases": (
        lambda: network().initialize_biases(zeros, rng=any_of(0)), TypeError,
        ("np.random.default_rng(0)",),
    ),
    "an old generator": (
        lambda: network().initialize(he, rng=any_of(np.random.RandomState(0))), TypeError,
        ("RandomState", "np.random.default_rng(0)"),
    ),
    "a negative seed": (
        lambda: network().initialize(he, rng=any_of(-1)), TypeError,
        ("got -1", "np.random.default_rng(0)"),
    ),
    "a seed for a check": (
        lambda: check_gradient(network(), X, rng=any_of(3)), TypeError,
        ("got 3", "np.random.default_rng(3)"),
    ),
    "a check of layers": (
        lambda: check_gradient(any_of([Linear(2, 1)]), X), TypeError,
        ("Sequential", "[Linear(2, 1)]"),
    ),
    "a check of text": (
        lambda: check_gradient(network(), any_of([["a", "b"]])), TypeError, ("x ", "[['a', 'b']]")),
    "layers for a network": (
        lambda: Adam(any_of(network().layers), lr=0.1), TypeError,
        ("Adam", "Sequential", "Linear(2, 3)", "Adam(network, lr=0.01)"),
    ),
    "parameters for a network": (
        lambda: SGD(any_of(network().parameters), lr=0.1), TypeError,
        ("SGD", "an array of shape (13,)", "SGD(network"),
    ),
    "a network's class": (
        lambda: RMSprop(any_of(Sequential), lr=0.1), TypeError, ("the class Sequential",)),
    "layers for the printed Adam": (
        lambda: as_printed.OPTIMIZERS["adam"](any_of(network().layers), any_of(0.1)), TypeError,
        ("Sequential", "Linear(2, 3)"),
    ),
    "a negative lr": (lambda: adam(lr=-1), ValueError, ("lr", "at least 0", "-1")),
    "a negative one in a stack": (
        lambda: SGD(network((2,)), [0.1, -0.5]), ValueError, ("lr", "-0.5")),
    "lr not a number": (lambda: adam(lr=np.nan), ValueError, ("lr", "finite", "nan")),
    "lr as text": (lambda: adam(lr="0.01"), TypeError, ("lr", "'0.01'")),
    "lr as None": (lambda: adam(lr=None), TypeError, ("lr", "None")),
    "lr complex": (lambda: adam(lr=1j), TypeError, ("lr", "1j")),
    "lr of uneven rows": (lambda: adam(lr=[[1], [1, 2]]), TypeError, ("lr", "[[1], [1, 2]]")),
    "beta1 of 1": (lambda: adam(beta1=1), ValueError, ("beta1", "less than 1", "got 1")),
    "beta2 of 1": (lambda: adam(beta2=1.0), ValueError, ("beta2", "less than 1", "got 1.0")),
    "beta2 negative": (lambda: adam(beta2=-0.1), ValueError, ("beta2", "at least 0", "-0.1")),
    "epsilon negative": (lambda: adam(epsilon=-1e-8), ValueError, ("epsilon", "-1e-08")),
    "a copied optimizer": (
        lambda: copy.deepcopy(adam()), TypeError, ("Adam(copy, lr=", "t and state")),
    "a pickled optimizer": (
        lambda: pickle.dumps(SGD(network(), lr=0.1)), TypeError, ("SGD", "its own network")),
    "weight decay negative": (lambda: adam(weight_decay=-1), ValueError, ("weight_decay", "-1")),
    "momentum of 1": (lambda: SGD(network(), 0.1, 1), ValueError, ("momentum", "less than 1")),
    "momentum as text": (
        lambda: SGD(network(), 0.1, any_of("0.9")), TypeError, ("momentum", "'0.9'")),
    "decay of 1": (lambda: RMSprop(network(), 0.1, 1), ValueError, ("decay", "less than 1")),
    "a layer's class": (
        lambda: Sequential([Linear(2, 1), any_of(Tanh)]), TypeError,
        ("layer 1", "the class Tanh", "Tanh(…)"),
    ),
    "a layer's name": (
        lambda: Sequential([Linear(2, 1), any_of("tanh")]), TypeError, ("layer 1", "'tanh'")),
    "another class": (lambda: Sequential([any_of(int)]), TypeError, ("layer 0", "the class int")),
    "a network as a layer": (
        lambda: Sequential([any_of(network())]), TypeError, ("layer 0", "Sequential([ Linear(2")),
    "one layer": (lambda: Sequential(any_of(Linear(2, 1))), TypeError, ("a list", "Linear(2, 1)")),
    "text for layers": (lambda: Sequential(any_of("tanh")), TypeError, ("a list", "'tanh'")),
    "a class for layers": (lambda: Sequential(any_of(Tanh)), TypeError, ("a list", "class Tanh")),
    "printed layers by class": (
        lambda: as_printed.share([Linear(2, 1), any_of(Tanh)]), TypeError, ("layer 1", "Tanh(…)")),
    "a network to print": (lambda: as_printed.share(any_of(3)), TypeError, ("a list", "got 3")),
    "a number for a stack": (
        lambda: Sequential([Linear(2, 1)], stack=any_of(8)), TypeError, ("stack", "(8,)", "got 8")),
    "a stack of halves": (
        lambda: Sequential([Linear(2, 1)], stack=any_of((2.5,))), TypeError, ("stack", "(2.5,)")),
    "an empty stack": (
        lambda: Sequential([Linear(2, 1)], stack=(0,)), ValueError, ("at least one", "(0,)")),
    "a negative stack": (
        lambda: Sequential([Linear(2, 1)], stack=(2, -1)), ValueError, ("(2, -1)",)),
    "a precision by another name": (
        lambda: Sequential([Linear(2, 1)], dtype="single precision"), TypeError,
        ("float32 or float64", "'single precision'"),
    ),
    "whole numbers": (
        lambda: Sequential([Linear(2, 1)], dtype=int), ValueError, ("float64", "int64")),
    "a width as text": (lambda: Linear(any_of("2"), 1), TypeError, ("inputs", "'2'")),
    "a width as a float": (lambda: Linear(2, any_of(1.0)), TypeError, ("outputs", "1.0")),
    "channels as text": (lambda: Conv2D(any_of("1"), 1, (2, 2)), TypeError, ("in_chan", "'1'")),
    "one number for a kernel": (
        lambda: Conv2D(1, 1, any_of(3)), TypeError, ("kernel", "(3, 3)", "got 3")),
    "a kernel of one axis": (
        lambda: Conv2D(1, 1, any_of((3,))), ValueError, ("(rows, columns)", "(3,)")),
    "an activation called by its class": (
        lambda: any_of(Tanh)(X), TypeError, ("Tanh()(x)", "an array of shape (4, 2)")),
    "flatten with a number": (
        lambda: any_of(Flatten)(3), TypeError, ("Flatten() takes no arguments", "got 3")),
    "a loss called by its class": (
        lambda: any_of(MSELoss)(X, X), TypeError, ("MSELoss()(y_pred, y)", "shape (4, 2)")),
    "predictions as a list": (
        lambda: MSELoss()(any_of([[1.0]]), [[1.0]]), TypeError, ("y_pred", "network(x)", "[[1.0]]"),
    ),
    "targets as text": (
        lambda: MSELoss()(X, any_of([["a", "b"]] * 4)), TypeError, ("y ", "['a', 'b']")),
    "no targets": (lambda: MSELoss()(X, any_of(None)), TypeError, ("y ", "None")),
    "targets of uneven rows": (
        lambda: MSELoss()(X, any_of([[1.0], [1.0, 2.0]])), TypeError, ("y ", "[1.0, 2.0]")),
    "labels as an array": (
        lambda: MSELoss()(X, any_of(np.array([["a"]] * 4))), TypeError, ("y ", "(4, 1)", "<U1")),
    "predictions as whole numbers": (
        lambda: MSELoss().backward(X.astype(int), X), TypeError, ("y_pred", "int64")),
    "inputs as text": (lambda: network()(any_of([["a", "b"]])), TypeError, ("x ", "[['a', 'b']]")),
    "an array of objects": (
        lambda: network()(X.astype(object)), TypeError, ("x ", "(4, 2)", "object")),
    "no inputs": (lambda: network()(any_of(None)), TypeError, ("x ", "None")),
    "inputs of uneven rows": (
        lambda: network()(any_of([[1.0], [1.0, 2.0]])), TypeError, ("x ", "[[1.0], [1.0, 2.0]]")),
    "text for one layer": (lambda: Tanh()(any_of("a")), TypeError, ("x ", "'a'")),
    "inputs of another width": (
        lambda: network()(np.ones((5, 4))), ValueError, ("Linear(2, 3)", "(5, 4)")),
    "a row alone": (
        lambda: network()(np.ones(2)), ValueError, ("(samples, features)", "got (2,)")),
    "neighbouring widths": (
        lambda: Sequential([Linear(2, 3), Sigmoid(), Linear(4, 1)]), ValueError,
        ("layer 2", "Linear(4, 1)", "samples, 4)", "samples, 3)"),
    ),
    "a value going back": (
        lambda: ran(network()).backward(any_of(0.5)), TypeError, ("loss.backward(", "got 0.5"),
    ),
    "text going back": (
        lambda: ran(network()).backward(np.array([["a"]] * 4, object)), TypeError,
        ("grad_y", "an array of shape (4, 1)"),
    ),
    "never initialized": (
        lambda: ran(Sequential([Linear(2, 1)])).backward(np.ones((4, 1))), ValueError,
        ("never initialized", "network.initialize(xavier, rng="),
    ),
    "a check of what was never initialized": (
        lambda: check_gradient(Sequential([Linear(2, 1)]), X), ValueError, ("never initialized",)),
    "parameters of another shape": (
        lambda: setattr(network(), "parameters", np.ones(3)), ValueError, ("(3,)", "(13,)")),
    "a fan as text": (
        lambda: xavier((2,), fan_in=any_of("2"), fan_out=1, rng=RNG), TypeError, ("fan_in", "'2'")),
    "a fan of zero": (
        lambda: he((2,), fan_in=2, fan_out=0, rng=RNG), ValueError, ("fan_out", "at least 1")),
    "an initializer of another shape": (
        lambda: network().initialize(lambda shape, **_: np.ones(shape[-1]), rng=RNG), ValueError,
        ("(2, 3)", "(3,)"),
    ),
}  # fmt: skip


def any_of(value: object) -> Any:  # noqa: ANN401  # what a type checker would refuse
    """Return a value of any type."""
    return value


def ran(made: Sequential) -> Sequential:
    """Return the network after a forward pass."""
    made(X)
    return made


@pytest.mark.parametrize(("call", "kind", "words"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_wrong_argument_is_named_with_a_correct_one(
    call: Callable[[], object], kind: type[Exception], words: tuple[str, ...]
) -> None:
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize("draw", INITIALIZERS.values(), ids=list(INITIALIZERS))
def test_every_initializer_names_a_seed_that_is_no_generator(draw: nn_core.Initializer) -> None:
    with pytest.raises(TypeError, match=r"got 5: write rng=np\.random\.default_rng\(5\)"):
        draw((2, 3), fan_in=2, fan_out=3, rng=any_of(5))


@pytest.mark.parametrize("name", ["weights", "biases", "grad_weights", "grad_biases"])
def test_a_layer_outside_a_network_has_no_arrays(name: str) -> None:
    for layer in (Linear(2, 3), Conv2D(1, 2, (3, 3))):
        with pytest.raises(AttributeError, match=r"\) has no parameters until it is part of a net"):
            getattr(layer, name)
        with pytest.raises(AttributeError, match="no attribute 'weight'"):
            _ = any_of(layer).weight
        assert repr(copy.deepcopy(layer)) == repr(layer)


PASTED: dict[str, object] = {
    **{name: made() for name, made in (*ACTIVATIONS.items(), *LOSSES.items())},
    "linear": Linear(any_of(np.int64(2)), 3),
    "convolution": Conv2D(1, 4, any_of(np.array([3, 2]))),
    "flatten": Flatten(),
    "network": network((2,)),
    "network in float32": Sequential([Linear(2, 1)], dtype=np.float32),
}


@pytest.mark.parametrize("made", PASTED.values(), ids=list(PASTED))
def test_a_repr_can_be_pasted(made: object) -> None:
    pasted = eval(repr(made), dict(vars(nn_core)))  # noqa: S307  # the tests' own text
    assert type(pasted) is type(made)
    assert repr(pasted) == repr(made)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_prints_the_numbers_that_are_no_defaults(name: str) -> None:
    trained, kind = network((2,)), OPTIMIZERS[name]
    names = {**vars(nn_core), "network": trained}
    assert repr(kind(trained, 0.25)) == f"{kind.__name__}(network, lr=0.25)"
    every = {option: np.array([0.5, 0.25]) for option in kind.options()}
    every["lr"] = np.array([1e-4, 1.0])
    made = kind(trained, **every)
    made.scale_lr(0.5)  # a schedule changes no option
    pasted = eval(repr(made), names)  # noqa: S307  # the tests' own text
    for option in kind.options():
        assert np.array_equal(getattr(kind(trained, **every), option), getattr(pasted, option))
    assert repr(pasted) == repr(made)


def test_an_optimizer_of_ones_own_is_checked_and_printed_like_the_others() -> None:
    class SignSGD(nn_core.Optimizer):
        """θ ← θ − lr · sign g."""

        @override
        def _update(self) -> None:
            self.parameters -= self.lr * np.sign(self.gradients)

    trained = network()
    made = SignSGD(trained, 0.5, weight_decay=0.25)
    assert repr(made) == "SignSGD(network, lr=0.5, weight_decay=0.25)"
    assert [float(number) for number in made.numbers()] == [0.5]
    with pytest.raises(TypeError, match=r"write SignSGD\(network, lr"):
        SignSGD(any_of(trained.layers), 0.5)


def test_a_network_may_begin_with_zeros_that_were_asked_for() -> None:
    """By an initializer or by assignment, also as a copy; a forward pass alone is always free."""
    drawn, assigned, blank = (Sequential([Linear(2, 1)]) for _ in range(3))
    drawn.initialize(zeros, rng=RNG)
    assigned.parameters = np.zeros(3)
    for made in (drawn, assigned, copy.deepcopy(drawn)):
        assert ran(made).backward(np.ones((4, 1))).shape == (4, 2)
    assert blank(X).shape == (4, 1)
    again = pickle.loads(pickle.dumps(blank))  # noqa: S301 (our own)
    with pytest.raises(ValueError, match="never initialized"):
        ran(again).backward(np.ones((4, 1)))
    blank.layers[0].weights[...] = 1  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"call network\(x\) first"):
        blank.backward(np.ones((4, 1)))
    assert ran(blank).backward(np.ones((4, 1))).tolist() == [[1, 1]] * 4


def test_parameters_that_are_assigned_are_copied_into_the_views() -> None:
    made = network()
    flat, first = made.parameters, made.layers[0]
    assert isinstance(first, Linear)
    made.parameters = np.arange(13.0)
    assert made.parameters is flat
    assert first.weights.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_gradients_that_are_assigned_reach_the_optimizer() -> None:
    """Clipped gradients, for example: the optimizer and the layers see the same array."""
    made = network()
    optimizer, flat = SGD(made, lr=0.5), made.gradients
    made.parameters = np.zeros(13)
    made.gradients = np.clip(np.arange(13.0), 0, 4)
    assert made.gradients is flat
    optimizer.step()
    assert made.parameters.tolist() == [0, -0.5, -1, -1.5, *[-2.0] * 9]


def test_a_users_own_layer_may_change_the_width() -> None:
    """Widths that a class does not declare are checked at the first pass."""

    class Twice(Tanh):
        def sample_after(self, sample: nn_core.layer.Sample) -> nn_core.layer.Sample:
            return Layer.sample_after(self, sample)

    assert issubclass(Twice, Activation)
    assert Sequential([Linear(2, 3), Twice(), Linear(4, 1)]).parameters.shape == (14,)
