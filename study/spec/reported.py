"""All errors of a pipeline file in the order of the file, each with its line."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from study.errors import EMPTY, PipelineError
from study.space import Place
from study.spec.located import offset_of, pointed, positions
from study.terminal import visible


def pipeline_error(
    path: Path,
    data: Mapping[str, object],
    problems: Iterable[tuple[Place, str]],
    text: str,
    replaced: Sequence[list[str]],
) -> PipelineError:
    """Report every error at once, in the order of the file.

    `data` is what the file declares with its overrides, `text` the file itself. Keys that `--set`
    `replaced` have no line there.
    An empty list is not reported if each of its values is.
    """
    unique = dict.fromkeys(problems)
    inner = {place[:-1] for place, _ in unique if place and isinstance(place[-1], int)}
    orders: dict[int, dict[str, int]] = {}
    ordered = sorted(
        ((place, problem) for place, problem in unique if problem != EMPTY or place not in inner),
        key=lambda mistake: tuple(_order(data, mistake[0], orders)),
    )
    places = positions(text)
    sentences: list[str] = []
    shown: list[str] = []
    for place, sentence in ordered:
        problem = f"{where(place)}: {sentence}"
        offset = None if _within(place, replaced) else offset_of(places, place)
        sentences.append(f"{path}: {problem}")
        shown.append(
            visible(sentences[-1]) if offset is None else pointed(path, text, offset, problem)
        )
    return PipelineError(sentences, shown)


def _within(place: Place, replaced: Iterable[list[str]]) -> bool:
    """Return whether a place is one that `--set` gave."""
    return any([*place[: len(steps)]] == steps for steps in replaced)


def where(place: Iterable[int | str]) -> str:
    """Write a place as TOML would.

    >>> where(("search", "parameters", "activation", 1))
    'search.parameters.activation[1]'
    """
    steps = (step for step in place if step != "[key]")  # pydantic's mark of a table's key
    return "".join(f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in steps)[1:]


def _key(step: str) -> str:
    return step if re.fullmatch(r"[\w-]+", step, re.ASCII) else json.dumps(step, ensure_ascii=False)


def _order(data: object, place: Place, orders: dict[int, dict[str, int]]) -> Iterator[int]:
    """Yield the position of each step in its table; missing keys come last.

    `orders` keeps the order of each table's keys, since a long one may have many mistakes.
    """
    for step in place:
        if isinstance(data, Mapping):
            if id(data) not in orders:
                orders[id(data)] = {key: i for i, key in enumerate(data)}
            yield orders[id(data)].get(str(step), len(data))
            data = data.get(str(step))
        elif isinstance(step, int):
            yield step
            data = data[step] if isinstance(data, list) and step < len(data) else None
