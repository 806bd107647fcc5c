"""A stack's network, optimizer and data: the only place that knows what a parameter means."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_core import (
    ACTIVATIONS,
    BIAS_INITIALIZERS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    Conv2D,
    Flatten,
    Layer,
    Linear,
    Sequential,
    as_printed,
)
from nn_core.loss import Loss
from nn_core.optimizer import Optimizer
from study.datasets import Dataset, Samples
from study.plan import seeds
from study.plan.architecture import architecture
from study.plan.rates import factor
from study.plan.stacks import Stack
from study.plan.trials import Run
from study.space import PARAMETERS, kernels
from study.spec.pipeline import Pipeline
from study.training import compiled

Array: TypeAlias = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stack's data: x (runs, samples, *shape); y and labels (runs, samples, outputs).

    With several outputs, y and labels are one-hot. `target` (runs, samples) is the number, or the
    class's index; there are no labels where it is a number.
    """

    x: Array
    y: Array
    labels: NDArray[np.bool_] | None
    target: Array


@dataclass(frozen=True, slots=True)
class Trainee:
    """All that an epoch needs: made for one stack, and moved by training it.

    `schedule` returns an epoch's factor of the learning rate; None where that is always 1.
    """

    network: Sequential
    optimizer: Optimizer
    loss: Loss
    schedule: Callable[[int], float] | None
    train: Part
    test: Part | None
    grid: Array | None
    batch: int | None
    limit: float


def build(stack: Stack, pipeline: Pipeline) -> Trainee:
    """Make a stack's networks and data, each run's from its own seeds."""
    dtype = np.dtype(pipeline.training.precision)
    dataset = pipeline.datasets[stack.dataset]
    repetitions = {run.repetition for run in stack.runs}
    samples = {i: seeds.samples(pipeline, stack.dataset, i) for i in repetitions}
    parts = [samples[run.repetition] for run in stack.runs]
    tests = [p.test for p in parts if p.test is not None]
    network = Sequential(_layers(stack.runs[0], pipeline), stack=(len(stack.runs),), dtype=dtype)
    network.parameters = np.stack(_weights(stack, pipeline))
    batch = stack.configuration["batch_size"]
    optimizer = _optimizer(network, stack)
    loss = LOSSES[str(stack.configuration["loss"])]()
    compiled.speed_up(network, optimizer, loss)
    return Trainee(
        network=network,
        optimizer=optimizer,
        loss=loss,
        schedule=factor(stack.configuration, pipeline.training.epochs),
        train=_part([p.train for p in parts], dtype, dataset),
        test=_part(tests, dtype, dataset) if tests else None,
        grid=None if (grid := dataset.grid()) is None else grid.astype(dtype),
        batch=None if batch == "full" else int(str(batch)),
        limit=min(pipeline.training.divergence_limit, float(np.finfo(dtype).max)),
    )


def _part(samples: list[Samples], dtype: np.dtype[np.floating], dataset: Dataset) -> Part:
    x = np.stack([s.x for s in samples]).astype(dtype)
    y = target = np.stack([s.y for s in samples]).astype(dtype)
    if dataset.outputs > 1:
        y = (target == np.arange(dataset.outputs)).astype(dtype)
    return Part(x, y, None if dataset.labels is None else y == 1, target[..., 0])


@dataclass(frozen=True, slots=True)
class _Implementation:
    """How layers become a network's, and which optimizers train it."""

    arranged: Callable[[Sequence[Layer]], Sequence[Layer]]
    optimizers: Mapping[str, type[Optimizer]]


_IMPLEMENTATIONS = {
    "exact": _Implementation(list, OPTIMIZERS),
    "as_printed": _Implementation(as_printed.share, as_printed.OPTIMIZERS),
}


def _implementation(run: Run) -> _Implementation:
    return _IMPLEMENTATIONS[str(run.configuration["implementation"])]


