"""Do repetitions learn the same function? Their answers, and where they differ."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import SMALL, WIDTH
from study.plot.facets import facets
from study.plot.groups import CELL, LEAST, by_two
from study.plot.plane import regions, several, surface
from study.plot.theme import FAINT, INK, words
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.sentence import each, sentence, span
from study.report.wording import pair, share
from study.stats import levels
from study.stats.constant import collapsed
from study.stats.disagreement import disagreement, surfaces

HIGHEST = 5.4
"""Inches, of the rows of one dataset."""


def tables(material: Material) -> Tables:
    """Return what repetitions answer over the plane, and how often two of them differ."""
    table = surfaces(material.planes)
    asked = material.crossed[material.crossed["run_id"].isin(material.planes["run_id"].unique())]
    runs = asked.merge(material.runs[["run_id", "constant"]], on="run_id")
    first, second = levels.crossed(material.runs)
    return {"disagreement": disagreement(table, runs, first, second), "surfaces": table}


def finding(cells: pd.DataFrame) -> list[str]:
    """Report how often repetitions disagree, and where most, from the table `disagreement`.

    Configurations where most repetitions predict one class everywhere are not called stable.
    """
    repeated = cells[cells["disagreement"].notna()]
    learned = repeated[~collapsed(repeated)]
    if learned.empty or repeated["disagreement"].max() <= learned["disagreement"].min():
        return []
    ordered = repeated.sort_values("disagreement", ascending=False, kind="stable")
    first = ordered.groupby("dataset").first().reindex(repeated["dataset"].unique())
    most = {str(dataset): pair(row) for dataset, row in first.T.to_dict().items()}
    ends = [learned["disagreement"].min(), repeated["disagreement"].max()]
    said = f"two repetitions disagree on {span(ends, share)} of the plane"
    return sentence(
        f"{said}, most with {each(most)}",
        f"{said}; the most unstable configuration differs between datasets",
    )


def figure(points: pd.DataFrame, cells: pd.DataFrame) -> Figure:
    """Draw each pair of levels: rows the first parameter's, columns the second's.

    `points` has one row per dataset, first_level, second_level and point: x0, x1, ones (the share
    of repetitions that answer 1), of several classes also classes, answer and margin; `cells` per
    pair: first, second, their levels, disagreement, and how many of the runs give a constant
    answer. The datasets stand below each other. A pair without an answer stays empty.
    """
    shown = by_two(cells)
    (first, second), top = cells[["first", "second"]].iloc[0], shown["row"].iloc[0]
    across, down = shown["second_level"].nunique(), cells["first_level"].nunique()
    size = min(max((WIDTH - 0.5) / max(across, 3), LEAST), HIGHEST / down)

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        samples = rows.merge(points, on=CELL)
        if samples.empty:
            return
        if several(samples):
            regions(axes, samples.assign(sure=samples["margin"]))
        else:
            surface(axes, samples.rename(columns={"ones": "prediction"}))
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_color(FAINT)
        if number := _number(samples.iloc[0]):
            axes.text(
                0.04, 0.05, number, transform=axes.transAxes, fontsize=SMALL,
                color=INK, bbox={"facecolor": "white", "alpha": 0.7, "pad": 1, "linewidth": 0},
            )  # fmt: skip

    def scale(axes: Axes, *_: str) -> None:
        axes.set(xticks=[], yticks=[])
        axes.set_box_aspect(1)
        if not axes.has_data():
            axes.set_axis_off()

    drawing = facets(
        shown,
        ("row", "second_level"),
        draw,
        scale=scale,
        height=size * 0.95,
        width=size * max(across, 3) + 0.6,  # squares: no room is left between them
        labels=lambda row, level: (f"{words(second)}\n{level}" if row == top else "", row),
    )
    for axes in drawing.axes:
        if not axes.axison:  # nor has it a label then: here it is in lines that fit
            beside = axes.yaxis.label.get_text()
            axes.text(-0.1, 0.5, beside, rotation=90, ha="right", va="center", fontsize=SMALL)
    drawing.supylabel(words(first), fontsize=SMALL, color=INK)
    return drawing


def _number(cell: "pd.Series[float]") -> str:
    """Write the disagreement, and whether most of the repetitions give one answer."""
    repeated = not math.isnan(cell["disagreement"])  # as it is of a single repetition
    parts = [f"{cell['disagreement']:.0%}"] if repeated else []
    return ", ".join([*parts, "constant"] if cell["constant"] > cell["runs"] / 2 else parts)


def caption(tables: Tables) -> str:
    """Explain the colours and numbers that this study has."""
    said = "Each map is one configuration; colour is the share of its repetitions that predict 1: "
    said += "blue none, orange all, white half."
    kinds = {several(rows) > 0 for _, rows in tables["surfaces"].groupby("dataset")}
    if kinds == {True}:
        said = "Each map is one configuration; colours are the classes of most repetitions."
    if tables["disagreement"]["disagreement"].notna().any():
        said += " Numbers show how often two repetitions disagree"
        constant = collapsed(tables["disagreement"]).any()
        said += ", “constant” that most predict one class." if constant else "."
    return said


CODE = """
table = pd.read_parquet(f"{folder}/tables/surfaces.parquet")
table = table[table["dataset"] == {{ dataset | tojson }}]
grid = sns.relplot(
    table, x="x0", y="x1", hue="{{ 'answer' if several else 'ones' }}", row="first_level",
    col="second_level", palette="{{ palette }}", {{ norm }}marker="s", linewidth=0, height=2,
)
"""

QUESTION = Question(
    name="gallery",
    question="Do repetitions learn the same function?",
    applies=lambda m: not m.planes.empty,
    tables=tables,
    finding=lambda t: finding(t["disagreement"]),
    figure=lambda t, _: figure(t["surfaces"], t["disagreement"]),
    code=CODE,
    picture="Maps of the plane, one for each two levels of two parameters: blue where the "
    "repetitions predict 0, orange where they predict 1, white where they disagree",
    caption=caption,
    note="All other parameters have the base setup's values. The black line is the boundary of the "
    "majority. Where repetitions agree because each predicts one class everywhere, they are not "
    "stable. Diverged runs do not count: a map without any other run is empty.",
    several="With more than two classes, the colour is the class that most repetitions predict. It "
    "is stronger, the larger their lead over the second class, and white without a lead.",
    basis=Basis(
        n={"repetitions": "repetitions a map"},
        interval="none; these are shares of the repetitions",
        chosen="the base setup but for two parameters, completed runs; of many datasets the first",
    ),
    absent="No two parameters have two to six levels with stored predictions.",
)
