"""Where each key of a pipeline file is: its line and column, for errors."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from study.terminal import visible

Place: TypeAlias = tuple[int | str, ...]

WIDTH = 72
"""An excerpt of a line is no longer, so that it fits a terminal of 80 columns."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[\w-]+')
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[^,\]}#\n]+',
    re.DOTALL,
)


def offset_of(places: Mapping[Place, int], place: Iterable[int | str]) -> int | None:
    """Return the offset of a place, or of the closest table around it; None without any."""
    steps = tuple(step for step in place if step != "[key]")  # pydantic's mark of a table's key
    while steps and steps not in places:
        steps = steps[:-1]
    return places.get(steps)


def offset_at(text: str, line: int, column: int) -> int:
    r"""Return the offset of a line and a column, both from 1 on.

    >>> offset_at("ab\ncd", 2, 1)
    3
    """
    return sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1


def pointed(path: object, text: str, offset: int, sentence: str) -> str:
    r"""Write an error as `path:line:column: sentence`, with the line and a caret below it.

    >>> print(pointed("x.toml", "a = 1\nb = two", 10, "invalid value"))
    x.toml:2:5: invalid value
      2 | b = two
        |     ^
    """
    from rich.cells import cell_len  # slow to load, and needed for errors alone

    start = text.rfind("\n", 0, offset) + 1
    line, column = text.count("\n", 0, offset) + 1, offset - start + 1
    whole = text[start:].partition("\n")[0].rstrip("\r")
    first = max(0, column - WIDTH + 8) if len(whole) > WIDTH else 0
    before = visible(whole[first : column - 1].replace("\t", " "))
    after = visible(whole[column - 1 : first + WIDTH].replace("\t", " "))
    margin = " " * len(str(line))
    return (
        f"{visible(path)}:{line}:{column}: {visible(sentence)}\n"
        f"  {line} | {before}{after}\n  {margin} | {' ' * cell_len(before)}^"
    )


def positions(text: str) -> dict[Place, int]:
    r"""Return the offset of every table, key and list item of a valid TOML text.

    >>> positions("a.b = [1, 2]\n[[c]]\nd = {e = 1}")[("c", 0, "d", "e")]
    24
    """
    places: dict[Place, int] = {}
    tables: dict[Place, int] = {}  # the index of the last table of each list of tables
    table: Place = ()
    at = _blank(text, 0)
    while at < len(text):
        brackets = 2 if text.startswith("[[", at) else int(text[at] == "[")
        keys, end = _keys(text, _blank(text, at + brackets))
        place: Place = () if brackets else table
        for key, offset in keys:
            if brackets and place in tables:
                place += (tables[place],)
            place += (key,)
            places.setdefault(place, at if brackets else offset)
        if brackets:
            if brackets > 1:
                tables[place] = tables.get(place, -1) + 1
                place += (tables[place],)
                places[place] = at
            table, end = place, text.index("]", end) + brackets
        else:
            end = _value(text, _blank(text, text.index("=", end) + 1), place, places)
        at = _blank(text, end)
    return places


def _blank(text: str, at: int) -> int:
    """Return where white space and comments end."""
    blank = _BLANK.match(text, at)
    return at if blank is None else blank.end()


def _keys(text: str, at: int) -> tuple[Sequence[tuple[str, int]], int]:
    """Return the parts of a dotted key with their offsets, and where the key ends."""
    keys = []
    while part := _KEY.match(text, at):
        name = part[0] if part[0][0] not in "\"'" else next(iter(tomllib.loads(f"{part[0]} = 0")))
        keys.append((name, at))
        at = part.end()
        if (dot := _DOT.match(text, at)) is None:
            break
        at = dot.end()
    return keys, at


def _value(text: str, at: int, place: Place, places: dict[Place, int]) -> int:
    """Add what is inside a value, and return where the value ends."""
    if text[at] not in "[{":
        scalar = _SCALAR.match(text, at)
        return at + 1 if scalar is None else scalar.end()
    closing, count = "]" if text[at] == "[" else "}", 0
    at = _blank(text, at + 1)
    while text[at] != closing:
        inner: Place = (*place, count)
        if closing == "]":
            places[inner] = at
        else:
            keys, end = _keys(text, at)
            inner = place
            for key, offset in keys:
                inner += (key,)
                places.setdefault(inner, offset)
            at = _blank(text, text.index("=", end) + 1)
        at, count = _blank(text, _value(text, at, inner, places)), count + 1
        if text[at] == ",":
            at = _blank(text, at + 1)
    return at + 1
