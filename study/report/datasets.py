"""Words about all datasets of a study at once: where something holds, and a number's range."""

from collections.abc import Callable, Collection, Iterable, Sequence

from study.report.wording import listing, number

NAMED = 2
"""A sentence names at most this many datasets, and counts more."""


def on(names: Sequence[str], every: Collection[str]) -> str:
    """Name or count the datasets where something holds, of `every` dataset.

    >>> on(["xor"], ["xor"]), on(["xor"], ["linear", "xor"]), on(["a", "b"], ["a", "b"])
    ('On xor', 'On xor', 'On both datasets')
    >>> on(["a", "b"], "abc"), on(["a", "b", "c"], "abc"), on(["a", "b", "c"], "abcd")
    ('On a and b', 'On all 3 datasets', 'On 3 of 4 datasets')
    """
    if len(names) == len(every) > 1:
        return "On both datasets" if len(names) == NAMED else f"On all {len(names)} datasets"
    if len(names) <= NAMED:
        return f"On {listing(names)}"
    return f"On {len(names)} of {len(every)} datasets"


def span(values: Iterable[float], write: Callable[[float], str] = number) -> str:
    """Write the least and the greatest of some values; one where they are written alike.

    >>> span([0.1, 0.5, 0.2]), span([0.5, 0.501])
    ('0.1 to 0.5', '0.5')
    """
    known = list(values)
    low, high = write(min(known)), write(max(known))
    return low if low == high else f"{low} to {high}"