def _layers(run: Run, pipeline: Pipeline) -> Sequence[Layer]:
    """Return convolutions, then linear layers, with an activation after each, as in the lab."""
    hidden = ACTIVATIONS[str(run.configuration["activation"] or "none")]  # null: there is none
    declared = run.configuration["output_activation"] or "none"  # null: the loss takes logits
    last = hidden if declared == "same" else ACTIVATIONS[str(declared)]
    shapes = architecture(pipeline, run).shapes
    layers: list[Layer] = []
    for channels, height, width in kernels(str(run.configuration["convolution"])):
        layers += [Conv2D(shapes[len(layers) // 2][2], channels, (height, width)), hidden()]
    rest = shapes[len(layers) // 2 :]
    if len(rest[0]) > 1:
        layers.append(Flatten())
    for i, (a, b) in enumerate(itertools.pairwise(map(math.prod, rest))):
        layers += [Linear(a, b), (last if i == len(rest) - 2 else hidden)()]
    return _implementation(run).arranged(layers)


def _weights(stack: Stack, pipeline: Pipeline) -> list[Array]:
    """Return each run's first parameters; what runs have in common is drawn once.

    Weights and biases have draws of their own, so that neither depends on how the other begins.
    """
    drawn: dict[tuple[object, ...], Array] = {}
    starts: list[Array] = []
    for run in stack.runs:
        parts = []
        for name in ("initializer", "bias_initializer"):
            key = run.repetition, name, run.configuration[name]
            if key not in drawn:
                drawn[key] = _drawn(run, pipeline, name)
            parts.append(drawn[key])
        weights, biases = parts
        starts.append(weights * _factor(run, "weight_scale") + biases)
    return starts


def _drawn(run: Run, pipeline: Pipeline, name: str) -> Array:
    """Return a run's parameters as an initializer draws them: weights alone, or biases alone."""
    one, chosen = Sequential(_layers(run, pipeline)), str(run.configuration[name])
    shape = architecture(pipeline, run).name
    begins = pipeline.search.seed, run.dataset, run.repetition, shape, chosen
    if name == "initializer":
        one.initialize(INITIALIZERS[chosen], rng=seeds.weights(*begins))
    else:
        one.initialize_biases(BIAS_INITIALIZERS[chosen], rng=seeds.biases(*begins))
    return one.parameters


def _factor(run: Run, name: str) -> float:
    """Return a parameter that is a factor; 1 where it does not act."""
    value = run.configuration[name]
    return 1.0 if value is None else float(value)


def _optimizer(network: Sequential, stack: Stack) -> Optimizer:
    """Give the optimizer every option it takes: a per-network one as a row, others as numbers."""
    optimizers = _implementation(stack.runs[0]).optimizers
    optimizer = optimizers[str(stack.configuration["optimizer"])]
    options = {}
    for name in optimizer.options():
        values = np.array([run.configuration[name] for run in stack.runs], np.float64)
        options[name] = values if PARAMETERS[name].per_network else values[0]
    return optimizer(network, **options)


def named_parameters(run: Run, pipeline: Pipeline, parameters: Array) -> dict[str, Array]:
    """Return a run's flat parameters as weights_0, biases_0, … from the first layer on."""
    network = network_of(run, pipeline, (), parameters.dtype)
    network.parameters = parameters
    return views(network)


def network_of(
    run: Run, pipeline: Pipeline, stack: tuple[int, ...], dtype: np.dtype[np.floating]
) -> Sequential:
    """Return a stack of networks like a run's, whose parameters are zero."""
    return Sequential(_layers(run, pipeline), stack=stack, dtype=dtype)


def views(network: Sequential) -> dict[str, Array]:
    """Return a network's parameters as weights_0, biases_0, …, which may be written."""
    linear = [layer for layer in network.layers if isinstance(layer, Linear | Conv2D)]
    return {
        name: array
        for i, layer in enumerate(linear)
        for name, array in ((f"weights_{i}", layer.weights), (f"biases_{i}", layer.biases))
    }
