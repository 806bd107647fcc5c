"""The content of a file's column: numbers and their notation, true and false, or text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from study.datasets.dataset import Array
from study.datasets.writing import (
    ALIKE,
    BOOLEANS,
    CONVENTIONS,
    MISSING,
    PLAIN,
    WHOLE,
    Convention,
)

Kind: TypeAlias = Literal["numbers", "booleans", "texts", "nothing"]
Marks: TypeAlias = NDArray[np.bool_]

FIRST = 1000
"""The number of cells that are tried before all of them."""

_MISSING, _BOOLEANS = (pa.array(sorted(texts), pa.large_string()) for texts in (MISSING, BOOLEANS))


@dataclass(frozen=True, slots=True)
class Look:
    """A column of a file, and how its cells may be read.

    `numbers` are the cells of a column without any text, NaN for missing values. Otherwise `codes`
    are indices of each row's cell among the different `texts`, -1 for a missing one, and
    `absent` marks the texts that mean no value, `strange` the texts that are not numbers. `fits`
    are the conventions under which every cell is a number; `marked` is true if some cell has a
    point or a comma, so that the decimal sign matters.
    """

    kind: Kind
    fits: frozenset[Convention] = frozenset()
    marked: bool = False
    numbers: Array | None = field(default=None, repr=False)
    codes: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), repr=False)
    texts: Any = field(default=None, repr=False)
    absent: Marks = field(default_factory=lambda: np.empty(0, np.bool_), repr=False)
    strange: Marks = field(default_factory=lambda: np.empty(0, np.bool_), repr=False)

    @property
    def missing(self) -> Marks:
        """The rows without a value. In a column of texts, a marker such as NA is a text."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        return self.rows(self.absent, without=True)

    def values(self, convention: Convention) -> Array:
        """Return the numbers of a column, true as 1, and NaN for missing values."""
        if self.numbers is not None:
            return self.numbers
        if self.kind == "booleans":
            values = np.array([BOOLEANS.get(text, np.nan) for text in self.texts.to_pylist()])
        else:
            values = _cast(self.texts, convention)
        numbers: Array = np.append(values, np.nan)[self.codes]
        return numbers

    def rows(self, texts: Marks, *, without: bool = False) -> Marks:
        """Return which rows have one of the marked texts; also the rows `without` any."""
        of: Marks = np.append(texts, without)[self.codes]
        return of


def look(column: "pd.Series[Any]", allowed: Sequence[Convention] = CONVENTIONS) -> Look:
    """Return a column's content, with numbers written in one of the allowed conventions."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return Look("booleans", numbers=column.to_numpy(dtype=float))
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        kind: Kind = "nothing" if np.isnan(numbers).all() else "numbers"
        return Look(kind, frozenset(allowed), numbers=numbers)
    cells = pa.array(column)
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if not isinstance(cells, pa.DictionaryArray):
        if (plain := _plain(cells, allowed)) is not None:
            return plain
        cells = cells.dictionary_encode()
    return _distinct(cells, allowed)


def _plain(cells: pa.Array, allowed: Sequence[Convention]) -> Look | None:
    """Read a column of numbers in Python's notation, which is fast; None for any other column."""
    try:
        if len(cells) > FIRST:
            pc.cast(cells[:FIRST], pa.float64())
        numbers: Array = pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    marked = bool(pc.any(pc.match_substring(cells, ".")).as_py())
    if marked and _grouped(cells[:FIRST]) and (len(cells) <= FIRST or _grouped(cells)):
        return None  # a point may also separate thousands
    fits = frozenset(c for c in allowed if c.decimal == "." or not marked)
    named = np.isnan(numbers).sum() > cells.null_count  # some text means a missing value
    if named or cells.null_count == len(cells) or (marked and PLAIN not in fits):
        return None
    return Look("numbers", fits, marked, numbers=numbers)


def _grouped(cells: pa.Array) -> bool:
    """Return whether every cell is a whole number if a point groups its digits."""
    return pc.all(pc.match_substring_regex(cells, WHOLE)).as_py() is not False


def _distinct(cells: pa.DictionaryArray, allowed: Sequence[Convention]) -> Look:
    """Classify the different texts of a column."""
    codes = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    texts = pc.utf8_trim_whitespace(cells.dictionary.cast(pa.large_string()))
    nothing, truth = (_marks(pc.is_in(texts, value_set=of)) for of in (_MISSING, _BOOLEANS))
    if nothing.all():
        return Look("nothing", codes=codes, texts=texts, absent=nothing)
    if (truth | nothing).all():
        return Look("booleans", codes=codes, texts=texts, absent=nothing)
    written = _normal(texts)
    matched = {c: _marks(pc.match_substring_regex(written, c.pattern)) for c in allowed}
    strange = ~(np.logical_or.reduce(list(matched.values())) | nothing)
    if strange.any():
        empty = _marks(pc.equal(texts, ""))
        return Look("texts", codes=codes, texts=texts, absent=empty, strange=strange)
    fits = frozenset(c for c, of in matched.items() if (of | nothing).all())
    marks = _marks(pc.match_substring_regex(texts, "[.,]"))
    marked = bool((marks & ~nothing).any())
    return Look("numbers", fits, marked, codes=codes, texts=texts, absent=nothing, strange=strange)


def readings(
    column: "pd.Series[Any]", allowed: Sequence[Convention]
) -> Iterator[tuple[int, str, frozenset[Convention]]]:
    """Yield, for each set of conventions that some cells allow, the first row and its text.

    Cells that are numbers under every convention, or under none, are left out.
    """
    cells = pa.array(column)
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    cells = cells if isinstance(cells, pa.DictionaryArray) else cells.dictionary_encode()
    look = _distinct(cells, allowed)
    written = _normal(look.texts)
    fits = [_marks(pc.match_substring_regex(written, c.pattern)) for c in allowed]
    _, firsts = np.unique(np.stack(fits), axis=1, return_index=True)
    for first in sorted(firsts.tolist()):
        fitting = frozenset(c for c, of in zip(allowed, fits, strict=True) if of[first])
        if 0 < len(fitting) < len(allowed):
            row = int((look.codes == first).argmax())
            yield row, look.texts[first].as_py(), fitting


def _marks(of: pa.Array) -> Marks:
    return np.asarray(of.to_numpy(zero_copy_only=False), np.bool_)


def _normal(texts: pa.Array) -> pa.Array:
    """Replace each sign that is read as another one."""
    if pc.all(pc.string_is_ascii(texts)).as_py() is not False:
        return texts
    for sign, other in ALIKE.items():
        texts = pc.replace_substring(texts, sign, other)
    return texts


def _cast(texts: pa.Array, convention: Convention) -> Array:
    """Return the numbers that texts are under a convention; NaN for other texts."""
    texts = _normal(texts)
    none = pa.scalar(None, texts.type)
    texts = pc.if_else(pc.match_substring_regex(texts, convention.pattern), texts, none)
    if convention.thousands:
        texts = pc.replace_substring(texts, convention.thousands, "")
    texts = pc.replace_substring(texts, convention.decimal, ".")
    texts = pc.replace_substring_regex(texts, r"^[+]", "")
    numbers: Array = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
    return numbers
