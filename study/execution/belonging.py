"""Whether the results in a folder belong to a pipeline, judged by its file and the runs."""

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.errors import PipelineError, quoted
from study.metrics import METRICS
from study.plan.trials import foreign, planned
from study.samplers.methods import METHODS
from study.space import PARAMETERS, Choices
from study.spec.constraints import described
from study.spec.load import load_pipeline, read_pipeline
from study.spec.pipeline import Pipeline
from study.store.kinds import content
from study.store.names import PIPELINE
from study.store.provenance import finished
from study.store.stored import read_whole
from study.training.summary import Row, objective

FREE = {"given_title", "description", "hypotheses", "execution"}
"""Tables and keys that change no result."""

GROWING = {True: {"search.repetitions"}, False: {"search.trials", "search.confirm"}}
"""Keys that may be raised, for a grid and for other methods: stored runs are then still planned."""

RANKS = ("search.objective.", "search.constraints")
"""Keys that only rank the trials of a grid; the sampler of another method depends on them."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """How the results in a folder and a pipeline match.

    `refusal`: why they do not. `wrong`: why the pipeline file there must be written again, and
    `copies`: why the copies of its data must. Not `sure`: the file was wrong, and the stored runs
    alone do not identify a search, so it must not train or remove any run.
    """

    refusal: str | None = None
    wrong: str | None = None
    copies: str | None = None
    sure: bool = True


def belonging(
    folder: Path, stored: Mapping[str, Mapping[str, Any]], pipeline: Pipeline
) -> Belonging:
    """Return whether stored runs belong to a pipeline.

    The file in the folder decides, unless it is missing or damaged, or does not describe the stored
    runs itself. Then the file or a copy of the data was changed, and the ids of the runs decide,
    which are hashes of their descriptions.
    """
    lacks = _objective_lacks(folder, stored, pipeline)
    if not stored or lacks:
        return Belonging(refusal=lacks)
    unlike = foreign(pipeline, stored)
    kept, why = _read(folder / PIPELINE)
    if kept is not None:
        differences = changes(kept, pipeline)
        if not differences and not unlike:
            other = _other_objective(folder, stored, pipeline)
            return _refused(folder, other) if other else Belonging()
        if unlike or not foreign(kept, stored):
            others = f"{unlike} of its runs would give other numbers in this version"
            return _refused(folder, differences or [others])
        why = "does not describe the stored runs"
    elif unlike:
        return _refused(folder, [f"{PIPELINE} {why}, and {unlike} runs do not belong to this one"])
    if _differs_in_copies_alone(folder / PIPELINE, pipeline):
        return Belonging(copies="copied the data again: a copy in data/ was missing or changed")
    grid = planned(pipeline).listed
    return Belonging(wrong=f"{PIPELINE} {why}{', so it is written again' * grid}", sure=grid)


def _read(path: Path) -> tuple[Pipeline | None, str]:
    """Return the pipeline in a folder, or the reason why it cannot be read."""
    if not path.is_file():
        return None, "is gone"
    try:
        return load_pipeline(path), ""
    except PipelineError as error:
        return None, f"is no longer valid ({error.mistakes[0]})"


def _differs_in_copies_alone(path: Path, pipeline: Pipeline) -> bool:
    """Return whether the folder's file matches the pipeline once it reads the original data."""
    files = {name: data.file for name, data in pipeline.datasets.items() if data.file is not None}
    if not files or not path.is_file():
        return False
    places = [f"datasets.{name}.path={json.dumps(str(file))}" for name, file in files.items()]
    try:
        return not changes(read_pipeline(content(path).decode(), path, places), pipeline)
    except (PipelineError, UnicodeDecodeError):
        return False


def _refused(folder: Path, differences: list[str]) -> Belonging:
    lines = [f"{folder} contains the results of another pipeline:"]
    lines += [f"  {sentence}" for sentence in differences]
    lines += ["Give this one another name, or set the old results aside with --fresh."]
    return Belonging(refusal="\n".join(lines))


def _other_objective(
    folder: Path, stored: Mapping[str, Mapping[str, Any]], pipeline: Pipeline
) -> list[str]:
    """Return the difference, if any: its file declares no metric, and the default has changed.

    A search would propose other trials now, and the stored ones would be lost. Trials with a
    missing run, and a missing or damaged table, are no evidence.
    """
    if planned(pipeline).listed or finished(folder) is None:
        return []
    try:
        trials = read_whole(folder, "trials").to_pylist()
    except OSError:
        return []
    aim, n = pipeline.search.aims[0], pipeline.search.repetitions
    runs: dict[tuple[object, ...], list[Row]] = {}
    for row in stored.values():
        if row["repetition"] < n:
            runs.setdefault(_trial_key(row), []).append(row)
    for trial in trials:
        own = runs.get(_trial_key(trial), [])
        searched = trial["phase"] not in {"confirm", "decide"} and trial["state"] == "completed"
        if searched and len(own) == n and objective(own, aim) != trial["objective"]:
            return [f"its sampler received another objective than {aim.metric}"]
    return []


