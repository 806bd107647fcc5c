"""How long until every sample is right? The share of runs that has arrived after each epoch."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.facets import facets
from study.plot.lines import epochs
from study.plot.theme import Colours, words
from study.report.material import Material, classified
from study.report.question import DECLARED, DESCRIBES, PRUNED, Basis, Question, Tables
from study.report.wording import at, share
from study.stats.comparable import matched
from study.stats.ranges import binned
from study.stats.summaries import measured, stored

COLUMNS = ("dataset", "parameter", "level", "metric", "epoch", "share", "runs", "never")


def tables(material: Material) -> Tables:
    """Return the share of runs at each level that has reached full accuracy after each epoch."""
    runs = material.declared[material.declared["dataset"].isin(classified(material.pipeline))]
    metric, last = "epochs_to_full_accuracy", material.pipeline.training.epochs
    return {"arrivals": arrivals(runs, material.studied, metric=metric, last=last)}


def arrivals(
    runs: pd.DataFrame, parameters: Sequence[str], *, metric: str, last: int
) -> pd.DataFrame:
    """Return how large a share of the runs at each level has got to a threshold after each epoch.

    `metric` is the epoch of arrival, null if never. One row per dataset, parameter, level and epoch
    at which a run arrives, and the `last` one: `share` of the `runs` so far (the empirical
    distribution function), and how many `never` arrive, including diverged runs. A parameter
    has the runs of settings that occur at each of its levels; many levels are binned.
    """
    rows = [
        (str(dataset), parameter, str(level), metric, *step)
        for parameter in parameters
        for (dataset, level), group in stored(
            matched(binned(runs, [parameter]), [parameter], parameters)
        ).groupby(["dataset", parameter])
        for step in _steps(measured(group, metric), last)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _steps(arrived: pd.Series, last: int) -> Iterator[tuple[int, float, int, int]]:
    known = arrived[np.isfinite(arrived)].astype(int)
    never, so_far = len(arrived) - len(known), 0
    counts = known.value_counts().sort_index()
    for epoch, n in {**counts.to_dict(), last: counts.get(last, 0)}.items():
        so_far += int(n)
        yield int(str(epoch)), so_far / len(arrived), len(arrived), never


def finding(table: pd.DataFrame) -> list[str]:
    """Say of which parameter's levels the most and the fewest runs arrive."""
    last = table.groupby(["dataset", "parameter", "level"], sort=False).last().reset_index()
    found = []
    for dataset, rows in last.groupby("dataset", sort=False):
        shares = rows.groupby("parameter", sort=False)["share"]
        apart = shares.max() - shares.min()
        if not apart.max() > 0:
            says = {1.0: "every run comes", 0.0: "no run comes"}.get(
                float(rows["share"].max()), "as many runs come at every level"
            )
            found.append(f"On {dataset}, {says} to full training accuracy.")
            continue
        name = str(apart.index[int(apart.to_numpy().argmax())])
        of = rows[rows["parameter"] == name].sort_values("share", kind="stable")
        most, least = of.iloc[-1], of.iloc[0]
        found.append(
            f"On {dataset}, {share(most['share'])} of the runs with {at(name, most['level'])} "
            f"come to full training accuracy, and {share(least['share'])} of those with "
            f"{least['level']}: no parameter makes a larger difference."
        )
    return found


def figure(table: pd.DataFrame, colours: Colours) -> Figure:
    """Draw the share of runs that has arrived against the epoch: a row a parameter, a line a level.

    `table` has one row per dataset, parameter, level and epoch of an arrival, and the last one:
    epoch, share, metric. What a line lacks of 1 at the end never arrives.
    """

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for parameter, of in rows.groupby("parameter"):
            for level, colour in colours[str(parameter)].items():
                line = of[of["level"] == level]
                if len(line):
                    axes.step(
                        [1, *line["epoch"]], [0, *line["share"]], where="post", linewidth=1.6,
                        color=colour, label=level,
                    )  # fmt: skip

    def scale(axes: Axes, *_: str) -> None:
        axes.set_ylim(-0.03, 1.03)
        epochs(axes, table["epoch"].max())

    return facets(
        table,
        ("parameter", "dataset"),
        draw,
        scale=scale,
        height=2.2,
        labels=lambda parameter, dataset: (f"{dataset}, by {words(parameter)}", "share of runs"),
        x="epoch",
        share_x=True,
        share_y=True,
        named=words,
    )


CODE = """
table = pd.read_parquet(f"{folder}/tables/arrivals.parquet")
table = table[table["parameter"] == "{{ parameter }}"]  # "never" counts those that did not arrive
grid = sns.relplot(
    table, kind="line", x="epoch", y="share", hue="level", col="dataset",
    estimator=None, drawstyle="steps-post",
)
grid.set(xscale="log", ylim=(0, 1))
"""

QUESTION = Question(
    name="arrivals",
    question="How long until every sample is right?",
    applies=lambda m: bool(classified(m.pipeline)),
    tables=tables,
    finding=lambda t: finding(t["arrivals"]),
    figure=lambda t, looks: figure(t["arrivals"], looks.colours),
    code=CODE,
    picture="Steps: the share of runs that have answered every training sample right, after "
    "each epoch, one line a level, one row a parameter, one column a dataset",
    caption="A line rises by a run wherever one answers every training sample right for the "
    "first time. What it lacks of 1 at the end is the share that never did, diverged runs "
    "among them. The runs are those of settings of the other parameters that occur at every "
    "level." + DESCRIBES,
    basis=Basis(n={"runs": "runs a line"}, interval="none: these are counts", chosen=DECLARED),
    absent="There is nothing to compare: no parameter has several levels with stored runs" + PRUNED,
)
