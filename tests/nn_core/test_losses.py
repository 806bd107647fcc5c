"""The laws of every loss: its value, its gradient, and the shapes that it refuses."""

import copy
import pickle
import tracemalloc
from functools import partial

import numpy as np
import pytest

from nn_core import (
    LOSSES,
    Array,
    BinaryCrossEntropyLoss,
    Loss,
    MAELoss,
    MSELoss,
    Shape,
    SoftmaxCrossEntropyLoss,
)
from nn_core.softmax import add_last, reduce_last

UNDECIDED = {
    "mae": 0.5,
    "mse": 0.5,
    "binary_cross_entropy": 0.0,
}
"""The output that is neither class 0 nor class 1, of each loss that takes a single output."""

losses = pytest.mark.parametrize("make", LOSSES.values(), ids=list(LOSSES))
stacks = pytest.mark.parametrize("stack", [(), (1,), (4,), (2, 3)], ids=str)


def example(stack: Shape, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return y_pred as a network hands it out, a view with gaps, and y, whose rows sum to 1."""
    y_pred, y = rng.random((*stack, 5, 4))[..., :3], rng.random((*stack, 5, 3))
    return y_pred, y / y.sum(-1, keepdims=True)


@losses
@stacks
def test_a_loss_and_its_gradient_belong_together(
    make: type[Loss], stack: Shape, rng: np.random.Generator
) -> None:
    """⟨dL/dŷ, u⟩ equals the central difference of each network's L along a random u."""
    loss, h = make(), 1e-6
    y_pred, y = example(stack, rng)
    u = rng.standard_normal(y_pred.shape)
    numeric = (loss(y_pred + h * u, y) - loss(y_pred - h * u, y)) / (2 * h)
    along = (loss.backward(y_pred, y) * u).sum(axis=(-2, -1))
    assert along.shape == numeric.shape == stack
    np.testing.assert_allclose(along, numeric, rtol=1e-6)


@losses
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_stack_equals_its_members_bit_for_bit(
    make: type[Loss], dtype: type, rng: np.random.Generator
) -> None:
    for samples in (1, 21, 100):
        y_pred, y = rng.random((2, 7, samples, 3)).astype(dtype)
        loss = make()
        value, grad = loss(y_pred, y), loss.backward(y_pred, y).copy()
        for i in range(7):
            assert np.array_equal(loss(y_pred[i], y[i]), value[i])
            assert np.array_equal(loss.backward(y_pred[i], y[i]), grad[i])


@losses
def test_a_copied_loss_has_buffers_of_its_own(make: type[Loss], rng: np.random.Generator) -> None:
    loss = make()
    y_pred, y = example((), rng)
    grad = loss.backward(y_pred, y)
    kept = grad.copy()
    for other in (copy.copy(loss), copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):  # noqa: S301 (our own)
        assert other.backward(1 - y_pred, y).tolist() == make().backward(1 - y_pred, y).tolist()
        assert np.array_equal(grad, kept)


@losses
def test_one_y_for_all_equals_the_same_y_for_each(
    make: type[Loss], rng: np.random.Generator
) -> None:
    loss = make()
    y_pred, y = example((4,), rng)
    each = np.broadcast_to(y[0], y.shape)
    assert np.array_equal(loss(y_pred, y[0]), loss(y_pred, each))
    assert np.array_equal(loss.backward(y_pred, y[0]).copy(), loss.backward(y_pred, each))


@losses
def test_no_argument_is_overwritten(make: type[Loss], rng: np.random.Generator) -> None:
    loss = make()
    y_pred, y = example((2,), rng)
    before = y_pred.copy(), y.copy()
    loss(y_pred, y)
    loss.backward(y_pred, y)
    assert np.array_equal(y_pred, before[0])
    assert np.array_equal(y, before[1])


@losses
@stacks
def test_value_and_gradient_equal_two_separate_calls(
    make: type[Loss], stack: Shape, rng: np.random.Generator
) -> None:
    """Of these predictions, whatever the loss saw before, and in a subclass what that returns."""

    class Doubled(make):  # type: ignore[misc, valid-type]
        """Calls the whole loss for its gradient, and asks about other predictions meanwhile."""

        def backward(self, y_pred: Array, y: Array) -> Array:
            self(-y_pred, y)
            gradient: Array = super().backward(y_pred, y)
            return 2 * gradient

    for dtype in (np.float32, np.float64):
        loss, doubled = make(), Doubled()
        for _ in range(3):
            drawn = example(stack, rng)
            y_pred: Array = (5 * drawn[0]).astype(dtype)
            y: Array = drawn[1].astype(dtype)
            due = make()(y_pred, y), make().backward(y_pred, y)
            for result, factor in ((loss, 1), (doubled, 2)):
                value, gradient = result.value_and_gradient(y_pred, y)
                assert value.dtype == gradient.dtype == dtype
                assert np.array_equal(value, due[0])
                assert np.array_equal(gradient, factor * due[1])
            np.negative(y_pred, out=y_pred)
            assert np.array_equal(loss(y_pred, y), make()(y_pred, y))


@losses
def test_value_and_gradient_refuse_what_each_does(make: type[Loss]) -> None:
    with pytest.raises(ValueError, match="y must have the shape of y_pred"):
        make().value_and_gradient(np.ones((5, 1)), np.ones(5))
    with pytest.raises(TypeError, match="y_pred must be an array"):
        make().value_and_gradient([[1.0]], [[1.0]])  # type: ignore[arg-type]


@losses
def test_nothing_is_allocated_after_the_first_call(make: type[Loss]) -> None:
    """Predictions of 1 MiB: neither the value nor the gradient takes as much again."""
    loss, y_pred, y = make(), np.ones((8, 2**14, 1)), np.ones((8, 2**14, 1))
    for _ in range(2):
        tracemalloc.start()
        loss(y_pred, y)
        loss.backward(y_pred, y)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 2**17


@losses
def test_float32_stays_float32(make: type[Loss], rng: np.random.Generator) -> None:
    y_pred, y = example((2,), rng)
    narrow = y_pred.astype(np.float32)
    assert make()(narrow, y).dtype == make().backward(narrow, y).dtype == np.float32


@losses
@pytest.mark.parametrize(
    ("y_pred", "y"),
    [((5, 1), (5,)), ((5, 1), (1, 5)), ((5, 2), (5, 1)), ((4, 5, 1), (3, 5, 1)), ((5,), (5,))],
)
def test_shapes_that_do_not_fit_are_refused_by_both_names(
    make: type[Loss], y_pred: Shape, y: Shape
) -> None:
    """(5, 1) − (5,) would silently become (5, 5)."""
    for call in (make(), make().backward):
        with pytest.raises(ValueError, match="y must have the shape of y_pred") as caught:
            call(np.ones(y_pred), np.ones(y))
        assert str(y_pred) in str(caught.value)
        assert f"got {y}" in str(caught.value)


@losses
def test_the_mean_over_nothing_is_refused(make: type[Loss]) -> None:
    with pytest.raises(ValueError, match=r"no elements is undefined: y_pred is \(0, 1\)"):
        make()(np.ones((0, 1)), np.ones((0, 1)))


def test_mse_is_the_mean_over_all_elements() -> None:
    """Not over the samples only: two outputs of error 1 make a loss of 1."""
    y_pred, y = np.ones((4, 2)), np.zeros((4, 2))
    assert MSELoss()(y_pred, y) == 1
    assert np.array_equal(MSELoss().backward(y_pred, y), np.full((4, 2), 0.25))


def test_mae_is_the_mean_distance_over_all_elements() -> None:
    """Its gradient has one size at any distance, and is zero at distance zero."""
    y_pred, y = np.array([[3.0, 0.0], [-1.0, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    assert MAELoss()(y_pred, y) == (2 + 0 + 1 + 0.5) / 4
    assert MAELoss().backward(y_pred, y).tolist() == [[0.25, 0], [-0.25, -0.25]]


def test_cross_entropy_is_its_definition_by_probabilities(rng: np.random.Generator) -> None:
    z, y = 3 * rng.standard_normal((7, 2)), rng.random((7, 2))
    p = 1 / (1 + np.exp(-z))
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    assert BinaryCrossEntropyLoss()(z, y) == pytest.approx(expected.mean(), rel=1e-12)
    np.testing.assert_allclose(BinaryCrossEntropyLoss().backward(z, y), (p - y) / 14, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cross_entropy_of_extreme_logits_neither_overflows_nor_loses_precision(dtype: type) -> None:
    """A wrong logit costs its size; a right one e^−|z|, which is not rounded to zero."""
    loss = BinaryCrossEntropyLoss()
    z: Array = np.array([[[-1e4]], [[1e4]], [[-1e4]], [[1e4]], [[30]], [[-30]], [[1e-40]]], dtype)
    y: Array = np.array([0, 1, 1, 0, 1, 0, 0], dtype).reshape(7, 1, 1)
    with np.errstate(all="raise", under="ignore"):
        value, grad = loss(z, y), loss.backward(z, y).ravel()
    right, unsure = np.exp(-30), np.log(2)
    assert value == pytest.approx([0, 0, 1e4, 1e4, right, right, unsure], rel=1e-6)
    assert grad == pytest.approx([0, 0, -1, 1, 0, 0, 0.5], abs=1e-7)


def test_softmax_cross_entropy_is_its_definition_by_probabilities(
    rng: np.random.Generator,
) -> None:
    """The mean over samples, not over outputs."""
    z: Array = 3 * rng.standard_normal((7, 4))
    y: Array = np.eye(4)[[0, 1, 2, 3, 0, 1, 2]]
    p = np.exp(z) / np.exp(z).sum(-1, keepdims=True)
    loss = SoftmaxCrossEntropyLoss()
    assert loss(z, y) == pytest.approx(-np.log(p[y == 1]).mean(), rel=1e-12)
    np.testing.assert_allclose(loss.backward(z, y), (p - y) / 7, rtol=1e-12, atol=1e-16)
    np.testing.assert_allclose(loss.prediction(z), p, rtol=1e-12)


def test_softmax_of_two_logits_is_the_sigmoid_of_their_difference(
    rng: np.random.Generator,
) -> None:
    z: Array = rng.standard_normal((2, 6, 2))
    y: Array = np.eye(2)[[0, 1, 1, 0, 1, 0]]
    both = BinaryCrossEntropyLoss()(z[..., 1:] - z[..., :1], y[:, 1:])
    np.testing.assert_allclose(SoftmaxCrossEntropyLoss()(z, y), both, rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_softmax_of_extreme_logits_neither_overflows_nor_loses_precision(dtype: type) -> None:
    """A wrong logit costs its distance from the largest; a right one nothing."""
    loss = SoftmaxCrossEntropyLoss()
    z: Array = np.array([[[1e4, -1e4, 0.0]]] * 3, dtype)
    y: Array = np.eye(3, dtype=dtype).reshape(3, 1, 3)
    with np.errstate(all="raise", under="ignore"):
        value, grad, p = loss(z, y), loss.backward(z, y).copy(), loss.prediction(z)
    assert value.tolist() == [0, 2e4, 1e4]
    assert grad[:, 0].tolist() == [[0, 0, 0], [1, -1, 0], [1, 0, -1]]
    assert p[0, 0].tolist() == [1, 0, 0]
    equal: Array = np.zeros((1, 3), dtype)
    assert loss(equal, y[0]) == pytest.approx(np.log(3), rel=1e-6)


@losses
@pytest.mark.parametrize("outputs", [1, 3, 10])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_several_outputs_have_the_same_bits_in_any_stack(
    make: type[Loss], outputs: int, dtype: type, rng: np.random.Generator
) -> None:
    y_pred: Array = rng.standard_normal((32, 100, outputs + 1)).astype(dtype)[..., :outputs]
    y: Array = np.eye(outputs, dtype=dtype)[rng.integers(outputs, size=100)]
    loss = make()
    value, grad = loss(y_pred, y), loss.backward(y_pred, y).copy()
    for i in (0, 7, 31):
        assert loss(y_pred[i], y) == value[i]
        assert np.array_equal(loss.backward(y_pred[i], y), grad[i])


@losses
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_network_that_overflowed_is_never_taken_for_a_good_one(
    make: type[Loss], bad: float
) -> None:
    """Its own loss is not finite, whatever the label; its neighbour's is unchanged."""
    for label in (0.0, 0.5, 1.0):
        y_pred, y = np.array([[[0.3]], [[bad]]]), np.full((1, 1), label)
        with np.errstate(invalid="ignore"):
            value = make()(y_pred, y)
        assert value[0] == make()(y_pred[0], y)
        assert not np.isfinite(value[1])


@pytest.mark.parametrize("name", UNDECIDED)
def test_the_threshold_is_where_both_labels_cost_the_same(name: str) -> None:
    loss, y_pred = LOSSES[name](), np.array([[UNDECIDED[name]]])
    assert loss.threshold == UNDECIDED[name]
    assert loss(y_pred, [[0.0]]) == pytest.approx(loss(y_pred, [[1.0]]), rel=1e-15)
    assert loss(y_pred + 0.1, [[1.0]]) < loss(y_pred + 0.1, [[0.0]])


@pytest.mark.parametrize("name", UNDECIDED)
def test_a_prediction_is_on_the_labels_scale_and_undecided_at_the_threshold(name: str) -> None:
    loss = LOSSES[name]()
    y_pred = np.array([[[-1e4]], [[loss.threshold]], [[1e4]]])
    low, undecided, high = loss.prediction(y_pred).ravel()
    assert low <= 0
    assert undecided == 0.5
    assert high >= 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("terms", [*range(2, 18), 40])
def test_reductions_by_columns_have_numpys_bits(
    dtype: type, terms: int, rng: np.random.Generator
) -> None:
    """Of few rows and of many, with a gap behind each, beside 0, ∞ and NaN."""
    for rows in (3, 40 * terms):
        x: Array = np.exp(10 * rng.standard_normal((2, rows, terms + 1))).astype(dtype)[..., :-1]
        x[0, 0, 0], x[0, 1, -1], x[1, 2, 1] = 0, np.inf, np.nan
        for reduce, ufunc in (
            (add_last, np.add),
            (partial(reduce_last, np.maximum), np.maximum),
        ):
            out: Array = np.empty((2, rows, 1), dtype)
            reduce(x, out)
            assert out.tobytes() == ufunc.reduce(x, axis=-1, keepdims=True).tobytes()
