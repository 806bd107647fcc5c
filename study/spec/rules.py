"""Rules between the tables of a pipeline file: errors that no table shows alone."""

import math
from collections.abc import Iterator

from study.errors import not_one_of, quoted
from study.metrics import METRICS
from study.samplers.methods import METHODS
from study.space import (
    PARAMETERS,
    Choices,
    Dimension,
    Mistake,
    Place,
    Range,
    Value,
    decidable,
    each,
    wrong_value,
)
from study.spec.contents import Contents
from study.spec.fit import unfit, values
from study.spec.hypotheses import Hypothesis
from study.spec.limits import limits
from study.spec.measurable import across_losses, measured
from study.spec.objective import Objective
from study.spec.pipeline import Pipeline
from study.spec.references import unmatched
from study.spec.search import Search

LARGEST_GRID = 1_000_000

LARGEST_STUDY = 2_000_000
"""More runs are planned by mistake; the plan alone would not fit into memory."""


def broken(pipeline: Pipeline) -> list[Mistake]:
    """Return the mistakes between tables, as far as what they need is known.

    What names a value that no configuration has is looked for where the search is of a size that
    a study may have.
    """
    size = list(decidable([_grid(pipeline), _size(pipeline)]))
    tables = unfit, _ranges, _rungs, _steps, _given_twice, _layers_twice, _aims, limits, _claims
    rules = (*tables, *([] if size else [unmatched]))
    return [*size, *decidable(rule(pipeline) for rule in rules)]


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
        problem = f"a grid has at most {LARGEST_GRID:,} combinations, got {product:,}"
        yield ("search", "parameters"), problem


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
        problem = f"a study has at most {LARGEST_STUDY:,} runs, got {runs:,}: {of}"
        yield ("search",), f"{problem}{search.repetitions:,}"


def _rungs(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield each rung that no run reaches."""
    epochs, pruner = pipeline.training.epochs, pipeline.search.pruner
    for i, rung in enumerate(pruner.rungs if pruner else ()):
        if rung >= epochs:
            yield (
                ("search", "pruner", "rungs", i),
                f"must be less than epochs, {epochs}, got {rung}",
            )


def _steps(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield each number of epochs after which no step of the learning rate would come."""
    epochs, searched = pipeline.training.epochs, pipeline.search.parameters.get("step_epochs")
    if "step" not in values(pipeline, "schedule"):
        return
    given: dict[Value, Place] = {}
    if isinstance(searched, Range):
        given[searched.low] = ("search", "parameters", "step_epochs", "low")
    contents = Contents(pipeline.search, pipeline.fixed)
    for value, place in (given or values(pipeline, "step_epochs")).items():
        acts = contents.trains({"schedule": "step", "step_epochs": value})
        if acts and float(value) >= epochs:
            yield place, f"must be less than epochs, {epochs}, got {value:g}, or no step would come"


def _given_twice(pipeline: Pipeline) -> Iterator[Mistake]:
    for p in PARAMETERS.values():
        given = getattr(pipeline, p.table).model_fields_set
        if p.name in given and p.name in pipeline.search.parameters:
            problem = "is given here and searched in [search.parameters]; one of them must go"
            yield (p.table, p.name), problem


def _layers_twice(pipeline: Pipeline) -> Iterator[Mistake]:
    if pipeline.model.layers:
        if "convolution" in pipeline.model.model_fields_set:
            yield ("model", "layers"), "repeats convolution; remove one of them"
        if "convolution" in pipeline.search.parameters:
            problem = "repeats convolution in [search.parameters]; remove one of them"
            yield ("model", "layers"), problem


def _aims(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the errors of the objectives' metrics."""
    search = pipeline.search
    for i, aim in enumerate(search.aims):
        at: Place = (
            ("search", "objective") if search.objectives is None else ("search", "objectives", i)
        )
        rules = measured(pipeline, at, aim), across_losses(pipeline, at, aim)
        yield from decidable([*rules, _ranks(search, (*at, "metric"), aim)])


def _ranks(search: Search, place: Place, aim: Objective) -> Iterator[Mistake]:
    """Yield why a metric cannot make one trial better than another."""
    if aim.metric == "diverged_at":
        yield place, "'diverged_at' is known of runs that are never best, so it ranks nothing"
    if aim.metric == "seconds" and not METHODS[search.method].finite:
        yield place, "'seconds' differ each time, so the search could not resume"
    one = search.objectives is None
    if one and search.pruner is not None and not METRICS[aim.metric].per_epoch:
        problem = "is not known at a rung; with a pruner it is a loss or an accuracy, such as "
        yield place, f"{quoted(aim.metric)} {problem}'final_train_loss'"


def _claims(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the errors of hypotheses' ids, datasets and metrics."""
    for i, hypothesis in enumerate(pipeline.hypotheses):
        at = "hypotheses", i
        rules = _id_twice(pipeline, i, hypothesis), _where_tested(pipeline, i, hypothesis)
        metric = measured(pipeline, at, hypothesis), across_losses(pipeline, at, hypothesis)
        yield from decidable([*rules, *metric])


def _id_twice(pipeline: Pipeline, i: int, hypothesis: Hypothesis) -> Iterator[Mistake]:
    for first, other in enumerate(pipeline.hypotheses[:i]):
        if (
            other is not wrong_value()
            and other.id is not wrong_value()
            and other.id == hypothesis.id
        ):
            problem = f"{quoted(hypothesis.id)} is the id of hypotheses[{first}] too"
            yield ("hypotheses", i, "id"), problem
            return


def _where_tested(pipeline: Pipeline, i: int, hypothesis: Hypothesis) -> Iterator[Mistake]:
    for at, name in enumerate(hypothesis.datasets or ()):
        if name not in pipeline.datasets:
            place: Place = ("hypotheses", i, "datasets", at)
            yield place, not_one_of(name, pipeline.datasets)
