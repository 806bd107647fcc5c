"""A replication of a study: the same pipeline under a name and a seed of its own."""

import re
from pathlib import Path

from study.plan.seeds import generator
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline

_NAME = re.compile(r"(?P<first>.+)-replication-(?P<number>[1-9]\d*)")


def seed(first: int, number: int) -> int:
    """Return the seed of a replication, 32 bits: it depends on the first seed and the number.

    >>> seed(0, 1), seed(0, 2), seed(1, 1)
    (2054557707, 3796097308, 89916528)
    """
    return int(generator("replication", first, number).integers(2**32))


def replication(first: Pipeline, folder: Path, number: int) -> Pipeline:
    """Return the pipeline of a replication of the results in `folder`.

    Everything but name and seed is kept: a table has the same rows, which are split again.
    """
    own = [
        f"name={folder.name}-replication-{number}",
        f"search.seed={seed(first.search.seed, number)}",
    ]
    return read_pipeline(first.text, folder / "pipeline.toml", own)


def replicated(name: str) -> tuple[str, int] | None:
    """Return the study that one of this name may replicate, and the number; None if it does not.

    >>> replicated("lab-replication-2"), replicated("lab")
    (('lab', 2), None)
    """
    match = _NAME.fullmatch(name)
    return None if match is None else (match["first"], int(match["number"]))
