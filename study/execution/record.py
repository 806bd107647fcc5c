"""What provenance.json says of an execution: what made its numbers, and what happened."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from study.execution.events import Noted
from study.store.provenance import write_provenance


class Record:
    """The notes of one execution so far, and the file that they are written to."""

    def __init__(
        self,
        folder: Path,
        command: Sequence[str],
        started: datetime,
        added: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Begin with no note; `added` is written each time, see `write_provenance`."""
        self._folder, self._command, self._started = folder, command, started
        self._added = added
        self._notes: list[str] = []

    def write(
        self,
        notes: Iterable[str] = (),
        finished: datetime | None = None,
        ended: Mapping[str, str] | None = None,
    ) -> Iterator[Noted]:
        """Write it, with some more notes; note where other things made the numbers before."""
        self._notes += notes
        changed = write_provenance(
            self._folder,
            command=self._command,
            started=self._started,
            finished=finished,
            notes=self._notes,
            ended=ended,
            added=self._added,
        )
        if changed is not None:
            self._notes.append(changed)
            yield Noted(changed)


def lost(count: int) -> list[str]:
    """Say how often the loss of a worker was made good, if it was.

    >>> lost(2)
    ['workers were lost 2 times: what they were training was begun again']
    """
    times = "once" if count == 1 else f"{count} times"
    return [f"workers were lost {times}: what they were training was begun again"] if count else []
