"""What the report says of what each parameter acts on, equal answers told once."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from study.plot.groups import by_group, groups
from study.plot.theme import words
from study.report.wording import at, count, listing, number, share, together


def behaviour(table: pd.DataFrame) -> list[str]:
    """Report how many effects are clear, and the largest on objective, speed and best loss.

    What datasets agree in is one sentence, with the size on each.
    """
    known = table[(table["pairs"] > 0) & (table["aspect"] != "cost")]  # which has no interval
    if known.empty:
        return []
    sure = known[known["clear"].astype(bool)]
    if sure.empty:
        return [f"Of {count(len(known), 'effect')} not one is clearly there (by 95 % intervals)."]
    first = f"Of {count(len(known), 'effect')} {len(sure):,} differ clearly from none"
    found = [f"{first} (by 95 % intervals: one in twenty of those that are none would, too)."]
    for aspect in ("objective", "speed", "ceiling"):
        largest: dict[str, dict[str, list[str]]] = {}
        of_aspect = sure[(sure["aspect"] == aspect) & (sure["pairs"] > 1)]
        names = groups(known)
        for _, rows in of_aspect.groupby("dataset", sort=False):
            row = _largest(rows)
            name = names[row["dataset"], row["implementation"]]
            largest.setdefault(_of(row), {}).setdefault(_size(row), []).append(name)
        found += [f"The largest effect on {of} {_where(sizes)}." for of, sizes in largest.items()]
    return found


def cost(table: pd.DataFrame) -> list[str]:
    """Report the largest ratio of costs with its stacks, and levels that were timed together."""
    found, shared = [], []
    for name, rows in by_group(table):
        timed = rows[rows["settings"] > 0]
        if len(timed):
            found.append(_dearest(name, timed))
        alike = rows.groupby("parameter", sort=False)["together"].all()
        if alike.any():
            names = listing([words(str(parameter)) for parameter in alike[alike].index])
            shared.append((name, f"levels of {names} shared stacks and have no cost of their own"))
    return [*found, *together(shared)]


def _dearest(name: str, timed: pd.DataFrame) -> str:
    ratio = (timed["microseconds"] / timed["other_microseconds"]).map(math.log)
    row = timed.iloc[int(ratio.abs().to_numpy().argmax())]
    level, other = (number(row[of]) for of in ("microseconds", "other_microseconds"))
    return (
        f"On {name}, the cost differs most between {at(row['parameter'], row['level'])} and "
        f"{row['reference']}: {level} and {other} µs per run and epoch, timed in "
        f"{row['stacks']:,} and {count(int(row['other_stacks']), 'stack')}, so without an interval."
    )


def _largest(rows: pd.DataFrame) -> Mapping[Hashable, Any]:
    size, clear = rows["effect"].abs(), (rows["alone"] - rows["other_alone"]).abs()
    ordered = rows.assign(size=size, clear=clear)
    ordered = ordered.sort_values(["size", "clear"], ascending=False, kind="stable")
    return dict(ordered.to_dict("records")[0])


def _of(row: Mapping[Hashable, Any]) -> str:
    """Name the behaviour and what acts on it; of an endless effect, what is counted."""
    what = words(row["behaviour"])
    of = f"{what} is that of {at(row['parameter'], row['level'])} instead of {row['reference']}"
    if math.isfinite(row["effect"]):
        return f"{of}:"
    there = what.removeprefix("epochs to ")
    there = f"gets to {there}" if row["aspect"] == "speed" else "stays finite"
    return f"{of}; of pairs of which at least one run {there},"


def _size(row: Mapping[Hashable, Any]) -> str:
    """Say how large an effect is."""
    if math.isfinite(row["effect"]):
        more, less = ("slower", "faster") if row["aspect"] == "speed" else ("higher", "lower")
        ratio = row["scale"] == "log10"
        size = number(10 ** abs(row["effect"]) if ratio else abs(row["effect"]))
        return f"{size}{' times' * ratio} {more if row['effect'] > 0 else less}"
    return (
        f"that with {row['level']} alone does in {share(row['alone'])}, "
        f"that with {row['reference']} alone in {share(row['other_alone'])}"
    )


def _where(sizes: Mapping[str, list[str]]) -> str:
    """Write each size with the datasets and networks that it is found on.

    >>> _where({"3 times slower": ["xor", "linear"], "2 times slower": ["moons"]})
    '3 times slower (xor; linear); 2 times slower (moons)'
    """
    return "; ".join(f"{size} ({'; '.join(names)})" for size, names in sizes.items())
