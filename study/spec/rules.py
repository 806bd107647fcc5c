"""What the tables of a pipeline file say of one another: mistakes that no table shows alone."""

import math
from collections.abc import Iterator

from study.errors import not_one_of, quoted
from study.samplers.methods import METHODS
from study.space import PARAMETERS, Choices, Place
from study.spec.fit import unfit
from study.spec.hypotheses import Hypothesis
from study.spec.metrics import known_on_the_way, needs_test_part
from study.spec.pipeline import Pipeline
from study.spec.references import unmatched
from study.spec.search import Search

LARGEST_GRID = 1_000_000

LARGEST_STUDY = 2_000_000
"""More runs are planned by mistake; the plan alone would not fit into memory."""


def broken(pipeline: Pipeline) -> list[tuple[Place, str]]:
    """Return the mistakes between right tables; each stage needs that the one before found none."""
    return [
        *unfit(pipeline),
        *_grid(pipeline),
        *_size(pipeline),
        *_rungs(pipeline),
        *_given_twice(pipeline),
        *_names(pipeline),
    ] or list(unmatched(pipeline))


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
