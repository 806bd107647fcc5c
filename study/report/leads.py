"""What leads the first screen: verdicts, a front, what a search found, or the ranking."""

import math

import pandas as pd

from study.metrics import METRICS
from study.plot.theme import words
from study.report.learned import announced
from study.report.question import Tables
from study.report.verdicts import Cell, Lead, Row, verdicts
from study.report.wording import number, objective, value
from study.stats.feasible import best

FIRST = 5
"""The most configurations or trials of a dataset that a lead lists."""


def lead(tables: Tables) -> Lead | None:
    """Return what comes first: verdicts, a front, what a search found, or the ranking.

    None where nothing could be ranked.
    """
    if "claims" in tables and not tables["claims"].empty:
        return verdicts(tables["claims"], tables["verdicts"])
    if "pareto" in tables and (tables["pareto"]["front"] == 0).any():
        return _front(tables["pareto"], tables["objectives"])
    ranked = announced(tables["configurations"], tables["learned"])
    ranked = ranked[ranked["value"].map(math.isfinite)]
    if ranked.empty:
        return None
    if "search_history" in tables:
        return _searched(ranked, tables)
    several = len(set(tables["configurations"]["dataset"])) > 1
    return _ranking(ranked, tables["learned"], several=several)


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


def _searched(ranked: pd.DataFrame, tables: Tables) -> Lead:
    """List the best trial of each dataset, the trivial predictor, and the result against random."""
    chance, trivial = tables["against_random"], _trivial(ranked, tables["learned"])
    rows, several = [], len(set(tables["configurations"]["dataset"])) > 1
    for row in best(ranked).to_dict("records"):
        dataset = str(row["dataset"])
        cells = [*[dataset] * several, number(row["value"])]
        cells += [trivial.get(dataset, "–")] * bool(trivial)
        if len(chance):
            cells.append(_against(chance[chance["dataset"] == dataset]))
        rows.append(Row(str(row["configuration"]), _texts(*cells)))
    heads = [*["dataset"] * several, aimed(ranked), *["trivial predictor"] * bool(trivial)]
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


def _ranking(ranked: pd.DataFrame, learned: pd.DataFrame, *, several: bool) -> Lead:
    """List the first configurations, the best linear model and the trivial predictor."""
    trivial, compared = _trivial(ranked, learned), bool(ranked["dataset"].duplicated().any())
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
            rows.append(Row("trivial predictor", cells))
    held_out = METRICS[str(ranked["metric"].iloc[0])].held_out
    title = "Which configuration is best?" if compared else "How good is the configuration?"
    title = "How good is it on held-out data?" if held_out else title
    first = f"The first configurations{' of each dataset' * several}. " * compared
    heads = *["dataset"] * several, aimed(ranked), *["rank"] * compared
    key = f"{first}{'The trivial predictor ignores its inputs.' * bool(trivial)}".strip()
    return Lead(title, key, _heads(*heads), tuple(rows))


def aimed(ranked: pd.DataFrame) -> str:
    """Name what the configurations are ranked by."""
    row = ranked.iloc[0]
    return objective(str(row["metric"]), str(row["goal"]), row["quantile"], int(row["runs"]))


def _trivial(ranked: pd.DataFrame, learned: pd.DataFrame) -> dict[str, str]:
    """Return the trivial predictor's value on each dataset, where it is of the ranked metric."""
    same = learned[(learned["metric"] == ranked["metric"].iloc[0]) & learned["trivial"].notna()]
    return {str(row["dataset"]): number(row["trivial"]) for row in same.to_dict("records")}


def _heads(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "") for name in names)


def _texts(*texts: object, kind: str = "") -> tuple[Cell, ...]:
    return tuple(Cell(str(text), kind) for text in texts)
