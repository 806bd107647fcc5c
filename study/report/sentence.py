"""Words about all datasets at once: one sentence of at most 25 words, places and ranges."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

from study.report.wording import listing, number

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
    ['The best optimizer is adam on linear; sgd on xor.']
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


def _joined(statements: Statements) -> str:
    places: dict[str, list[str]] = {}
    for dataset, statement in statements:
        places.setdefault(statement, []).append(dataset)
    if len(places) == 1 < len(statements) and statements[0][1].startswith("no "):
        return upper(f"{statements[0][1]} on any dataset.")
    every = [dataset for dataset, _ in statements]
    same = _beginning(list(places))
    parts = [f"{what[same:].strip()} {on(names, every)}" for what, names in places.items()]
    parts[0] = f"{statements[0][1][:same]}{parts[0]}"
    return upper(f"{'; '.join(parts)}.")


def _beginning(statements: Sequence[str]) -> int:
    """Return the length of the subject of several statements, with "is"; 0 if it differs.

    >>> _beginning(["the best is adam", "the best is sgd"]), _beginning(["adam is best"])
    (12, 0)
    """
    subjects = {statement.partition(" is ")[0] for statement in statements}
    same = len(statements) > 1 == len(subjects) and " is " in statements[0]
    return len(f"{subjects.pop()} is ") if same else 0


def _counted(statements: Statements) -> str:
    ((statement, n),) = Counter(what for _, what in statements).most_common(1)
    return upper(f"{statement.strip()} on {n:,} of {len(statements):,} datasets.")


def upper(text: str) -> str:
    """Return a text with a capital letter at its beginning.

    >>> upper("learning rate"), upper("32x16")
    ('Learning rate', '32x16')
    """
    return text[:1].upper() + text[1:]


def on(names: Sequence[str], every: Collection[str]) -> str:
    """Name or count the datasets where something holds, of `every` dataset.

    >>> on(["xor"], ["xor"]), on(["xor"], ["linear", "xor"]), on(["a", "b"], ["a", "b"])
    ('on xor', 'on xor', 'on both datasets')
    >>> on(["a", "b"], "abc"), on(["a", "b", "c"], "abc"), on(["a", "b", "c"], "abcd")
    ('on a and b', 'on all 3 datasets', 'on 3 of 4 datasets')
    """
    if len(names) == len(every) > 1:
        return "on both datasets" if len(names) == NAMED else f"on all {len(names):,} datasets"
    if len(names) <= NAMED:
        return f"on {listing(names)}"
    return f"on {len(names):,} of {len(every):,} datasets"


def each(sentences: Mapping[str, str]) -> str:
    """Write what holds on which dataset, the most frequent first, of many the first two.

    >>> each({"linear": "SGD", "xor": "SGD"}), each({"linear": "SGD", "xor": "Adam"})
    ('SGD on both datasets', 'SGD on linear, Adam on xor')
    >>> each({"a": "SGD", "b": "Adam", "c": "Adam", "d": "RMSprop"})
    'Adam on b and c, SGD on a, others elsewhere'
    """
    groups: dict[str, list[str]] = {}
    for dataset, text in sentences.items():
        groups.setdefault(text, []).append(dataset)
    order = sorted(groups.items(), key=lambda group: -len(group[1]))
    parts = [f"{text} {on(names, sentences)}" for text, names in order[:NAMED]]
    return ", ".join([*parts, *["others elsewhere"] * (len(groups) > NAMED)])


def span(values: Iterable[float], write: Callable[[float], str] = number) -> str:
    """Write the least and the greatest of some values; one where they are written alike.

    >>> span([0.1, 0.5, 0.2]), span([0.5, 0.501])
    ('0.1 to 0.5', '0.5')
    """
    finite = list(values)
    low, high = write(min(finite)), write(max(finite))
    return low if low == high else f"{low} to {high}"


def sentence(*versions: str) -> list[str]:
    """Return the first version that is short enough for a finding, or the last, as a sentence.

    >>> sentence("on xor, 3 runs diverged"), sentence("many " * 30, "32x16 is the best")
    (['On xor, 3 runs diverged.'], ['32x16 is the best.'])
    """
    short = (text for text in versions if fits(text))
    text = next(short, versions[-1])
    return [upper(f"{text}.")]
