"""Values that one table names and the searched configurations must have."""

import itertools
from collections.abc import Iterator, Mapping

from study.errors import quoted
from study.space import PARAMETERS, Place, Range, Value
from study.spec.contents import Contents
from study.spec.contrasts import SIDES, written
from study.spec.pipeline import Pipeline


def unmatched(pipeline: Pipeline) -> list[tuple[Place, str]]:
    """Return the mistakes of `when`, `exclude`, `include` and hypotheses about configurations."""
    contents = Contents(pipeline.search, pipeline.fixed)
    return list(_strangers(pipeline, contents)) or [
        *_points(pipeline),
        *_idle(pipeline, contents),
        *_whens(pipeline, contents),
        *_excludes(pipeline, contents),
        *_includes(pipeline, contents),
        *_hypotheses(pipeline, contents),
    ]


def _strangers(pipeline: Pipeline, contents: Contents) -> Iterator[tuple[Place, str]]:
    """Yield each value that no configuration of the study can have."""
    for place, name, value in _named(pipeline):
        if not contents.can_be(name, value):
            says = f"{quoted(PARAMETERS[name].write(value))} is not in this study"
            yield place, f"{says}, whose {name} is {contents.described(name)}"


def _named(pipeline: Pipeline) -> Iterator[tuple[Place, str, Value]]:
    """Yield every value that a table names: where it stands, its parameter and itself."""
    for name, when in pipeline.search.conditions.items():
        for other, value in when.items():
            yield ("search", "parameters", name, "when", other), other, value
    search = pipeline.search
    tables: list[tuple[Place, Mapping[str, Value]]] = [
        *((("search", "exclude", i, "where"), e.where) for i, e in enumerate(search.exclude)),
        *((("search", "include", i), include) for i, include in enumerate(search.include)),
        *((("hypotheses", i, "where"), h.where) for i, h in enumerate(pipeline.hypotheses)),
    ]
    for place, table in tables:
        for name, value in table.items():
            yield (*place, name), name, value
    for i, hypothesis in enumerate(pipeline.hypotheses):
        for key, contrast in hypothesis.contrasts:
            for side, values in zip(SIDES, contrast.sides, strict=True):
                for name, value in values.items():
                    yield ("hypotheses", i, key, *contrast.place(side, name)), name, value


def _points(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield each value that is one of a continuous range, and none that is tried first.

    A configuration that a sampler draws has it with probability 0.
    """
    search = pipeline.search
    for place, name, value in _named(pipeline):
        dimension = search.parameters.get(name)
        if not isinstance(dimension, Range) or dimension.step or PARAMETERS[name].kind != "real":
            continue
        if all(include.get(name) != value for include in search.include):
            says = f"{quoted(value)} is one point of the range of {name}, which no draw meets"
            yield place, f"{says}: give {name} a list of values, or a step"


def _idle(pipeline: Pipeline, contents: Contents) -> Iterator[tuple[Place, str]]:
    """Yield each searched parameter that does nothing in any configuration."""
    for name, when in pipeline.search.conditions.items():
        acts_with = PARAMETERS[name].acts_with
        if acts_with is None or not contents.trains(when):
            continue
        other, values = acts_with
        cells = [{other: value, **when} for value in sorted(values)]
        if not any(cell[other] in values and contents.trains(cell) for cell in cells):
            where = " or ".join(quoted(value) for value in sorted(values))
            says = f"does nothing in this study: it acts with {other} = {where}"
            yield ("search", "parameters", name), says


def _whens(pipeline: Pipeline, contents: Contents) -> Iterator[tuple[Place, str]]:
    """Yield each condition whose values the study has, and never together, or excludes."""
    for name, when in pipeline.search.conditions.items():
        place: Place = ("search", "parameters", name, "when")
        if when and not contents.has(when):
            yield place, "holds in no configuration of this study"
        elif when and contents.trains({}) and not contents.trains(when):
            yield place, "holds in no configuration that [[search.exclude]] leaves"


def _excludes(pipeline: Pipeline, contents: Contents) -> Iterator[tuple[Place, str]]:
    for i, exclude in enumerate(pipeline.search.exclude):
        if not contents.has(exclude.where):
            yield ("search", "exclude", i, "where"), "matches no configuration of this study"
    if not contents.trains({}):
        yield ("search", "exclude"), "leaves no configuration to train"


def _includes(pipeline: Pipeline, contents: Contents) -> Iterator[tuple[Place, str]]:
    """Yield each configuration that is to be tried first and cannot be."""
    for i, include in enumerate(pipeline.search.include):
        place: Place = ("search", "include", i)
        fixed = [name for name in include if name not in pipeline.search.parameters]
        for name in fixed:
            yield (*place, name), "is not searched, so it needs no value here"
        if not fixed and not contents.has(include):
            yield place, "matches no configuration of this study"
        elif not fixed and not contents.trains(include):
            yield place, "is excluded by [[search.exclude]]"
        if include in pipeline.search.include[:i]:
            first = pipeline.search.include.index(include)
            yield place, f"says what search.include[{first}] says"


def _hypotheses(pipeline: Pipeline, contents: Contents) -> Iterator[tuple[Place, str]]:
    """Yield each side that no trained run is on, else the first that `where` leaves without any."""
    for i, hypothesis in enumerate(pipeline.hypotheses):
        sides = [
            (("hypotheses", i, key, side), values)
            for key, contrast in hypothesis.contrasts
            for side, values in zip(SIDES, contrast.sides, strict=True)
        ]
        alone = [(place, values) for place, values in sides if not contents.trains(values)]
        cells = ((("hypotheses", i), cell) for cell in hypothesis.cells)
        lacking = ((place, cell) for place, cell in cells if not contents.trains(cell))
        for place, cell in alone or itertools.islice(lacking, 1):
            says = f"needs configurations with {written(cell)}, and the study trains none"
            yield place, f"{says}{_why(cell, contents)}"


def _why(cell: Mapping[str, Value], contents: Contents) -> str:
    """Say which parameter does nothing in any trained configuration; nothing where all act."""
    for name in cell:
        other, values = PARAMETERS[name].acts_with or ("", frozenset())
        if other and not any(contents.trains({other: value}) for value in values):
            needed = " or ".join(quoted(value) for value in sorted(values))
            return f": {name} acts with {other} = {needed}"
    return ""
