"""Mistakes as sentences: `PATH: table.key[index]: what is right, and what was got`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from study.errors import PipelineError
from study.space import EMPTY, Place


def pipeline_error(
    path: Path, data: Mapping[str, object], found: Iterable[tuple[Place, str]]
) -> PipelineError:
    """Report every mistake at once, in the order of the file; `data` is what stands in it.

    That a list is empty is no mistake of its own where each of its values is one.
    """
    mistakes = dict.fromkeys(found)
    inner = {place[:-1] for place, _ in mistakes if place and isinstance(place[-1], int)}
    known: dict[int, dict[str, int]] = {}
    ordered = sorted(
        ((place, says) for place, says in mistakes if says != EMPTY or place not in inner),
        key=lambda mistake: tuple(_order(data, mistake[0], known)),
    )
    return PipelineError(f"{path}: {where(place)}: {sentence}" for place, sentence in ordered)


def where(place: Iterable[int | str]) -> str:
    """Write a place as TOML would.

    >>> where(("search", "parameters", "activation", 1))
    'search.parameters.activation[1]'
    """
    steps = (step for step in place if step != "[key]")  # pydantic's mark of a table's key
    return "".join(f"[{step}]" if isinstance(step, int) else f".{_key(step)}" for step in steps)[1:]


def _key(step: str) -> str:
    return step if re.fullmatch(r"[\w-]+", step, re.ASCII) else json.dumps(step, ensure_ascii=False)


def _order(data: object, place: Place, known: dict[int, dict[str, int]]) -> Iterator[int]:
    """Yield, step by step, where in its table the place stands; what is missing comes last.

    `known` keeps the order of each table's keys, since a long one may have many mistakes.
    """
    for step in place:
        if isinstance(data, Mapping):
            if id(data) not in known:
                known[id(data)] = {key: i for i, key in enumerate(data)}
            yield known[id(data)].get(str(step), len(data))
            data = data.get(str(step))
        elif isinstance(step, int):
            yield step
            data = data[step] if isinstance(data, list) and step < len(data) else None
