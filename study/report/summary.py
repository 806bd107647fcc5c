"""The sentences around the questions: the summary above them, the study's history below."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from study.metrics import METRICS
from study.plot.theme import words
from study.report.learned import announced, nothing, stuck
from study.report.question import Tables
from study.report.unfinished import added
from study.report.wording import count, listing, number, objective, share


def summary(tables: Tables) -> list[str]:
    """Return the page's first sentences, each a function of tables further down.

    Where nothing was learned on a dataset, that comes first, and no configuration is called best.
    """
    learned = tables["learned"]
    found = [*nothing(learned), _studied(tables["size"], tables["parameters"])]
    if "claims" in tables and not tables["claims"].empty:
        found += [_verdicts(tables["claims"]), *_printed_alone(tables["claims"])]
    found += _best(announced(tables["configurations"], learned))
    found += stuck(learned)
    return [*found, _ended(tables["outcomes"])]


def _studied(size: pd.DataFrame, parameters: pd.DataFrame) -> str:
    row = size.iloc[0]
    varied = [words(name) for name in parameters.loc[parameters["studied"], "parameter"]]
    of = f", which differ in {listing(varied)}" if varied else ""
    times = count(row["repetitions"], "repetition")
    were = "was" if row["planned"] == 1 else "were"
    planned = "planned" if row["planned"] == row["at_most"] else "trained so far"
    return (
        f"{count(row['planned'], 'small neural network')} {were} {planned}{of}: on "
        f"{count(row['datasets'], 'dataset')}, with {times} of each configuration.{added(row)}"
    )


def _verdicts(claims: pd.DataFrame) -> str:
    verdicts = claims["verdict"].value_counts()
    names = [n for n in ("supported", "contradicted", "undecided") if n in verdicts]
    ids = claims["id"].nunique()
    if len(names) == 1:
        if len(claims) == 1:
            return f"The verdict on the only claim: {names[0]}."
        every = "Both" if len(claims) == 2 else f"All {len(claims):,}"  # noqa: PLR2004  # a word
        return f"{every} verdicts on {count(ids, 'claim')} are the same: {names[0]}."
    each = [
        f"{verdicts[name]} {('is ' if verdicts[name] == 1 else 'are ') * (i == 0)}{name}"
        for i, name in enumerate(names)
    ]
    return f"Of {count(len(claims), 'verdict')} on {count(ids, 'claim')} {listing(each)}."


def _printed_alone(claims: pd.DataFrame) -> Iterator[str]:
    """Name the claims that hold for the network as printed alone."""
    wide = claims.pivot_table(
        index=["id", "claim", "dataset"], columns="implementation", values="verdict",
        aggfunc="first", observed=True, sort=False,
    )  # fmt: skip
    if not {"exact", "as_printed"} <= set(wide.columns):
        return
    alone = wide[(wide["as_printed"] == "supported") & (wide["exact"] != "supported")]
    where = [
        f"“{claim}” on {listing([str(d) for d in rows.index.get_level_values('dataset')])}"
        for claim, rows in alone.groupby("claim", sort=False)
    ]
    if where:
        yield f"Supported for the network as printed, and not for the exact one: {listing(where)}."
        yield _direct(claims[~claims["implementation"].isin(["exact", "as_printed"])])


def _direct(claims: pd.DataFrame) -> str:
    """Say what came of the hypotheses that compare the two networks themselves."""
    if claims.empty:
        return "That alone does not show that the networks differ: no hypothesis compares them."
    supported = int((claims["verdict"] == "supported").sum())
    return (
        "That alone does not show that the networks differ; of "
        f"{count(len(claims), 'verdict')} that compare them {supported} "
        f"{'is' if supported == 1 else 'are'} supported."
    )


def _best(ranked: pd.DataFrame) -> Iterator[str]:
    """Say what is best on each dataset, and whether that is settled."""
    for dataset, rows in ranked.groupby("dataset", sort=False):
        first = rows.iloc[0]
        named = objective(
            str(first["metric"]), str(first["goal"]), first["quantile"], int(first["runs"])
        )
        if not math.isfinite(first["value"]):
            yield f"On {dataset}, no configuration has a finite {named}."
            continue
        best = f"{first['configuration']} ({named} {number(first['value'])}"
        yield f"On {dataset}, the best is {best}{'' if len(rows) == 1 else _sure(rows)})."


def _sure(rows: pd.DataFrame) -> str:
    """Report how many others are tied with the best."""
    if METRICS[str(rows["metric"].iloc[0])].timed:
        return ", timed a stack at a time, so without a test"
    others = len(rows) - 1
    if not rows["separable"].eq(other=True).any():
        runs = count(int(rows["runs"].iloc[0]), "repetition")
        return f", but {runs} cannot separate {others + 1:,} configurations"
    tied = int(rows["tied"].eq(other=True).sum()) - 1
    return f", tied with {tied:,} of {count(others, 'other')}"


def _ended(counts: pd.DataFrame) -> str:
    total = counts[counts["parameter"] == "all"].sum(numeric_only=True)
    stored = int(total["planned"] - total["missing"])
    says = {"diverged": "diverged", "pruned": "were pruned", "failed": "failed"}
    wrong = [f"{int(total[status]):,} {how}" for status, how in says.items() if total[status]]
    if not wrong:
        return f"All {count(stored, 'run')} ran to their end."
    part = share((stored - total["completed"]) / stored)
    return f"Of {count(stored, 'run')} {listing(wrong)} ({part} of them)."


def history(executions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which executions were cut short, and what was noted of any; nothing if all went well."""
    found = [s for one in executions for s in _happened(one, last=one is executions[-1])]
    made = f"This study was made in {count(len(executions), 'execution')}."
    return [made, *found] if found else []


def _happened(execution: Mapping[str, Any], *, last: bool) -> Iterator[str]:
    begun = f"The one of {str(execution.get('started'))[:19].replace('T', ' ')} UTC"
    if execution.get("finished") is None and not last:
        yield f"{begun} was cut short, and what it had finished was kept."
    for note in execution.get("notes") or ():
        yield f"{begun} noted: {note}."
