"""A TOML file → a pipeline, or all its mistakes."""

import re
import stat
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from study.datasets import Dataset
from study.errors import PipelineError
from study.space import Mistake, known
from study.spec.partial import partial, unread
from study.spec.pipeline import Pipeline
from study.spec.problems import pipeline_error
from study.spec.rules import broken

NEWLINE = "\n"

PARTS = 100
_MANY_PARTS = re.compile(rf"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{PARTS}}}")

LONGEST = 100_000
"""Bytes of a pipeline file. Longer ones would take seconds to check, and no one would read them."""


def load_pipeline(path: str | Path, overrides: Sequence[str] = ()) -> Pipeline:
    """Read a pipeline file; each of `overrides`, as KEY=VALUE, replaces what the file says.

    Raises PipelineError with a line for each mistake.
    """
    return read_pipeline(_text(Path(path)), path, overrides)


def read_pipeline(text: str, path: str | Path, overrides: Sequence[str] = ()) -> Pipeline:
    """Read a pipeline's text, as `load_pipeline` does; `path` is what its mistakes name."""
    path = Path(path)
    data = _parse(text, path)
    if overrides:
        from study.spec.overrides import overridden

        text = overridden(text, path, overrides)
        data = _parse(text, path)
    wrong: list[Mistake] = []
    try:
        pipeline = Pipeline.model_validate(data)
    except ValidationError as error:
        wrong, pipeline = _told(error), partial(data)
    wrong += known([_unread(pipeline, path.parent)])
    if wrong := [*wrong, *broken(pipeline)]:
        raise pipeline_error(path, data, wrong)
    pipeline._text = text  # noqa: SLF001  # the one place where a pipeline learns its text
    return pipeline


def altered(pipeline: Pipeline) -> bool:
    """Say whether a pipeline is no longer what its text declares."""
    try:
        declared = Pipeline.model_validate(tomllib.loads(pipeline.text))
    except ValueError:  # it has none
        return True
    return declared.model_dump() != pipeline.model_dump()


def _told(error: ValidationError) -> list[Mistake]:
    return [(e["loc"], e["msg"]) for e in error.errors(include_url=False)]


def _unread(pipeline: Pipeline, folder: Path) -> Iterator[Mistake]:
    """Have every dataset read its file, and yield the errors of the files."""
    for name, dataset in pipeline.datasets.items():
        try:
            yield from known([_read(dataset, folder)])
        except ValidationError as error:
            unread(dataset)
            yield from ((("datasets", name, *place), says) for place, says in _told(error))


def _read(dataset: Dataset, folder: Path) -> Iterator[Mistake]:
    dataset.read(folder)
    yield from ()


def _text(path: Path) -> str:
    """Return the file's text, or raise PipelineError with the reason why there is none."""
    try:
        if (kind := path.stat().st_mode) and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            raise PipelineError([f"{path}: is no file but a pipe or a device, which may never end"])
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
    """Name the pipelines of a folder."""
    found = [str(p) for p in sorted(path.glob("*.toml"))]
    return f", such as {found[0]}" if found else ""


def _parse(text: str, path: Path) -> dict[str, object]:
    if _MANY_PARTS.search(text):  # on which tomllib would spend a time that grows as their square
        raise PipelineError([f"{path}: a key has more than {PARTS} parts"])
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PipelineError([f"{path}: lists or tables are nested too deeply"]) from None
    except tomllib.TOMLDecodeError as error:
        kind = "" if path.suffix == ".toml" else "is no pipeline, which is a TOML file: "
        raise PipelineError([f"{path}: {kind}{_broken(str(error), text)}"]) from None
    except ValueError:  # Python reads no longer number
        raise PipelineError([f"{path}: a number has more than 4,300 digits"]) from None


def _broken(message: str, text: str) -> str:
    """Put tomllib's place first, as a line and a column.

    >>> _broken("Expected '=' after a key (at line 1, column 7)", "epochs")
    "line 1, column 7: expected '=' after a key"
    >>> _broken("Invalid value (at line 1, column 5)", "a = tanh")
    'line 1, column 5: invalid value; text stands in quotes'
    """
    words, _, place = message.removesuffix(")").partition(" (at ")
    if place == "end of document":
        place = f"line {text.count(NEWLINE) + 1}, column {len(text) - text.rfind(NEWLINE)}"
    line, column = map(int, re.findall(r"\d+", place))
    rest = text.split(NEWLINE)[line - 1][column - 1 :]
    sentence = words[:1].lower() + words[1:]
    return f"{place}: {_again(words) or sentence}{_hint(words, rest)}"


def _again(words: str) -> str:
    """Say in the file's own words that something stands there twice, or nothing.

    >>> _again("Cannot declare ('search', 'pruner') twice")
    '[search.pruner] stands here for the second time'
    """
    if words.startswith("Cannot declare"):
        table = ".".join(re.findall(r"'([^']*)'", words))
        return f"[{table}] stands here for the second time"
    overwritten = words.startswith(("Cannot overwrite", "Cannot redefine"))
    return "what this names stands in the file already" if overwritten else ""


def _hint(words: str, rest: str) -> str:
    """Say what was probably meant by the rest of a line that is no TOML, or nothing."""
    if words == "Invalid value" and (found := re.match(r"[A-Za-z]\w*", rest)):
        word = found[0].lower()
        return f"; write {word}" if word in {"true", "false"} else "; text stands in quotes"
    if words.startswith("Expected newline") and re.match(r"\s*,\s*\d", rest):
        return "; a decimal sign is a point"
    return ""
