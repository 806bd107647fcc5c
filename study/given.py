"""Arguments of a wrong type in a call from Python: the value, and what is expected."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from study.errors import cut

_PATHS = str, os.PathLike


def shown(value: object) -> str:
    """Describe a value in an error.

    >>> shown(3), shown(Path), shown({"lr": 0.1})
    ('3', 'the class Path', "{'lr': 0.1}")
    """
    if isinstance(value, type):
        return f"the class {value.__name__}"
    kind, text = type(value).__name__, " ".join(repr(value).split())
    short = type(value).__module__ == "builtins" and text == cut(text)
    return text if short else f"an object of type {kind}"


def wrong(name: str, right: str, value: object) -> TypeError:
    """Return the error for an argument of a wrong type."""
    return TypeError(f"{name} must be {right}, got {shown(value)}")


def path_of(name: str, value: object, example: str) -> Path:
    """Return a path; TypeError for anything but a str or a Path."""
    if not isinstance(value, _PATHS) or isinstance(value, type):
        raise wrong(name, f"a str or a Path, such as {example!r}", value)
    return Path(value)


def texts(name: str, value: object, example: str) -> None:
    """Raise TypeError for anything but a list of texts: a single text would be split in letters."""
    several = value if isinstance(value, Sequence) and not isinstance(value, str) else [None]
    if not all(isinstance(text, str) for text in several):
        raise wrong(name, f"a list of str, such as [{example!r}]", value)


def text_or_none(name: str, value: object, example: str) -> None:
    """Raise TypeError for anything but a str or None."""
    if value is not None and not isinstance(value, str):
        raise wrong(name, f"a str, such as {example!r}, or None", value)


def conditions(name: str, value: object) -> None:
    """Raise TypeError for anything but a mapping from names of columns to values."""
    if not isinstance(value, Mapping):
        raise wrong(name, "a dict of columns and values, such as {'lr': 0.1}", value)


def count(name: str, value: object) -> None:
    """Raise an error for anything but None or a whole number of at least 1."""
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(name, "a whole number or None", value)
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
