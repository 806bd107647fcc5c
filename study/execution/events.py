"""The events of a running study: frozen data, which each display shows in its own way."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from study.metrics import Goal


@dataclass(frozen=True, slots=True)
class Noted:
    """A note to show to the user: `sentence`, such as which damaged file was set aside."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Started:
    """A study has started: the number of its runs, and how many are stored already.

    Attributes
    ----------
    folder : Path
        The study's results.
    runs, stored : int
        How many runs are planned, and how many of them are stored. A search may end with fewer.
    workers : int
        How many processes train.
    work : float
        The expected time of the missing runs, in seconds of one worker, times `correction`.
    correction : float
        By which factor stored runs took longer than estimated; `work` of other events omits it.
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

    `work` is their expected time, in seconds of one worker.
    """

    verdicts: int
    repetitions: int
    runs: int
    work: float


@dataclass(frozen=True, slots=True)
class StackDone:
    """Some runs of one dataset have ended; a stack is a group of runs trained together.

    Attributes
    ----------
    dataset : str
        The dataset that these runs learned.
    runs, diverged, pruned, failed : int
        How many runs ended, and how many of them diverged, were pruned, or failed.
    best : float
        The best value among these runs of `metric`; `goal` is minimize or maximize.
    work : float
        The time that was expected, in seconds of one worker, or that pruning saved.
    reason : str or None
        Why runs failed, if some did.
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
    """The study has ended, and all its runs are stored in `folder`; always the last event.

    Attributes
    ----------
    runs, trained : int
        How many runs the study has, and how many of them this call trained.
    diverged, pruned, failed : int
        How many of all runs diverged, were pruned, or failed.
    seconds, loop_seconds : float
        Wall time, and the time in epoch loops summed over the workers.
    workers : int
        How many processes trained.
    certified, unlike : int
        How many runs were trained again as a check, and how many of these gave other numbers.
    certify_seconds : float
        The part of `seconds` that this check took.
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
    certify_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """The report has `total` sections, and some are drawn; 0 while the results are read."""

    done: int
    total: int


Event: TypeAlias = Noted | Started | Extended | StackDone | Finished | Drawing
