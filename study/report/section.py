"""What a section of the report is: a question, its tables, a sentence and a figure, as data."""

from collections.abc import Callable
from dataclasses import dataclass

from study.plot.axes import Drawing
from study.report.basis import Basis
from study.report.looks import Looks
from study.report.material import Material
from study.report.tables import Tables

DESCRIBES = (
    " Where a method chooses trials by their results, a good level is tried with other good levels:"
    " this describes what was tried, and tests nothing."
)
PRUNED = (
    ", or trials were pruned: what ran to its end was then chosen by its results, and levels "
    "cannot be compared by it."
)


def always(_: Material) -> bool:
    """Say that a section belongs into every report."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A question and how it is answered.

    `tables` computes every number; `answer` and `figure` use those, and the report's looks.
    `picture` says what the figure shows, `reading` how
    to read it, `basis` what it rests on, and `absent` stands in its place where the first table is
    empty. A section of words alone has no figure. A section stands in the reports to which it
    `applies`.
    """

    name: str
    question: str
    tables: Callable[[Material], Tables]
    answer: Callable[[Tables], list[str]]
    figure: Callable[[Tables, Looks], Drawing] | None
    picture: str
    reading: str
    absent: str
    basis: Basis | None = None
    applies: Callable[[Material], bool] = always
