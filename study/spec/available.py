"""What a pipeline file may say, but this version cannot do."""

from collections.abc import Iterator

from study.space import Place
from study.spec.pipeline import Pipeline


def unavailable(pipeline: Pipeline) -> Iterator[tuple[Place, str]]:
    """Yield each part of the file that is right by its grammar and cannot be had."""
    if pipeline.execution.executor.startswith("tcp://"):
        says = "'tcp://…' is not available in this version, which has inline, processes"
        yield ("execution", "executor"), says
