"""Why a column cannot be an input, in a sentence, and the pandas step that fixes it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.datasets.columns import Look, look
from study.datasets.dataset import BINARY, Array
from study.datasets.tables import Table
from study.datasets.writing import MISSING, Convention
from study.errors import quoted

LARGEST = 1e30
"""The square of a larger number may overflow a float32, and so may a mean."""

HALF = 0.5
"""If a larger share of rows are numbers, the other texts are markers of missing values."""

MOST_TEXTS = 20
"""More different texts are names or remarks, for which dummy columns make no sense."""

NO_YES = frozenset({
    ("f", "t"), ("n", "y"), ("no", "yes"), ("off", "on"), ("falsch", "wahr"), ("nein", "ja"),
    ("n", "j"), ("faux", "vrai"), ("non", "oui"), ("n", "o"), ("falso", "verdadero"), ("no", "sí"),
    ("no", "si"), ("no", "sì"), ("n", "s"), ("falso", "vero"), ("falso", "verdadeiro"),
    ("não", "sim"), ("onwaar", "waar"), ("nee", "ja"), ("falsk", "sand"), ("falskt", "sant"),
    ("usann", "sann"), ("nej", "ja"), ("nei", "ja"), ("fałsz", "prawda"), ("nie", "tak"),
    ("ложь", "истина"), ("нет", "да"),
})  # fmt: skip
"""Words for false and true in exports of several languages, in small letters."""

_DATES = {
    "%Y-%m-%d": "1D", "%d.%m.%Y": "1D", "%m/%d/%Y": "1D", "%d/%m/%Y": "1D", "%Y/%m/%d": "1D",
    "%Y.%m.%d": "1D", "%Y-%m": "1D", "%d.%m.%y": "1D", "%m/%d/%y": "1D", "%d/%m/%y": "1D",
    "%d-%m-%Y": "1D", "%Y-%m-%d %H:%M:%S": "1s", "%Y-%m-%dT%H:%M:%S": "1s",
    "%Y-%m-%d %H:%M": "1s", "%d.%m.%Y %H:%M": "1s", "%d.%m.%Y %H:%M:%S": "1s",
    "%m/%d/%Y %H:%M": "1s", "%H:%M": "1s", "%H:%M:%S": "1s",
}  # fmt: skip
"""How dates and times are written, and the unit in which they become whole numbers."""

_UNIT = re.compile(
    r"(?P<before>[$€£¥₹]|(?:[A-Z]{2,3}|kr|Fr[.])\s)?\s*"
    r"(?P<number>[-+−]?[\d.,' \u00a0\u202f’]*\d)"
    r"(?P<after>\s*[^\d.,;\s][^\d,;]{0,9})?"
)
"""A number with a prefix or a suffix: a currency, a unit, a percent sign."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a column cannot be an input, and how pandas fixes it.

    `missing` are the texts that mean no value, `fill` a number for them, in the file's way of
    notation; `step` is a statement about the table `t`; `dummies`: whether the column has words.
    """

    problem: str
    missing: Sequence[str] = ()
    fill: str = ""
    step: str = ""
    dummies: bool = False


def fault(name: str, of: Look, table: Table, convention: Convention) -> Fault | None:
    """Return the reason why a column cannot be an input, if any."""
    without = of.missing
    nothing = absent(of)
    if without.all():
        return Fault(f"{gaps(without, table)}: leave it out", step=f"t = t.drop(columns={name!a})")
    if of.kind == "texts":
        own = _texts(name, of, table)
        if without.any():
            more = own.missing if own.step else ()
            missing = [*dict.fromkeys([*nothing, *more])]
            return Fault(
                gaps(without, table),
                missing,
                step=own.step,
                dummies=own.dummies,
            )
        return own
    numbers = of.values(convention)
    if without.any():
        return Fault(gaps(without, table), nothing, _fill(numbers[~without], convention))
    if problem := too_large(numbers, table):
        return Fault(problem)
    return None


def absent(of: Look) -> list[str]:
    """Return the texts of a column that mean no value, the empty one first."""
    if of.texts is None:
        return [""]
    return ["", *sorted({text for text in of.texts.filter(of.absent).to_pylist() if text})]


def _fill(numbers: Array, convention: Convention) -> str:
    """Write the median in the file's notation."""
    return f"{np.median(numbers):.12g}".replace(".", convention.decimal)


def gaps(missing: NDArray[np.bool_], table: Table) -> str:
    """Name the rows without a value; empty if there are none."""
    if missing.all():
        return "has no value in any row"
    where = rows(missing, table)
    return where and f"has no value in {where}: fill or remove missing values"


