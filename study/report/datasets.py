"""Words about all datasets of a study at once: where something holds, and a number's range."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from study.report.wording import listing, number

WORDS = 25
"""The most words of a finding."""

NAMED = 2
"""A sentence names at most this many datasets, and counts more."""


def on(names: Sequence[str], every: Collection[str]) -> str:
    """Name or count the datasets where something holds, of `every` dataset.

    >>> on(["xor"], ["xor"]), on(["xor"], ["linear", "xor"]), on(["a", "b"], ["a", "b"])
    ('on xor', 'on xor', 'on both datasets')
    >>> on(["a", "b"], "abc"), on(["a", "b", "c"], "abc"), on(["a", "b", "c"], "abcd")
    ('on a and b', 'on all 3 datasets', 'on 3 of 4 datasets')
    """
    if len(names) == len(every) > 1:
        return "on both datasets" if len(names) == NAMED else f"on all {len(names)} datasets"
    if len(names) <= NAMED:
        return f"on {listing(names)}"
    return f"on {len(names)} of {len(every)} datasets"


def each(found: Mapping[str, str]) -> str:
    """Write what holds on which dataset, the most frequent first, of many the first two.

    >>> each({"linear": "SGD", "xor": "SGD"}), each({"linear": "SGD", "xor": "Adam"})
    ('SGD on both datasets', 'SGD on linear, Adam on xor')
    >>> each({"a": "SGD", "b": "Adam", "c": "Adam", "d": "RMSprop"})
    'Adam on b and c, SGD on a, others elsewhere'
    """
    groups: dict[str, list[str]] = {}
    for dataset, text in found.items():
        groups.setdefault(text, []).append(dataset)
    order = sorted(groups.items(), key=lambda group: -len(group[1]))
    parts = [f"{text} {on(names, found)}" for text, names in order[:NAMED]]
    return ", ".join([*parts, *["others elsewhere"] * (len(groups) > NAMED)])


def span(values: Iterable[float], write: Callable[[float], str] = number) -> str:
    """Write the least and the greatest of some values; one where they are written alike.

    >>> span([0.1, 0.5, 0.2]), span([0.5, 0.501])
    ('0.1 to 0.5', '0.5')
    """
    known = list(values)
    low, high = write(min(known)), write(max(known))
    return low if low == high else f"{low} to {high}"


def sentence(*versions: str) -> list[str]:
    """Return the first version that is short enough for a finding, or the last, as a sentence.

    >>> sentence("on xor, 3 runs diverged"), sentence("many " * 30, "32x16 is the best")
    (['On xor, 3 runs diverged.'], ['32x16 is the best.'])
    """
    short = (text for text in versions if len(text.split()) <= WORDS)
    text = next(short, versions[-1])
    return [f"{text[:1].upper()}{text[1:]}."]
