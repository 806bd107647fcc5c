"""What a figure rests on, for the line beneath it: how many, which interval, which runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from study.report.tables import Tables

ORDER = (
    "order statistics around the median, the level 95 % or what so few allow (Conover 1999, "
    "section 3.2)"
)
QUARTILES = "none of confidence; the band is the middle half of the runs"
EVERY = "none: each is drawn by itself"

DECLARED = "declared repetitions; of a setting, only where every level met it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a figure counts, by which method its intervals are, and what was left out of it.

    `n` names columns of the section's first table, and what each counts; "" counts its rows.
    `interval` is the method, and `chosen` the runs.
    """

    n: Mapping[str, str]
    interval: str
    chosen: str


def basis(found: Basis, tables: Tables) -> str:
    """Write a figure's basis, its numbers from the section's first table.

    >>> import pandas as pd
    >>> of = Basis(n={"runs": "runs a line", "trials": "trials"}, interval=EVERY, chosen="all")
    >>> basis(of, {"curves": pd.DataFrame({"runs": [3, 10, 10]})})
    'n: 3 to 10 runs a line. Interval: none: each is drawn by itself. Shown: all.'
    """
    table = next(iter(tables.values()))
    counts = {
        of: table[name].dropna() if name else [len(table)]
        for name, of in found.n.items()
        if not name or name in table
    }
    n = " or ".join(f"{_range(counted)} {of}" for of, counted in counts.items() if len(counted))
    return f"n: {n}. Interval: {found.interval}. Shown: {found.chosen}."


def _range(counted: Iterable[float]) -> str:
    low, high = int(min(counted)), int(max(counted))
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
