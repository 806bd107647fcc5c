"""Every error that a user can cause, and how its sentence is made."""

from collections.abc import Iterable

LONGEST = 60
"""Longer values are cut in a sentence: they are shown to be found, not to be read."""

BEYOND_TOML = 2**63
EXACT = 1e6
"""A float below this that is whole is written as a user would write it: 1, not 1.0."""


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
    """Write a value as TOML would, near enough to be found in the file; a long one is cut.

    >>> quoted("adam"), quoted(True), quoted(0.01), quoted([32, {"log": False}])
    ("'adam'", 'true', '0.01', '[32, {log = false}]')
    """
    text = _toml(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _toml(value: object) -> str:
    match value:
        case str():
            text = repr(value)
        case list() | tuple():
            text = f"[{', '.join(map(_toml, value))}]"
        case dict():
            text = f"{{{', '.join(f'{key} = {_toml(of)}' for key, of in value.items())}}}"
        case bool():
            text = str(value).lower()
        case int() if abs(value) >= BEYOND_TOML:
            text = hex(value)  # Python writes no decimal number of more than 4,300 digits
        case float() if value.is_integer() and abs(value) < EXACT:
            text = str(int(value))
        case _:
            text = str(value)
    return text


def not_one_of(value: object, options: Iterable[str]) -> str:
    """Say that `value` is none of `options`, and which one was probably meant.

    >>> not_one_of("sigmod", {"tanh", "sigmoid", "none"})
    "'sigmod' is not one of none, sigmoid, tanh (did you mean 'sigmoid'?)"
    """
    names = sorted(options)
    return f"{quoted(value)} is not one of {', '.join(names)}{did_you_mean(value, names)}"


def did_you_mean(value: object, options: Iterable[str]) -> str:
    """Offer the nearest of `options`, or nothing where none is near.

    >>> did_you_mean("epoch", ["epochs", "precision"])
    " (did you mean 'epochs'?)"
    >>> did_you_mean("ReLU", ["relu", "tanh"])
    " (did you mean 'relu'?)"
    """
    from difflib import get_close_matches  # nothing of it is loaded while nothing is wrong

    spelt = {option.lower(): option for option in options}
    close = get_close_matches(value.lower(), spelt, n=1) if isinstance(value, str) else []
    return f" (did you mean {spelt[close[0]]!r}?)" if close else ""
