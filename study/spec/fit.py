"""Whether a network fits its data: loss, output and kernels, against targets and images."""

import math
from collections.abc import Iterator, Sequence

from study.errors import quoted
from study.space import Choices, Mistake, Place, Value, each, kernels, known
from study.spec.pipeline import Pipeline

OUTPUTS = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, math.inf),
}
"""The limits of an output activation, which no training passes; the others have none."""


def unfit(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield what of [model] and its parameters cannot be trained on the datasets."""
    yield from known([_logits(pipeline), _printed(pipeline)])
    for rule in (_target, _images, _printed_images):
        yield from each(rule, ((pipeline, name) for name in pipeline.datasets))


def _logits(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the mistake of an activation before a loss that takes logits, and so has its own."""
    model = pipeline.model
    if model.loss == "binary_cross_entropy" and model.output_activation != "none":
        says = f"loss = {quoted(model.loss)} takes logits, so this must be 'none', got "
        yield ("model", "output_activation"), says + quoted(model.output_activation)


def _target(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield what cannot learn a target that is a number: a loss of classes, too small an output."""
    model, dataset = pipeline.model, pipeline.datasets[name]
    if dataset.classes is not None:
        return
    if model.loss == "binary_cross_entropy":
        says = f"takes two classes, and the target of datasets.{name} is a number: use 'mse'"
        yield ("model", "loss"), f"{quoted(model.loss)} {says}"
        return
    same = model.output_activation == "same"
    outputs = _values(pipeline, "activation") if same else [model.output_activation]
    low, high = dataset.range
    for output in map(str, outputs):
        least, greatest = OUTPUTS.get(output, (-math.inf, math.inf))
        if low < least or high > greatest:
            what = "standardized target" if dataset.standardized else "target"
            reach = f"the {what} of datasets.{name} goes from {low:.4g} to {high:.4g}"
            yield (
                ("model", "output_activation"),
                f"must be 'none': {reach}, and {output} stays {_between(least, greatest)}",
            )


def _values(pipeline: Pipeline, name: str) -> Sequence[Value]:
    """Return the values that a parameter may have, each searched one or the fixed one."""
    searched = pipeline.search.parameters.get(name)
    return searched.choices if isinstance(searched, Choices) else [pipeline.fixed[name]]


def _between(least: float, greatest: float) -> str:
    return f"between {least:g} and {greatest:g}" if greatest < math.inf else f"above {least:g}"


def _images(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield each convolution that does not fit the samples of a dataset."""
    values = _values(pipeline, "convolution")
    for i, value in enumerate(map(str, values)):
        at: Place = ("search", "parameters", "convolution", i)
        if "convolution" not in pipeline.search.parameters:
            at = ("model", "layers" if pipeline.model.layers else "convolution")
        shape = pipeline.datasets[name].shape
        left = shape[:2]
        for _, *kernel in kernels(value):
            if len(shape) == 1:
                yield at, f"is for images, and the samples of datasets.{name} are none"
                break
            left = (left[0] - kernel[0] + 1, left[1] - kernel[1] + 1)
            if min(left) < 1:
                image = "x".join(map(str, shape[:2]))
                yield at, f"the kernels of {value} do not fit datasets.{name}, {image} pixels"
                break


def _printed(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield what the printed network does not have: it is linear layers and one activation."""
    output = pipeline.model.output_activation
    if "as_printed" in _values(pipeline, "implementation") and output != "same":
        says = "the printed network has one activation for all places, so this must be 'same', got "
        yield ("model", "output_activation"), says + quoted(output)


def _printed_images(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    images = len(pipeline.datasets[name].shape) > 1
    if images and "as_printed" in _values(pipeline, "implementation"):
        yield ("datasets", name), "the printed network takes no images"
