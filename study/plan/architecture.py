"""A configuration's network as data: the shapes between its layers, and their cost."""

import itertools
import math
from dataclasses import dataclass
from functools import cache, cached_property

from study.plan.trials import Run, Trial
from study.space import kernels, widths
from study.spec.pipeline import Pipeline


@dataclass(frozen=True)
class Architecture:
    """Convolutions, if there are any, then hidden layers, then the outputs.

    `shapes` are one sample's, before the first layer and after each layer except flattening;
    `blocks` hold, for each layer with weights, the number of products of a sample with each of its
    columns, the number of rows of its weights (without the biases' row), and the number of columns.
    """

    shapes: tuple[tuple[int, ...], ...]
    blocks: tuple[tuple[int, int, int], ...]

    @property
    def name(self) -> str:
        """Its shapes in a line, such as 8x8x1-6x6x4-16-1 or 2-128-64-1."""
        return "-".join("x".join(map(str, shape)) for shape in self.shapes)

    @cached_property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum((rows + 1) * columns for _, rows, columns in self.blocks)

    @cached_property
    def products(self) -> int:
        """Multiplications of one sample's forward pass."""
        return sum(times * rows * columns for times, rows, columns in self.blocks)

    @cached_property
    def numbers(self) -> int:
        """The count of numbers per sample in all layers, including the ones for the biases."""
        return sum(math.prod((*shape[:-1], shape[-1] + 1)) for shape in self.shapes)


def architecture(pipeline: Pipeline, run: Run | Trial) -> Architecture:
    """Return the network of a run, or of all runs of a trial."""
    dataset, configuration = pipeline.datasets[run.dataset], run.configuration
    layers = str(configuration["convolution"]), str(configuration["hidden"])
    return _architecture(dataset.shape, dataset.outputs, *layers)


@cache
def _architecture(
    shape: tuple[int, ...], outputs: int, convolution: str, hidden: str
) -> Architecture:
    shapes: list[tuple[int, ...]] = [shape]
    blocks = []
    for channels, height, width in kernels(convolution):
        rows = height * width * shape[2]
        shape = shape[0] - height + 1, shape[1] - width + 1, channels
        shapes.append(shape)
        blocks.append((shape[0] * shape[1], rows, channels))
    for rows, columns in itertools.pairwise([math.prod(shape), *widths(hidden), outputs]):
        shapes.append((columns,))
        blocks.append((1, rows, columns))
    return Architecture(tuple(shapes), tuple(blocks))


def training_samples(pipeline: Pipeline, run: Run | Trial) -> int:
    """Return the number of samples that a run is trained on."""
    dataset = pipeline.datasets[run.dataset]
    return dataset.size - dataset.held_out
