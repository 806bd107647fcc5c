"""`--set KEY=VALUE`: one key of a pipeline file replaced, the rest of its text as it is."""

import re
import tomllib
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit

from study.errors import PipelineError
from study.spec.reference import keys


def overridden(text: str, path: Path, overrides: Iterable[str]) -> str:
    """Return the pipeline's text with every override applied, in order.

    KEY is a dotted TOML key, VALUE a TOML value, or text where it is none (`float64`). A parameter
    is fixed or searched, so setting it in one place takes it from the other.
    """
    document = tomlkit.parse(text)
    for override in overrides:
        try:
            *tables, key = _key(override)
            _table(document, tables)[key] = _value(override.partition("=")[2].strip())
            _only_here(document, tables, key)
        except ValueError as error:
            raise PipelineError([f"{path}: --set {override}: {error}"]) from None
    return tomlkit.dumps(document)


def _key(override: str) -> list[str]:
    """Return the steps of a dotted key.

    >>> _key("search.repetitions=3")
    ['search', 'repetitions']
    """
    key, equals, _ = override.partition("=")
    try:
        table: Any = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        table = {}
    steps = []
    while isinstance(table, dict) and len(table) == 1:
        [(step, table)] = table.items()
        steps.append(step)
    if not equals or table != 0:
        raise ValueError("must be KEY=VALUE, such as search.repetitions=3")
    if len(steps) == 1 and (meant := _meant(steps[0])):
        raise ValueError(f"{steps[0]} stands in a table: write {' or '.join(meant)}")
    return steps


def _meant(key: str) -> list[str]:
    """Return the dotted keys that end in a key which does not stand at the top.

    >>> _meant("repetitions"), _meant("title")
    (['search.repetitions'], [])
    """
    known = keys()
    if any(other.split(".")[0] == key for other in known):
        return []
    return [other for other in known if other.endswith(f".{key}")]


def _value(text: str) -> object:
    """Return a TOML value, or the text itself where it is a bare word.

    >>> _value("3"), _value("[1, 2]"), _value("float64")
    (3, [1, 2], 'float64')
    """
    if not text:
        raise ValueError('the value is missing (an empty text is "")')
    try:
        [(_, value)] = tomllib.loads(f"value = {text}").items()
    except ValueError as error:
        if re.match(r"[\[{\"'\n]", text):
            hint = "; text within it stands in quotes" if re.match(r"[\[{].*[A-Za-z]", text) else ""
            raise ValueError(f"{text} is no TOML value{hint}") from error
        return text
    return value


def _only_here(document: MutableMapping[str, Any], tables: list[str], key: str) -> None:
    """Remove a parameter that is searched now from where it was fixed, or the other way round."""
    places = [["search", "parameters"], ["model"], ["training"]]
    if tables not in places:
        return
    for other in places:
        table: Any = document
        for step in other:
            table = table.get(step, {}) if isinstance(table, MutableMapping) else {}
        if other != tables and isinstance(table, MutableMapping):
            table.pop(key, None)


def _table(document: MutableMapping[str, Any], steps: Iterable[str]) -> MutableMapping[str, Any]:
    """Return the table at a dotted key, made where there is none."""
    table = document
    for step in steps:
        if step not in table:
            table[step] = tomlkit.table()
        table = table[step]
        if not isinstance(table, MutableMapping):
            raise ValueError(f"{step} is no table")  # noqa: TRY004  # a user's mistake
    return table
