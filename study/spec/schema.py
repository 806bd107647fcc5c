"""The JSON Schema of a pipeline file and the table of its keys, both from the models."""

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from study.space import PARAMETERS
from study.spec.pipeline import Pipeline

_Schema: TypeAlias = Mapping[str, Any]
_Row: TypeAlias = tuple[str, str, str, str]

_WORDS = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true, false"}
MANY = 8
"""Longer cells are no longer read; the meaning names the place of their content."""

_WHOLE_TABLES = {"Values": "table of parameters", "Parameters": "table of parameters"}
"""Tables with a key for every parameter: those stand once, under [model] and [training]."""


def schema() -> str:
    """Return the JSON Schema (draft 2020-12) as text, for editors that check while one types."""
    top = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**top, **_tidy(_models())}, indent=2, ensure_ascii=False) + "\n"


def keys_table() -> str:
    """Return a Markdown table with a row for each key: its type, default and meaning."""
    models = _tidy(_models())
    rows = ["| key | type | default | meaning |", "|---|---|---|---|"]
    described = _rows(models, models["$defs"], "")
    return "\n".join([*rows, *(f"| {' | '.join(row)} |" for row in described)]) + "\n"


def keys(datasets: Sequence[str] = ("NAME",)) -> list[str]:
    """Return every key that can be set by itself, for datasets of these names.

    >>> [key for key in keys(["xor"]) if "draw" in key or "repetitions" in key]
    ['datasets.xor.draw', 'search.repetitions']
    """
    models = _tidy(_models())
    rows = _rows(models, models["$defs"], "")
    names = [*(row[0].strip("`") for row in rows if "[]" not in row[0])]
    names += [f"search.parameters.{name}" for name in PARAMETERS]
    values = [key for key in names if not any(other.startswith(f"{key}.") for other in names)]
    named = itertools.chain(
        *([key.replace(".NAME.", f".{name}.") for name in datasets] if ".NAME." in key else [key]
          for key in values)
    )  # fmt: skip
    return list(dict.fromkeys(named))


def _models() -> dict[str, Any]:
    return Pipeline.model_json_schema()


def _tidy(node: Any) -> Any:  # noqa: ANN401  # JSON
    """Leave out what TOML cannot say, null and a default of ∞, and pydantic's titles of keys."""
    if isinstance(node, list):
        return [_tidy(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidy(value) for key, value in node.items() if not _unsaid(key, value)}
    alternatives = kept.pop("anyOf", [])
    if len(alternatives) == 1:
        return {**alternatives[0], **kept}
    return {**kept, "anyOf": alternatives} if alternatives else kept


def _unsaid(key: str, value: object) -> bool:
    if key == "title":
        return isinstance(value, str)
    return key == "default" and (value is None or value == math.inf)


def _rows(node: _Schema, models: _Schema, place: str) -> Iterator[_Row]:
    """Yield key, type, default and meaning of everything in a table, tables within it too."""
    needed = node.get("required", ())
    for key, value in node.get("properties", {}).items():
        key_path = f"{place}.{key}" if place else key
        default = "required" if key in needed else _written(value.get("default"))
        yield f"`{key_path}`", _type(value), default, value.get("description", "")
        kinds = {
            name: list(_rows(models[name], models, below))
            for name, below in _tables(value, models, key_path)
        }
        yield from _merged(kinds)


def _merged(kinds: Mapping[str, Sequence[_Row]]) -> Iterator[_Row]:
    """Yield the rows of all tables that are allowed in one place, each with its tables."""
    for key, words, default, meaning in dict.fromkeys(itertools.chain(*kinds.values())):
        owners = [
            kind.lower() for kind, rows in kinds.items() if (key, words, default, meaning) in rows
        ]
        which = "" if len(owners) == len(kinds) else f"{', '.join(owners)}: "
        yield key, words, default, which + meaning


def _tables(node: _Schema, models: _Schema, place: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each table that a key may hold, with the place of its keys."""
    name = _name(node)
    if name in models and name not in _WHOLE_TABLES:
        yield name, place
    for alternative in node.get("anyOf", ()):
        yield from _tables(alternative, models, place)
    if "items" in node:
        yield from _tables(node["items"], models, f"{place}[]")
    for named in node.get("patternProperties", {}).values():
        yield from _tables(named, models, f"{place}.NAME")


def _name(node: _Schema) -> str:
    return str(node.get("$ref", "")).rpartition("/")[2]


def _type(node: _Schema) -> str:
    """Return the allowed values of a key, in a few words."""
    match node:
        case {"$ref": _}:
            words = _WHOLE_TABLES.get(_name(node), "table")
        case {"enum": options}:
            words = ", ".join(f"`{o}`" for o in options) if len(options) <= MANY else "a name"
        case {"const": option}:
            words = f"`{option}`"
        case {"anyOf": alternatives}:
            words = " or ".join(dict.fromkeys(map(_type, alternatives)))
        case {"items": item}:
            words = f"list of {_type(item)}s".replace(
                "table of parameterss", "tables of parameters"
            )
        case {"type": [*_]}:
            words = "a value of the parameter"
        case _:
            words = _WORDS.get(node["type"], "table")
    return words


def _written(value: object) -> str:
    return "" if value in (None, {}, [], ()) else f"`{json.dumps(value)}`"
