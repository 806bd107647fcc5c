"""How long until every sample is predicted correctly? The share of runs after each epoch."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.facets import facets
from study.plot.lines import epochs
from study.plot.marks import Mark
from study.plot.theme import Colours, words
from study.report.material import Material, classified
from study.report.question import DECLARED, DESCRIBES, PRUNED, Basis, Question, Tables
from study.report.sentence import each, sentence, span
from study.report.wording import at, share
from study.stats.comparable import matched
from study.stats.ranges import binned
from study.stats.summaries import measured, stored

COLUMNS = ("dataset", "parameter", "level", "metric", "epoch", "share", "runs", "never")


METRIC = "epochs_to_full_accuracy"

SHOWN = 2
"""The figure shows this many parameters: the parameters with the largest differences."""


def tables(material: Material) -> Tables:
    """Return the share of runs at each level that has full training accuracy after each epoch.

    `arrived` has a row for each level: its share after the last epoch, and the epoch after which
    half of its runs have it.
    """
    runs = material.declared[material.declared["dataset"].isin(classified(material.pipeline))]
    last = material.pipeline.training.epochs
    table = arrivals(runs, material.studied, metric=METRIC, last=last)
    return {"arrivals": table, "arrived": arrived(table)}


def applies(material: Material) -> bool:
    """Return whether some run has full training accuracy after some epoch."""
    return bool(material.declared[METRIC].notna().any())


def arrivals(
    runs: pd.DataFrame, parameters: Sequence[str], *, metric: str, last: int
) -> pd.DataFrame:
    """Return the share of the runs at each level that has reached a threshold after each epoch.

    `metric` is the epoch at which a run reaches it, null if never. One row per dataset, parameter,
    level and epoch at which a run does, and the `last` one: `share` of the `runs` so far (the
    empirical distribution function), and how many `never` do, including diverged runs. A parameter
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
    epochs = arrived[np.isfinite(arrived)].astype(int)
    never, so_far = len(arrived) - len(epochs), 0
    counts = epochs.value_counts().sort_index()
    for epoch, n in {**counts.to_dict(), last: counts.get(last, 0)}.items():
        so_far += int(n)
        yield int(str(epoch)), so_far / len(arrived), len(arrived), never


def arrived(table: pd.DataFrame) -> pd.DataFrame:
    """Return the last share of each dataset, parameter and level, and when half have arrived.

    `table` is of `arrivals`; `half` is NaN where fewer than half of the runs arrive.
    """
    keys = ["dataset", "parameter", "level"]
    last = table.groupby(keys, sort=False, as_index=False).last()
    half = table[table["share"] >= 0.5].groupby(keys)["epoch"].first()  # noqa: PLR2004  # a half
    ends = last.merge(half.rename("half").reset_index(), on=keys, how="left")
    return ends[[*keys, "runs", "share", "never", "half"]]


def apart(table: pd.DataFrame) -> pd.Series:
    """Return how far the shares of a parameter's levels differ, on all datasets together."""
    of = table.groupby(["dataset", "parameter"], sort=False)["share"]
    return (of.max() - of.min()).groupby("parameter", sort=False).sum()


def finding(table: pd.DataFrame) -> list[str]:
    """Report the parameter whose levels differ most, from the table `arrived`."""
    if table.empty:
        return []
    differ = apart(table)
    if not differ.max() > 0:
        shares = span(table["share"], share)
        return [f"At every level, {shares} of the runs reach full training accuracy."]
    name = str(differ.idxmax())
    of = table[table["parameter"] == name]
    first = of.sort_values("share", ascending=False, kind="stable").groupby("dataset", sort=False)
    levels = first["level"].first()
    most = {str(dataset): at(name, levels[dataset]) for dataset in of["dataset"].unique()}
    if len({*most.values()}) > 1:
        return sentence(
            f"most runs reach full training accuracy with {each(most)}",
            f"the best {words(name)} for full training accuracy differs between datasets",
        )
    by_level = of.groupby("level", sort=False)["share"]
    least = str(by_level.mean().idxmin())
    high, low = span(first["share"].first(), share), span(by_level.get_group(least), share)
    return sentence(
        f"with {next(iter(most.values()))}, {high} of the runs reach full training accuracy; "
        f"with {least}, {low}",
        f"{high} of the runs reach full training accuracy with {next(iter(most.values()))}",
    )


def figure(table: pd.DataFrame, colours: Colours) -> Figure:
    """Draw the share of runs against the epoch: a row a parameter, a line a level.

    `table` has one row per dataset, parameter, level and epoch of an arrival, and the last one:
    epoch, share. Of many parameters, the parameters with the largest differences are drawn.
    """
    most = apart(arrived(table)).nlargest(SHOWN).index
    table = table[table["parameter"].isin(most)]

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for parameter, of in rows.groupby("parameter"):
            for level, colour in colours[str(parameter)].items():
                line = of[of["level"] == level]
                if len(line):
                    (step,) = axes.step(
                        [1, *line["epoch"]], [0, *line["share"]], where="post", linewidth=1.6,
                        color=colour, label=level,
                    )  # fmt: skip
                    step.set_url(Mark(f"{level}: {line['share'].iloc[-1]:.0%} at the end").url())

    def scale(axes: Axes, *_: str) -> None:
        axes.set_ylim(-0.03, 1.03)
        epochs(axes, table["epoch"].max())

    return facets(
        table,
        ("parameter", "dataset"),
        draw,
        scale=scale,
        height=1.75,
        labels=lambda parameter, _: (f"by {words(parameter)}", "share of runs"),
        x="epoch",
        share_x=True,
        share_y=True,
        named="row",
    )


CODE = """
table = pd.read_parquet(f"{folder}/tables/arrivals.parquet")
table = table[table["parameter"] == "{{ parameter }}"]
grid = sns.relplot(
    table, kind="line", x="epoch", y="share", hue="level", col="dataset",
    estimator=None, drawstyle="steps-post",
)
grid.set(xscale="log", ylim=(0, 1))
"""


def caption(tables: Tables) -> str:
    """Explain the lines, and which parameters are shown."""
    said = "A line rises when a run first classifies every training sample correctly."
    if tables["arrivals"]["parameter"].unique().size > SHOWN:
        said += " The two parameters with the largest differences are shown, the others in tables."
    return said


QUESTION = Question(
    name="arrivals",
    question="How long until every sample is predicted correctly?",
    applies=applies,
    tables=tables,
    finding=lambda t: finding(t["arrived"]),
    figure=lambda t, looks: figure(t["arrivals"], looks.colours),
    code=CODE,
    picture="Steps: the share of runs that have classified every training sample correctly, after "
    "each epoch, one line a level, one row a parameter, one column a dataset",
    caption=caption,
    note="Runs that never reach full accuracy, diverged ones too, keep a line below 1. Levels are "
    "compared over the settings of the other parameters that occur at every level." + DESCRIBES,
    basis=Basis(n={"runs": "runs a line"}, interval="none; these are counts", chosen=DECLARED),
    absent="There is nothing to compare: no parameter has several levels with stored runs" + PRUNED,
)
