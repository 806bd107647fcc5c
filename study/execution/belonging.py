"""Whether the results in a folder belong to a pipeline, judged by its file and the runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from study.errors import PipelineError
from study.execution.asked import other_objective
from study.plan.belonging import foreign
from study.plan.changes import changes
from study.plan.trials import planned
from study.spec.load import load_pipeline, read_pipeline
from study.spec.pipeline import Pipeline
from study.store.files import PIPELINE
from study.store.kinds import content


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
    runs itself. In that case it was changed, or a copy of the data was, and the ids of the runs
    decide, which are hashes of their descriptions.
    """
    if not stored:
        return Belonging()
    unlike = foreign(pipeline, stored)
    kept, why = _read(folder / PIPELINE)
    if kept is not None:
        found = changes(kept, pipeline)
        if not found and not unlike:
            other = other_objective(folder, stored, pipeline)
            return _refused(folder, other) if other else Belonging()
        if unlike or not foreign(kept, stored):
            others = f"{unlike} of its runs would give other numbers in this version"
            return _refused(folder, found or [others])
        why = "does not describe the stored runs"
    elif unlike:
        return _refused(folder, [f"{PIPELINE} {why}, and {unlike} runs are not of this one"])
    if _differs_in_copies_alone(folder / PIPELINE, pipeline):
        return Belonging(copies="copied the data again: a copy in data/ was missing or changed")
    known = planned(pipeline).known
    return Belonging(wrong=f"{PIPELINE} {why}{', so it is written again' * known}", sure=known)


def _read(path: Path) -> tuple[Pipeline | None, str]:
    """Return the pipeline in a folder, or the reason why it cannot be read."""
    if not path.is_file():
        return None, "is gone"
    try:
        return load_pipeline(path), ""
    except PipelineError as error:
        return None, f"is not valid any more ({error.mistakes[0]})"


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


def _refused(folder: Path, found: list[str]) -> Belonging:
    says = [f"{folder} holds the results of another pipeline:"]
    says += [f"  {sentence}" for sentence in found]
    says += ["Give this one another name, or set the old results aside with --fresh."]
    return Belonging(refusal="\n".join(says))
