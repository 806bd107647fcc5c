"""`hidden = []`: a linear or logistic regression, beside networks with hidden layers."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest

from study.errors import PipelineError
from study.plan import seeds
from study.plan.architecture import architecture
from study.plan.stacks import stacks
from study.plan.trials import planned
from study.spec.pipeline import Pipeline
from study.training.build import Array, build, named_parameters
from study.training.loop import train
from tests import searches
from tests.pipelines import small

Loss: TypeAlias = Callable[[Array, Array], tuple[float, Array]]
"""Targets and outputs → the loss, and its derivative by the outputs."""

FLAT = (
    "search.parameters={lr = [0.1]}", "model.hidden=[]", "training.precision=float64",
    "training.epochs=40",
)  # fmt: skip


def squared(y: Array, logits: Array) -> tuple[float, Array]:
    return float(((logits - y) ** 2).mean()), 2 * (logits - y) / len(y)


def through_sigmoid(y: Array, logits: Array) -> tuple[float, Array]:
    p = 1 / (1 + np.exp(-logits))
    loss, slope = squared(y, p)
    return loss, slope * p * (1 - p)


def logistic(y: Array, logits: Array) -> tuple[float, Array]:
    p = 1 / (1 + np.exp(-logits))
    return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()), (p - y) / len(y)


@pytest.mark.parametrize(
    ("keys", "loss"),
    [
        (("model.output_activation=none",), squared),
        ((), through_sigmoid),
        (("model.output_activation=none", "model.loss=binary_cross_entropy"), logistic),
    ],
    ids=["linear regression", "one sigmoid", "logistic regression"],
)
def test_it_is_gradient_descent_of_one_linear_map(keys: tuple[str, ...], loss: Loss) -> None:
    pipeline = small(*FLAT, *keys)
    for stack in stacks(planned(pipeline).runs, pipeline):
        first = build(stack, pipeline).network.parameters
        histories, _ = train(stack, pipeline, until=40)
        for run, history, start in zip(stack.runs, histories, first, strict=True):
            data = seeds.samples(pipeline, run.dataset, run.repetition).train
            x, y, (w, b) = data.x, data.y[:, 0], (start[:2].copy(), 0.0)
            for value in history.metrics["train_loss"]:
                _, slope = loss(y, x @ w + b)
                w, b = w - 0.1 * x.T @ slope, b - 0.1 * slope.sum()
                assert value == pytest.approx(loss(y, x @ w + b)[0], rel=1e-9)
            named = named_parameters(run, pipeline, history.parameters)
            assert {name: array.shape for name, array in named.items()} == {
                "weights_0": (2, 1), "biases_0": (1,),
            }  # fmt: skip
            np.testing.assert_allclose(named["weights_0"][:, 0], w, rtol=1e-9)
            assert architecture(pipeline, run).name == "2-1"
            assert architecture(pipeline, run).parameters == 3


def activations(pipeline: Pipeline) -> set[tuple[object, ...]]:
    names = "hidden", "convolution", "activation"
    return {tuple(t.configuration[n] for n in names) for t in planned(pipeline).trials}


def test_the_activation_is_null_unless_something_uses_it() -> None:
    both = "search.parameters={hidden = [[], [4]], activation = ['tanh', 'relu']}"
    flat = {("none", "none", a) for a in ("tanh", "relu")}
    deep = {("4", "none", a) for a in ("tanh", "relu")}
    assert activations(small(both)) == flat | deep
    unused = {("none", "none", None)}
    assert activations(small(both, "model.output_activation=sigmoid")) == unused | deep
    cross_entropy = "model.loss=binary_cross_entropy", "model.output_activation=none"
    pipeline = small(both, *cross_entropy)
    assert activations(pipeline) == unused | deep
    assert len(planned(pipeline).trials) == 3 * len(pipeline.datasets)
    images = "[datasets.a]\ngenerator = 'stripes'\n[model]\nhidden = []\n"
    kernels = "search.parameters.convolution=['none', {channels = 2, kernel = [2, 2]}]"
    pipeline = small(kernels, *cross_entropy, text=f"name = 'x'\n{images}")
    assert activations(pipeline) == {*unused, ("none", "2@2x2", "sigmoid")}


def test_it_is_stored_as_none_with_no_layer_and_no_width(tmp_path: Path) -> None:
    pipeline = small("search.parameters={hidden = [[], [4], [6, 3]]}", "training.epochs=5")
    runs = pd.read_parquet(searches.made(pipeline, tmp_path) / "runs.parquet")
    stored = runs[["hidden", "layers", "width", "parameters"]].drop_duplicates()
    result = stored.astype(object).where(stored.notna(), None).to_numpy().tolist()
    assert sorted(result, key=str) == [["4", 1, 4, 17], ["6x3", 2, None, 43], ["none", 0, None, 3]]


def test_a_range_of_layers_may_begin_with_none(tmp_path: Path) -> None:
    ranges = "search.parameters={hidden = {layers = [0, 1], width = {low = 2, high = 4}}}"
    pipeline = small(ranges, "search.method=random", "search.trials=4", "training.epochs=3")
    runs = pd.read_parquet(searches.made(pipeline, tmp_path) / "runs.parquet")
    assert {*runs["hidden"]} == {"none", "2", "3", "4"}


@pytest.mark.parametrize("layers", ["[0, 1]", "[1, 0]", "[0, 2, 1]"])
def test_an_activation_is_searched_with_a_range_that_begins_with_no_layer(layers: str) -> None:
    """Some of its shapes have hidden layers, which the activation is for."""
    space = (
        f"search.parameters={{hidden = {{layers = {layers}, width = {{low = 2, high = 4}}}}, "
        "activation = ['tanh', 'relu']}"
    )
    search = "search.method=random", "search.trials=4", "model.output_activation=none"
    assert small(space, *search).search.parameters["activation"].has("relu")
    with pytest.raises(PipelineError, match="does nothing in this study"):
        small(space.replace(layers, "[0]"), *search)
