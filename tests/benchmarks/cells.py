"""The measured cells: stacks as a study makes them, for each dataset, network and optimizer."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_core import OPTIMIZERS, Conv2D, Linear
from nn_core.layer import Array
from study.plan import seeds
from study.plan.architecture import architecture, training_samples
from study.plan.stacks import Stack, stacks
from study.plan.trials import planned
from study.space import widths
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from study.training.build import Trainee, build
from study.training.updates import BLOCK

LR = 0.01
DATASETS = "linear", "xor"
RUNS = 128
"""The number of runs planned for each cell, enough for the largest stack."""

IMAGES_OF_NOTHING = [
    "model.layers=[{convolution = {channels = 1, kernel = [1, 1]}}, 'flatten']",
    "datasets.stripes.side=2",
]

DENSE = """
name = "bench"
[datasets.{dataset}]
generator = "{dataset}"
[model]
hidden = [{hidden}]
[training]
optimizer = "{optimizer}"
precision = "{precision}"
batch_size = {batch}
epochs = 1
[search]
repetitions = {runs}
"""

CONVOLUTION = """
name = "bench"
[datasets.stripes]
generator = "stripes"
samples = 200
[model]
loss = "binary_cross_entropy"
output_activation = "none"
initializer = "xavier"
activation = "relu"
hidden = [8]
layers = [{{convolution = {{channels = 4, kernel = [3, 3]}}}}, "flatten"]
[training]
optimizer = "adam"
precision = "float32"
epochs = 1
[search]
repetitions = {runs}
"""


CLASSES = """
name = "bench"
[datasets.blobs]
generator = "blobs"
samples = 200
classes = 10
[model]
loss = "softmax_cross_entropy"
output_activation = "none"
initializer = "xavier"
activation = "relu"
hidden = [64, 32]
[training]
optimizer = "adam"
precision = "float32"
batch_size = {batch}
epochs = 1
[search]
repetitions = {runs}
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One stack of networks that every contestant trains, from the same weights and data."""

    name: str
    pipeline: Pipeline
    stack: Stack

    @property
    def runs(self) -> int:
        """How many networks the study puts into this stack."""
        return len(self.stack.runs)

    @property
    def products(self) -> int:
        """Multiplications of one network's epoch: y, dL/dW, and dL/dx except for the data."""
        network = architecture(self.pipeline, self.stack.runs[0])
        times, rows, columns = network.blocks[0]
        samples = training_samples(self.pipeline, self.stack.runs[0])
        return samples * (3 * network.products - times * rows * columns)

    @property
    def dense(self) -> bool:
        """Whether it has no convolution: every contestant that stacks networks has it."""
        return "stripes" not in self.pipeline.datasets

    @property
    def classes(self) -> bool:
        """Whether it has ReLU, logits and softmax, instead of sigmoids and squared errors."""
        return self.loss == "softmax_cross_entropy"

    @property
    def plain(self) -> bool:
        """Whether it is a network as the lab's and all samples at once: every contestant has it."""
        return self.batch is None and self.dense and not self.classes

    @property
    def loss(self) -> str:
        """The loss's name."""
        return str(self.stack.configuration["loss"])

    @property
    def optimizer(self) -> str:
        """The optimizer's name."""
        return str(self.stack.configuration["optimizer"])

    @property
    def batch(self) -> int | None:
        """The size of a mini-batch; None for all samples at once."""
        size = self.stack.configuration["batch_size"]
        return None if size == "full" else int(str(size))

    def smallest(self) -> "Cell":
        """Return one network as small as there is that takes the same calls in an epoch."""
        depth = len(widths(str(self.stack.configuration["hidden"])))
        keys = [f"model.hidden={[1] * depth}"]
        keys += IMAGES_OF_NOTHING if "stripes" in self.pipeline.datasets else ()
        pipeline = read_pipeline(self.pipeline.text, "smallest.toml", keys)
        return Cell(self.name, pipeline, Stack(planned(pipeline).runs[:1]))

    def trainee(self) -> Trainee:
        """Return the stack as the study trains it, at its beginning."""
        return build(self.stack, self.pipeline)

    def beginning(self, runs: int | None = None) -> "Beginning":
        """Return the data and first parameters of the first `runs` networks of the stack."""
        trainee, some = self.trainee(), slice(runs)
        layers = [e for e in trainee.network.layers if isinstance(e, Linear | Conv2D)]
        weights = tuple((e.weights[some].copy(), e.biases[some].copy()) for e in layers)
        return Beginning(trainee.train.x[some], trainee.train.y[some], weights)

    def orders(self, runs: int) -> NDArray[np.intp]:
        """Return the orders of samples in the first epochs, (epochs, runs, samples)."""
        samples = training_samples(self.pipeline, self.stack.runs[0])
        one = np.tile(np.arange(samples), (BLOCK, 1))
        rngs = [seeds.order(0, run.dataset, run.repetition, 0) for run in self.stack.runs[:runs]]
        return np.stack([rng.permuted(one, axis=1) for rng in rngs], axis=1)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What training begins with: x (runs, samples, …), y (runs, samples, outputs), parameters."""

    x: Array
    y: Array
    weights: tuple[tuple[Array, Array], ...]

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The precision."""
        return self.x.dtype


def cell(name: str, text: str, **keys: str) -> Cell:
    """Return the largest stack that the study's rule makes of a pipeline's text."""
    pipeline = read_pipeline(text.format(runs=RUNS, **keys), f"{name}.toml")
    made = stacks(planned(pipeline).runs, pipeline)
    return Cell(name, pipeline, max(made, key=lambda stack: len(stack.runs)))


def full_batch(precision: str) -> Iterator[Cell]:
    """Yield a cell for each network, dataset and optimizer."""
    for hidden, dataset, optimizer in itertools.product(("128x64", "32x16"), DATASETS, OPTIMIZERS):
        yield cell(
            f"{hidden} {dataset} {optimizer}",
            DENSE,
            dataset=dataset,
            hidden=hidden.replace("x", ", "),
            optimizer=optimizer,
            precision=precision,
            batch='"full"',
        )


def others() -> Iterator[Cell]:
    """Yield cells of mini-batches, of images and of ten classes, in float32."""
    keys = {"dataset": "linear", "hidden": "32, 16", "optimizer": "sgd", "precision": "float32"}
    yield cell("32x16 linear, tens", DENSE, batch="10", **keys)
    yield cell("8x8 images, 3x3 adam", CONVOLUTION)
    yield cell("64x32, ten classes", CLASSES, batch='"full"')
    yield cell("64x32, ten classes, 20s", CLASSES, batch="20")
