"""The text of a pipeline file: read, `--set KEY=VALUE` applied, and parsed as TOML."""

import re
import stat
import tomllib
from collections.abc import Iterable, MutableMapping
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

from study.errors import PipelineError
from study.spec.located import offset_at, pointed
from study.spec.schema import keys

NEWLINE = "\n"

PARTS = 100
_MANY_PARTS = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{PARTS}}}")

LONGEST = 100_000
"""Bytes of a pipeline file. Longer ones would take seconds to check, and no one would read them."""


def text_of(path: Path) -> str:
    """Return the file's text, or raise PipelineError with the reason why there is none."""
    try:
        if (kind := path.stat().st_mode) and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            raise PipelineError([f"{path}: is a pipe or a device, not a file"])
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
        if len(data) <= LONGEST:
            return data.decode("utf-8-sig")  # a byte-order mark, as Windows writes it
        wrong = f"is longer than {LONGEST:,} bytes: no pipeline file needs as many"
    except UnicodeDecodeError as error:
        wrong = f"is not UTF-8 text: byte {error.start + 1} is 0x{error.object[error.start]:02x}"
    except FileNotFoundError:
        wrong = f"no such file{_neighbour(path)}"
    except IsADirectoryError:
        wrong = f"is a folder; a pipeline is a TOML file{_inside(path)}"
    except (OSError, ValueError) as error:  # too long a name, a folder that nobody may enter, \0
        wrong = f"cannot be read: {getattr(error, 'strerror', None) or error}"
    raise PipelineError([f"{path}: {wrong}"])


def _neighbour(path: Path) -> str:
    """Offer the pipeline of the same folder whose name is nearest, or an example to start from."""
    stems = [p.stem for p in path.parent.glob("*.toml")]
    close = get_close_matches(path.stem, stems, n=1)
    meant = f"did you mean {path.with_name(f'{close[0]}.toml')}?" if close else ""
    return f" ({meant})" if meant else "; `study init` copies an example to start from"


def _inside(path: Path) -> str:
    """Name a pipeline of a folder, which may have other TOML files too."""
    files = (str(p) for p in sorted(path.glob("*.toml")) if _has_datasets(p))
    return "".join(f", such as {first}" for first in islice(files, 1))


def _has_datasets(path: Path) -> bool:
    try:
        return path.is_file() and b"datasets" in path.read_bytes()[:LONGEST]
    except OSError:
        return False


def parsed(text: str, path: Path) -> dict[str, object]:
    """Return what a text holds, or raise PipelineError with the place where it is no TOML."""
    if _MANY_PARTS.search(text):  # on which tomllib would spend a time that grows as their square
        raise PipelineError([f"{path}: a key has more than {PARTS} parts"])
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PipelineError([f"{path}: lists or tables are nested too deeply"]) from None
    except tomllib.TOMLDecodeError as error:
        kind = "" if path.suffix == ".toml" else "is not a pipeline, which is a TOML file: "
        line, column, sentence = _broken(str(error), text)
        problem = f"{path}: {kind}line {line}, column {column}: {sentence}"
        shown = pointed(path, text, offset_at(text, line, column), f"{kind}{sentence}")
        raise PipelineError([problem], [shown]) from None
    except ValueError:  # Python reads no longer number
        raise PipelineError([f"{path}: a number has more than 4,300 digits"]) from None


def _broken(message: str, text: str) -> tuple[int, int, str]:
    """Return the line and the column of tomllib's message, and a sentence.

    >>> _broken("Expected '=' after a key (at line 1, column 7)", "epochs")
    (1, 7, "expected '=' after a key")
    >>> _broken("Invalid value (at line 1, column 5)", "a = tanh")
    (1, 5, 'invalid value; text needs quotes')
    """
    words, _, place = message.removesuffix(")").partition(" (at ")
    if place == "end of document":
        place = f"line {text.count(NEWLINE) + 1}, column {len(text) - text.rfind(NEWLINE)}"
    line, column = map(int, re.findall(r"\d+", place))
    rest = text.split(NEWLINE)[line - 1][column - 1 :]
    sentence = words[:1].lower() + words[1:]
    return line, column, f"{_again(words) or sentence}{_hint(words, rest)}"


def _again(words: str) -> str:
    """Return the error of a duplicate in the file's own words, or nothing.

    >>> _again("Cannot declare ('search', 'pruner') twice")
    '[search.pruner] is declared for the second time'
    """
    if words.startswith("Cannot declare"):
        table = ".".join(re.findall(r"'([^']*)'", words))
        return f"[{table}] is declared for the second time"
    overwritten = words.startswith(("Cannot overwrite", "Cannot redefine"))
    return "this key or table is already defined above" if overwritten else ""


def _hint(words: str, rest: str) -> str:
    """Return what was probably meant by the rest of a line that is no TOML, or nothing."""
    if words == "Invalid value" and (name := re.match(r"[A-Za-z]\w*", rest)):
        word = name[0].lower()
        return f"; write {word}" if word in {"true", "false"} else "; text needs quotes"
    if words.startswith("Expected newline") and re.match(r"\s*,\s*\d", rest):
        return "; a decimal sign is a point"
    return ""


def overridden(text: str, path: Path, overrides: Iterable[str]) -> str:
    """Return the pipeline's text with every override applied, in order.

    KEY is a dotted TOML key, VALUE a TOML value, or text where it is none (`float64`). A parameter
    is fixed or searched, so setting it in one place takes it from the other.
    """
    import tomlkit  # slow to load, and seldom needed

    document = tomlkit.parse(text)
    for override in overrides:
        try:
            *tables, key = steps_of(override)
            _table(document, tables)[key] = _value(override.partition("=")[2].strip())
            _only_in(document, tables, key)
        except ValueError as error:
            raise PipelineError([f"{path}: --set {override}: {error}"]) from None
    return tomlkit.dumps(document)


def steps_of(override: str) -> list[str]:
    """Return the steps of an override's dotted key.

    >>> steps_of("search.repetitions=3")
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
        raise ValueError(f"{steps[0]} is in a table: write {' or '.join(meant)}")
    return steps


def _meant(key: str) -> list[str]:
    """Return the dotted keys that end in a key which is not at the top.

    >>> _meant("repetitions"), _meant("title")
    (['search.repetitions'], [])
    """
    names = keys()
    if any(other.split(".")[0] == key for other in names):
        return []
    return [other for other in names if other.endswith(f".{key}")]


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
            hint = "; text within it needs quotes" if re.match(r"[\[{].*[A-Za-z]", text) else ""
            raise ValueError(f"{text} is not a TOML value{hint}") from error
        return text
    return value


def _only_in(document: MutableMapping[str, Any], tables: list[str], key: str) -> None:
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
    """Return the table at a dotted key; make it if it is missing."""
    import tomlkit

    table = document
    for step in steps:
        if step not in table:
            table[step] = tomlkit.table()
        table = table[step]
        if not isinstance(table, MutableMapping):
            raise ValueError(f"{step} is not a table")  # noqa: TRY004  # invalid input
    return table
