"""What leads the first screen: verdicts, a front, what a search found, or the ranking."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from study.metrics import ACCURACY, METRICS
from study.plot.axes import MAJORITY
from study.plot.theme import words
from study.report.learned import announced
from study.report.question import Tables
from study.report.verdicts import Cell, Lead, Row, verdicts
from study.report.wording import number, objective, value
from study.stats.feasible import best
from study.stats.trivial import of_metric

TRIVIAL = "trivial predictor"

FIRST = 5
"""The most configurations or trials of a dataset that a lead lists."""


@dataclass(frozen=True, slots=True)
class Constants:
    """What a constant answer has in the ranked metric, on each dataset, and what it is called."""

    name: str
    texts: Mapping[str, str]


def constants(tables: Tables) -> Constants:
    """Return the trivial predictor's loss, or the accuracy of the most frequent class."""
    learned, ranked = tables["learned"], tables["configurations"]
    metric = str(ranked["metric"].iloc[0]) if len(ranked) else "final_train_loss"
    if METRICS[metric].quantity is ACCURACY:
        shares = of_metric(tables["majority"], metric)
        return Constants(MAJORITY, {name: number(value) for name, value in shares.items()})
    same = learned[(learned["metric"] == metric) & learned["trivial"].notna()]
    losses = {str(row["dataset"]): number(row["trivial"]) for row in same.to_dict("records")}
    return Constants(TRIVIAL, losses)


def lead(tables: Tables) -> Lead | None:
    """Return what comes first: verdicts, a front, what a search found, or the ranking.

    None where nothing could be ranked.
    """
    if "claims" in tables and not tables["claims"].empty:
        return verdicts(tables["claims"], tables["verdicts"])
    if "pareto" in tables and (tables["pareto"]["front"] == 0).any():
        return _front(tables["pareto"], tables["objectives"])
    ranked, beside = announced(tables["configurations"], tables["learned"]), constants(tables)
    ranked = ranked[ranked["value"].map(math.isfinite)]
    if ranked.empty:
        return None
    if "search_history" in tables:
        return _searched(ranked, tables, beside)
    several = len(set(tables["configurations"]["dataset"])) > 1
    return _ranking(ranked, beside, several=several)


def _front(pareto: pd.DataFrame, objectives: pd.DataFrame) -> Lead:
    """List the first trials that no other trial beats in all objectives."""
    names, front = list(objectives["objective"]), pareto[pareto["front"] == 0]
    several = len(set(pareto["dataset"])) > 1
    rows = [
        Row(
            str(row["configuration"]),
            _texts(*[row["dataset"]] * several, *(value(row[n]) for n in names)),
        )
        for _, of in front.groupby("dataset", sort=False)
        for row in of.head(FIRST).to_dict("records")
    ]
    key = "The first trials of each front: no other trial is better in every objective."
    heads = *["dataset"] * several, *(words(metric) for metric in objectives["metric"])
    return Lead("Which trials are on the front?", key, _heads(*heads), tuple(rows))


def _searched(ranked: pd.DataFrame, tables: Tables, beside: Constants) -> Lead:
    """List the best trial of each dataset, the trivial predictor, and the result against random."""
    chance, trivial = tables["against_random"], beside.texts
    rows, several = [], len(set(tables["configurations"]["dataset"])) > 1
    for row in best(ranked).to_dict("records"):
        dataset = str(row["dataset"])
        cells = [*[dataset] * several, number(row["value"])]
        cells += [trivial.get(dataset, "–")] * bool(trivial)
        if len(chance):
            cells.append(_against(chance[chance["dataset"] == dataset]))
        rows.append(Row(str(row["configuration"]), _texts(*cells)))
    heads = [*["dataset"] * several, aimed(ranked), *[beside.name] * bool(trivial)]
    heads += ["against random trials"] * bool(len(chance))
    fresh = " The values come from fresh repetitions, trained after the search."
    key = f"The best configuration{' on each dataset' * several}."
    key += fresh * bool(ranked["fresh"].all())
    return Lead("What did the search find?", key, _heads(*heads), tuple(rows))


def _against(chance: pd.DataFrame) -> str:
    """Report in how many pairs of runs the search's best was better than the best random trial."""
    if chance.empty:
        return "–"
    row = chance.iloc[0]
    return f"better in {row['better']}, worse in {row['worse']} of {row['runs']} pairs of runs"


def _ranking(ranked: pd.DataFrame, beside: Constants, *, several: bool) -> Lead:
    """List the first configurations, the best linear model and the trivial predictor."""
    trivial, compared = beside.texts, bool(ranked["dataset"].duplicated().any())
    rows = []
    for name, of in ranked.groupby("dataset", sort=False):
        place = [str(name)] * several
        linear = of[of["hidden"].eq("none")].index[:1] if "hidden" in of else of.index[:0]
        for i, row in of[(of["rank"] <= FIRST) | of.index.isin(linear)].iterrows():
            rank = f"{row['rank']}{', tied' if row['rank'] > 1 and row['tied'] is True else ''}"
            rank += ", infeasible" * (not row.get("feasible", True))
            cells = _texts(*place, number(row["value"]), *[rank] * compared)
            label = "best linear model: " * (i in linear)
            rows.append(Row(f"{label}{row['configuration']}", cells))
        if str(name) in trivial:
            cells = _texts(*place, trivial[str(name)], *["–"] * compared, kind="soft")
            rows.append(Row(beside.name, cells))
    held_out = METRICS[str(ranked["metric"].iloc[0])].held_out
    title = "Which configuration is best?" if compared else "How good is the configuration?"
    title = "How good is it on held-out data?" if held_out else title
    first = f"The first configurations{' of each dataset' * several}. " * compared
    heads = *["dataset"] * several, aimed(ranked), *["rank"] * compared
    ignores = f"The {beside.name} ignores its inputs." if beside.name == TRIVIAL else ""
    ignores = ignores or "The last row has the accuracy of always predicting the same class."
    key = f"{first}{ignores * bool(trivial)}".strip()
    return Lead(title, key, _heads(*heads), tuple(rows))


def aimed(ranked: pd.DataFrame) -> str:
    """Name what the configurations are ranked by."""
    row = ranked.iloc[0]
    return objective(str(row["metric"]), str(row["goal"]), row["quantile"], int(row["runs"]))


def _heads(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "") for name in names)


def _texts(*texts: object, kind: str = "") -> tuple[Cell, ...]:
    return tuple(Cell(str(text), kind) for text in texts)
