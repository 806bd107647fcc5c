"""How do two parameters change learning? A curve for each two levels, and single runs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import SMALL, WIDTH
from study.plot.facets import facets
from study.plot.groups import CELL, LEAST, by_two
from study.plot.lines import band, beside, epochs
from study.plot.measure import ends, measure
from study.plot.theme import INK, RESULT, SOFT, words
from study.report.material import Material
from study.report.question import ONE_ANSWER, ORDER, Basis, Question, Tables
from study.report.sentence import each, sentence
from study.report.wording import pair
from study.stats import levels
from study.stats.curves import curves

SINGLES = 3
"""The number of repetitions that are drawn alone, the first ones."""

HIGHEST = 5.2
"""Inches, of the rows of one dataset."""


def tables(material: Material) -> Tables:
    """Return the learning curves at each two levels of two parameters, and a few single runs'.

    They are of the objective's metric first, then of the training part's.
    """
    metrics = material.pipeline.search.aims[0].curves
    shown = material.crossed[material.crossed["run_id"].isin(material.whole["run_id"])]
    rows = shown.merge(material.metrics[["run_id", "epoch", *metrics]], on="run_id")
    order = shown[CELL].drop_duplicates()  # as the levels are, which a curve has as texts
    parts = [
        order.merge(curves(rows, by=CELL, metric=metric), on=CELL).assign(metric=metric, goal=goal)
        for metric, goal in metrics.items()
    ]
    first, second = levels.crossed(material.runs)
    single = rows[rows["repetition"] < SINGLES].rename(columns={next(iter(metrics)): "value"})
    return {
        "multiples": pd.concat(parts, ignore_index=True).assign(first=first, second=second),
        "single_runs": single[[*CELL, "repetition", "epoch", "value"]],
    }


def finding(table: pd.DataFrame) -> list[str]:
    """Name the two levels where the median of the table's first metric ends best."""
    last = table[table["epoch"] == table["epoch"].max()]
    last = last[
        last["metric"].isin(table["metric"].head(1)) & np.isfinite(last["median"].astype(float))
    ]
    if last["median"].nunique() < 2:  # noqa: PLR2004  # nothing to compare
        return []
    least = last["goal"].iloc[0] == "minimize"
    best = last.sort_values("median", ascending=least, kind="stable").groupby("dataset").first()
    cells = {
        str(dataset): pair(row)
        for dataset, row in best.reindex(last["dataset"].unique()).T.to_dict().items()
    }
    which = "lowest" if least else "highest"
    metric = words(str(last["metric"].iloc[0]))
    return sentence(
        f"the median {metric} ends {which} with {each(cells)}",
        f"where the median {metric} ends {which} differs between datasets",
    )


def figure(table: pd.DataFrame, singles: pd.DataFrame, trivial: Mapping[str, float]) -> Figure:
    """Draw a metric against the epoch for each pair of levels: rows the first parameter's.

    `table` has one row per metric, dataset, first_level, second_level and epoch: first, second,
    median, low, high; `singles` one per epoch of each run that is drawn alone: repetition, and the
    first metric's value. A second metric is a broken line. The datasets stand below each other, and
    a pair without a run stays empty.
    """
    shown = by_two(table)
    first, second, metric, top = shown[["first", "second", "metric", "row"]].iloc[0]
    between = ends(metric, [table["median"], singles["value"]], trivial)
    dataset = dict(zip(shown["row"], shown["dataset"], strict=True))

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        for _, run in rows[CELL].drop_duplicates().merge(singles).groupby("repetition"):
            axes.plot(run["epoch"], run["value"], color=SOFT, linewidth=0.5)
        line = rows[rows["metric"] == metric]
        band(axes, line, RESULT, alpha=0.2)
        finite = np.isfinite(line["median"])
        axes.plot(line["epoch"][finite], line["median"][finite], color=RESULT, linewidth=1.5)
        if len(line) and not finite.iloc[-1]:
            axes.text(0.97, 0.9, "median ∞", transform=axes.transAxes, fontsize=SMALL,
                      color=INK, ha="right", va="top")  # fmt: skip
        beside(axes, rows[rows["metric"] != metric], RESULT)

    def scale(axes: Axes, row: str, _: str) -> None:
        measure(axes, "y", metric, between, trivial.get(dataset[row]))
        epochs(axes, table["epoch"].max())

    drawing = facets(
        shown,
        ("row", "second_level"),
        draw,
        scale=scale,
        height=min(
            max(WIDTH / max(shown["second_level"].nunique(), 3) * 0.62, 0.95),
            HIGHEST / table["first_level"].nunique(),
        ),
        width=max(WIDTH, LEAST * shown["second_level"].nunique() + 0.6),
        labels=lambda row, level: (f"{words(second)}\n{level}" * (row == top), row),
        x="epoch",
        share_x=True,
        share_y=True,
    )
    drawing.supylabel(f"{words(metric)}, by {words(first)}", fontsize=SMALL, color=SOFT)
    return drawing


def caption(tables: Tables) -> str:
    """Explain the lines that this study has."""
    said = (
        "Each panel is one configuration. Teal is its median with an interval as band, and grey "
        f"are its first {SINGLES} repetitions."
    )
    held_out = tables["multiples"]["metric"].str.startswith("test_").any()
    return said + " Broken lines are medians of the training samples." * bool(held_out)


CODE = """
table = pd.read_parquet(f"{folder}/tables/multiples.parquet")
table = table[table["metric"] == "{{ metric }}"]
grid = sns.relplot(
    table, kind="line", x="epoch", y="median", hue="dataset", row="first_level",
    col="second_level", estimator=None, height=2,
)
grid.set(xscale="log"{{ ', yscale="log"' if log }})
"""

QUESTION = Question(
    name="multiples",
    question="How do two parameters change learning?",
    applies=lambda m: not m.crossed.empty,
    tables=tables,
    finding=lambda t: finding(t["multiples"]),
    figure=lambda t, looks: figure(t["multiples"], t["single_runs"], looks.trivial_losses),
    code=CODE,
    picture="Lines with bands: the objective's metric after each epoch, one panel for each two "
    "levels of two parameters, with a few single runs as thin lines",
    caption=caption,
    note="All other parameters have the base setup's values. The dashed line is the trivial "
    "predictor's loss." + ONE_ANSWER,
    basis=Basis(
        n={"runs": "runs a panel"},
        interval=ORDER,
        chosen="the base setup but for two parameters, pruned trials left out; of many "
        "datasets the first",
    ),
    absent="No epoch of such configurations is stored, or all were pruned.",
)
