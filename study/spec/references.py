"""Values that one table names and the searched configurations must have."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from study.errors import quoted
from study.space import (
    PARAMETERS,
    Dimension,
    Mistake,
    Place,
    Range,
    Value,
    acts,
    as_written,
    each,
    wrong_value,
)
from study.spec.contents import Contents
from study.spec.contrasts import SIDES, written
from study.spec.hypotheses import Hypothesis
from study.spec.pipeline import Pipeline
from study.spec.searched import Exclude

_PARAMETERS = ("search", "parameters")


def unmatched(pipeline: Pipeline) -> Iterator[Mistake]:
    """Yield the mistakes of `when`, `exclude`, `include` and hypotheses about configurations.

    Where a table names a value that the study lacks, it follows that nothing matches that table;
    and of a parameter whose `when` does, nobody knows where it is searched.
    """
    contents = Contents(pipeline.search, pipeline.fixed)
    named = list(_named(pipeline))
    strangers = dict(each(_stranger, ((contents, *one) for one in named)))
    yield from strangers.items()
    if lost := {str(place[2]): wrong_value() for place in strangers if place[:2] == _PARAMETERS}:
        space = {**pipeline.search.parameters, **lost}
        search = pipeline.search.model_copy(update={"parameters": space})
        pipeline = pipeline.model_copy(update={"search": search})
        contents = Contents(search, pipeline.fixed)
    yield from each(_point, ((pipeline, *one) for one in named if one[0] not in strangers))
    for place, problem in _mismatches(pipeline, contents):
        if not any(place == other[: len(place)] for other in strangers):
            yield place, problem


def _mismatches(pipeline: Pipeline, contents: Contents) -> Iterator[Mistake]:
    """Yield what each rule finds in the whole space, and in each table of a list."""
    search = pipeline.search
    names = [(pipeline, contents, name) for name in search.parameters]

    def tables(listed: Sequence[object]) -> Iterator[tuple[Pipeline, Contents, int]]:
        yield from ((pipeline, contents, i) for i in range(len(listed)))

    yield from each(_idle, names)
    yield from each(_when, names)
    yield from each(_all_excluded, [(contents,)])
    yield from each(_exclude, tables(search.exclude))
    yield from each(_include, tables(search.include))
    yield from each(_repeated, tables(search.include))
    yield from each(_hypothesis, tables(pipeline.hypotheses))


def _stranger(contents: Contents, place: Place, name: str, value: Value) -> Iterator[Mistake]:
    """Yield that no configuration of the study can have a value."""
    if not contents.can_be(name, value):
        problem = f"{quoted(PARAMETERS[name].write(value))} is not in this study"
        yield place, f"{problem}, whose {name} is {contents.described(name)}"


def _named(pipeline: Pipeline) -> Iterator[tuple[Place, str, Value]]:
    """Yield every value that a table names: where it stands, its parameter and itself."""
    search = pipeline.search
    yield from each(_when_named, search.parameters.items())
    yield from each(_where, ((("search", "exclude", i), e) for i, e in enumerate(search.exclude)))
    yield from each(_values, ((("search", "include", i), v) for i, v in enumerate(search.include)))
    for i, hypothesis in enumerate(pipeline.hypotheses):
        yield from each(_where, [(("hypotheses", i), hypothesis)])
        yield from each(_compared, [(i, hypothesis)])


def _where(place: Place, table: Exclude | Hypothesis) -> Iterator[tuple[Place, str, Value]]:
    return _values((*place, "where"), table.where)


def _values(place: Place, values: Mapping[str, Value]) -> Iterator[tuple[Place, str, Value]]:
    return (((*place, name), name, value) for name, value in values.items())


def _when_named(name: str, dimension: Dimension) -> Iterator[tuple[Place, str, Value]]:
    for other, value in dimension.when.items():
        yield ("search", "parameters", name, "when", other), other, value


def _compared(i: int, hypothesis: Hypothesis) -> Iterator[tuple[Place, str, Value]]:
    for key, contrast in hypothesis.contrasts:
        for side, values in zip(SIDES, contrast.sides, strict=True):
            for name, value in values.items():
                yield ("hypotheses", i, key, *contrast.place(side, name)), name, value


def _point(pipeline: Pipeline, place: Place, name: str, value: Value) -> Iterator[Mistake]:
    """Yield that a value is one of a continuous range, and none that is tried first.

    A configuration that a sampler draws has it with probability 0.
    """
    search = pipeline.search
    dimension = search.parameters.get(name)
    if not isinstance(dimension, Range) or dimension.step or PARAMETERS[name].whole:
        return
    if all(include.get(name) != value for include in search.include):
        problem = f"{quoted(value)} is one point of the range of {name}, which no draw meets"
        yield place, f"{problem}: give {name} a list of values, or a step"


def _idle(pipeline: Pipeline, contents: Contents, name: str) -> Iterator[Mistake]:
    """Yield that a searched parameter does nothing in any configuration."""
    when, conditions = pipeline.search.parameters[name].when, PARAMETERS[name].acts_with
    if conditions and contents.trains(when) and not contents.trains(when, acting=name):
        problem = f"does nothing in this study: it acts with {as_written(conditions)}"
        yield ("search", "parameters", name), problem


def _when(pipeline: Pipeline, contents: Contents, name: str) -> Iterator[Mistake]:
    """Yield a condition whose values the study has, and never together, or excludes."""
    when, place = pipeline.search.parameters[name].when, ("search", "parameters", name, "when")
    if when and not contents.has(when):
        yield place, "holds in no configuration of this study"
    elif when and contents.trains({}) and not contents.trains(when):
        yield place, "holds in no configuration that [[search.exclude]] leaves"


def _exclude(pipeline: Pipeline, contents: Contents, i: int) -> Iterator[Mistake]:
    if not contents.has(pipeline.search.exclude[i].where):
        yield ("search", "exclude", i, "where"), "matches no configuration of this study"


def _all_excluded(contents: Contents) -> Iterator[Mistake]:
    if not contents.trains({}):
        yield ("search", "exclude"), "leaves no configuration to train"


def _include(pipeline: Pipeline, contents: Contents, i: int) -> Iterator[Mistake]:
    """Yield why a configuration that is to be tried first cannot be."""
    include, place = pipeline.search.include[i], ("search", "include", i)
    fixed = [name for name in include if name not in pipeline.search.parameters]
    for name in fixed:
        yield (*place, name), "is not searched, so it needs no value here"
    if not fixed and not contents.has(include):
        yield place, "matches no configuration of this study"
    elif not fixed and not contents.trains(include):
        yield place, "is excluded by [[search.exclude]]"


def _repeated(pipeline: Pipeline, _: Contents, i: int) -> Iterator[Mistake]:
    include = pipeline.search.include
    for first, other in enumerate(include[:i]):
        if other is not wrong_value() and other == include[i]:
            yield ("search", "include", i), f"repeats search.include[{first}]"
            return


def _hypothesis(pipeline: Pipeline, contents: Contents, i: int) -> Iterator[Mistake]:
    """Yield each side that no trained run is on, else the first that `where` leaves without any."""
    hypothesis = pipeline.hypotheses[i]
    if not all(acts(name, cell) for cell in hypothesis.cells for name in cell):
        return  # its own table reports that
    sides = [
        (("hypotheses", i, key, side), values)
        for key, contrast in hypothesis.contrasts
        for side, values in zip(SIDES, contrast.sides, strict=True)
    ]
    alone = [(place, values) for place, values in sides if not contents.trains(values)]
    cells = ((("hypotheses", i), cell) for cell in hypothesis.cells)
    lacking = ((place, cell) for place, cell in cells if not contents.trains(cell))
    for place, cell in alone or itertools.islice(lacking, 1):
        problem = f"needs configurations with {written(cell)}, and the study trains none"
        yield place, f"{problem}{_why(cell, contents)}"


def _why(cell: Mapping[str, Value], contents: Contents) -> str:
    """Name a parameter without effect in any trained configuration; empty if all act."""
    for name in cell:
        conditions = PARAMETERS[name].acts_with
        if conditions and not contents.trains({}, acting=name):
            return f": {name} acts with {as_written(conditions)}"
    return ""
