"""One sentence for a figure, at most 25 words: what its datasets show, alike or apart."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from study.report.wording import listing

WORDS = 25
"""The most words of a finding."""

NAMED = 2
"""A sentence names this many datasets; more are counted."""

Statements: TypeAlias = Sequence[tuple[str, str]]
"""Every dataset with what is true of it."""


def across(*versions: Statements) -> list[str]:
    """Return one sentence about all datasets, from the first version that is short enough.

    A version has one statement for every dataset; the first has the most details. Where no
    version is short enough, the sentence counts the datasets with the most common statement of the
    last one.

    >>> across([("linear", "the best optimizer is adam"), ("xor", "the best optimizer is adam")])
    ['The best optimizer is adam on both datasets.']
    >>> across([("linear", "the best optimizer is adam"), ("xor", "the best optimizer is sgd")])
    ['The best optimizer is adam on linear; the best optimizer is sgd on xor.']
    >>> across([("linear", "no run diverged"), ("xor", "no run diverged")])
    ['No run diverged on any dataset.']
    >>> across([(f"d{i}", "the winner stays first") for i in range(3)])
    ['The winner stays first on all 3 datasets.']
    >>> across([("a", "one " * 30), ("b", "two " * 30)], [("a", "nothing wins"), ("b", "all win")])
    ['Nothing wins on a; all win on b.']
    >>> across([(f"d{i}", f"the best of all is level {i // 2}") for i in range(9)])
    ['The best of all is level 0 on 2 of 9 datasets.']
    """
    sentences = [_joined(version) for version in versions if version]
    for sentence in sentences:
        if fits(sentence):
            return [sentence]
    return [_counted(versions[-1])] if sentences else []


def fits(sentence: str) -> bool:
    """Return whether a sentence is short enough for a finding."""
    return len(sentence.split()) <= WORDS


def _joined(found: Statements) -> str:
    places: dict[str, list[str]] = {}
    for dataset, statement in found:
        places.setdefault(statement, []).append(dataset)
    if len(places) == 1 < len(found) and found[0][1].startswith("no "):
        return upper(f"{found[0][1]} on any dataset.")
    parts = [f"{what.strip()} {_where(names, len(found))}" for what, names in places.items()]
    return upper(f"{'; '.join(parts)}.")


def _where(names: Sequence[str], among: int) -> str:
    if len(names) == among > 1:
        return "on both datasets" if among == NAMED else f"on all {among:,} datasets"
    if len(names) <= NAMED:
        return f"on {listing(names)}"
    return f"on {len(names):,} of {among:,} datasets"


def _counted(found: Statements) -> str:
    ((statement, n),) = Counter(what for _, what in found).most_common(1)
    return upper(f"{statement.strip()} on {n:,} of {len(found):,} datasets.")


def upper(text: str) -> str:
    """Return a text with a capital letter at its beginning.

    >>> upper("learning rate"), upper("32x16")
    ('Learning rate', '32x16')
    """
    return text[:1].upper() + text[1:]
