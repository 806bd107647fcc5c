"""[search.parameters]: a list is a set of choices, a table a range or a set with a condition."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, create_model
from typing_extensions import override

from study.errors import did_you_mean, quoted
from study.space import (
    PARAMETERS,
    Bounds,
    Choices,
    Dimension,
    Frozen,
    Parameter,
    Range,
    Shapes,
)
from study.spec.settings import Model, Training
from study.spec.values import Assignment, Count, Counts, parameter_list, parameter_type

_WHEN = (Assignment, Field({}, description="searched only where these values hold"))


class _WholeBounds(Bounds):
    low: Count = Field(description="the least value")
    high: Count = Field(description="the greatest value")
    step: Count | None = Field(None, description="only low, low + step, low + 2·step, …")


def _choices(p: Parameter) -> type[Choices]:
    listed = (parameter_list(p), Field(description="the values"))
    return create_model(f"Choices_{p.name}", __base__=Choices, choices=listed, when=_WHEN)


def _range(p: Parameter) -> type[Frozen]:
    """Return what may stand in a table without `choices`."""
    if p.kind == "shape":
        keys = {"layers": (Counts, ...), "width": (_WholeBounds, ...), "when": _WHEN}
        return create_model("Range_hidden", __base__=Shapes, **keys)
    if p.kind == "batch":
        return create_model(f"Range_{p.name}", __base__=_WholeBounds, when=_WHEN)
    ends = {"low": (parameter_type(p), ...), "high": (parameter_type(p), ...), "when": _WHEN}
    return create_model(f"Range_{p.name}", __base__=Bounds, **ends)


def _plain(table: Frozen) -> Dimension:
    """Return a checked table as the space's own class, which knows no single parameter."""
    values = dict(table)
    if isinstance(table, Choices):
        return Choices(**values)
    if isinstance(table, Shapes):
        return Shapes(**values)
    return Range(**values)


def _reader(p: Parameter, choices: type[Choices]) -> Callable[[object], Dimension]:
    def read(value: object) -> Dimension:
        if isinstance(value, list | tuple):
            return Choices(choices=read_list(value))
        if not isinstance(value, dict):
            raise ValueError(f"must be a list of values or a table, got {quoted(value)}")
        form = choices if "choices" in value or p.kind == "choice" else _range(p)
        return _plain(form.model_validate(value))

    read_list = parameter_list(p).__metadata__[0].func
    return read


def _dimension(p: Parameter) -> Any:  # noqa: ANN401  # a type made at run time
    choices = _choices(p)
    written = parameter_list(p) | choices
    return Annotated[Dimension, PlainValidator(_reader(p, choices), json_schema_input_type=written)]


class _Parameters(Frozen):
    """The searched parameters."""

    @classmethod
    @override
    def unknown(cls, key: str) -> str:
        for table in (Model, Training):
            if key in table.file_keys():
                return f"cannot be searched; it is given in [{table.__name__.lower()}]"
        return f"unknown parameter{did_you_mean(key, cls.file_keys())}"


_Table = create_model(
    "Parameters",
    __base__=_Parameters,
    __doc__="The searched parameters: a list of values, or a table with a condition.",
    **{
        p.name: (_dimension(p), Field(None, description=p.meaning))
        for p in PARAMETERS.values()
        if p.searchable
    },
)


def _space(value: object) -> dict[str, Dimension]:
    """Check the table and keep the parameters that it names, in its order."""
    table = _Table.model_validate(value)
    return {name: getattr(table, name) for name in value} if isinstance(value, dict) else {}


SearchSpace: TypeAlias = Annotated[
    dict[str, Dimension], PlainValidator(_space, json_schema_input_type=_Table)
]
