"""What of a stored study's file may change: nothing that its results depend on."""

from collections.abc import Iterator, Mapping

from study.errors import quoted
from study.plan.trials import planned
from study.space import PARAMETERS, Choices
from study.spec.pipeline import Pipeline

FREE = {"given_title", "hypotheses", "execution"}
"""Tables and keys that change no result."""

GROWING = {"trials", "confirm", "repetitions"}
"""Keys of [search] that may be raised: what is stored is a part of what is planned then."""


def changes(stored: Pipeline, pipeline: Pipeline) -> list[str]:
    """Say, a sentence each, what in `pipeline` contradicts the results of `stored`.

    Parameters are compared by what they amount to: a grid may grow by values, and by a parameter
    whose values contain what it was fixed at, since all runs of the old grid are in the new one.
    """
    found = list(_differences(_settled(stored), _settled(pipeline)))
    if not found and {r.run_id for r in planned(stored).runs} - _planned_ids(pipeline):
        found = list(_differences(_parameters(stored), _parameters(pipeline)))
    return found


def _planned_ids(pipeline: Pipeline) -> set[str]:
    return {run.run_id for run in planned(pipeline).runs}


def _settled(pipeline: Pipeline) -> dict[str, object]:
    """Return all that is to stay, under its path in the file; numbers that may grow apart."""
    tables = pipeline.model_dump(mode="json", exclude=FREE)
    tables["search"].pop("parameters")
    for exclude in tables["search"]["exclude"]:
        exclude.pop("reason")
    settled = dict(_flat(tables))
    return {path: v for path, v in settled.items() if path.rsplit(".", 1)[-1] not in PARAMETERS}


def _parameters(pipeline: Pipeline) -> dict[str, object]:
    """Return each parameter's values: the searched ones as lists, the fixed ones as they are."""
    searched = {
        name: list(d.choices) if isinstance(d, Choices) else d.model_dump(mode="json")
        for name, d in pipeline.search.parameters.items()
    }
    return {**pipeline.fixed, **searched}


def _flat(table: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _differences(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for path in [*old, *(path for path in new if path not in old)]:
        before, after = old.get(path), new.get(path)
        if before == after or (path.rsplit(".", 1)[-1] in GROWING and _grew(before, after)):
            continue
        yield f"{path} was {_shown(before)} and is {_shown(after)} now"


def _grew(before: object, after: object) -> bool:
    return isinstance(before, int) and isinstance(after, int) and before <= after


def _shown(value: object) -> str:
    return "absent" if value is None else quoted(value)
