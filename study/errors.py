"""Every error that a user can cause, and how its sentence is made."""

from collections.abc import Iterable
from difflib import get_close_matches


class StudyError(Exception):
    """A user's mistake: shown as its message alone, and the command exits with 2."""


class PipelineError(StudyError):
    """What is wrong in a pipeline file: one line for each mistake."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


class ResultsError(StudyError):
    """A results folder that is missing, in use, or belongs to another study."""


def quoted(value: object) -> str:
    """Write a value as TOML would, near enough to be found in the file.

    >>> quoted("adam"), quoted(True), quoted(0.01), quoted([32, 16])
    ("'adam'", 'true', '0.01', '[32, 16]')
    """
    return str(value).lower() if isinstance(value, bool) else repr(value)


def not_one_of(value: object, options: Iterable[str]) -> str:
    """Say that `value` is none of `options`, and which one was probably meant.

    >>> not_one_of("sigmod", {"tanh", "sigmoid", "none"})
    "'sigmod' is not one of none, sigmoid, tanh (did you mean 'sigmoid'?)"
    """
    names = sorted(options)
    close = get_close_matches(str(value), names, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    return f"{quoted(value)} is not one of {', '.join(names)}{hint}"
