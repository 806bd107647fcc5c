"""[search.options]: what single search methods can be told, each under its own key."""

import math
from typing import Annotated, Any, TypeAlias

from pydantic import Field, WithJsonSchema

from study.errors import quoted
from study.samplers.methods import METHODS, Option
from study.samplers.sampler import Setting
from study.space import Frozen
from study.spec.values import keyed, read_by

_TYPES = {bool: "boolean", int: "integer", float: "number"}


def _schema(option: Option) -> dict[str, Any]:
    if option.words:
        return {"enum": list(option.words)}
    kind = type(option.default)
    low = {} if kind is bool else {"minimum": option.low}
    high = {"maximum": option.high} if option.high < math.inf else {}
    return {"type": _TYPES[kind], **low, **high}


def _fields() -> dict[str, Any]:
    """Return a key for each option of any method; its meaning says whose it is."""
    owners: dict[str, list[str]] = {}
    for name, method in METHODS.items():
        for key in method.options:
            owners.setdefault(key, []).append(name)
    fields = {}
    for key, names in owners.items():
        option = METHODS[names[0]].options[key]
        says = f"{', '.join(names)}: {option.meaning}"
        shown: dict[str, Any] = {} if option.varies else {"default": option.default}
        annotation = Annotated[Any, WithJsonSchema(_schema(option))]
        fields[key] = annotation, Field(None, description=says, json_schema_extra=shown)
    return fields


class _Own(Frozen):
    """Options of the method's own."""


_Options = keyed("Options", _fields(), _Own)


def _read(value: object) -> dict[str, Setting]:
    if not isinstance(value, dict):
        raise ValueError(f"must be a table, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
    return dict(value)


Options: TypeAlias = Annotated[dict[str, Setting], read_by(_read, _Options)]
"""Key → value, as the file has them; whether the method takes them, [search] says."""
