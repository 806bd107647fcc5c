"""What of [model] and its parameters cannot be trained on the datasets, and why."""

import math
from collections.abc import Iterator, Mapping

from nn_core import ACTIVATIONS
from study.datasets.dataset import BINARY
from study.errors import quoted
from study.space import LOGITS, PARAMETERS, Choices, Mistake, Place, Value, decidable, each, kernels
from study.spec.contents import Contents
from study.spec.pipeline import Pipeline


def unfit(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield what of [model] and its parameters cannot be trained on the datasets."""
    yield from decidable([_logits(pipeline), _printed(pipeline)])
    for rule in (_compared, _target, _several, _images, _printed_one, _printed_images):
        yield from each(rule, ((pipeline, name) for name in pipeline.datasets))


def values(pipeline: Pipeline, name: str) -> dict[Value, Place]:
    """Return the values that a parameter may have, and where each is given.

    Where it is searched under a condition, its default is one of them.
    """
    searched = pipeline.search.parameters.get(name)
    if not isinstance(searched, Choices):
        return {pipeline.fixed[name]: (PARAMETERS[name].table, name)}
    at = "search", "parameters", name
    places: dict[Value, Place] = {value: (*at, i) for i, value in enumerate(searched.choices)}
    return {**({PARAMETERS[name].default: at} if searched.when else {}), **places}


def _logits(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the error of an activation before a loss that takes logits, and so has its own."""
    losses, searched = values(pipeline, "loss"), pipeline.search.parameters
    if LOGITS.issuperset(losses) and "output_activation" not in searched:
        output = pipeline.model.output_activation
        if output != "none":
            takes = " or ".join(map(quoted, losses))
            problem = f"loss = {takes} takes logits, so this must be 'none', got {quoted(output)}"
            yield ("model", "output_activation"), problem


def _compared(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield a searched loss or output activation without an accuracy to compare them by."""
    if pipeline.datasets[name].labels is None:
        for key in ("loss", "output_activation"):
            if key in pipeline.search.parameters:
                problem = (
                    "can be searched for classes alone, which have an accuracy to compare them by"
                )
                reason = f"the target of datasets.{name} is a number"
                yield ("search", "parameters", key), f"{problem}: {reason}"


def _target(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield what cannot learn a target that is a number: a loss of classes, too small an output."""
    dataset, space = pipeline.datasets[name], pipeline.search.parameters
    if dataset.labels is not None or {"loss", "output_activation"} & space.keys():
        return
    loss, declared = pipeline.model.loss, pipeline.model.output_activation
    if loss in LOGITS:
        problem = (
            f"takes classes, and the target of datasets.{name} is a number: use 'mse' or 'mae'"
        )
        yield ("model", "loss"), f"{quoted(loss)} {problem}"
        return
    outputs = values(pipeline, "activation") if declared == "same" else [declared]
    low, high = dataset.range
    for output in map(str, outputs):
        least, greatest = ACTIVATIONS[output].limits
        if low < least or high > greatest:
            what = "standardized target" if dataset.standardized else "target"
            reach = f"the {what} of datasets.{name} goes from {low:.4g} to {high:.4g}"
            yield (
                ("model", "output_activation"),
                f"must be 'none': {reach}, and {output} stays {_between(least, greatest)}",
            )


def _between(least: float, greatest: float) -> str:
    return f"between {least:g} and {greatest:g}" if greatest < math.inf else f"above {least:g}"


def _several(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield that a loss of several outputs has only the one of two classes."""
    labels, loss = pipeline.datasets[name].labels, "softmax_cross_entropy"
    place = values(pipeline, "loss").get(loss)
    if place is not None and labels is not None and len(labels) == BINARY:
        problem = f"takes three classes or more, and datasets.{name} has two"
        yield place, f"{quoted(loss)} {problem}: use 'binary_cross_entropy'"


def _images(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield each convolution that does not fit the samples of a dataset."""
    for value, place in values(pipeline, "convolution").items():
        at: Place = ("model", "layers") if pipeline.model.layers else place
        shape = pipeline.datasets[name].shape
        left = shape[:2]
        for _, *kernel in kernels(str(value)):
            if len(shape) == 1:
                yield at, f"is for images, and the samples of datasets.{name} are none"
                break
            left = (left[0] - kernel[0] + 1, left[1] - kernel[1] + 1)
            if min(left) < 1:
                image = "x".join(map(str, shape[:2]))
                yield at, f"the kernels of {value} do not fit datasets.{name}, {image} pixels"
                break


def _is_printed(pipeline: Pipeline, also: Mapping[str, Value] | None = None) -> bool:
    """Return whether the network as printed is trained, with these values too."""
    printed = "as_printed" in values(pipeline, "implementation")
    cell = {"implementation": "as_printed", **(also or {})}
    return printed and Contents(pipeline.search, pipeline.fixed).trains(cell)


def _printed(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield what the network as printed does not have: it is linear layers and one activation."""
    problem = "the network as printed has one activation for all places, "
    for output, place in values(pipeline, "output_activation").items():
        if output != "same" and _is_printed(pipeline, {"output_activation": output}):
            yield place, f"{problem}so this must be 'same', got {quoted(output)}"
    for loss, place in values(pipeline, "loss").items():
        if loss in LOGITS and _is_printed(pipeline, {"loss": loss}):
            yield place, f"{problem}the last one included, and {quoted(loss)} takes logits"


def _printed_one(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    outputs = pipeline.datasets[name].outputs
    if outputs > 1 and _is_printed(pipeline):
        yield ("datasets", name), f"the network as printed has one output, and this needs {outputs}"


def _printed_images(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    images = len(pipeline.datasets[name].shape) > 1
    if images and _is_printed(pipeline):
        yield ("datasets", name), "the network as printed takes no images"
