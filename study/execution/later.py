"""Which hypotheses were added, or changed, after results were there to be seen."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from study.errors import PipelineError
from study.spec.hypotheses import Hypothesis
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.store.files import PIPELINE
from study.store.provenance import added_later

WORDS = {"claim", "label"}
"""Keys that do not change what is tested."""


def later(
    folder: Path, stored: Iterable[Mapping[str, object]], pipeline: Pipeline
) -> dict[str, int]:
    """Return after how many repetitions hypotheses were added, by their ids.

    A hypothesis is new where the folder's pipeline file has none of its id that tests the same.
    Where that file cannot be read, all are taken for old ones.
    """
    before = added_later(folder)
    known = _known(folder)
    numbers = (row["repetition"] for row in stored)
    seen = max((n + 1 for n in numbers if isinstance(n, int)), default=0)
    marks = {
        h.id: before.get(h.id, 0) if known is None or known.get(h.id) == _tested(h) else seen
        for h in pipeline.hypotheses
    }
    return {name: n for name, n in marks.items() if n}


def _known(folder: Path) -> dict[str, object] | None:
    """Return what the folder's pipeline tests, by id; None where that is not known."""
    try:
        return {h.id: _tested(h) for h in load_pipeline(folder / PIPELINE).hypotheses}
    except (OSError, PipelineError):
        return None


def _tested(hypothesis: Hypothesis) -> object:
    return hypothesis.kind, hypothesis.model_dump(mode="json", exclude=WORDS)
