"""Every error that a user can cause, and how its sentence is made."""

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from study.terminal import visible

LONGEST = 60
"""Longer values are cut in a sentence: they are shown to be found, not to be read."""

BEYOND_TOML = 2**63
EXACT = 1e6
"""A float below this that is whole is written as a user would write it: 1, not 1.0."""


class StudyError(Exception):
    """An error in the input; commands print its message without a traceback and exit with 2."""


class PipelineError(StudyError):
    """Errors in a pipeline file, one sentence for each, in `mistakes`.

    Its text is `shown`, with the line and column of each error where these are available.
    """

    def __init__(self, mistakes: Iterable[str], shown: Iterable[str] | None = None) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(visible, self.mistakes) if shown is None else shown))


class ResultsError(StudyError):
    """A results folder that is missing, in use, or belongs to another study."""


def quoted(value: object) -> str:
    """Write a value as TOML would, near enough to be found in the file; a long one is cut.

    >>> quoted("adam"), quoted(True), quoted(0.01), quoted([32, {"log": False}])
    ("'adam'", 'true', '0.01', '[32, {log = false}]')
    """
    return cut(_toml(value))


def cut(text: str) -> str:
    """Shorten a text that is too long to be read in a sentence."""
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
    """Say that `value` is none of `options`, and which one was misspelt, if one was.

    >>> not_one_of("sigmod", {"tanh", "sigmoid", "none"})
    "'sigmod' is not one of none, sigmoid, tanh (did you mean 'sigmoid'?)"
    >>> not_one_of("gelu", ["relu"])  # another function is no slip
    "'gelu' is not one of relu"
    """
    names = sorted(options)
    slips = [name for name in names if isinstance(value, str) and _is_slip(value, name)]
    return f"{quoted(value)} is not one of {', '.join(names)}{did_you_mean(value, slips)}"


EMPTY = "must not be empty"

_RULES = {
    "missing": "is missing",
    "int_type": "must be a whole number, got {got}",
    "int_from_float": "must be a whole number, got {got}",
    "float_type": "must be a number, got {got}",
    "finite_number": "must be finite, got {got}",
    "string_type": "must be text, got {got}",
    "string_too_short": EMPTY,
    "bool_type": "must be true or false, got {got}",
    "model_type": "must be a table, got {got}",
    "dict_type": "must be a table, got {got}",
    "tuple_type": "must be a list, got {got}",
    "[]": "must be a table: write one bracket, […], got {got}",
    "[[]]": "must be a list of tables: write two brackets, [[…]], got {got}",
    "greater_than": "must be more than {gt:g}, got {got}",
    "greater_than_equal": "must be at least {ge:g}, got {got}",
    "less_than": "must be less than {lt:g}, got {got}",
    "less_than_equal": "must be at most {le:.10g}, got {got}",
    "too_short": "must have at least {min_length} entries, got {got}",
    "too_long": "must have at most {max_length} entries, got {got}",
    "value_error": "{error}",
}
"""The message for each of pydantic's error types, and for two of our own."""

_BRACKETS: dict[tuple[str, type], str] = {
    ("model_type", list): "[]",
    ("dict_type", list): "[]",
    ("tuple_type", dict): "[[]]",
}
"""Where a table has the brackets of a list of tables, or the other way round."""


def sentence(error: Mapping[str, Any]) -> str:
    """Say one of pydantic's error details in the project's words: the rule, then what was got.

    >>> sentence({"type": "greater_than_equal", "ctx": {"ge": 1}, "input": 0})
    'must be at least 1, got 0'
    """
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "too_short" and context["min_length"] == 1:
        return EMPTY
    if kind == "literal_error":
        return not_one_of(error["input"], re.findall(r"'([^']*)'", context["expected"]))
    got = error.get("input")
    if kind == "int_type" and isinstance(got, float) and got.is_integer():  # 3.0 and 1e3
        return f"must be a whole number: write {quoted(int(got))}, without a point or an exponent"
    if kind in _RULES:
        kind = _BRACKETS.get((kind, type(got)), kind)
        return _RULES[kind].format(got=quoted(error["input"]), **context)
    return str(error["msg"])


def did_you_mean(value: object, options: Iterable[str]) -> str:
    """Offer the nearest of `options`, or nothing where none is near.

    >>> did_you_mean("epoch", ["epochs", "precision"])
    " (did you mean 'epochs'?)"
    >>> did_you_mean("ReLU", ["relu", "tanh"])
    " (did you mean 'relu'?)"
    >>> did_you_mean("beta3", ["beta2", "decay"])
    ''
    """
    from difflib import get_close_matches  # nothing of it is loaded while nothing is wrong

    if not isinstance(value, str):
        return ""
    spelt = {option.lower(): option for option in options if not _is_another(value, option)}
    close = get_close_matches(value.lower(), spelt, n=1)
    return f" (did you mean {spelt[close[0]]!r}?)" if close else ""


LONG = 8
"""In a word of this length, two wrong letters may still be a slip."""


def _is_slip(value: str, option: str) -> bool:
    """Return whether a word differs from an option in a letter, or in two that are swapped.

    >>> _is_slip("sdg", "sgd"), _is_slip("softplus", "softsign"), _is_slip("float16", "float64")
    (True, False, False)
    """
    one, other = value.lower(), option.lower()
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    most = 2 if len(option) >= LONG else 1
    return max(len(one), len(other)) <= most or one == other[::-1]


def _alike(one: str, other: str) -> int:
    """Return with how many of the same letters two words begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_another(value: str, option: str) -> bool:
    """Return whether a word is the name of something else: nsga3 is not nsga2, misspelt."""
    one, other = (re.sub(r"\D", "", word).lstrip("0") for word in (value, option))
    return one not in ("", other) or re.sub(r"[\W_]", "", value.lower()) in _OTHERS


_OTHERS = {
    *("brelu", "celu", "crelu", "drelu", "frelu", "gelu", "glu", "prelu", "relun", "rrelu"),
    *("selu", "silu", "srelu", "stanh"),
    *("adai", "adamp", "adams", "adamw", "adan", "fadam", "nadam", "radam", "rprop"),
    *("asgd", "bgd", "gd", "msgd", "nsgd", "sgdm", "sgdp", "sgdr", "sgdw", "sgld", "ssgd"),
    *("mape", "mase", "mbe", "mee", "mle", "mpe", "msle", "nmse", "rmse", "sse"),
    *("nor", "or", "tsv", "xnor"),
    *("lrdecay", "trainfraction"),
}
"""Names of functions, formats and keys elsewhere that look like one of this project's."""
