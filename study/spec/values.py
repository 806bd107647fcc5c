"""The values of a pipeline file: names, counts, and each parameter's own."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    Field,
    GetPydanticSchema,
    PlainValidator,
    WithJsonSchema,
    create_model,
)
from pydantic_core import core_schema

from study.errors import not_one_of, quoted
from study.space import PARAMETERS, Frozen, Parameter, Place, Value, invalid

LONGEST_NAME = 100
"""File systems take names of 255 bytes; a study's is one part of a path."""


def _name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ValueError(f"a name is made of letters, digits, - and _, got {quoted(value)}")
    if len(value) > LONGEST_NAME:
        raise ValueError(f"a name has at most {LONGEST_NAME} characters, got {len(value)}")
    return value


Name: TypeAlias = Annotated[
    str, AfterValidator(_name), Field(json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"})
]
Text: TypeAlias = Annotated[str, Field(min_length=1)]


def one_of(options: Collection[str]) -> tuple[Any, Any]:
    """Return how a word of `options` is checked, and its JSON Schema."""

    def read(value: object) -> object:
        if not isinstance(value, str) or value not in options:
            raise ValueError(not_one_of(value, options))
        return value

    return PlainValidator(read), WithJsonSchema({"enum": list(options)})


def parameter_type(p: Parameter) -> Any:  # noqa: ANN401  # a type made at run time
    """Return the annotation of a key that holds one value of a parameter."""
    return Annotated[Value, PlainValidator(p.read), WithJsonSchema(p.json)]


def read_list(p: Parameter, value: object) -> tuple[Value, ...]:
    """Read a list of a parameter's values, or raise the errors of each."""
    if not isinstance(value, list | tuple) or not value:
        raise ValueError(f"must be a list of at least one value, got {quoted(value)}")
    values: dict[Value, None] = {}
    wrong: list[tuple[Place, str]] = []
    for i, item in enumerate(value):
        try:
            read = p.read(item)
        except ValueError as error:
            wrong.append(((i,), str(error)))
        else:
            if read in values:
                wrong.append(((i,), f"{quoted(item)} is listed twice"))
            values[read] = None
    if wrong:
        raise invalid(wrong)
    return tuple(values)


def parameter_list(p: Parameter) -> Any:  # noqa: ANN401  # a type made at run time
    """Return the annotation of a key that holds a list of values of a parameter."""
    schema = {"type": "array", "items": p.json, "minItems": 1, "uniqueItems": True}
    read = PlainValidator(lambda value: read_list(p, value))
    return Annotated[tuple[Value, ...], read, WithJsonSchema(schema)]


def read_by(read: Callable[[object], Any], table: Any) -> GetPydanticSchema:  # noqa: ANN401
    """Let a function read a value, and `table`, a type, describe it in the JSON Schema."""
    return GetPydanticSchema(
        lambda _, handler: core_schema.no_info_plain_validator_function(
            read, json_schema_input_schema=handler(table)
        )
    )


def keyed(name: str, keys: Mapping[str, tuple[Any, Any]], base: type[Frozen] = Frozen) -> Any:  # noqa: ANN401  # a class made at run time
    """Return a table, `base` with more keys: one for each row of a registry.

    `keys` has, for each, how it is checked, and its default and description.
    """
    more: dict[str, Any] = dict(keys)
    return create_model(name, __base__=base, __doc__=base.__doc__, **more)


class _Values(Frozen):
    """Values of some parameters."""


_OneEach = keyed(
    "Values",
    {p.name: (parameter_type(p), Field(None, description=p.meaning)) for p in PARAMETERS.values()},
    _Values,
)


def named(table: Any, value: object) -> dict[str, Any]:  # noqa: ANN401  # a class made at run time
    """Check a table by its class, and keep the keys that it names, in its order."""
    checked = table.model_validate(value)
    return {name: getattr(checked, name) for name in value} if isinstance(value, dict) else {}


def assignment(value: object) -> dict[str, Value]:
    """Check a table of parameters and keep the named ones, in its order."""
    return named(_OneEach, value)


Assignment: TypeAlias = Annotated[dict[str, Value], read_by(assignment, _OneEach)]
"""A table such as {activation = "none", lr = 1.0}: one value for each parameter that it names."""
