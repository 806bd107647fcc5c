"""What of a stored study's file may change: nothing that its results depend on."""

from collections.abc import Collection, Iterator, Mapping

from study.errors import quoted
from study.plan.trials import planned
from study.samplers.methods import METHODS
from study.space import PARAMETERS, Choices
from study.spec.pipeline import Pipeline

FREE = {"given_title", "hypotheses", "execution"}
"""Tables and keys that change no result."""

GROWING = {True: {"search.repetitions"}, False: {"search.trials", "search.confirm"}}
"""Keys that may be raised, of a grid and of other methods: what is stored is then a part of what
is planned."""


RANKS = "search.objective."
"""Keys that only rank the trials of a grid; the sampler of another method depends on them."""


def changes(stored: Pipeline, pipeline: Pipeline) -> list[str]:
    """Say, a sentence each, what in `pipeline` contradicts the results of `stored`.

    A grid's parameters are compared by what they amount to: it may grow by values, and by a
    parameter whose values contain what it was fixed at, since all runs of the old grid are in the
    new one. Another method would propose otherwise in any other space, or by another objective, so
    there these stay.
    """
    grid = all(METHODS[p.search.method].finite for p in (stored, pipeline))
    old, new = (_settled(one, grid=grid) for one in (stored, pipeline))
    if found := list(_differences(old, new, GROWING[grid])):
        return found
    found = list(_differences(_parameters(stored), _parameters(pipeline)))
    return [] if found and grid and _contains(pipeline, stored) else found


def _contains(pipeline: Pipeline, stored: Pipeline) -> bool:
    """Say whether a grid has all runs of another."""
    has = {run.run_id for run in planned(pipeline).runs}
    return all(run.run_id in has for run in planned(stored).runs)


def _settled(pipeline: Pipeline, *, grid: bool) -> dict[str, object]:
    """Return all that is to stay, under its path in the file; numbers that may grow apart."""
    tables = pipeline.model_dump(mode="json", exclude=FREE)
    tables["datasets"] = {name: data.identity() for name, data in pipeline.datasets.items()}
    tables["search"].pop("parameters")
    tables["search"].pop("decide")
    for exclude in tables["search"]["exclude"]:
        exclude.pop("reason")
    settled = {k: v for k, v in _flat(tables) if not (grid and k.startswith(RANKS))}
    return {path: v for path, v in settled.items() if path.rsplit(".", 1)[-1] not in PARAMETERS}


def _parameters(pipeline: Pipeline) -> dict[str, object]:
    """Return each parameter's values: the searched ones as lists, the fixed ones as they are."""
    found: dict[str, object] = dict(pipeline.fixed)
    for name, d in pipeline.search.parameters.items():
        rest = d.model_dump(mode="json", exclude={"when"})
        found[name] = list(d.choices) if isinstance(d, Choices) else rest
        if d.when:
            found[f"search.parameters.{name}.when"] = d.when
    return found


def _flat(table: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _differences(
    old: Mapping[str, object], new: Mapping[str, object], growing: Collection[str] = ()
) -> Iterator[str]:
    for path in [*old, *(path for path in new if path not in old)]:
        before, after = old.get(path), new.get(path)
        if before == after or (path in growing and _grew(before, after)):
            continue
        yield f"{path} {_changed(before, after)} now"


def _grew(before: object, after: object) -> bool:
    """Say whether a count is at least what it was; none is nought."""
    return isinstance(after, int) and (
        before is None or (isinstance(before, int) and before <= after)
    )


def _changed(before: object, after: object) -> str:
    """Say what was and what is: of lists too long to be shown what is gone and what is new."""
    was, now = _shown(before), _shown(after)
    if was == now and isinstance(before, list) and isinstance(after, list):
        gone = [value for value in before if value not in after]
        new = [value for value in after if value not in before]
        parts = [f"lacks {quoted(gone)}"] * bool(gone) + [f"has {quoted(new)} more"] * bool(new)
        return " and ".join(parts) or "has another order"
    return f"was {was} and is {now}"


def _shown(value: object) -> str:
    return "absent" if value is None else quoted(value)
