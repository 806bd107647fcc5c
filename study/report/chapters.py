"""The order of the page: chapters, and in each the questions that answer it together."""

from dataclasses import dataclass

from study.report.question import Question
from study.report.questions import (
    arrivals,
    base,
    behaviour,
    best,
    best_epoch,
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
    gallery,
    importance,
    isolation,
    multiples,
    noise,
    outcomes,
    pairs,
    paths,
    predictions,
    search,
    trade_off,
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A question, and those that answer it together, in order."""

    name: str
    question: str
    questions: tuple[Question, ...]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("overview", "What was studied?", (data.QUESTION, outcomes.QUESTION, noise.QUESTION)),
    Chapter("conclusions", "Do the conclusions hold?", (claims.QUESTION,)),
    Chapter(
        "winner",
        "Which configuration is best, and is it really?",
        (best.QUESTION, confirmed.QUESTION),
    ),
    Chapter(
        "parameters",
        "What does each parameter do?",
        (
            importance.QUESTION,
            behaviour.QUESTION,
            final_loss.QUESTION,
            isolation.QUESTION,
            pairs.QUESTION,
        ),
    ),
    Chapter("divergence", "When does training diverge?", (diverging.QUESTION,)),
    Chapter(
        "learning",
        "How does the loss fall?",
        (
            base.QUESTION,
            curves.QUESTION,
            multiples.QUESTION,
            arrivals.QUESTION,
            best_epoch.QUESTION,
        ),
    ),
    Chapter(
        "function",
        "What function was learned?",
        (boundary.QUESTION, gallery.QUESTION, predictions.QUESTION, confusion.QUESTION),
    ),
    Chapter(
        "searching",
        "Was the search good?",
        (search.QUESTION, density.QUESTION, paths.QUESTION, trade_off.QUESTION),
    ),
    Chapter("trust", "Can I trust this?", (cautions.QUESTION, certificate.QUESTION)),
)

QUESTIONS: tuple[Question, ...] = tuple(q for chapter in CHAPTERS for q in chapter.questions)
"""Every question of the report, in the order of the page."""
