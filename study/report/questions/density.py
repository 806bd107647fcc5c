"""Where did the search look? How often each level was tried, early and late."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plan.trials import learns
from study.plot.axes import tilt
from study.plot.facets import facets
from study.plot.theme import ARMS, words
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.sentence import each, sentence
from study.report.wording import at
from study.stats.ranges import binned
from study.stats.search import by_arm

HALVES = ("first", "second")

SHOWN = 2
"""The figure shows this many parameters."""


def tables(material: Material) -> Tables:
    """Return how often each level was tried, and where the best has an outermost value."""
    names = tuple(n for n in material.pipeline.search.parameters if n in material.studied)
    counts = density(binned(material.trials, names), names)
    return {"search_density": counts, "edges": material.edges}


def density(trials: pd.DataFrame, parameters: Sequence[str]) -> pd.DataFrame:
    """Count how often each arm tried each level of each parameter, early and late.

    `trials` has the columns of `parameters` as levels. One row per dataset, parameter, level and
    arm: `first` and `second`, the trials in the first and in the second half of the arm's.
    """
    proposals = by_arm(trials)
    groups = proposals.groupby(["dataset", "arm"])
    proposals = proposals.assign(late=groups.cumcount() >= groups["number"].transform("size") / 2)
    rows = []
    for parameter in parameters:
        for (dataset, arm), group in proposals.groupby(["dataset", "arm"], sort=False):
            for level in proposals[parameter].cat.categories:
                late = group.loc[group[parameter] == level, "late"]
                rows.append((dataset, parameter, level, arm, int((~late).sum()), int(late.sum())))
    return pd.DataFrame(rows, columns=["dataset", "parameter", "level", "arm", "first", "second"])


def gained(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the search's share of each level in both halves, and how much the second has more."""
    own = counts[counts["arm"] == "search"]
    of = own.groupby(["dataset", "parameter"], sort=False)
    halves = {half: own[half] / of[half].transform("sum").clip(lower=1) for half in HALVES}
    return own.assign(**halves, more=halves["second"] - halves["first"])


def finding(counts: pd.DataFrame) -> list[str]:
    """Report the level of each dataset that the second half of the search tried more often."""
    more = gained(counts).sort_values("more", ascending=False, kind="stable")
    first = more[more["more"] > 0].groupby("dataset").first()
    if first.empty:
        return []
    first = first.reindex([name for name in counts["dataset"].unique() if name in first.index])
    levels = {
        str(dataset): at(row["parameter"], row["level"])
        for dataset, row in first.T.to_dict().items()
    }
    return sentence(
        f"the search moved most towards {each(levels)}",
        "the level towards which the search moved most differs between datasets",
    )


def figure(counts: pd.DataFrame) -> Figure:
    """Draw how often each level was tried: a row a parameter, a column a dataset.

    `counts` has one row per dataset, parameter, level and arm: first, second (half of the trials).
    Only the parameters whose levels changed most between the halves are drawn.
    """
    most = gained(counts).groupby("parameter", sort=False)["more"].max().nlargest(SHOWN).index
    counts = counts[counts["parameter"].isin(most)]

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        levels = list(dict.fromkeys(rows["level"]))
        _bars(axes, rows, levels)
        axes.set_xticks(range(len(levels)), levels)
        tilt(axes, levels)
        axes.grid(visible=False, axis="x")

    return facets(
        counts,
        ("parameter", "dataset"),
        draw,
        height=1.7,
        labels=lambda parameter, _: (words(parameter), "trials"),
        named=True,
    )


_BARS = (
    ("search", ["first"], "search, first half", "#a6cbe3"),
    ("search", ["second"], "search, second half", ARMS["search"]),
    ("random", ["first", "second"], "random", ARMS["random"]),
)
"""Arm, the halves that a bar counts, its name and colour."""


def _bars(axes: Axes, counts: pd.DataFrame, levels: Sequence[str]) -> None:
    present = [bar for bar in _BARS if bar[0] in set(counts["arm"])]
    width = 0.8 / len(present)
    for i, (arm, halves, name, colour) in enumerate(present):
        bars = counts[counts["arm"] == arm].set_index("level").loc[list(levels)]
        at = np.arange(len(levels)) + (i - (len(present) - 1) / 2) * width
        axes.bar(at, bars[halves].sum(axis=1), width=width, color=colour, label=name)


CODE = """
table = pd.read_parquet(f"{folder}/tables/search_density.parquet")
table = table[table["parameter"] == "{{ parameter }}"]
halves = table.melt(
    ["dataset", "level", "arm"], ["first", "second"], var_name="half", value_name="trials"
)
grid = sns.catplot(
    halves, kind="bar", x="level", y="trials", hue="half", row="arm", col="dataset", errorbar=None,
)
"""


def caption(tables: Tables) -> str:
    """Explain the bars, and which parameters are shown."""
    said = "Bars count the trials with each level."
    if tables["search_density"]["parameter"].unique().size > SHOWN:
        said += " The two parameters whose levels changed most are shown, the others in tables."
    return said


QUESTION = Question(
    name="density",
    question="Where did the search look?",
    applies=lambda m: m.searched and learns(m.pipeline),
    tables=tables,
    finding=lambda t: finding(t["search_density"]),
    figure=lambda t, _: figure(t["search_density"]),
    code=CODE,
    picture="Bars: how many trials had each level of each parameter, in the first and in the "
    "second half of the search, one row a parameter, one column a dataset",
    caption=caption,
    note="A method that learns tries promising levels more often in its second half. The levels of "
    "a range are parts of it, even in its own scale. `edges` has the parameters whose best value "
    "is the smallest or largest tried, and the line that extends the search.",
    basis=Basis(
        n={"": "levels of each arm and dataset"},
        interval="none; these are counts",
        chosen="all trials but the repetitions of confirmation",
    ),
    absent="No searched parameter has more than one level.",
)
