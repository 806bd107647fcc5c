"""What the report says of noise and effects, each sentence a function of a table."""

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from study.analysis.summaries import MIDDLE
from study.figures.groups import groups
from study.figures.theme import words
from study.report.wording import count, listing, number, share


def _by_group(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each dataset and network, with what they are called."""
    for (dataset, implementation), name in groups(table).items():
        of = (table["dataset"] == dataset) & (table["implementation"] == implementation)
        yield name, table[of]


def noise(table: pd.DataFrame) -> list[str]:
    """Say how large the noise of the final training loss is, and its share."""
    found: list[str] = []
    if table.empty:
        return found
    for name, rows in _by_group(table):
        loss = rows[(rows["metric"] == "final_train_loss") & rows["sd"].notna()]
        for row in loss.to_dict("records"):
            factor = number(10 ** row["sd"])
            part = "" if math.isnan(row["share"]) else f", {share(row['share'])} of all variance"
            found.append(
                f"On {name}, final training losses of one configuration differ by a factor of "
                f"{factor} (one standard deviation over {row['repetitions']} repetitions, in the "
                f"root mean square of all configurations){part}."
            )
    return found or ["A single repetition says nothing of noise."]


def importance(table: pd.DataFrame) -> list[str]:
    """Name what moves the first metric most, how much of it is noise, and what cannot be told."""
    found = []
    for name, every in _by_group(table):
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


def behaviour(table: pd.DataFrame) -> list[str]:
    """Say how many effects there are, and the largest on speed and on the best loss."""
    known = table[table["pairs"] > 0]
    if known.empty:
        return []
    sure = known[(known["confidence"] >= 0.95) & ((known["low"] > 0) | (known["high"] < 0))]  # noqa: PLR2004  # 95 %
    first = f"Of {count(len(known), 'effect')} {len(sure):,} differ clearly from none"
    found = [f"{first} (by 95 % intervals: one in twenty of those that are none would, too)."]
    for aspect in ("speed", "ceiling"):
        for name, rows in _by_group(sure[(sure["aspect"] == aspect) & (sure["pairs"] > 1)]):
            size = rows.assign(
                size=rows["effect"].abs(), clear=(rows["alone"] - rows["other_alone"])
            )
            size["clear"] = size["clear"].abs()
            largest = size.sort_values(["size", "clear"], ascending=False, kind="stable").iloc[0]
            found.append(f"On {name}, {_largest(largest.to_dict())}.")
    return found


def _largest(row: Mapping[Hashable, Any]) -> str:
    """Say what the largest effect on a behaviour is, and how large."""
    level, reference = f"{row['level']}", f"{row['reference']}"
    of = f"that of {words(str(row['parameter']))} {level} instead of {reference}"
    metric = words(str(row["behaviour"]))
    first = f"the largest effect on {metric} is {of}"
    if math.isfinite(row["effect"]):
        more, less = ("slower", "faster") if row["aspect"] == "speed" else ("higher", "lower")
        times = f"{number(10 ** abs(row['effect']))} times {more if row['effect'] > 0 else less}"
        return f"{first}: {times} ({count(int(row['pairs']), 'pair')} of configurations)"
    there = f"gets to {metric.removeprefix('epochs to ')}"
    there = there if row["aspect"] == "speed" else "stays finite"
    return (
        f"{first}: of the pairs of runs of which one {there}, {level} alone does in "
        f"{share(row['alone'])}, {reference} alone in {share(row['other_alone'])}"
    )


def isolation(table: pd.DataFrame) -> list[str]:
    """Say what the best and the worst value of each parameter come to, all others chosen anew."""
    found = []
    for dataset, rows in table.groupby("dataset", sort=False):
        if np.isinf(rows["value"].astype(float)).all():
            metric = words(str(rows["metric"].iloc[0]))
            found.append(f"On {dataset}, no value has a configuration with a finite {metric}.")
            continue
        each, uneven = [], []
        for parameter, of in rows.groupby("parameter", sort=False):
            ends = of.sort_values("rank", kind="stable").iloc[[0, -1]]
            best, worst = (
                f"{number(value)} ({level})"
                for level, value in zip(ends["level"], ends["value"].astype(float), strict=True)
            )
            if len(of) > 1:
                each.append(f"from {best} to {worst} for {words(str(parameter))}")
            if len(of["tried"].unique()) > 1:
                uneven.append(words(str(parameter)))
        if each:
            metric = words(str(rows["metric"].iloc[0]))
            caveat = f" The values of {listing(uneven)} were not tried equally often." * bool(
                uneven
            )
            q = float(rows["quantile"].iloc[0])
            what = f"median {metric}" if q == MIDDLE else f"{metric} ({q:g} quantile)"
            found.append(
                f"On {dataset}, the best configuration at each value has a {what} {listing(each)}."
                f"{caveat}"
            )
    nothing = ["No parameter has two values with a finished configuration."]
    return [] if table.empty else found or nothing


def diverging(cells: pd.DataFrame, stable: pd.DataFrame) -> list[str]:
    """Say where most runs diverge and how soon, and how many combinations never do."""
    found = []
    for name, rows in _by_group(cells):
        found.append(_most(name, rows))
    for name, every in _by_group(stable):
        for parameter, rows in every.groupby("parameter", sort=False):
            never = int(rows["smallest_unstable"].isna().sum())
            if len(rows) == 1 or not never:
                found.append(f"On {name}, {_spared(len(rows), never, words(str(parameter)))}.")
                continue
            found.append(
                f"On {name}, {never:,} of {count(len(rows), 'combination')} of the other "
                f"parameters never diverged, at any {words(str(parameter))} that was tried."
            )
    return found


def _spared(combinations: int, never: int, parameter: str) -> str:
    """Say what came of all combinations, where no share needs to be told."""
    if never:
        return f"no {parameter} that was tried made a run diverge"
    if combinations == 1:
        return f"runs diverged at some {parameter} that was tried"
    return f"each combination of the other parameters diverged at some {parameter} that was tried"


def _most(name: str, rows: pd.DataFrame) -> str:
    """Name the levels at which the largest share diverged, of several configurations if possible.

    Levels of one parameter that share the largest share are named together.
    """
    several = rows[rows["configurations"] > 1]
    known = rows if several.empty else several
    worst = known.sort_values(["share", "runs"], ascending=False, kind="stable").iloc[0]
    if not worst["diverged"]:
        return f"On {name}, no run diverged."
    same = ["parameter", "other", "other_level", "runs", "diverged"]
    tied = known[(known[same] == worst[same]).all(axis=1)]
    other = f" with {words(worst['other'])} {worst['other_level']}" * (worst["other"] != "none")
    each = " each" if len(tied) > 1 else ""
    levels = listing([str(level) for level in tied["level"]])
    return (
        f"On {name}, most diverge at {words(worst['parameter'])} {levels}{other}: "
        f"{worst['diverged']} of {count(int(worst['runs']), 'run')}{each}, first after "
        f"{count(int(tied['first'].min()), 'epoch')}."
    )
