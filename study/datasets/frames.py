"""A table's columns → its samples, or all errors in the columns."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from study.datasets.columns import Look, look
from study.datasets.content import Content
from study.datasets.conventions import settled
from study.datasets.faults import Fault, fault, gaps, rows
from study.datasets.mending import mended
from study.datasets.notes import nameless, notes
from study.datasets.tables import Table
from study.datasets.targets import target_of
from study.datasets.writing import PLAIN, Convention
from study.errors import did_you_mean, quoted
from study.space import Mistake, Place, invalid

SHOWN = 8
"""The number of columns that a sentence names, and of faulty columns that are reported."""

COMPARED = 10_000
"""The number of names that a missing name is compared with, since each takes time."""

FEWEST = 2
"""A single sample allows no held-out part and no comparison."""

TARGET: Place = ("target",)
SPLIT: Place = ("split",)
FEATURES: Place = ("features",)

PARTS = ("train", "test")
"""The values of a column that splits the rows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A pipeline's requests to a table: without `features`, all columns but those named here."""

    target: str
    features: Sequence[str] | None = None
    exclude: Sequence[str] = ()
    split: str | None = None
    task: str | None = None

    def inputs(self, table: Table) -> dict[str, Place]:
        """Return the names of the inputs, and where each is declared."""
        if self.features is not None:
            return {name: ("features", i) for i, name in enumerate(self.features)}
        apart = {self.target, self.split, *self.exclude}
        names = [name for name in table.names if not nameless(name)]
        return {name: FEATURES for name in names if name not in apart}

    def others(self) -> Iterator[tuple[Place, str]]:
        """Yield the other columns that must exist, and where each is declared."""
        yield from ((("exclude_features", i), name) for i, name in enumerate(self.exclude))
        yield TARGET, self.target
        if self.split is not None:
            yield SPLIT, self.split


def samples(table: Table, asked: Asked) -> Content:
    """Return the content of the named columns of a file's table.

    Raises one error that lists all errors: a column that is absent or occurs twice, missing
    values, values that are not numbers or too large, a target that is neither classes nor a
    number, or may be either, ambiguous numbers; and the lines of pandas that fix the table.
    """
    inputs = asked.inputs(table)
    _raise(_absent(table, asked, inputs))
    if table.rows < FEWEST:
        _raise([(("path",), f"needs at least {FEWEST} samples, one per row, got {table.rows}")])
    wanted = {*inputs, asked.target}
    looks = {n: _light(look(c, table.allowed), n in wanted) for n, c in table.columns.items()}
    convention, wrong = settled(looks, wanted, table)
    if wrong:
        _raise(wrong)
    faults = {n: problem for n in inputs if (problem := fault(n, looks[n], table, convention))}
    wrong = list(_mistakes_of(faults, inputs))
    target = target_of(asked.target, looks[asked.target], table, convention, asked.task)
    held = None if asked.split is None else _held(table, asked.split)
    if isinstance(target, Fault) or isinstance(held, str) or faults:
        if isinstance(target, Fault):
            wrong.append((TARGET, target.problem))
            faults[asked.target] = target
        if isinstance(held, str):
            wrong.append((SPLIT, held))
        lines = mended(faults, asked.target, table)
        raise invalid([*wrong, *((_last(wrong), line) for line in lines)])
    x = np.stack([looks[name].values(convention) for name in inputs], axis=-1)
    return Content(
        target.labels, x, target.y, held, tuple(inputs), _described(table, looks, convention),
        notes([*inputs], x, table.names, target.unsure, whole=asked.features is None),
    )  # fmt: skip


def _light(of: Look, wanted: bool) -> Look:  # noqa: FBT001  # called once
    """Keep of unwanted columns only the evidence for the notation of numbers."""
    return of if wanted else replace(of, numbers=None, texts=None, codes=np.empty(0, np.int64))


def _raise(wrong: Sequence[Mistake]) -> None:
    """Raise the errors, if there are any."""
    if wrong:
        raise invalid(wrong)


