"""Events → the terminal: a live line on a terminal, plain lines elsewhere."""

import json
import math
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from typing_extensions import override

from study.event_lines import drawing_sentence, lines_of
from study.execution.events import Drawing, Event, Extended, StackDone, Started
from study.terminal import visible
from study.units import amount, duration

PAUSE = 5.0
"""Seconds between two plain lines."""

FRAME = 0.1
"""Seconds between two updates of the live line, so that thousands of short stacks cost little."""


class Display(ABC):
    """Shows events as they arrive, and releases the terminal when closed."""

    @abstractmethod
    def show(self, event: Event) -> None:
        """Show one event."""

    def close(self) -> None:  # noqa: B027  # most displays hold nothing
        """Release the terminal."""


class Quiet(Display):
    """Shows nothing; the exit code is the only result."""

    @override
    def show(self, event: Event) -> None:
        """Show nothing."""


class Json(Display):
    """Writes each event as one line of JSON, its kind under `event`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @override
    def show(self, event: Event) -> None:
        print(event_json(event), file=self._stream, flush=True)


def event_json(event: Event) -> str:
    """Return an event as one line of JSON; ∞ becomes null.

    >>> from study.execution.events import Noted
    >>> event_json(Noted("one part was mended"))
    '{"event": "noted", "sentence": "one part was mended"}'
    """
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()
    fields = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in asdict(event).items()
    }
    return json.dumps({"event": kind, **fields}, default=str)


EARLY = 5.0
"""Seconds of the forecast that are averaged with the measured speed, which varies at first."""


class Tally:
    """The counts of the runs so far, and the time until the rest is done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.total = self.done = self.diverged = self.pruned = self.failed = 0
        self.best: dict[str, float] = {}
        self.metric = ""
        self._work = self._worked = self._expected = 0.0
        self._correction = 1.0
        self._began = clock()

    def add(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, Started):
            self.total, self.done = self.total + event.runs, self.done + event.stored
            self._work += event.work
            self._correction = event.correction
            self._expected += event.work / event.workers
        elif isinstance(event, Extended):
            self.total += event.runs
            self._work += event.work * self._correction
        elif isinstance(event, StackDone):
            self.done += event.runs
            self.diverged += event.diverged
            self.pruned += event.pruned
            self.failed += event.failed
            self._worked += event.work * self._correction
            self.metric, better = event.metric, min if event.goal == "minimize" else max
            self.best[event.dataset] = better(event.best, self.best.get(event.dataset, event.best))

    @property
    def left(self) -> float | None:
        """Seconds until the known runs are done; None while there is no estimate."""
        if not self._worked or not self._work:  # no forecast if a run is repeated
            return None
        spent, share = self._clock() - self._began, self._worked / self._work
        expected = self._expected or spent
        pace = (spent + EARLY) / (share + EARLY / expected)
        return max(pace * (1 - share), 0.0)

    @property
    def sentence(self) -> str:
        """All counts in one line."""
        parts = [f"{amount(self.done)} of {amount(self.total)} runs"]
        parts += [f"{amount(n)} {word}" for n, word in self._unlucky if n]
        if self.left is not None and self.done < self.total:
            parts.append(f"{duration(self.left)} left")
        best = ", ".join(f"{d} {v:.2g}" for d, v in self.best.items() if math.isfinite(v))
        return ", ".join(parts) + (f"; best {self.metric} of a run: {best}" if best else "")

    @property
    def _unlucky(self) -> tuple[tuple[int, str], ...]:
        return (
            (self.diverged, "diverged"), (self.pruned, "pruned"), (self.failed, "failed"),
        )  # fmt: skip


class Lines(Display):
    """Writes a plain line every few seconds, and failures as they happen."""

    def __init__(self, stream: TextIO, *, verbose: bool = False) -> None:
        self._stream, self._verbose = stream, verbose
        self._tally, self._next = Tally(), 0.0

    @override
    def show(self, event: Event) -> None:
        self._tally.add(event)
        for line in lines_of(event, verbose=self._verbose):
            self._write(line)
        done = self._tally.done == self._tally.total
        if isinstance(event, StackDone) and (done or time.monotonic() >= self._next):
            self._next = time.monotonic() + PAUSE
            self._write(self._tally.sentence)

    def _write(self, line: str) -> None:
        print(visible(line), file=self._stream, flush=True)


class Live(Display):
    """Keeps one line up to date, with a bar, and writes notes and failures above it.

    It uses no thread, which might write to a terminal that was closed.
    """

    def __init__(self, console: Console, *, verbose: bool = False) -> None:
        self._tally, self._next, self._verbose = Tally(), 0.0, verbose
        columns = BarColumn(bar_width=24), TextColumn("{task.description}", markup=False)
        self._progress = Progress(
            *columns, console=console, transient=True, auto_refresh=False, redirect_stderr=False
        )
        self._task = self._progress.add_task("", total=None)
        self._progress.start()

    @override
    def show(self, event: Event) -> None:
        self._tally.add(event)
        for line in (lines := lines_of(event, verbose=self._verbose)):
            self._progress.console.print(visible(line), highlight=False, markup=False, emoji=False)
        done, total, text = self._tally.done, self._tally.total, self._tally.sentence
        if isinstance(event, Drawing):
            done, total, text = event.done, event.total, drawing_sentence(event)
        self._progress.update(self._task, total=total or None, completed=done, description=text)
        if lines or isinstance(event, Drawing) or time.monotonic() >= self._next:
            self._next = time.monotonic() + FRAME
            self._progress.refresh()

    @override
    def close(self) -> None:
        with suppress(OSError):  # the terminal may be closed
            self._progress.stop()


def display(
    stream: TextIO, *, quiet: bool = False, verbose: bool = False, as_json: bool = False
) -> Display:
    """Return the display that suits a stream."""
    if as_json:
        return Json(stream)
    if quiet:
        return Quiet()
    console = Console(file=stream)
    moves = console.is_terminal and not console.is_dumb_terminal
    return Live(console, verbose=verbose) if moves else Lines(stream, verbose=verbose)
