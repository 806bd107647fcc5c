"""The record of a finished study: if it is unchanged, nothing is trained or tested."""

import hashlib
import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from study.execution.events import Finished
from study.spec.pipeline import Pipeline
from study.store.cached import keep, kept
from study.store.names import FINISHED
from study.store.state import state


class Ended(BaseModel):
    """How the runs of a finished study ended, and how many were trained again and compared."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    key: str
    runs: int
    diverged: int
    pruned: int
    certified: int


_ENDED = TypeAdapter(Ended)


def remembered(folder: Path, pipeline: Pipeline) -> Ended | None:
    """Return how a study ended if its folder, its pipeline and this program are unchanged."""
    ended = kept(folder / FINISHED, _ENDED)
    return ended if ended is not None and ended.key == _key(folder, pipeline, ended) else None


def remember(folder: Path, pipeline: Pipeline, finished: Finished) -> None:
    """Record how a study ended, unless a run failed or its repetition differed."""
    f = finished
    if f.failed or f.unlike:
        return
    ended = Ended(key="", runs=f.runs, diverged=f.diverged, pruned=f.pruned, certified=f.certified)
    if (key := _key(folder, pipeline, ended)) is not None:
        keep(ended.model_copy(update={"key": key}), folder / FINISHED, _ENDED)


def _key(folder: Path, pipeline: Pipeline, ended: Ended) -> str | None:
    """Return a checksum of a folder's content, the pipeline's text, its data, and these counts."""
    if (now := state(folder)) is None:
        return None
    data = {name: dataset.identity() for name, dataset in pipeline.datasets.items()}
    counts = ended.model_dump(exclude={"key"})
    asked = json.dumps([pipeline.text, data, counts], default=str, sort_keys=True)
    return hashlib.sha256(f"{now}\n{asked}".encode()).hexdigest()
