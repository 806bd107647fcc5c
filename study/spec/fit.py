"""Whether a network fits its data: loss, output and kernels, against targets and images."""

import math
from collections.abc import Iterator

from study.errors import quoted
from study.space import Choices, Place, kernels
from study.spec.pipeline import Pipeline

OUTPUTS = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, math.inf),
}
"""The limits of an output activation, which no training passes; the others have none."""


def unfit(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield what of [model] and its parameters cannot be trained on the datasets."""
    yield from _logits(pipeline)
    yield from _targets(pipeline)
    yield from _images(pipeline)
    yield from _printed(pipeline)


def _logits(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield the mistake of an activation before a loss that takes logits, and so has its own."""
    model = pipeline.model
    if model.loss == "binary_cross_entropy" and model.output_activation != "none":
        says = f"loss = {quoted(model.loss)} takes logits, so this must be 'none', got "
        yield ("model", "output_activation"), says + quoted(model.output_activation)


def _targets(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield what cannot learn a target that is a number: a loss of classes, too small an output."""
    model, activations = pipeline.model, pipeline.search.parameters.get("activation")
    outputs = (
        [model.output_activation]
        if model.output_activation != "same"
        else [pipeline.fixed["activation"]]
        if not isinstance(activations, Choices)
        else activations.choices
    )
    for name, dataset in pipeline.datasets.items():
        if dataset.classes is not None:
            continue
        if model.loss == "binary_cross_entropy":
            says = f"takes two classes, and the target of datasets.{name} is a number: use 'mse'"
            yield ("model", "loss"), f"{quoted(model.loss)} {says}"
            continue
        low, high = dataset.range
        for output in map(str, outputs):
            least, greatest = OUTPUTS.get(output, (-math.inf, math.inf))
            if low < least or high > greatest:
                reach = f"the target of datasets.{name} goes from {low:.4g} to {high:.4g}"
                yield (
                    ("model", "output_activation"),
                    f"must be 'none': {reach}, and {output} stays {_between(least, greatest)}",
                )


def _between(least: float, greatest: float) -> str:
    return f"between {least:g} and {greatest:g}" if greatest < math.inf else f"above {least:g}"


def _images(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield each convolution that does not fit the samples of a dataset."""
    searched = pipeline.search.parameters.get("convolution")
    if isinstance(searched, Choices):
        at: Place = ("search", "parameters", "convolution")
        values = [((*at, i), str(value)) for i, value in enumerate(searched.choices)]
    else:
        key = "layers" if pipeline.model.layers else "convolution"
        values = [(("model", key), str(pipeline.fixed["convolution"]))]
    for place, value in values:
        for name, dataset in pipeline.datasets.items():
            left = dataset.shape[:2]
            for _, *kernel in kernels(value):
                if len(dataset.shape) == 1:
                    yield place, f"is for images, and the samples of datasets.{name} are none"
                    break
                left = (left[0] - kernel[0] + 1, left[1] - kernel[1] + 1)
                if min(left) < 1:
                    image = "x".join(map(str, dataset.shape[:2]))
                    yield (
                        place,
                        f"the kernels of {value} do not fit datasets.{name}, {image} pixels",
                    )
                    break


def _printed(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield what the printed network does not have: it is linear layers and one activation."""
    searched = pipeline.search.parameters.get("implementation")
    values = (
        searched.choices if isinstance(searched, Choices) else [pipeline.fixed["implementation"]]
    )
    if "as_printed" not in values:
        return
    if pipeline.model.output_activation != "same":
        says = "the printed network has one activation for all places, so this must be 'same', got "
        yield ("model", "output_activation"), says + quoted(pipeline.model.output_activation)
    for name, dataset in pipeline.datasets.items():
        if len(dataset.shape) > 1:
            yield ("datasets", name), "the printed network takes no images"
