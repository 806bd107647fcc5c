"""What the tables of a pipeline file say of one another: mistakes that no table shows alone."""

import itertools
import math
from collections.abc import Iterator, Sequence

from study.datasets.dataset import BINARY
from study.errors import not_one_of, quoted
from study.metrics import DIVERGED, METRICS
from study.samplers.methods import METHODS
from study.space import (
    PARAMETERS,
    Choices,
    Dimension,
    Mistake,
    Place,
    Value,
    each,
    kernels,
    known,
    wrong_value,
)
from study.spec.hypotheses import Hypothesis
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.spec.references import unmatched
from study.spec.search import Search

LARGEST_GRID = 1_000_000

LARGEST_STUDY = 2_000_000
"""More runs are planned by mistake; the plan alone would not fit into memory."""

LOGITS = {"binary_cross_entropy", "softmax_cross_entropy"}
"""Losses of classes, which take logits."""

OUTPUTS = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, math.inf),
}
"""The limits of an output activation, which no training passes; the others have none."""


def broken(pipeline: Pipeline) -> list[Mistake]:
    """Return the mistakes between tables, as far as what they need is known.

    What names a value that no configuration has is looked for where the search is of a size that
    a study may have.
    """
    size = list(known([_grid(pipeline), _size(pipeline)]))
    tables = unfit, _ranges, _rungs, _given_twice, _layers_twice, _aims, _claims
    rules = (*tables, *([] if size else [unmatched]))
    return [*size, *known(rule(pipeline) for rule in rules)]


