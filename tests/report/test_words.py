"""Findings and captions are short: one sentence a figure, whatever was studied."""

from collections.abc import Callable

import pytest

from study.report.chapters import QUESTIONS
from study.report.question import Question
from study.report.sentence import WORDS
from tests.studies import STUDIES, Study, shown

CAPTION = 40
"""The most words of a caption."""

LONGER = {
    "importance", "cautions",
}  # fmt: skip
"""Questions that still say more."""

SHORT = [question for question in QUESTIONS if question.name not in LONGER]


@pytest.fixture(params=STUDIES, ids=list(STUDIES), scope="module")
def study(request: pytest.FixtureRequest, read_only: Callable[[str], Study]) -> Study:
    """Return each of the studies."""
    return read_only(request.param)


def test_each_exception_is_a_question() -> None:
    assert {question.name for question in QUESTIONS} >= LONGER


def test_a_figure_has_one_short_sentence_and_a_short_caption(
    study: Study, subtests: pytest.Subtests
) -> None:
    for question in shown(study):
        if question in SHORT:
            with subtests.test(question.name):
                tables = study.tables(question)
                lines = question.finding(tables)
                assert len(lines) <= 1
                for sentence in lines:
                    assert len(sentence.split()) <= WORDS
                    assert sentences(sentence) == 1
                assert len(caption(question, study).split()) <= CAPTION


def caption(question: Question, study: Study) -> str:
    """Return the caption that a study has."""
    of = question.caption
    return of if isinstance(of, str) else of(study.tables(question))


def sentences(text: str) -> int:
    """Return the number of words that end a sentence."""
    return sum(word.endswith((".", "!", "?")) for word in text.split())
