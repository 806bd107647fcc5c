"""Any valid pipeline is read as written; anything else is an error, never a traceback."""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeVar

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from study.errors import PipelineError
from study.space import (
    LOGITS,
    PARAMETERS,
    Batch,
    Choice,
    Choices,
    Condition,
    Parameter,
    Real,
    Shape,
    Value,
    Whole,
    joined,
)
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from study.spec.rules import LARGEST_STUDY

T = TypeVar("T")


def values(p: Parameter) -> st.SearchStrategy[Value]:
    """Return right values of a parameter in their stored form."""
    each = st.lists(st.integers(1, 512), max_size=3)
    match p:
        case Choice():  # of two classes, which these pipelines have
            return st.sampled_from([o for o in p.options if o != "softmax_cross_entropy"])
        case Real():
            high = min(p.high, 1e6)
            return st.floats(p.low, high, exclude_min=not p.low_included, exclude_max=True)
        case Shape():
            return each.map(joined)
        case Whole():
            return st.integers(1, 4999).map(float)
        case Batch():
            return st.just("full") | st.integers(1, 999).map(str)
        case _:
            layer = st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(1, 4))
            layers = st.lists(layer.map("{0[0]}@{0[1]}x{0[2]}".format), min_size=1, max_size=2)
            return st.just("none") | layers.map("+".join)


def lists(p: Parameter) -> st.SearchStrategy[tuple[Value, ...]]:
    """Return right lists of values: none is empty or names a value twice."""
    return st.lists(values(p), min_size=1, max_size=3, unique=True).map(tuple)


parameters = st.fixed_dictionaries({}, optional={n: values(p) for n, p in PARAMETERS.items()})
spaces = st.fixed_dictionaries({}, optional={n: lists(p) for n, p in PARAMETERS.items()})
seeds = st.integers(0, 2**63 - 1)
names = st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)


def toml(value: object) -> str:
    """Write a value as TOML; what Python calls None, TOML cannot say."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {toml(of)}" for key, of in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()


def written(name: str, value: Value) -> str:
    """Write a stored value as a pipeline file spells it."""
    return toml(PARAMETERS[name].write(value))


def acting(name: str, given: Mapping[str, Value | tuple[Value, ...]]) -> bool:
    """Return whether a parameter acts under one of the given or default values."""
    conditions = PARAMETERS[name].acts_with
    return not conditions or any(_met(condition, given) for condition in conditions)


def without(values: dict[str, T], name: str) -> dict[str, T]:
    return {key: value for key, value in values.items() if key != name}


def _met(condition: Condition, given: Mapping[str, Value | tuple[Value, ...]]) -> bool:
    current = given.get(condition.parameter, PARAMETERS[condition.parameter].default)
    return any(map(condition.holds, current if isinstance(current, tuple) else (current,)))


@settings(max_examples=60, deadline=None)
@given(st.tuples(names, names), parameters, spaces, st.tuples(st.integers(1, 99), seeds))
def test_a_right_pipeline_is_read_as_it_was_meant(
    called: tuple[str, str],
    fixed: dict[str, Value],
    space: dict[str, tuple[Value, ...]],
    numbers: tuple[int, int],
) -> None:
    (name, dataset), (repetitions, seed) = called, numbers
    images = "convolution" in {**fixed, **space}
    if {"convolution", "loss", "output_activation"} & {**fixed, **space}.keys():
        space = without(space, "implementation")  # the network as printed takes none of these
        fixed = without(fixed, "implementation")
    losses = space.get("loss", (fixed.get("loss", "mse"),))
    if LOGITS.issuperset(losses):
        space = without(space, "output_activation")
        fixed = {**fixed, "output_activation": "none"}
    space = {key: value for key, value in space.items() if acting(key, {**fixed, **space})}
    fixed = {key: value for key, value in fixed.items() if key not in space}
    generator = "stripes" if images else "xor"
    lines = [f'name = "{name}"', f'datasets."{dataset}".generator = "{generator}"']
    lines += [f"{PARAMETERS[key].table}.{key} = {written(key, v)}" for key, v in fixed.items()]
    lines += [f"search.repetitions = {repetitions}", f"search.seed = {seed}"]
    if len(losses) > 1:
        lines.append('search.objective = {metric = "final_train_accuracy", goal = "maximize"}')
    for key, choices in space.items():
        items = ", ".join(written(key, value) for value in choices)
        lines.append(f"search.parameters.{key} = [{items}]")
    assume(repetitions * math.prod(map(len, space.values())) <= LARGEST_STUDY)
    pipeline = read_pipeline("\n".join(lines), "x.toml")
    assert (pipeline.name, list(pipeline.datasets)) == (name, [dataset])
    assert (pipeline.search.repetitions, pipeline.search.seed) == (repetitions, seed)
    assert pipeline.search.parameters == {k: Choices(choices=v) for k, v in space.items()}
    defaults = {n: p.default for n, p in PARAMETERS.items() if n not in space}
    assert pipeline.fixed == {**defaults, **fixed}


leaves = (
    st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["adam", "sgd", "grid", "lr", "diverged", "linear", "full", math.inf])
)
keys = st.sampled_from([
    *PARAMETERS, "name", "datasets", "generator", "search", "parameters", "method", "exclude",
    "where", "when", "choices", "low", "high", "step", "hypotheses", "compare", "across", "metric",
    "expect", "with", "parameter", "value", "layers", "width", "objective", "id", "claim",
]) | st.text(max_size=4)  # fmt: skip
garbage: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)
tables = st.sampled_from([
    "title", "datasets.a", "model", "model.layers", "training", "execution", "search",
    "search.objective", "search.pruner", "search.options", "search.parameters",
    *(f"search.parameters.{name}" for name in PARAMETERS), "search.exclude", "search.include",
    "hypotheses",
])  # fmt: skip


def read(text: str) -> Pipeline | tuple[str, ...]:
    """Return the pipeline or its mistakes; whatever else is raised is a fault."""
    try:
        return read_pipeline(text, "x.toml")
    except PipelineError as error:
        return error.mistakes


@settings(max_examples=300, deadline=None)
@given(tables, garbage)
def test_garbage_is_an_error_or_a_pipeline_but_never_a_traceback(table: str, value: object) -> None:
    data = "" if table == "datasets.a" else 'datasets.a.generator = "xor"\n'
    assert read(f'name = "x"\n{data}{table} = {toml(value)}')


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_error_or_a_pipeline_but_never_a_traceback(text: str) -> None:
    assert read(text)
