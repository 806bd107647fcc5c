"""What a running study tells: frozen events, so that whoever asked decides what to show."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from study.metrics import Goal


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a reader of the results should know, in a sentence."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Started:
    """So many runs are expected, and so many of them stored already.

    `work` is the expected time of the missing runs, in seconds of one worker. It includes the
    factor `correction`, by which stored runs took longer than estimated; the `work` of other events
    does not. A search may end with fewer runs.
    """

    folder: Path
    runs: int
    stored: int
    workers: int
    work: float
    correction: float = 1.0


@dataclass(frozen=True, slots=True)
class Extended:
    """Undecided `verdicts` get more runs, up to `repetitions`; 0 verdicts: added before.

    `work` is what they are expected to take, in seconds of one worker.
    """

    verdicts: int
    repetitions: int
    runs: int
    work: float


@dataclass(frozen=True, slots=True)
class StackDone:
    """A stack left its worker: how the runs ended that did, and `best`, the best of their `metric`.

    `work` is what that was expected to take, in seconds of one worker, or what pruning spared.
    """

    dataset: str
    runs: int
    diverged: int
    pruned: int
    failed: int
    best: float
    work: float
    reason: str | None = None
    metric: str = "final_train_loss"
    goal: Goal = "minimize"


@dataclass(frozen=True, slots=True)
class Finished:
    """All planned runs are stored; `seconds` is wall time, `loop_seconds` workers' epoch loops.

    Of the runs that were trained again for the certificate, `certified`, some may be `unlike` what
    is stored.
    """

    folder: Path
    runs: int
    trained: int
    diverged: int
    pruned: int
    failed: int
    seconds: float
    loop_seconds: float
    workers: int
    certified: int = 0
    unlike: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """The report has `total` sections, and some are drawn; 0 while the results are read."""

    done: int
    total: int


Event: TypeAlias = Noted | Started | Extended | StackDone | Finished | Drawing
