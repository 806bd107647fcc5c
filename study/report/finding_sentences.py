"""What the report says of noise and effects, each sentence a function of a table."""

import math

import pandas as pd

from study.plot.groups import by_group
from study.plot.theme import words
from study.report.wording import at, count, listing, share, together


def importance(table: pd.DataFrame) -> list[str]:
    """Name what moves the first metric most, how much of it is noise, and what cannot be told."""
    found = []
    for name, every in by_group(table):
        rows = every[every["metric"] == every["metric"].iloc[0]]
        metric = words(str(rows["metric"].iloc[0]))
        ranked = "told" in rows and rows["told"].notna().all()
        found.append((_ranks if ranked else _shares)(name, metric, rows))
    return found


def _shares(name: str, metric: str, rows: pd.DataFrame) -> str:
    """Name the three largest shares whose intervals lie above 0, if there are intervals."""
    if rows["share"].isna().all():
        return f"On {name}, nothing moves the {metric}: all runs end alike."
    terms = rows[rows["kind"] != "noise"].sort_values("share", ascending=False, kind="stable")
    surely = terms["low"] if terms["low"].notna().any() else terms["share"]
    named = terms[surely > 0].head(3)[["term", "share"]].itertuples(index=False)
    each = [f"{_term(term)} ({share(part)})" for term, part in named]
    luck = rows[rows["kind"] == "noise"].iloc[0]
    part, *ends = (min(max(float(luck[name]), 0.0), 1.0) for name in ("share", "low", "high"))
    between = "" if math.isnan(luck["low"]) else f" ({share(ends[0])} to {share(ends[1])})"
    noise_has = f"noise has {share(part)}{between}"
    if not each:
        return f"On {name}, nothing can be told from noise in the {metric}: {noise_has}."
    alone = (terms["kind"] == "parameter") & ~(surely > 0)
    rest = [words(term) for term in terms.loc[alone, "term"]]
    unsure = f" {listing(rest).capitalize()} alone cannot be told from noise." if rest else ""
    sure = ", of those that are surely above none," if terms["low"].notna().any() else ""
    first = f"On {name}, the largest shares of the {metric}'s variance{sure} are those of"
    return f"{first} {listing(each)}; {noise_has}.{unsure}"


def _ranks(name: str, metric: str, rows: pd.DataFrame) -> str:
    sure = rows["told"].astype(bool)
    told = rows[sure].sort_values("share", ascending=False, kind="stable")
    named = zip(told["term"].astype(str), told["share"].astype(float), strict=True)
    each = [f"{words(term)} ({share(part)})" for term, part in named]
    rest = [words(term) for term in rows.loc[~sure, "term"]]
    unsure = f" {listing(rest).capitalize()} cannot be told from noise." if rest else ""
    if not each:
        return f"On {name}, no parameter's effect on the {metric} can be told from noise."
    return f"On {name}, the ranks of the {metric} depend on {listing(each)}.{unsure}"


def _term(term: str) -> str:
    if term == "three or more together":
        return "three or more parameters together"
    return " with ".join(words(name) for name in term.split(" × "))


def diverging(cells: pd.DataFrame, stable: pd.DataFrame) -> list[str]:
    """Say where most runs diverge and how soon, and how many combinations never do."""
    found = []
    for name, rows in by_group(cells):
        found.append((name, _most(rows)))
    for name, every in by_group(stable):
        for parameter, rows in every.groupby("parameter", sort=False):
            never = rows[rows["smallest_unstable"].isna()]
            said = _spared(len(rows), len(never), words(str(parameter)))
            if constant := int(never["constant"].sum()):
                runs = count(int(never["runs"].sum()), "run")
                said += f"; {constant:,} of their {runs} give one constant answer"
            found.append((name, said))
    return together(found)


def _spared(combinations: int, never: int, parameter: str) -> str:
    """Say how many combinations of the other parameters never diverged."""
    if combinations > 1 and never:
        return (
            f"{never:,} of {count(combinations, 'combination')} of the other parameters never "
            f"diverged, at any {parameter} that was tried"
        )
    if never:
        return f"no {parameter} that was tried made a run diverge"
    if combinations == 1:
        return f"runs diverged at some {parameter} that was tried"
    return f"each combination of the other parameters diverged at some {parameter} that was tried"


def _most(rows: pd.DataFrame) -> str:
    """Name the levels at which the largest share diverged, of several configurations if possible.

    Levels of one parameter that share the largest share are named together.
    """
    several = rows[rows["configurations"] > 1]
    known = rows if several.empty else several
    worst = known.sort_values(["share", "runs"], ascending=False, kind="stable").iloc[0]
    if not worst["diverged"]:
        return "no run diverged"
    same = ["parameter", "other", "other_level", "runs", "diverged"]
    tied = known[(known[same] == worst[same]).all(axis=1)]
    other = f" with {at(worst['other'], worst['other_level'])}" * (worst["other"] != "none")
    each = " each" if len(tied) > 1 else ""
    levels = listing([str(level) for level in tied["level"]])
    return (
        f"most diverge at {at(worst['parameter'], levels)}{other}: "
        f"{worst['diverged']} of {count(int(worst['runs']), 'run')}{each}, first after "
        f"{count(int(tied['first'].min()), 'epoch')}"
    )
