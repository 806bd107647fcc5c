"""What a question of the report is: tables, a finding, a figure, and code that redraws it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd
from matplotlib.figure import Figure

from study.plot.theme import Looks
from study.report.material import Material

Tables: TypeAlias = Mapping[str, pd.DataFrame]
"""Name of the file in tables/ → its rows; the first is what the question's figure shows."""

ORDER = (
    "order statistics around the median, the level 95 % or what so few allow (Conover 1999, "
    "section 3.2)"
)
EVERY = "none; each is drawn by itself"

DECLARED = "declared repetitions; of a setting, only where every level met it"

DESCRIBES = (
    " Where a method chooses trials by their results, a good level is tried with other good levels:"
    " this describes what was tried, and tests nothing."
)
PRUNED = (
    ", or trials were pruned: what ran to its end was then chosen by its results, and levels "
    "cannot be compared by it."
)

SEVERAL = (
    "Of more than two classes, each has a colour: it is the predicted class, the "
    "stronger, the higher its probability. Where the loss has no probabilities, all "
    "are equally strong."
)

ONE_ANSWER = (
    " The trivial predictor always gives the best constant prediction for the loss: the mean of "
    "the training targets, their median under mae, the class frequencies under cross-entropy."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a figure counts, the method of its intervals, and the runs that it leaves out.

    `n` names columns of the question's first table, and what each counts; "" counts its rows.
    `interval` is the method, and `chosen` the runs.
    """

    n: Mapping[str, str]
    interval: str
    chosen: str

    def of(self, tables: Tables) -> str:
        """Write the basis, its numbers from the question's first table.

        >>> found = Basis(n={"runs": "runs a line"}, interval="none", chosen="all")
        >>> found.of({"curves": pd.DataFrame({"runs": [3, 10, 10]})})
        'n: 3 to 10 runs a line. Interval: none. Shown: all.'
        """
        table = next(iter(tables.values()))
        counts = {
            of: table[name].dropna() if name else [len(table)]
            for name, of in self.n.items()
            if not name or name in table
        }
        n = " or ".join(f"{_range(counted)} {of}" for of, counted in counts.items() if len(counted))
        return f"n: {n}. Interval: {self.interval}. Shown: {self.chosen}."


def _range(counted: Iterable[float]) -> str:
    low, high = int(min(counted)), int(max(counted))
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def always(_: Material) -> bool:
    """Return True: the question is part of every report."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the report, and how it is answered.

    `tables` computes every number, `finding` writes sentences from the tables, and `figure` draws
    them. `picture` describes the figure in words; `caption` explains it, in at most 40 words that
    apply to this study. `note` is the method behind it, folded together with `basis`, which states
    what the figure rests on; `several` adds to the note what is different for more than two
    classes. `code` draws the figure again from the stored tables (see `study.report.code`), as long
    as the column `draws` of the first table has a finite number. `absent` takes the figure's place
    where the first table is empty. A question without a figure has words and tables alone. The
    report includes each question that `applies`. The figure is drawn for each dataset, from the
    tables' rows of it, or once for all datasets `together`, unless the first table has fewer than
    `fewest` drawn rows of every dataset. `unfolded` names tables that the page shows unfolded.
    """

    name: str
    question: str
    tables: Callable[[Material], Tables]
    finding: Callable[[Tables], list[str]]
    absent: str
    figure: Callable[[Tables, Looks], Figure] | None = None
    picture: str = ""
    caption: str | Callable[[Tables], str] = ""
    note: str = ""
    several: str = ""
    basis: Basis | None = None
    code: str = ""
    draws: str = "median"
    applies: Callable[[Material], bool] = always
    together: bool = False
    fewest: int = 1
    unfolded: tuple[str, ...] = ()