def _ranges(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the ranges of a grid, which tries every combination once."""
    if METHODS[pipeline.search.method].finite:
        yield from each(_range, pipeline.search.parameters.items())


def _range(name: str, dimension: Dimension) -> Iterator[Mistake]:
    if not isinstance(dimension, Choices):
        place = ("search", "parameters", name)
        yield place, "method = 'grid' takes no ranges: give a list of values"


def _grid(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield that a grid is too large."""
    search = pipeline.search
    if not METHODS[search.method].finite:
        return
    choices = [d.choices for d in search.parameters.values() if isinstance(d, Choices)]
    if (product := math.prod(map(len, choices))) > LARGEST_GRID:
        says = f"a grid has at most {LARGEST_GRID:,} combinations, got {product:,}"
        yield ("search", "parameters"), says


def _size(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the number of runs of a study that is larger than any."""
    search = pipeline.search
    choices = [d.choices for d in search.parameters.values() if isinstance(d, Choices)]
    finite = METHODS[search.method].finite
    each = math.prod(map(len, choices)) if finite else search.trials or 1
    runs = each * len(pipeline.datasets) * search.repetitions
    runs *= 1 if search.compare_with is None else 2
    if runs > LARGEST_STUDY and not (finite and each > LARGEST_GRID):
        what = (
            "combinations" if finite else "trials" if search.compare_with is None else "2 × trials"
        )
        of = f"{what} {each:,} × datasets {len(pipeline.datasets)} × repetitions "
        says = f"a study has at most {LARGEST_STUDY:,} runs, got {runs:,}: {of}"
        yield ("search",), f"{says}{search.repetitions:,}"


def _rungs(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield each rung that no run comes to alive."""
    epochs, pruner = pipeline.training.epochs, pipeline.search.pruner
    for i, rung in enumerate(pruner.rungs if pruner else ()):
        if rung >= epochs:
            yield (
                ("search", "pruner", "rungs", i),
                f"must be less than epochs, {epochs}, got {rung}",
            )


def _given_twice(pipeline: Pipeline) -> Iterator[Mistake]:
    for p in PARAMETERS.values():
        given = getattr(pipeline, p.table).model_fields_set
        if p.name in given and p.name in pipeline.search.parameters:
            says = "is given here and searched in [search.parameters]; one of them must go"
            yield (p.table, p.name), says


def _layers_twice(pipeline: Pipeline) -> Iterator[Mistake]:
    if pipeline.model.layers:
        if "convolution" in pipeline.model.model_fields_set:
            yield ("model", "layers"), "says what convolution says; one of them must go"
        if "convolution" in pipeline.search.parameters:
            says = "says what convolution does in [search.parameters]; one of them must go"
            yield ("model", "layers"), says


def _aims(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the errors of the objectives' metrics."""
    search = pipeline.search
    for i, aim in enumerate(search.aims):
        at: Place = (
            ("search", "objective") if search.objectives is None else ("search", "objectives", i)
        )
        yield from known([_measured(pipeline, at, aim), _ranks(search, (*at, "metric"), aim)])


def _ranks(search: Search, place: Place, aim: Objective) -> Iterator[Mistake]:
    """Yield why a metric cannot make one trial better than another."""
    if aim.metric == "diverged_at":
        yield place, "'diverged_at' is known of runs that are never best, so it ranks nothing"
    if aim.metric == "seconds" and not METHODS[search.method].finite:
        yield place, "'seconds' differ each time, so the search could not go on where it ended"
    one = search.objectives is None
    if one and search.pruner is not None and not METRICS[aim.metric].known_on_the_way:
        says = "is not known at a rung; with a pruner it is a loss or an accuracy, such as "
        yield place, f"{quoted(aim.metric)} {says}'final_train_loss'"


def _claims(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the errors of hypotheses' ids, datasets and metrics."""
    for i, hypothesis in enumerate(pipeline.hypotheses):
        rules = _id_twice(pipeline, i, hypothesis), _where_tested(pipeline, i, hypothesis)
        yield from known([*rules, _measured(pipeline, ("hypotheses", i), hypothesis)])


def _id_twice(pipeline: Pipeline, i: int, hypothesis: Hypothesis) -> Iterator[Mistake]:
    for first, other in enumerate(pipeline.hypotheses[:i]):
        if (
            other is not wrong_value()
            and other.id is not wrong_value()
            and other.id == hypothesis.id
        ):
            says = f"{quoted(hypothesis.id)} is the id of hypotheses[{first}] too"
            yield ("hypotheses", i, "id"), says
            return


def _where_tested(pipeline: Pipeline, i: int, hypothesis: Hypothesis) -> Iterator[Mistake]:
    for at, name in enumerate(hypothesis.datasets or ()):
        if name not in pipeline.datasets:
            place: Place = ("hypotheses", i, "datasets", at)
            yield place, not_one_of(name, pipeline.datasets)


def _measured(pipeline: Pipeline, place: Place, by: Hypothesis | Objective) -> Iterator[Mistake]:
    """Yield that a dataset does not have a metric: no held-out part, no classes."""
    named = None if isinstance(by, Objective) else by.datasets
    for rule in (_of_classes, _held_out):
        found = each(rule, ((pipeline, n, by.metric) for n in pipeline.datasets
                            if named is None or n in named))  # fmt: skip
        yield from (((*place, "metric"), says) for says in itertools.islice(found, 1))


def _of_classes(pipeline: Pipeline, name: str, metric: str) -> Iterator[str]:
    of_labels = metric != DIVERGED and METRICS[metric].of_labels
    if of_labels and pipeline.datasets[name].labels is None:
        says = f"{quoted(metric)} needs classes, and the target of datasets.{name} is a number"
        yield says


def _held_out(pipeline: Pipeline, name: str, metric: str) -> Iterator[str]:
    held_out = metric != DIVERGED and METRICS[metric].held_out
    if held_out and pipeline.datasets[name].test_fraction == 0:
        yield f"{quoted(metric)} needs test_fraction > 0 in datasets.{name}"


def unfit(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield what of [model] and its parameters cannot be trained on the datasets."""
    yield from known([_logits(pipeline), _printed(pipeline)])
    for rule in (_target, _several, _images, _printed_one, _printed_images):
        yield from each(rule, ((pipeline, name) for name in pipeline.datasets))


def _logits(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the mistake of an activation before a loss that takes logits, and so has its own."""
    model = pipeline.model
    if model.loss in LOGITS and model.output_activation != "none":
        says = f"loss = {quoted(model.loss)} takes logits, so this must be 'none', got "
        yield ("model", "output_activation"), says + quoted(model.output_activation)


def _target(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield what cannot learn a target that is a number: a loss of classes, too small an output."""
    model, dataset = pipeline.model, pipeline.datasets[name]
    if dataset.labels is not None:
        return
    if model.loss in LOGITS:
        says = f"takes classes, and the target of datasets.{name} is a number: use 'mse'"
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


def _several(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    """Yield that a loss of several outputs has only the one of two classes."""
    labels, loss = pipeline.datasets[name].labels, pipeline.model.loss
    if loss == "softmax_cross_entropy" and labels is not None and len(labels) == BINARY:
        says = f"takes three classes or more, and datasets.{name} has two"
        yield ("model", "loss"), f"{quoted(loss)} {says}: use 'binary_cross_entropy'"


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


def _printed_one(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    outputs = pipeline.datasets[name].outputs
    if outputs > 1 and "as_printed" in _values(pipeline, "implementation"):
        yield ("datasets", name), f"the printed network has one output, and this needs {outputs}"


def _printed_images(pipeline: Pipeline, name: str) -> Iterator[Mistake]:
    images = len(pipeline.datasets[name].shape) > 1
    if images and "as_printed" in _values(pipeline, "implementation"):
        yield ("datasets", name), "the printed network takes no images"
