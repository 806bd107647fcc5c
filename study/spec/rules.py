"""What the tables of a pipeline file say of one another: mistakes that no table shows alone."""

import math
from collections.abc import Iterator

from study.errors import not_one_of, quoted
from study.samplers.methods import METHODS
from study.space import PARAMETERS, Choices, Place, kernels
from study.spec.hypotheses import Hypothesis
from study.spec.metrics import known_on_the_way, needs_test_part
from study.spec.pipeline import Pipeline
from study.spec.references import unmatched
from study.spec.search import Search

LARGEST_GRID = 1_000_000

LARGEST_STUDY = 2_000_000
"""More runs are planned by mistake; the plan alone would not fit into memory."""

OUTPUTS = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, math.inf),
}
"""The limits of an output activation, which no training passes; the others have none."""


def broken(pipeline: Pipeline) -> list[tuple[Place, str]]:
    """Return the mistakes between right tables; each stage needs that the one before found none."""
    return [
        *_logits(pipeline),
        *_grid(pipeline),
        *_size(pipeline),
        *_rungs(pipeline),
        *_given_twice(pipeline),
        *_names(pipeline),
        *_images(pipeline),
        *_printed(pipeline),
        *_targets(pipeline),
    ] or list(unmatched(pipeline))


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


def _grid(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield what a grid, which tries every combination once, cannot do."""
    search = pipeline.search
    if not METHODS[search.method].finite:
        return
    sizes = []
    for name, dimension in search.parameters.items():
        if isinstance(dimension, Choices):
            sizes.append(len(dimension.choices))
        else:
            place = ("search", "parameters", name)
            yield place, "method = 'grid' takes no ranges: give a list of values"
    if math.prod(sizes) > LARGEST_GRID:
        says = f"a grid has at most {LARGEST_GRID:,} combinations, got {math.prod(sizes):,}"
        yield ("search", "parameters"), says


def _size(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
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


def _rungs(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield each rung that no run comes to alive."""
    epochs, pruner = pipeline.training.epochs, pipeline.search.pruner
    for i, rung in enumerate(pruner.rungs if pruner else ()):
        if rung >= epochs:
            yield (
                ("search", "pruner", "rungs", i),
                f"must be less than epochs, {epochs}, got {rung}",
            )


def _given_twice(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    for p in PARAMETERS.values():
        given = getattr(pipeline, p.table).model_fields_set
        if p.name in given and p.name in pipeline.search.parameters:
            says = "is given here and searched in [search.parameters]; one of them must go"
            yield (p.table, p.name), says
    if pipeline.model.layers:
        if "convolution" in pipeline.model.model_fields_set:
            yield ("model", "layers"), "says what convolution says; one of them must go"
        if "convolution" in pipeline.search.parameters:
            says = "says what convolution does in [search.parameters]; one of them must go"
            yield ("model", "layers"), says


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


def _names(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield the names and metrics that the study does not have, and the ids that stand twice."""
    search = pipeline.search
    for i, aim in enumerate(search.aims):
        at: Place = (
            ("search", "objective") if search.objectives is None else ("search", "objectives", i)
        )
        yield from _test_part(pipeline, at, aim.metric, tuple(pipeline.datasets))
        yield from _no_objective(search, (*at, "metric"), aim.metric)
    ids: dict[str, int] = {}
    for i, hypothesis in enumerate(pipeline.hypotheses):
        place: Place = ("hypotheses", i)
        if hypothesis.id in ids:
            first = f"hypotheses[{ids[hypothesis.id]}]"
            yield (*place, "id"), f"{quoted(hypothesis.id)} is the id of {first} too"
        ids.setdefault(hypothesis.id, i)
        yield from _where_tested(pipeline, place, hypothesis)


def _no_objective(search: Search, place: Place, metric: str) -> Iterator[tuple[Place, str]]:
    """Yield why a metric cannot make one trial better than another."""
    if metric == "diverged_at":
        yield place, "'diverged_at' is known of runs that are never best, so it ranks nothing"
    if metric == "seconds" and not METHODS[search.method].finite:
        yield place, "'seconds' differ each time, so the search could not go on where it ended"
    if search.pruner is not None and not known_on_the_way(metric):
        says = "is not known at a rung; with a pruner it is a loss or an accuracy, such as "
        yield place, f"{quoted(metric)} {says}'final_train_loss'"


def _where_tested(
    pipeline: Pipeline, place: Place, hypothesis: Hypothesis
) -> Iterator[tuple[Place, str]]:
    names = tuple(pipeline.datasets) if hypothesis.datasets is None else hypothesis.datasets
    known = [name for name in names if name in pipeline.datasets]
    for i, name in enumerate(names):
        if name not in pipeline.datasets:
            yield (*place, "datasets", i), not_one_of(name, pipeline.datasets)
    yield from _test_part(pipeline, place, hypothesis.metric, tuple(known))


def _test_part(
    pipeline: Pipeline, place: Place, metric: str, datasets: tuple[str, ...]
) -> Iterator[tuple[Place, str]]:
    """Yield the mistake of a metric that a dataset does not have: no held-out part, no classes."""
    numbers = [name for name in datasets if pipeline.datasets[name].classes is None]
    if "accuracy" in metric and numbers:
        says = f"{quoted(metric)} needs two classes, and the target of datasets.{numbers[0]} is a"
        yield (*place, "metric"), f"{says} number"
    without = [name for name in datasets if pipeline.datasets[name].test_fraction == 0]
    if needs_test_part(metric) and without:
        says = f"{quoted(metric)} needs test_fraction > 0 in datasets.{without[0]}"
        yield (*place, "metric"), says
