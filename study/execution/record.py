"""The provenance.json of one execution: its notes, and the hypotheses added after results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from study.errors import PipelineError
from study.execution.events import Noted
from study.spec.hypotheses import Hypothesis
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.store.names import PIPELINE
from study.store.provenance import added_later, write_provenance
from study.training import compiled

WORDS = {"claim", "label"}
"""Keys of a hypothesis that do not change what is tested."""


@dataclass
class Record:
    """The notes of one execution so far, and the folder whose provenance.json has them.

    `added` holds the hypotheses that were added after results, see `later`.
    """

    folder: Path
    command: Sequence[str]
    started: datetime
    added: Mapping[str, int]
    notes: list[str] = field(default_factory=list)

    def note(
        self,
        sentences: Iterable[str],
        *,
        finished: datetime | None = None,
        ended: Mapping[str, str] | None = None,
    ) -> list[Noted]:
        """Write the file with more sentences, and return these as events.

        Another event is added if the earlier executions had another fingerprint.
        """
        new = [*sentences]
        self.notes += new
        changed = write_provenance(
            self.folder,
            command=self.command,
            started=self.started,
            finished=finished,
            notes=self.notes,
            ended=ended,
            added=self.added,
            updates=compiled.backend().message,
        )
        if changed is not None:
            self.notes.append(changed)
            new.append(changed)
        return [*map(Noted, new)]


def later(
    folder: Path, stored: Iterable[Mapping[str, object]], pipeline: Pipeline
) -> dict[str, int]:
    """Return after how many repetitions hypotheses were added or changed, by their ids.

    A hypothesis is new if the folder's pipeline file has none of its id that tests the same.
    If that file cannot be read, all hypotheses count as old.
    """
    before = added_later(folder)
    last = _last(folder)
    numbers = (row["repetition"] for row in stored)
    seen = max((n + 1 for n in numbers if isinstance(n, int)), default=0)
    marks = {
        h.id: before.get(h.id, 0) if last is None or last.get(h.id) == _tested(h) else seen
        for h in pipeline.hypotheses
    }
    return {name: n for name, n in marks.items() if n}


def _last(folder: Path) -> dict[str, object] | None:
    """Return what the folder's pipeline tests, by id; None if that is unknown."""
    try:
        return {h.id: _tested(h) for h in load_pipeline(folder / PIPELINE).hypotheses}
    except (OSError, PipelineError):
        return None


def _tested(hypothesis: Hypothesis) -> object:
    return hypothesis.kind, hypothesis.model_dump(mode="json", exclude=WORDS)
