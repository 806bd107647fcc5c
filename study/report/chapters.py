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
    """A part of the page: questions that are shown, and those of its folded appendix."""

    name: str
    title: str
    questions: tuple[Question, ...]
    appendix: tuple[Question, ...] = ()


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
        (importance.QUESTION, pairs.QUESTION, behaviour.QUESTION),
        appendix=(isolation.QUESTION, final_loss.QUESTION),
    ),
    Chapter(
        "learning",
        "Learning curves",
        (curves.QUESTION, arrivals.QUESTION),
        appendix=(multiples.QUESTION,),
    ),
    Chapter(
        "function",
        "What was learned",
        (
            boundary.QUESTION,
            gallery.QUESTION,
            fitted.QUESTION,
            numbers.QUESTION,
            confusion.QUESTION,
        ),
        appendix=(predictions.QUESTION,),
    ),
    Chapter("divergence", "Divergence", (diverging.QUESTION,)),
    Chapter(
        "trust",
        "Can I trust this?",
        (certificate.QUESTION, noise.QUESTION, provenance.QUESTION),
        appendix=(data.QUESTION, outcomes.QUESTION),
    ),
)

GLANCE, WARNINGS = glance.QUESTION, cautions.QUESTION
"""The picture of the first screen, and what stands below it."""

QUESTIONS: tuple[Question, ...] = (
    GLANCE,
    WARNINGS,
    *(question for chapter in CHAPTERS for question in (*chapter.questions, *chapter.appendix)),
)
"""Every question of the report, in the order of the page."""