def _absent(table: Table, asked: Asked, inputs: Mapping[str, Place]) -> list[Mistake]:
    """Return the errors about columns that are missing, duplicated or unreadable."""
    counts = Counter(table.names)
    places = [*((place, name) for name, place in inputs.items()), *asked.others()]
    columns = [
        (place, problem)
        for place, name in places
        if (problem := _lacks(name, counts) or _unreadable(place, name, table))
        and not (place[0] == "exclude_features" and name in counts)
    ]
    implied = [mistake for mistake in columns if mistake[0] == FEATURES][SHOWN:]
    if implied:
        rest = [mistake for mistake in columns if mistake[0] != FEATURES]
        first = [mistake for mistake in columns if mistake[0] == FEATURES][:SHOWN]
        columns = [*rest, *first, _more(len(implied))]
    if not inputs:
        columns.append((FEATURES, "no column can be an input"))
    twice = any(counts[name] > 1 for place, name in places if place[0] != "exclude_features")
    if twice and table.origin.reader == "read_csv":
        problem = f"this line numbers equal names, in {table.origin.to.name}: {table.origin.line()}"
        columns.append((_last(columns), problem))
    elif any(name not in counts for _, name in places) and _headless(table.names):
        line = table.origin.line(header=None)
        problem = (
            f"its first line contains numbers; if it is a row, this line names the columns: {line}"
        )
        columns.append((_last(columns), problem))
    return columns


def _last(wrong: Sequence[Mistake]) -> Place:
    """Return the place of a line that fixes all errors: keys not given come last."""
    return FEATURES if any(place == FEATURES for place, _ in wrong) else wrong[-1][0]


def _headless(names: Sequence[str]) -> bool:
    """Return whether most of the names are numbers, as in a table without a header."""
    numbers = [bool(name.strip("+-0123456789.,eE") == "" and name.strip()) for name in names]
    return sum(numbers) * 2 > len(numbers)


def _unreadable(place: Place, name: str, table: Table) -> str:
    return _column(place, name) + table.unreadable[name] if name in table.unreadable else ""


def _column(place: Place, name: str) -> str:
    """Name a column, unless its place does."""
    return f"column {quoted(name)} " if place == FEATURES else ""


def _mistakes_of(faults: Mapping[str, Fault], inputs: Mapping[str, Place]) -> Iterator[Mistake]:
    """Yield the errors of the inputs; of columns that the pipeline does not name, the first."""
    implied = [name for name in faults if inputs[name] == FEATURES]
    for name, problem in faults.items():
        if name not in implied[SHOWN:]:
            yield inputs[name], _column(inputs[name], name) + problem.problem
    if implied[SHOWN:]:
        yield _more(len(implied[SHOWN:]))


def _more(count: int) -> Mistake:
    """Count the faulty columns that are not reported one by one."""
    return FEATURES, f"{count:,} more columns cannot be inputs either"


def _lacks(name: str, counts: Mapping[str, int]) -> str:
    """Report a column that is missing or duplicated; "" if neither."""
    if counts.get(name, 0) > 1:
        return f"{counts[name]} columns have the header {quoted(name)}; give each its own"
    if name in counts:
        return ""
    if not counts:
        return f"there is no column {quoted(name)}, and no other one"
    names = [quoted(other) for other in islice(counts, SHOWN + 1)]
    there = f"; there are {', '.join([*names[:SHOWN], *['…'] * (len(names) > SHOWN)])}"
    meant = did_you_mean(name, islice(counts, COMPARED))
    return f"there is no column {quoted(name)}{meant or there}"


def _held(table: Table, name: str) -> "NDArray[np.bool_] | str":
    """Return which rows a column marks as held out, or the error in it."""
    column = table.columns[name]
    if missing := gaps(column.isna().to_numpy(), table):
        return missing
    texts = column.astype(str).str.strip().str.lower().to_numpy(dtype=object)
    wrong = ~np.isin(texts, PARTS)
    if wrong.any():
        first = quoted(str(column[wrong].iloc[0]))
        return f"must contain train or test in every row, got {first} in {rows(wrong, table)}"
    held: NDArray[np.bool_] = texts == PARTS[1]
    if held.all() or not held.any():
        return f"must mark some rows as train and some as test, got only {quoted(texts[0])}"
    return held


def _described(table: Table, looks: Mapping[str, Look], convention: Convention) -> str:
    """Return how the file was read, with the decimal sign if it matters."""
    if len(table.allowed) == 1 and not table.described:
        return ""
    marked = any(of.marked for of in looks.values()) or convention != PLAIN
    return ", ".join([table.described, *([str(convention)] if marked else [])])