def too_large(numbers: Array, table: Table) -> str:
    """Name the numbers that are not finite or too large; "" if there are none."""
    where = rows(~(np.abs(numbers) <= LARGEST), table)
    return where and f"must be finite and within ±{LARGEST:g}; it is not in {where}"


def rows(where: NDArray[np.bool_], table: Table) -> str:
    """Name the only such row, or count such rows and name the first; "" if there are none."""
    count = int(where.sum())
    if not count:
        return ""
    first = table.line(int(where.argmax()))
    return first if count == 1 else f"{count:,} rows, first in {first}"


def _texts(name: str, of: Look, table: Table) -> Fault:
    """Describe the cells of a column that are not numbers, with the first one."""
    if wrong := measured(name, of, table):
        return wrong
    strange = of.rows(of.strange)
    cell = quoted(of.texts[int(of.codes[strange.argmax()])].as_py())
    texts = of.texts.filter(of.strange).to_pylist()
    problem = f"must contain only numbers, got {cell} or similar in {rows(strange, table)}"
    nothing = np.array([text in MISSING for text in of.texts.to_pylist()], np.bool_)
    if of.rows(~(of.strange | nothing)).mean() > HALF:
        return Fault(problem, of.texts.filter(of.strange | nothing).to_pylist())
    others = {text for text in of.texts.filter(~of.strange).to_pylist() if text}
    if others <= MISSING and (truth := _truth(texts)):
        step = f"t[{name!r}] = t[{name!r}].str.strip().map({truth!a})"
        return Fault(problem, ["", *sorted(others)] if others else [], step=step)
    if len(texts) > MOST_TEXTS:
        problem += f"; it has {len(texts):,} different texts, so consider leaving it out"
    return Fault(problem, dummies=True)


def _truth(texts: Sequence[str]) -> dict[str, int]:
    """Return the number of each text, if one is a word for no and the other for yes.

    >>> _truth(["WAHR", "FALSCH"]), _truth(["red", "blue"])
    ({'FALSCH': 0, 'WAHR': 1}, {})
    """
    for no, yes in permutations(texts) if len(texts) == BINARY else ():
        if (no.casefold(), yes.casefold()) in NO_YES:
            return {no: 0, yes: 1}
    return {}


def measured(name: str, of: Look, table: Table) -> Fault | None:
    """Report that a column of texts contains dates, percentages or numbers with a unit, if so."""
    row = int(of.rows(of.strange).argmax())
    texts = of.texts.filter(of.strange).to_pylist()
    where = f"{quoted(of.texts[int(of.codes[row])].as_py())} in {table.line(row)}"
    if dates := _dates(name, texts):
        return Fault(f"contains dates or times, such as {where}, instead of numbers", step=dates)
    if unit := _unit(texts, table):
        side = "prefix" if texts[0].startswith(unit) else "suffix"
        step = f"t[{name!r}] = t[{name!r}].str.strip().str.remove{side}({unit!r})"
        what = "percentages" if unit == "%" else f"numbers with {quoted(unit)}"
        return Fault(f"contains {what}, such as {where}, instead of plain numbers", step=step)
    return None


def _dates(name: str, texts: Sequence[str]) -> str:
    """Return the step that converts dates to whole days, and times to seconds; or ""."""
    for form, unit in _DATES.items():
        first = pd.to_datetime(pd.Series(texts[:1]), format=form, errors="coerce", exact=True)
        if first.notna().all():
            read = pd.to_datetime(pd.Series(texts), format=form, errors="coerce", exact=True)
            if read.notna().all():
                start = "1900-01-01" if form.startswith("%H") else "1970-01-01"
                dates = f"pd.to_datetime(t[{name!r}], format={form!r})"
                return (
                    f"t[{name!r}] = ({dates} - pd.Timestamp({start!r})) // pd.Timedelta({unit!r})"
                )
    return ""


def _unit(texts: Sequence[str], table: Table) -> str:
    """Return the common prefix or suffix of all numbers in a column, or ""."""
    matches = [_UNIT.fullmatch(text) for text in texts]
    sides = {
        ((m["before"] or "").strip(), (m["after"] or "").strip()) if m else None for m in matches
    }
    if len(sides) != 1 or None in sides:
        return ""
    ((before, after),) = filter(None, sides)
    numbers = pd.Series([m["number"] for m in matches if m], dtype="str")
    one = bool(before) != bool(after)
    return before or after if one and look(numbers, table.allowed).kind == "numbers" else ""