def _objective_lacks(
    folder: Path, stored: Mapping[str, Mapping[str, Any]], pipeline: Pipeline
) -> str | None:
    """Report stored runs that lack a ranking metric, and would count as the worst; or None.

    They were trained before it existed.
    """
    search = pipeline.search
    asked = [("objective", aim.metric) for aim in search.aims]
    asked += [("constraint", limit.metric) for limit in search.constraints]
    for what, metric in asked:
        if (beside := METRICS[metric].measured_with) is None:
            continue
        without = [row[beside] for row in stored.values() if row[metric] is None]
        if lacks := sum(best is not None and not math.isnan(best) for best in without):
            return (
                f"{lacks} runs in {folder} were stored before the {what} {metric} "
                f"existed, and lack it. Give another {what} or another name, or set the old "
                "results aside with --fresh."
            )
    return None


def _trial_key(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["dataset"], *(row[name] for name in PARAMETERS)


def changes(stored: Pipeline, pipeline: Pipeline) -> list[str]:
    """Describe, a sentence each, what in `pipeline` contradicts the results of `stored`.

    A grid's parameters are compared by their values: it may gain values, and a parameter
    whose values include the one at which it was fixed, since the new grid then includes all runs
    of the old one. Another method would propose other trials in any other space, or with another
    objective, so there these must not change.
    """
    grid = all(METHODS[p.search.method].finite for p in (stored, pipeline))
    old, new = (_settled(one, grid=grid) for one in (stored, pipeline))
    if differences := list(_differences(old, new, GROWING[grid])):
        return differences
    differences = list(_differences(_parameters(stored), _parameters(pipeline)))
    return [] if differences and grid and _contains(pipeline, stored) else differences


def _contains(pipeline: Pipeline, stored: Pipeline) -> bool:
    """Return whether a grid has all runs of another."""
    has = {run.run_id for run in planned(pipeline).runs}
    return all(run.run_id in has for run in planned(stored).runs)


def _settled(pipeline: Pipeline, *, grid: bool) -> dict[str, object]:
    """Return everything that must not change, by its path in the file, but no growing numbers."""
    tables = pipeline.model_dump(mode="json", exclude=FREE)
    tables["datasets"] = {name: data.identity() for name, data in pipeline.datasets.items()}
    tables["search"].pop("parameters")
    tables["search"].pop("decide")
    for exclude in tables["search"]["exclude"]:
        exclude.pop("reason")
    tables["search"]["constraints"] = [described(limit) for limit in pipeline.search.constraints]
    settled = {k: v for k, v in _flat(tables) if not (grid and k.startswith(RANKS))}
    return {path: v for path, v in settled.items() if path.rsplit(".", 1)[-1] not in PARAMETERS}


def _parameters(pipeline: Pipeline) -> dict[str, object]:
    """Return each parameter's values: the searched ones as lists, the fixed ones as they are."""
    parameters: dict[str, object] = dict(pipeline.fixed)
    for name, d in pipeline.search.parameters.items():
        rest = d.model_dump(mode="json", exclude={"when"})
        parameters[name] = list(d.choices) if isinstance(d, Choices) else rest
        if d.when:
            parameters[f"search.parameters.{name}.when"] = d.when
    return parameters


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
    """Return whether a count is at least as large as before; None counts as 0."""
    return isinstance(after, int) and (
        before is None or (isinstance(before, int) and before <= after)
    )


def _changed(before: object, after: object) -> str:
    """Describe a change: for lists too long to be shown, the values removed and added."""
    was, now = _shown(before), _shown(after)
    whole = _whole(before) and _whole(after)
    if not whole and isinstance(before, list) and isinstance(after, list):
        gone = [value for value in before if value not in after]
        new = [value for value in after if value not in before]
        parts = [f"lacks {quoted(gone)}"] * bool(gone) + [f"adds {quoted(new)}"] * bool(new)
        return " and ".join(parts) or "has another order"
    return f"was {was} and is {now}"


def _whole(value: object) -> bool:
    """Return whether a value is shown without a cut."""
    return not _shown(value).endswith("…")


def _shown(value: object) -> str:
    return "absent" if value is None else quoted(value)
