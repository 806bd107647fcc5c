"""Runs that differ only in repetition and per-network numbers, in stacks that fit the cache."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nn_core import OPTIMIZERS
from study.plan.architecture import architecture, training_samples
from study.plan.trials import Run, Trial
from study.space import PARAMETERS, Configuration
from study.spec.pipeline import Pipeline

CACHE = 6 * 2**20
"""Bytes that a stack's arrays may fill. Measured with two workers on cores of 1 MiB second-level
and 32 MiB shared cache, in both precisions, with compiled loops and without: 128x64 and 32x16 with
21 and 100 samples, SGD and Adam, ten classes, images. Half the size costs up to 15 %; 1.5 times the
size gains at most 5 % and costs up to 16 %."""

LARGEST = 128
"""The largest stack: beyond this, calls cost nothing more and finished runs only wait."""

GEMM, ELEMENT, NUMBER = 2.4e-12, 8e-10, 1.4e-10
"""Seconds for a product's multiplication, an activation's element, a pass over one parameter."""

LAYER, EPOCH = 1.2e-5, 1.2e-5
"""Seconds that Python and NumPy take for one layer in one update, and for measuring an epoch,
whatever the number of runs. All five were fitted to 208 stacks on one core of an AMD EPYC:
batches from 1 to full, hidden layers from 4 to 256x128x64, convolutions, every optimizer. Measured
times were 0.5 to 2.2 times the estimate, half of them 0.87 to 1.19 times."""

_PER_NETWORK = [name for name, p in PARAMETERS.items() if p.per_network]


@dataclass(frozen=True, slots=True)
class Stack:
    """Runs that are trained together, as arrays with a leading axis."""

    runs: tuple[Run, ...]

    @property
    def dataset(self) -> str:
        """The dataset of all its runs."""
        return self.runs[0].dataset

    @property
    def configuration(self) -> Configuration:
        """The configuration of all its runs; its per-network numbers are the first run's."""
        return self.runs[0].configuration


def stacks(runs: Iterable[Run], pipeline: Pipeline, *, size: int | None = None) -> list[Stack]:
    """Group runs into stacks of at most `size`, or of as many as fit the cache.

    Stacks of one group differ by at most one run, and the longest come first, so that no worker
    starts a long one at the end.
    """
    groups: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        groups.setdefault(alike(run), []).append(run)
    gathered = [
        Stack(part)
        for group in groups.values()
        for part in _even(group, size or _fitting(pipeline, group[0]))
    ]
    return sorted(gathered, key=lambda s: -work(s, pipeline))


def alike(run: Run | Trial) -> tuple[object, ...]:
    """Return the properties that the runs of one stack share, as do all runs of one trial.

    Of a per-network number, only whether it is zero: a network without momentum takes another
    path through the optimizer, whatever the other runs in its stack.
    """
    common = {**run.configuration}
    for name in _PER_NETWORK:
        common[name] = bool(common[name])
    return run.dataset, *common.values()


def largest(group: Run | Trial, count: int, pipeline: Pipeline) -> int:
    """Return how many of `count` similar runs train with one in the largest of their stacks."""
    return math.ceil(count / math.ceil(count / _fitting(pipeline, group)))


def _even(group: list[Run], size: int) -> Iterator[tuple[Run, ...]]:
    count = math.ceil(len(group) / size)
    for i in range(count):
        yield tuple(group[len(group) * i // count : len(group) * (i + 1) // count])


def _fitting(pipeline: Pipeline, run: Run | Trial) -> int:
    """Return how many runs fill the cache: outputs and gradients of every layer, parameters.

    The parameters take four arrays in addition to the optimizer's: themselves, transposed copies,
    gradients and the update.
    """
    network = architecture(pipeline, run)
    samples = 2 * training_samples(pipeline, run) * network.numbers
    arrays = 4 + OPTIMIZERS[str(run.configuration["optimizer"])].ARRAYS
    item = 4 if pipeline.training.precision == "float32" else 8
    return min(max(CACHE // (item * (samples + arrays * network.parameters)), 1), LARGEST)


def work(stack: Stack, pipeline: Pipeline) -> float:
    """Estimate how long one worker trains a stack, in seconds."""
    return seconds(stack.runs[0], pipeline, len(stack.runs)) * len(stack.runs)


def seconds(run: Run | Trial, pipeline: Pipeline, size: int) -> float:
    """Estimate how long one worker trains a run (of a trial), in a stack of `size` at most.

    Each update costs some calls and some passes over all parameters, and an epoch has one update
    for each batch. Mini-batches also need a pass over all samples for the epoch's metrics; a full
    batch has that pass anyway.
    """
    network, samples = architecture(pipeline, run), training_samples(pipeline, run)
    measured = pipeline.datasets[run.dataset].held_out
    batch, updates = run.configuration["batch_size"], 1
    if batch != "full":
        updates, measured = math.ceil(samples / int(str(batch))), measured + samples
    products, elements = network.products * GEMM, network.numbers * ELEMENT
    passes = 4 + OPTIMIZERS[str(run.configuration["optimizer"])].PASSES
    calls = updates * len(network.blocks) * LAYER + EPOCH
    epoch = (
        samples * (6 * products + elements)
        + measured * (2 * products + elements / 2)
        + updates * network.parameters * passes * NUMBER
        + calls / min(size, _fitting(pipeline, run))
    )
    return pipeline.training.epochs * epoch
