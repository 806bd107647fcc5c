"""`--set KEY=VALUE`: one key of a pipeline file replaced, the rest of its text as it is."""

import re
import tomllib
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any

import tomlkit

from study.errors import PipelineError


def overridden(text: str, path: Path, overrides: Iterable[str]) -> str:
    """Return the pipeline's text with every override applied, in order.

    KEY is a dotted TOML key, VALUE a TOML value, or text where it is none (`float64`).
    """
    document = tomlkit.parse(text)
    for override in overrides:
        try:
            *tables, key = _key(override)
            _table(document, tables)[key] = _value(override.partition("=")[2].strip())
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
    return steps


def _value(text: str) -> object:
    """Return a TOML value, or the text itself where it is a bare word.

    >>> _value("3"), _value("[1, 2]"), _value("float64")
    (3, [1, 2], 'float64')
    """
    try:
        [(_, value)] = tomllib.loads(f"value = {text}").items()
    except ValueError as error:
        if not text or re.match(r"[\[{\"'\n]", text):
            raise ValueError(f"{text or 'nothing'} is no TOML value") from error
        return text
    return value


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
