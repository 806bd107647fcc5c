"""What the report says of the best configuration, and how sure that is."""

import math

import pandas as pd

from study.metrics import METRICS
from study.report.wording import count, interval, number, numbers, objective, ordinal


def best(ranked: pd.DataFrame, luck: pd.DataFrame) -> list[str]:
    """Say which configuration is best on each dataset, and how sure that is."""
    lucky = {str(row["dataset"]): row for _, row in luck.iterrows()}
    return [
        _best(str(dataset), rows, lucky.get(str(dataset)))
        for dataset, rows in ranked.groupby("dataset", sort=False)
    ]


def _best(dataset: str, rows: pd.DataFrame, luck: "pd.Series[float] | None") -> str:
    first, runs = rows.iloc[0], int(rows["runs"].iloc[0])
    named = objective(str(first["metric"]), str(first["goal"]), first["quantile"], runs)
    if not math.isfinite(first["value"]):
        return f"On {dataset}, no configuration has a finite {named}."
    base = "".join(
        f" The {setup} is {ordinal(place)} of {len(rows):,}."
        for column, setup in _SETUPS.items()
        for place in rows.loc[rows[column], "rank"]
    )
    if first["quantile"] == 0.5:  # noqa: PLR2004  # the interval is the median's
        what = f"best {named}, {_between(first, 'value')}"
    else:
        value = number(float(first["value"]))
        what = f"best {named}, {value}, and the median {_between(first, 'median')}"
    fresh = bool(first["fresh"])
    of_those = f"of the {len(rows):,} that were confirmed, by their fresh runs, " * fresh
    name = f"{first['configuration']}{_equals(rows)}"
    found = (
        f"On {dataset}, {of_those}{name} has the {what}. {_told(rows)}"
        f"{base or ' The base setup is not among those that are ranked.'}"
    )
    return found if luck is None else found + _luck(luck, named)


def _between(row: "pd.Series[float]", name: str) -> str:
    """Write a number and the interval of the median."""
    runs = int(row["runs"])
    middle, low, high = numbers(*(float(row[key]) for key in (name, "low", "high")))
    if METRICS[str(row["metric"])].timed:
        return f"{middle} (timed a stack at a time, so without an interval)"
    ends = f"{low} to {high}: " if runs > 1 else ""
    return f"{middle} ({ends}{interval(runs)})"


def _equals(rows: pd.DataFrame) -> str:
    """Say how many others have the very value of the best, whose name is a matter of order then.

    >>> _equals(pd.DataFrame({"value": [1.0, 1.0, 2.0]})), _equals(pd.DataFrame({"value": [1.0]}))
    (', with 1 other exactly as good,', '')
    """
    n = int((rows["value"] == rows["value"].iloc[0]).sum()) - 1
    return f", with {count(n, 'other')} exactly as good," if n else ""


_SETUPS = {"base": "base setup", "near": "configuration nearest to the base setup"}

_ALONE = "A single run says nothing of how far repetitions differ."


def _told(rows: pd.DataFrame) -> str:
    """Say what cannot be told from the best, and the cheapest of that."""
    others = len(rows) - 1
    if METRICS[str(rows["metric"].iloc[0])].timed:
        return "Repetitions that were trained in one stack are one timing, so nothing is tested."
    if rows["runs"].iloc[0] == 1:
        return _ALONE
    if not others:
        return "It is the only configuration that is ranked."
    known = rows[rows["p"].notna()]
    if known.empty:
        return (
            f"{count(int(rows['runs'].iloc[0]), 'repetition')} cannot tell it from any of the "
            f"{count(others, 'other')}: that takes 6."
        )
    alike = known[known["candidate"].astype(bool) & (known["rank"] > 1)]
    if alike.empty:
        return "No other may be the best as well (paired permutation of the greatest t)."
    size = known.loc[known["candidate"].astype(bool), "parameters"]
    cheapest = known[known["cheapest"].fillna(value=False).astype(bool)].iloc[0]
    cheap = "it is itself" if cheapest["rank"] == 1 else f"is {cheapest['configuration']}"
    says = f"the cheapest of them {cheap}, with" if size.min() < size.max() else "all of them have"
    return (
        f"{count(len(alike), 'other')} may be the best as well (paired permutation of the greatest "
        f"t); {says} {int(cheapest['parameters']):,} parameters."
    )


def _luck(luck: "pd.Series[float]", named: str) -> str:
    """Say what the best has where it was not chosen by the repetition that measures it."""
    held = float(luck["held_out"])
    if math.isnan(held) or luck["configurations"] <= 1:
        return ""
    return (
        f" Chosen by all repetitions but one, and measured in that one, the {named} of the best is "
        f"{number(held)}."
    )
