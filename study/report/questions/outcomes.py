"""Did every run finish? How many runs ended how: all of them, and at each level."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from study.plot.facets import facets
from study.plot.theme import STATUS, words
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.sentence import sentence
from study.report.wording import at, count, listing
from study.stats import summaries


def tables(material: Material) -> Tables:
    """Return how many runs ended how: all, and by level."""
    return {"outcomes": summaries.outcomes(material.runs, material.studied)}


def finding(counts: pd.DataFrame) -> list[str]:
    """Report how many runs did not complete, and at which level most diverged."""
    total = counts[counts["parameter"] == "all"].sum(numeric_only=True)
    wrong = [
        f"{int(total[status]):,} {'were pruned' if status == 'pruned' else status}"
        for status in ("diverged", "pruned", "failed")
        if total[status]
    ]
    wrong += [f"{int(total['missing']):,} are missing"] * bool(total["missing"])
    if not wrong:
        return []
    said = f"of {count(int(total['planned']), 'run')}, {listing(wrong)}"
    every = total["diverged"] == total["planned"] - total["missing"]
    return sentence(said + ("" if every else _most_diverged(counts)), said)


def _most_diverged(counts: pd.DataFrame) -> str:
    """Name the level at which most runs diverged, of all levels of all parameters."""
    of_levels = counts[counts["parameter"] != "all"]
    sums = of_levels.groupby(["parameter", "level"], sort=False).sum(numeric_only=True)
    sums = sums[sums["diverged"] > 0]
    if sums.empty:
        return ""
    stored = sums["planned"] - sums["missing"]
    rows = sums.assign(share=sums["diverged"] / stored).reset_index()
    row = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
    only = row["diverged"] == counts.loc[counts["parameter"] == "all", "diverged"].sum()
    return f"; divergence {'occurs only' if only else 'is most frequent'} with " + at(
        row["parameter"], row["level"]
    )


def figure(counts: pd.DataFrame) -> Figure:
    """Draw how the runs ended as bars of shares: a row a parameter, a column a dataset.

    `counts` has one row per dataset, parameter (`all`: all runs together) and level: planned, and
    a column for each status.
    """
    present = [status for status in STATUS if counts[status].any()]
    levels = counts.groupby("parameter", sort=False)["level"].nunique()
    return facets(
        counts,
        ("parameter", "dataset"),
        lambda axes, rows: _bars(axes, rows, present),
        height=[0.42 + 0.17 * n for n in levels],
        labels=lambda parameter, _: (
            f"by {words(parameter)}" if parameter != "all" else "", ""
        ),
        x="share of the planned runs",
        share_x=True,
        named=True,
    )  # fmt: skip


def _bars(axes: Axes, counts: pd.DataFrame, statuses: list[str]) -> None:
    left = np.zeros(len(counts))
    for status in statuses:
        part = (counts[status] / counts["planned"]).to_numpy()
        axes.barh(counts["level"], part, left=left, color=STATUS[status], label=status, height=0.75)
        left += part
    axes.set(xlim=(0, 1), ylim=(len(counts) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)


CODE = """
table = pd.read_parquet(f"{folder}/tables/outcomes.parquet")
names = ["completed", "diverged", "pruned", "failed", "missing"]
table = table.melt(["dataset", "parameter", "level"], names, var_name="status", value_name="runs")
table = table[table["parameter"] == "all"]  # or the name of a parameter, for a bar at each level
grid = sns.catplot(table, kind="bar", x="runs", y="status", col="dataset", errorbar=None)
"""

QUESTION = Question(
    name="outcomes",
    applies=lambda m: bool((m.runs["status"] != "completed").any()),
    question="Did every run finish?",
    tables=tables,
    finding=lambda t: finding(t["outcomes"]),
    figure=lambda t, _: figure(t["outcomes"]),
    code=CODE,
    picture="Bars: the shares of runs that completed, diverged, failed or are missing, for all "
    "runs and for each level of each parameter, one column a dataset",
    caption="Bars show how the planned runs ended: all of them, and those at each level.",
    note="A run diverges where its loss is no longer finite, or passes the study's limit. Wherever "
    "runs are summarised, a diverged or failed run counts as an infinite loss. Comparisons of last "
    "epochs leave out all runs of a pruned trial.",
    basis=Basis(
        n={"planned": "planned runs a bar"},
        interval="none; these are counts",
        chosen="all planned runs",
    ),
    absent="No run is planned.",
)
