"""Findings and captions are short: one sentence a figure, whatever was studied."""

from study.report.chapters import QUESTIONS
from study.report.question import Question, Tables
from study.report.sentence import WORDS

CAPTION = 40
"""The most words of a caption."""

LONGER = {
    "importance", "cautions",
}  # fmt: skip
"""Questions that still say more."""


def test_each_exception_is_a_question() -> None:
    assert {question.name for question in QUESTIONS} >= LONGER


def assert_short(question: Question, tables: Tables) -> None:
    """Assert that a question has at most one short sentence, and a short caption.

    tests/report/test_report.py asks this of every kind of study.
    """
    if question.name in LONGER:
        return
    lines = question.finding(tables)
    assert len(lines) <= 1
    for sentence in lines:
        assert len(sentence.split()) <= WORDS
        assert sentences(sentence) == 1
    of = question.caption
    caption = of if isinstance(of, str) else of(tables)
    assert len(caption.split()) <= CAPTION


def sentences(text: str) -> int:
    """Return the number of words that end a sentence."""
    return sum(word.endswith((".", "!", "?")) for word in text.split())
