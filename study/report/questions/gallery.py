"""Do repetitions learn the same function? Their answers, and where they differ."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from study.plot.axes import SMALL, WIDTH
from study.plot.facets import facets
from study.plot.groups import CELL, by_two
from study.plot.plane import PAIR, THRESHOLD, regions, several, surface
from study.plot.theme import FAINT, INK, words
from study.report.material import Material
from study.report.question import Basis, Question, Tables
from study.report.wording import at, listing, share
from study.stats import levels
from study.stats.constant import collapsed


def tables(material: Material) -> Tables:
    """Return what repetitions answer over the plane, and how often two of them differ."""
    found = surfaces(material.planes)
    asked = material.crossed[material.crossed["run_id"].isin(material.planes["run_id"].unique())]
    runs = asked.merge(material.runs[["run_id", "constant"]], on="run_id")
    first, second = levels.crossed(material.runs)
    return {"disagreement": disagreement(found, runs, first, second), "surfaces": found}


def surfaces(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the share of repetitions that answer 1, at each point of the plane.

    `answers` has one row per run and point: dataset, first_level, second_level, run_id, x0, x1,
    prediction (NaN where the network's weights have overflowed: that repetition does not count),
    with several classes also classes and answer. One row per dataset, pair of levels and point:
    `ones`, of so many `repetitions`; of several classes see `_several`.
    """
    if "classes" not in answers:
        return _two(answers)
    several_of = answers["classes"] > PAIR  # these have no prediction
    parts = [_several(answers[several_of])]
    if not several_of.all():
        parts.append(_two(answers[~several_of]).assign(classes=PAIR))
    return pd.concat(parts, ignore_index=True)


def _two(answers: pd.DataFrame) -> pd.DataFrame:
    known = answers[answers["prediction"].notna()]
    ones = known.assign(one=known["prediction"] > THRESHOLD)
    groups = ones.groupby([*CELL, "x0", "x1"], sort=False)["one"]
    return groups.agg(ones="mean", repetitions="size").reset_index()


def _several(answers: pd.DataFrame) -> pd.DataFrame:
    """Return the `answer` of the most repetitions at each point, the first one of equals.

    `margin` is the share of repetitions that answer it, less the share of the second; `alike` is
    the sum of the squares of the shares of all classes.
    """
    at, known = [*CELL, "x0", "x1", "classes"], answers[answers["answer"].notna()]
    each = np.eye(int(answers["classes"].max()))[known["answer"].astype(int)]
    groups = pd.DataFrame(each).groupby([known[name].to_numpy() for name in at], sort=False)
    counts = groups.sum()
    n = counts.sum(axis=1).to_numpy()
    shares = counts.to_numpy() / n[:, None]
    first = np.sort(shares, axis=1)[:, ::-1]
    return (
        counts.index.to_frame(index=False)
        .set_axis(at, axis=1)
        .assign(
            ones=np.nan,
            repetitions=n.astype(int),
            answer=shares.argmax(axis=1),
            margin=first[:, 0] - first[:, 1],
            alike=np.square(shares).sum(axis=1),
        )
    )


