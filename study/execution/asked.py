"""Whether the sampler of a finished search received the objective that it would receive now."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from study.plan.trials import planned
from study.space import PARAMETERS
from study.spec.pipeline import Pipeline
from study.store.provenance import finished
from study.store.stored import read_whole
from study.training.summary import Row, objective


def other_objective(
    folder: Path, stored: Mapping[str, Mapping[str, Any]], pipeline: Pipeline
) -> list[str]:
    """Return the difference, if any: its file declares no metric, and the default has changed.

    A search would propose other trials now, and the stored ones would be lost. Trials with a
    missing run, and a missing or damaged table, show nothing.
    """
    if planned(pipeline).known or finished(folder) is None:
        return []
    try:
        trials = read_whole(folder, "trials").to_pylist()
    except OSError:
        return []
    aim, n = pipeline.search.aims[0], pipeline.search.repetitions
    runs: dict[tuple[object, ...], list[Row]] = {}
    for row in stored.values():
        if row["repetition"] < n:
            runs.setdefault(_key(row), []).append(row)
    for trial in trials:
        own = runs.get(_key(trial), [])
        searched = trial["phase"] not in {"confirm", "decide"} and trial["state"] == "completed"
        if searched and len(own) == n and objective(own, aim) != trial["objective"]:
            return [f"its sampler received another objective than {aim.metric}"]
    return []


def _key(row: Mapping[str, object]) -> tuple[object, ...]:
    return row["dataset"], *(row[name] for name in PARAMETERS)
