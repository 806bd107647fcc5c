"""The order of the page: chapters, and in each the questions that answer it together."""

from dataclasses import dataclass

from study.report.question import Question
from study.report.questions import (
    arrivals,
    behaviour,
    best,
    boundary,
    cautions,
    certificate,
    claims,
    confirmed,
    confusion,
    curves,
    data,
    density,
    diverging,
    explorer,
    final_loss,
    fitted,
    gallery,
    glance,
    importance,
    isolation,
    multiples,
    noise,
    numbers,
    outcomes,
    pairs,
    paths,
    predictions,
    provenance,
    replication,
    search,
    trade_off,
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the page: its questions, and a folded appendix with more of them.

    `more` are shown in studies of at least `MANY` configurations, and folded in smaller ones.
    """

    name: str
    title: str
    questions: tuple[Question, ...] = ()
    more: tuple[Question, ...] = ()
    appendix: tuple[Question, ...] = ()

    @property
    def every(self) -> tuple[Question, ...]:
        """All of its questions."""
        return *self.questions, *self.more, *self.appendix


MANY = 20
"""A study of fewer configurations is read in a few minutes: its page is short."""

CHAPTERS: tuple[Chapter, ...] = (
    Chapter("replication", "Replication", (replication.QUESTION,)),
    Chapter(
        "searching",
        "The search",
        (search.QUESTION, trade_off.QUESTION, density.QUESTION),
        appendix=(paths.QUESTION,),
    ),
    Chapter("conclusions", "Claims", (claims.QUESTION,)),
    Chapter("winner", "Best configurations", (best.QUESTION, confirmed.QUESTION)),
    Chapter(
        "parameters",
        "What matters",
        (importance.QUESTION,),
        more=(pairs.QUESTION, behaviour.QUESTION),
        appendix=(isolation.QUESTION, final_loss.QUESTION),
    ),
    Chapter(
        "learning",
        "Learning curves",
        (curves.QUESTION,),
        more=(arrivals.QUESTION,),
        appendix=(multiples.QUESTION,),
    ),
    Chapter(
        "function",
        "What was learned",
        (fitted.QUESTION, numbers.QUESTION, confusion.QUESTION),
        more=(boundary.QUESTION, gallery.QUESTION),
        appendix=(predictions.QUESTION,),
    ),
    Chapter("divergence", "Divergence", more=(diverging.QUESTION,)),
    Chapter(
        "trust",
        "Can I trust this?",
        (certificate.QUESTION, provenance.QUESTION),
        more=(noise.QUESTION,),
        appendix=(data.QUESTION, outcomes.QUESTION),
    ),
)

GLANCE, WARNINGS = glance.QUESTION, cautions.QUESTION
"""The picture of the first screen, and what stands below it."""

EXPLORER = explorer.QUESTION
"""What the page's script shows of any two configurations."""

QUESTIONS: tuple[Question, ...] = (
    GLANCE,
    WARNINGS,
    *(question for chapter in CHAPTERS for question in chapter.every),
    EXPLORER,
)
"""Every question of the report, in the order of the page."""
