"""What was learned, at a glance? The best networks' output, or their loss after each epoch."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from study.plot.axes import MARGIN, label, panels
from study.plot.lines import band, epochs, median
from study.plot.measure import ends, measure
from study.plot.plane import answered, frame, labelled
from study.plot.texts import breadth, folded
from study.plot.theme import RESULT, words
from study.report.material import Material, classified
from study.report.question import EVERY, Basis, Question, Tables
from study.stats.curves import curves as curves_of
from study.stats.feasible import best

DATASETS = 4
"""The most datasets on the first screen."""

COLUMNS, SIDE, TITLE = 2, 2.8, 0.17
"""Panels in a row, and inches: of the figure's width, and of the title of a panel."""

LETTERS = 32
"""The letters of a line of titles, in all its panels together."""


def tables(material: Material) -> Tables:
    """Return the typical run of the best configurations over the plane, or their median curve."""
    points = material.points
    points = points[points["dataset"].isin(classified(material.pipeline)[:DATASETS])]
    points = points[points["role"].str.contains("best")]
    return {"glance": _curves(material) if points.empty else points}


def _curves(material: Material) -> pd.DataFrame:
    """Return the objective's curve of the best configuration of each of the first datasets."""
    metric = next(iter(material.pipeline.search.aims[0].curves))
    runs = material.best_runs
    bests = best(material.ranked)
    first = [name for name in material.pipeline.datasets if (bests["dataset"] == name).any()]
    runs = runs[runs["dataset"].isin(first[:DATASETS])]
    rows = material.metrics[material.metrics["run_id"].isin(runs["run_id"])]
    return curves_of(rows, by=["dataset", "configuration"], metric=metric).assign(metric=metric)


def figure(table: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw a panel for each dataset of `table`."""
    datasets = list(dict.fromkeys(table["dataset"]))
    columns = min(len(datasets), COLUMNS)
    rows = -(-len(datasets) // columns)
    high = SIDE / columns + TITLE * (len(datasets) > 1) - MARGIN / rows  # squares fill the width
    drawing, grid = panels(rows, columns, height=high, width=SIDE)
    every = [axes for line in grid for axes in line]
    for axes in every[len(datasets) :]:
        axes.set_axis_off()
    for axes, dataset in zip(every, datasets, strict=False):
        rows = table[table["dataset"] == dataset]
        name = folded(str(dataset), int(LETTERS / columns / breadth(str(dataset))))
        title = name * (len(datasets) > 1)
        if "metric" in table:
            metric = str(rows["metric"].iloc[0])
            epochs(axes, rows["epoch"].max())
            measure(
                axes, "y", metric, ends(metric, [rows[["median", "low", "high"]]], trivial), None
            )
            median(axes, rows, RESULT, str(dataset))
            band(axes, rows, RESULT, alpha=0.15)
            label(
                axes,
                title=title,
                x="epoch",
                y=words(metric) * (axes in [line[0] for line in grid]),
            )
        else:
            frame(axes, rows)
            answered(axes, rows[rows["part"] == "grid"])
            samples = rows[rows["part"] == "train"]
            labelled(axes, samples, samples["target"], size=12)
            axes.set(xticks=[], yticks=[])
            label(axes, title=title)
    return drawing


CODE = """
table = pd.read_parquet(f"{folder}/tables/glance.parquet")
{% if metric is not defined %}
table = table[table["part"] == "grid"].dropna(subset="{{ answered }}")
grid = sns.relplot(
    table, x="x0", y="x1", hue="{{ answered }}", col="dataset", palette="{{ palette }}",
    {{ norm }}marker="s", linewidth=0, height=2.5,
)
{% else %}
grid = sns.relplot(table, kind="line", x="epoch", y="median", col="dataset", estimator=None)
grid.set(xscale="log"{{ ', yscale="log"' if log }})
{% endif %}
"""


def caption(tables: Tables) -> str:
    """Describe the panels: regions of 2-D data, or a learning curve."""
    if "metric" in tables["glance"]:
        return "The best configuration's median after each epoch; band: interval for the median."
    return "What the best configuration learned: colour is the output, points are the samples."


QUESTION = Question(
    name="glance",
    question="What was learned?",
    together=True,
    tables=tables,
    finding=lambda _: [],
    figure=lambda t, looks: figure(t["glance"], looks.trivial_losses),
    code=CODE,
    draws="prediction",
    picture="The output of the best configurations over the plane, or their loss by epoch",
    caption=caption,
    basis=Basis(
        n={"": "points or epochs"},
        interval=EVERY,
        chosen="a typical run of the best configuration of each dataset",
    ),
    absent="No run of a best configuration is stored.",
)
