"""The lines that report a study's events, on a terminal or in a log."""

import math

from study.execution.events import Drawing, Event, Extended, Finished, Noted, StackDone, Started
from study.units import amount, count_of, duration


def lines_of(event: Event, *, verbose: bool = False) -> list[str]:
    """Return the lines that report an event, next to the running count."""
    match event:
        case Noted() | Extended():
            lines = [f"note: {event.sentence if isinstance(event, Noted) else extended(event)}"]
        case Started():
            lines = [_started(event)]
        case Drawing():
            lines = [] if event.total else ["drawing the report"]
        case StackDone():
            failed = f"{count_of(event.failed, 'run')} on {event.dataset} failed: {event.reason}"
            lines = [failed] * bool(event.failed) + [_stack(event)] * verbose
        case Finished():
            lines = phases(event)
    return lines


def _started(event: Started) -> str:
    """Return the line for the start: how many runs are missing, and how long they take."""
    if event.stored == event.runs:
        return f"all {count_of(event.runs, 'run')} are stored already: nothing to train"
    stored = f" ({amount(event.stored)} are stored already)" if event.stored else ""
    time_left = duration(event.work / event.workers)
    missing = f"training {count_of(event.runs - event.stored, 'run')}{stored}"
    return f"{missing} with {count_of(event.workers, 'worker')}, about {time_left}"


def extended(event: Extended) -> str:
    """Return why runs are added.

    >>> extended(Extended(1, 15, 10, 2.0)), extended(Extended(0, 15, 1, 2.0))
    ('1 verdict is undecided: 10 more runs, up to repetition 15', \
'repetitions were added before: 1 more run, up to repetition 15')
    """
    count = event.verdicts
    why = f"{count_of(count, 'verdict')} {'is' if count == 1 else 'are'} undecided"
    why = why if count else "repetitions were added before"
    more = count_of(event.runs, "more run")
    return f"{why}: {more}, up to repetition {amount(event.repetitions)}"


def drawing_sentence(event: Drawing) -> str:
    """Return the progress of the report.

    >>> drawing_sentence(Drawing(0, 0)), drawing_sentence(Drawing(3, 18))
    ('drawing the report: reading the results', 'drawing the report: 3 of 18 sections')
    """
    done = f"{event.done} of {event.total} sections" if event.total else "reading the results"
    return f"drawing the report: {done}"


def _stack(event: StackDone) -> str:
    """Return the line of a stack that left its worker."""
    counts = ((event.diverged, "diverged"), (event.pruned, "pruned"), (event.failed, "failed"))
    ends = "".join(f", {amount(n)} {word}" for n, word in counts if n)
    best = f"; best {event.metric} {event.best:.2g}" if math.isfinite(event.best) else ""
    return f"stack: {count_of(event.runs, 'run')} on {event.dataset}{ends}{best}"


def phases(finished: Finished) -> list[str]:
    """Return a line for training and one for the certificate, each with its time.

    >>> from pathlib import Path
    >>> phases(Finished(Path(), 9, 4, 0, 0, 0, 9.0, 2.0, 1, certified=8, certify_seconds=4.0))
    ['train:   4 runs in 5 s', 'certify: 8 of 8 runs, trained again, are bit-identical, in 4 s']
    """
    f, lines = finished, []
    if f.trained:
        trained = count_of(f.trained, "run")
        lines.append(f"train:   {trained} in {duration(f.seconds - f.certify_seconds)}")
    if f.certified:
        same = f"{f.certified - f.unlike} of {count_of(f.certified, 'run')}, trained again, are"
        lines.append(f"certify: {same} bit-identical, in {duration(f.certify_seconds)}")
    return lines
