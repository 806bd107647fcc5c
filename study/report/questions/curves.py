"""How does each parameter change learning? The learning curves of the runs at each level."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.facets import facets
from study.plot.lines import beside, curves, epochs
from study.plot.measure import ends, measure
from study.plot.theme import Colours, words
from study.report.material import Material
from study.report.question import DECLARED, DESCRIBES, PRUNED, QUARTILES, Basis, Question, Tables
from study.report.wording import at, listing
from study.stats.comparable import matched
from study.stats.curves import COLUMNS, together
from study.stats.curves import curves as curves_of
from study.stats.ranges import binned


def tables(material: Material) -> Tables:
    """Return the learning curves of the runs at each level of each parameter.

    Of the objective's metric first, then of the training part's.
    """
    by, parts = ["dataset", "parameter", "level"], []
    for metric, goal in material.pipeline.search.aims[0].curves.items():
        for name in material.studied:
            runs = matched(binned(material.declared, [name]), [name], material.studied)["run_id"]
            rows = material.metrics[material.metrics["run_id"].isin(runs)]
            if len(rows):
                rows = rows.assign(parameter=name, level=binned(rows, [name])[name])
                found = curves_of(rows, by=by, metric=metric, intervals=False)
                parts.append(found.assign(metric=metric, goal=goal))
    return {"curves": together(parts, [*by, *COLUMNS, "metric", "goal"])}


def finding(table: pd.DataFrame) -> list[str]:
    """Name the level of each parameter that ends with the best median.

    By the first metric of the table, which is the objective's.
    """
    last = table[table["epoch"] == table["epoch"].max()]
    last = last[last["metric"].isin(last["metric"].head(1))]
    return [
        _best_level(str(dataset), rows) for dataset, rows in last.groupby("dataset", sort=False)
    ]


def _best_level(dataset: str, rows: pd.DataFrame) -> str:
    metric, goal = rows["metric"].iloc[0], rows["goal"].iloc[0]
    finite = rows[np.isfinite(rows["median"])]
    finite = finite.sort_values("median", kind="stable", ascending=goal == "minimize")
    best = finite.drop_duplicates("parameter").sort_index()
    named = [
        at(str(name), level) for name, level in zip(best["parameter"], best["level"], strict=True)
    ]
    if not named:
        return f"On {dataset}, every level's median is infinite at the end."
    each = " (each taken alone, over all settings of the others)" if len(named) > 1 else ""
    which = "lowest" if goal == "minimize" else "highest"
    return (
        f"On {dataset}, the {which} median {words(metric)} at the end belongs to "
        f"{listing(named)}{each}."
    )


def figure(table: pd.DataFrame, trivial: Mapping[str, float], colours: Colours) -> Figure:
    """Draw a metric against the epoch, a line a level: a row a parameter, a column a dataset.

    `table` has one row per metric, dataset, parameter, level and epoch: epoch, median, low, high.
    The first metric has lines and bands, a second one broken lines. `colours` are the report's.
    """
    metric = str(table["metric"].iloc[0])
    between = ends(metric, [table["median"]], trivial)

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for parameter, of in rows.groupby("parameter"):
            curves(axes, of[of["metric"] == metric], "level", colours[str(parameter)])
            for level, line in of[of["metric"] != metric].groupby("level", sort=False):
                beside(axes, line, colours[str(parameter)][str(level)])

    def scale(axes: Axes, _: str, dataset: str) -> None:
        measure(axes, "y", metric, between, trivial.get(dataset))
        epochs(axes, table["epoch"].max())

    return facets(
        table,
        ("parameter", "dataset"),
        draw,
        scale=scale,
        height=2.2,
        labels=lambda parameter, dataset: (f"{dataset}, by {words(parameter)}", words(metric)),
        x="epoch",
        share_x=True,
        share_y=True,
        named=words,
    )


CODE = """
table = pd.read_parquet(f"{folder}/tables/curves.parquet")
table = table[(table["parameter"] == "{{ parameter }}") & (table["metric"] == "{{ metric }}")]
grid = sns.relplot(
    table, kind="line", x="epoch", y="median", hue="level", col="dataset", estimator=None,
)
grid.set(xscale="log"{{ ', yscale="log"' if log }})
"""

QUESTION = Question(
    name="curves",
    question="How does each parameter change learning?",
    tables=tables,
    finding=lambda t: finding(t["curves"]),
    figure=lambda t, looks: figure(t["curves"], looks.trivial_losses, looks.colours),
    code=CODE,
    picture="Lines with bands: the objective's metric after each epoch for each level of each "
    "parameter, one row a parameter, one column a dataset",
    caption="Each line is the median of the runs at that level, over the settings of the other "
    "parameters that occur at every level; the band holds the middle half of those runs. It "
    "describes them and is no "
    "confidence interval. A line ends where most of its runs have diverged; a band that "
    "reaches the top says that a quarter have, or nearly. Where the metric is of held-out "
    "samples, broken lines are the same medians of the training samples." + DESCRIBES,
    basis=Basis(n={"runs": "runs a line"}, interval=QUARTILES, chosen=DECLARED),
    absent="There is nothing to compare: no parameter has several levels with stored epochs"
    + PRUNED,
)
