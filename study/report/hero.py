"""The first screen: four cards, what a reader must know first, and the warnings."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from study.metrics import METRICS
from study.plot.axes import MAJORITY
from study.plot.theme import words
from study.report.leads import aimed, constants
from study.report.learned import announced, limited, nothing
from study.report.question import Tables
from study.report.questions.cautions import finding
from study.report.sentence import on, upper
from study.report.unfinished import open_end, unfinished
from study.report.verdicts import ICONS
from study.report.wording import at, count, listing, number, typeset
from study.stats.cautions import NOTE, WARNING
from study.stats.feasible import feasible

MANY = 3
"""The most datasets whose best configuration a card names; the ranking has all."""

ENDS = ("diverged", "pruned", "failed")
"""How a run ends that does not complete."""


@dataclass(frozen=True, slots=True)
class Card:
    """A figure of the study that a reader should know first, and what it is."""

    value: str
    text: str


def notes(tables: Tables) -> list[str]:
    """Return what a reader must know first: nothing learned or feasible, or runs missing."""
    rest = [*unfinished(tables["outcomes"]), *open_end(tables["size"])]
    unended = [f"This study is not finished. {' '.join(rest)}"] if rest else []
    none = nothing(tables["learned"]) or _fruitless(tables["outcomes"])
    return [*none, *limited(tables), *unended]


def _fruitless(outcomes: pd.DataFrame) -> list[str]:
    """Report that no run completed, and how the runs ended, in one sentence."""
    total = outcomes[outcomes["parameter"] == "all"].sum(numeric_only=True)
    ends = [f"{n:,} {status}" for status in ENDS if (n := int(total[status]))]
    return [] if total["completed"] or not ends else [f"No run completed: {listing(ends)}."]


@dataclass(frozen=True, slots=True)
class Warned:
    """What a careful colleague would warn of, worst first, and what is worth knowing besides."""

    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def warned(cautions: pd.DataFrame) -> Warned:
    """Return the lines of the table `cautions`."""
    parts = (cautions[cautions["severity"] == severity] for severity in (WARNING, NOTE))
    warnings, notes = (tuple(map(typeset, finding(part))) for part in parts)
    return Warned(warnings, notes)


def cards(tables: Tables) -> list[tuple[Card, ...]]:
    """Return the four cards, each a few lines: runs, what was asked, best, certificate."""
    claims = tables.get("claims", pd.DataFrame())
    asked = _studied(tables["size"], tables["parameters"]) if claims.empty else _claimed(claims)
    best = tuple(_best(tables))
    networks = _networks(tables["outcomes"], tables["size"].iloc[0])
    return [(networks,), (asked,), best, (_certified(tables["certificate"]),)]


def _networks(outcomes: pd.DataFrame, size: "pd.Series[int]") -> Card:
    """Count the trained and the incomplete networks, and name a level that all of these have."""
    total = outcomes[outcomes["parameter"] == "all"].sum(numeric_only=True)
    planned, missing = int(total["planned"]), int(total["missing"])
    levels = outcomes[outcomes["parameter"] != "all"]
    wrong = []
    for status in ENDS:
        if not (n := int(total[status])):
            continue
        counts = levels.groupby(["parameter", "level"], sort=False, as_index=False)[status].sum()
        every = counts[counts[status] == n].to_dict("records")
        shared = [at(row["parameter"], row["level"]) for row in every]
        wrong.append(f"{n:,} {status}{f' (all with {shared[0]})' if shared and n > 1 else ''}")
    of = f" of {planned:,} planned" if missing else ""
    trained = f"network{'' if planned - missing == 1 else 's'} trained{of}"
    more = f"; {size['added']:,} more trained to decide claims" if size["added"] else ""
    ended = listing(wrong) or "none diverged"
    return Card(f"{planned - missing:,}", f"{trained}; {ended}{more}")


def _claimed(claims: pd.DataFrame) -> Card:
    """Count the claims with the same verdict wherever they were tested, and the others."""
    kinds = claims.groupby("id", sort=False)["verdict"].agg(lambda v: "/".join(sorted(set(v))))
    once = len(claims) == len(kinds)
    each = [
        f"{n} {verdict}{'' if once or verdict == 'undecided' else ' everywhere'}"
        for verdict in ICONS
        if (n := int((kinds == verdict).sum()))
    ]
    if mixed := int(kinds.str.contains("/").sum()):
        each.append(f"{mixed} with different verdicts")
    return Card(count(len(kinds), "claim"), ", ".join(each))


def _studied(size: pd.DataFrame, parameters: pd.DataFrame) -> Card:
    """Count the configurations and repetitions, and name the parameters that differ."""
    row = size.iloc[0]
    varied = [words(name) for name in parameters.loc[parameters["studied"], "parameter"]]
    differ = f"{listing(varied)} differ; " if varied else ""
    alone = row["configurations"] == 1
    times = f"{count(int(row['repetitions']), 'repetition')}{'' if alone else ' of each'}"
    on = "" if row["datasets"] == 1 else f" on {row['datasets']} datasets"
    return Card(count(int(row["configurations"]), "configuration"), f"{differ}{times}{on}")


def _best(tables: Tables) -> Iterator[Card]:
    """Name the best configuration of each dataset, and how many are tied with it."""
    configurations, learned = tables["configurations"], tables["learned"]
    ranked = feasible(announced(configurations, learned))
    first = ranked[(ranked["rank"] == 1) & ranked["value"].map(math.isfinite)]
    if first.empty:
        ends = "is feasible, ends finite" if limited(tables) else "ends finite"
        yield Card("No best configuration", f"none {ends} and better than the trivial predictor")
        return
    names, datasets = first["configuration"].drop_duplicates(), set(configurations["dataset"])
    if len(ranked) == 1:  # nothing to compare it with
        name = str(first["dataset"].iloc[0])
        place = f" on {name}" if len(datasets) > 1 else ""
        beside = constants(tables)
        share = beside.texts.get(name) if beside.name == MAJORITY else None
        place += f"; {MAJORITY}: {share}" if share else ""
        yield Card(number(first["value"].iloc[0]), f"{aimed(first)}{place}")
        return
    cards = []
    for name in names:
        where = first.loc[first["configuration"] == name, "dataset"].astype(str).tolist()
        places = _places(where) if len(datasets) > 1 else "best"
        cards.append((str(name), places, _ties(ranked[ranked["dataset"].isin(where)])))
    ties = {tied for _, _, tied in cards}
    same = ties.pop() if len(cards) > 1 and len(ties) == 1 else ""  # once is enough
    for name, places, tied in cards[:MANY]:
        yield Card(name, places if same else f"{places}{tied}")
    if len(names) > MANY:
        yield Card("…", f"{len(names) - MANY} more on other datasets")
    if same:
        of = first["dataset"].astype(str).unique().tolist()
        yield Card(upper(on(of, of)), same.removeprefix("; "))
    lost = ranked.loc[(ranked["rank"] == 1) & ~ranked["value"].map(math.isfinite), "dataset"]
    if len(lost):
        yield Card("None", f"no configuration ends finite on {listing(lost.astype(str).tolist())}")


def _places(datasets: Sequence[str]) -> str:
    """Name the datasets on which a configuration is best."""
    rest = f" and {len(datasets) - MANY} more" if len(datasets) > MANY else ""
    return f"best on {', '.join(datasets[:MANY])}{rest}" if rest else f"best on {listing(datasets)}"


def _ties(rows: pd.DataFrame) -> str:
    """Report how many others are tied with the first configuration of each dataset."""
    of = [(str(name), rows) for name, rows in rows.groupby("dataset", sort=False)]
    others = len(of[0][1]) - 1
    if not others:
        return ""
    if METRICS[str(rows["metric"].iloc[0])].timed:
        return "; timed per stack, so not tested"
    if not rows["separable"].eq(other=True).any():
        few = count(int(rows["runs"].min()), "repetition")
        return f"; {few} cannot separate it from the others"
    ties = [(name, int(one["tied"].eq(other=True).sum()) - 1) for name, one in of]
    if len({n for _, n in ties}) == 1:
        return f"; tied with {ties[0][1]:,} of {count(others, 'other')}"
    each = listing([f"{n:,} on {name}" for name, n in ties[:MANY]])
    return f"; tied with {each} of {count(others, 'other')}"


def _certified(certificate: pd.DataFrame) -> Card:
    """Count the runs that were trained again with the same bits."""
    if certificate.empty:
        return Card("Not yet certified", "runs are trained again when the study has ended")
    same = int((certificate["differs_at"].isna() & certificate["reason"].isna()).sum())
    return Card(f"{same} of {len(certificate)}", "retrained runs identical, bit for bit")
