"""What a pipeline file may say, but this version cannot do."""

from collections.abc import Iterator

from study.errors import not_one_of
from study.samplers.methods import METHODS
from study.space import Place
from study.spec.pipeline import Pipeline

_ABSENT = "is not available in this version"


def unavailable(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield each part of the file that is right by its grammar and cannot be had."""
    search = pipeline.search
    if search.method not in METHODS:
        yield ("search", "method"), not_one_of(search.method, METHODS, later=[search.method])
    for key in ("confirm", "compare_with", "pruner"):
        if getattr(search, key) is not None:
            yield ("search", key), _ABSENT
    if search.objectives is not None:
        yield ("search", "objectives"), f"{_ABSENT}, which has one [search.objective]"
    if pipeline.execution.executor.startswith("tcp://"):
        place = ("execution", "executor")
        yield place, f"'tcp://…' {_ABSENT}, which has inline, processes"