def disagreement(table: pd.DataFrame, runs: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Return how often two repetitions of a configuration answer differently, over the plane.

    `table` is of `surfaces`; `runs` has dataset, first_level, second_level and the column
    `constant`: whether a run gives one answer to all of its training samples. The result counts
    the `runs` where that is known, and the `constant` ones.
    With a share s of n repetitions that answer 1 at a point, two of them drawn at random differ
    there with probability 2 s (1 − s) n / (n − 1) (Gini's unbiased index), and of several classes
    with (1 − Σ s²) n / (n − 1) (Simpson 1949); `disagreement` is its mean over the points, NaN for
    a single repetition.
    """
    n, s = table["repetitions"].astype(float), table["ones"]
    apart = 2 * s * (1 - s)
    if "alike" in table:
        apart = apart.fillna(1 - table["alike"])
    differ = apart * n / (n - 1).where(n > 1, np.nan)
    cells = table.assign(differ=differ).groupby(CELL, sort=False)
    found = cells.agg(repetitions=("repetitions", "max"), disagreement=("differ", "mean"))
    known = runs.groupby(CELL, sort=False)["constant"].agg(runs="count", constant="sum")
    found = found.join(known.reindex(found.index, fill_value=0).astype(int)).reset_index()
    found.insert(1, "first", first)
    found.insert(2, "second", second)
    return found


def finding(cells: pd.DataFrame) -> list[str]:
    """Report where repetitions answer most and least differently, from the table `disagreement`.

    Cells where most repetitions give one constant answer are listed, and never called least.
    """
    sentences = []
    for dataset, rows in cells[cells["disagreement"].notna()].groupby("dataset", sort=False):
        ordered = rows.sort_values("disagreement", kind="stable")
        constant = ordered[collapsed(ordered)]
        learned = ordered.drop(constant.index)
        if len(learned) and ordered["disagreement"].iloc[-1] > learned["disagreement"].iloc[0]:
            most, least = (
                f"{_cell(row)} ({share(row['disagreement'])} of the plane)"
                for row in (ordered.iloc[-1], learned.iloc[0])
            )
            sentences.append(
                f"On {dataset}, two repetitions differ most with {most}, and least with {least}."
            )
        if len(constant):
            each = [
                f"{_cell(row)} ({row['constant']} of {row['runs']})"
                for _, row in constant.sort_index().iterrows()
            ]
            sentences.append(
                f"On {dataset}, most repetitions give one constant answer with {listing(each)}: "
                "where they agree, that is no sign of stability."
            )
    return sentences or ["There is nothing to compare: one repetition, or all answer alike."]


def _cell(row: "pd.Series[str]") -> str:
    return f"{at(row['first'], row['first_level'])} and {at(row['second'], row['second_level'])}"


def figure(points: pd.DataFrame, cells: pd.DataFrame) -> Figure:
    """Draw each pair of levels: rows the first parameter's, columns the second's.

    `points` has one row per dataset, first_level, second_level and point: x0, x1, ones (the share
    of repetitions that answer 1), of several classes also classes, answer and margin; `cells` per
    pair: first, second, their levels, disagreement, and how many of the runs give a constant
    answer. The datasets stand below each other. A pair without an answer stays empty.
    """
    shown = by_two(cells)
    (first, second), top = cells[["first", "second"]].iloc[0], shown["row"].iloc[0]
    size = WIDTH / max(shown["second_level"].nunique(), 4)

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        here = rows.merge(points, on=CELL)
        if here.empty:
            return
        if several(here):
            regions(axes, here.assign(sure=here["margin"]))
        else:
            surface(axes, here.rename(columns={"ones": "prediction"}))
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_color(FAINT)
        if number := _number(here.iloc[0]):
            axes.text(
                0.04, 0.05, number, transform=axes.transAxes, fontsize=SMALL - 1,
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
        width=WIDTH,  # squares: no room is left between them
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
    known = not math.isnan(cell["disagreement"])  # as it is of a single repetition
    parts = [f"{cell['disagreement']:.0%}"] if known else []
    return ", ".join([*parts, "constant"] if cell["constant"] > cell["runs"] / 2 else parts)


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
    "repetitions answer 0, orange where they answer 1, white where they disagree",
    caption="Each map is one configuration, all other parameters at the base setup's values. "
    "The colour is the share of its repetitions that answer 1: blue none, orange all, white "
    "half, so that what is white depends on the draw. The black line is the boundary of the "
    "majority. The number is how often two repetitions answer differently, at a random point. "
    "“Constant” marks maps where most repetitions give one answer to all training samples: "
    "where these agree, that is no sign of stability. Runs that diverged do not count: a map "
    "without any is empty.",
    several="Of more than two classes, the colour is the class that the most repetitions answer: "
    "the stronger, the more of them than of the second class, and white where these are as many.",
    basis=Basis(
        n={"repetitions": "repetitions a map"},
        interval="none: these are shares of the repetitions",
        chosen="the base setup but for two parameters, completed runs; of many datasets the first",
    ),
    absent="No two parameters have two to six levels with stored answers.",
)
