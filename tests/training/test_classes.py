"""Networks with an output for each class, against a plain softmax regression and by hand."""

import itertools

import numpy as np
import pytest

from nn_core import LOSSES, Linear, Sequential
from study.plan import seeds
from study.plan.architecture import architecture
from study.plan.stacks import Stack, stacks
from study.plan.trials import Run, planned
from study.spec.pipeline import Pipeline
from study.training.loop import History, train
from study.training.right import Right
from study.training.summary import trained
from tests.pipelines import small

BLOBS = """
name = "blobs"

[datasets.blobs]
generator = "blobs"
samples = 31
classes = 4
test_fraction = 0.25

[model]
loss = "LOSS"
output_activation = "none"
hidden = [5]

[training]
epochs = 12
precision = "float64"

[search]
repetitions = 2

[search.parameters]
lr = [0.1, 1.0]
activation = ["tanh", "sigmoid"]
"""

LOSS = {
    "mae": lambda z, y: np.mean(np.abs(z - y)),
    "mse": lambda z, y: np.mean((z - y) ** 2),
    "softmax_cross_entropy": lambda z, y: np.mean(np.log(np.exp(z).sum(1)) - (z * y).sum(1)),
    "binary_cross_entropy": lambda z, y: np.mean(np.log1p(np.exp(z)) - z * y),
}


def histories(pipeline: Pipeline) -> list[tuple[Run, History]]:
    collected: list[tuple[Run, History]] = []
    for stack in stacks(planned(pipeline).runs, pipeline):
        every, _ = train(stack, pipeline, until=pipeline.training.epochs)
        collected += zip(stack.runs, every, strict=True)
    return collected


def outputs(run: Run, pipeline: Pipeline, history: History, x: np.ndarray) -> np.ndarray:
    """Return the outputs of a run's last parameters, by plain products."""
    shapes = architecture(pipeline, run).shapes
    layers = [Linear(a, b) for (a,), (b,) in itertools.pairwise(shapes)]
    Sequential(layers).parameters[:] = history.parameters
    hidden = x @ layers[0].weights + layers[0].biases
    f = np.tanh if run.configuration["activation"] == "tanh" else lambda z: 1 / (1 + np.exp(-z))
    result: np.ndarray = f(hidden) @ layers[1].weights + layers[1].biases
    return result


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_epoch_equals_plain_products(loss: str) -> None:
    pipeline = small(text=BLOBS.replace("LOSS", loss))
    for run, history in histories(pipeline):
        parts = pipeline.datasets["blobs"].parts(rng=seeds.data(0, "blobs", run.repetition))
        assert parts.test is not None
        assert architecture(pipeline, run).shapes == ((2,), (5,), (4,))
        for name, part in {"train": parts.train, "test": parts.test}.items():
            z, label = outputs(run, pipeline, history, part.x), part.y[:, 0].astype(int)
            value = LOSS[loss](z, np.eye(4)[label])
            assert history.metrics[f"{name}_loss"][-1] == pytest.approx(value, rel=1e-9)
            accuracy = np.mean(z.argmax(1) == label)
            assert history.metrics[f"{name}_accuracy"][-1] == accuracy
            (ending,) = (a for a in history.ending if a.part == name)
            assert ending.prediction is None
            assert ending.target is not None
            assert ending.target.tolist() == label.tolist()
            assert ending.answer.tolist() == z.argmax(1).tolist()
            assert np.mean(ending.answer == ending.target) == accuracy
            if not LOSSES[loss].probability:
                assert np.isnan(ending.confidence).all()
            elif loss == "softmax_cross_entropy":
                p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
                assert ending.confidence == pytest.approx(p.max(1), rel=1e-9)
            else:
                assert ending.confidence == pytest.approx(1 / (1 + np.exp(-z.max(1))), rel=1e-9)
        stored = trained(run, history).predictions
        assert stored["prediction"] is None
        assert {str(part) for part in stored["part"]} == {"train", "test", "grid"}  # type: ignore[union-attr]


def test_the_bits_of_several_outputs_do_not_depend_on_the_stack() -> None:
    pipeline = small(text=BLOBS.replace("LOSS", "softmax_cross_entropy"))
    for run, history in histories(pipeline):
        (alone,), _ = train(Stack((run,)), pipeline, until=12)
        for name, column in history.metrics.items():
            assert np.array_equal(column, alone.metrics[name])


@pytest.mark.parametrize(
    ("output", "label", "right"),
    [
        ([0.1, 0.7, 0.2], 1, True),
        ([0.1, 0.7, 0.2], 2, False),
        ([0.4, 0.4, 0.2], 0, False),
        ([0.4, 0.4, 0.2], 1, False),
        ([0.2, 0.2, 0.6], 2, True),
        ([0.0, 0.0, 0.0], 0, False),
        ([np.nan, 0.7, 0.2], 1, True),
        ([np.nan, 0.7, 0.2], 0, False),
        ([-np.inf, -1.0, -2.0], 1, True),
    ],
)
def test_the_largest_output_counts_and_a_tie_is_wrong(
    output: list[float], label: int, *, right: bool
) -> None:
    labels = (np.arange(3) == label)[None, None]
    scores = Right(labels, np.zeros((1, 1, 3)))
    assert scores.of(np.array([[output]]), 0.0).tolist() == [[right]]


@pytest.mark.parametrize(("classes", "rows"), [(10, 500), (300, 40)])
def test_correct_predictions_are_counted_one_by_one(
    classes: int, rows: int, rng: np.random.Generator
) -> None:
    """Of many classes, with ties and NaN: as counted one by one."""
    y_pred = rng.integers(4 * classes, size=(3, rows, classes)).astype(np.float32)
    y_pred[rng.random(y_pred.shape) < 0.05] = np.nan
    y_pred[0, 0], y_pred[0, 1] = 7, np.arange(classes)  # all tie, and one is the largest
    labels = rng.integers(classes, size=(3, rows))
    labels[0, 1] = classes - 1
    result = Right(labels[..., None] == np.arange(classes), y_pred).of(y_pred, 0.0)
    due = [
        [sum(z >= row[k] for z in row) == 1 for row, k in zip(of_run, own, strict=True)]
        for of_run, own in zip(y_pred.tolist(), labels.tolist(), strict=True)
    ]
    assert result.tolist() == due
    assert result[0, :2].tolist() == [False, True]


def test_two_classes_store_their_class_next_to_their_prediction() -> None:
    pipeline = small("search.repetitions=1", "search.parameters.lr=[0.1]")
    for run, history in histories(pipeline):
        for ending in history.ending:
            assert ending.prediction is not None
            finite = ~np.isnan(ending.prediction)
            expected = np.where(finite, ending.prediction > 0.5, np.nan)
            assert np.array_equal(ending.answer, expected, equal_nan=True)
            assert np.isnan(ending.confidence).all()  # of a squared error
        assert trained(run, history).predictions["answer"] is not None
