"""What do the networks predict? The base setup and the best, next to the truth."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from study.plot.axes import label, panels, short
from study.plot.groups import ROLES
from study.plot.plane import (
    COLUMNS,
    DATASETS,
    THRESHOLD,
    answered,
    bar,
    frame,
    labelled,
    numbers,
    scale,
    several,
    valued,
)
from study.plot.theme import INK
from study.report.chosen import whose
from study.report.material import Material, planar
from study.report.question import EVERY, SEVERAL, Basis, Question, Tables
from study.report.sentence import sentence, span
from study.report.wording import number, share
from study.stats.trivial import of_metric


def tables(material: Material) -> Tables:
    """Return what the typical runs predict on two-dimensional data, and which runs they are."""
    shown = material.shown[material.shown["dataset"].isin(planar(material.pipeline))]
    shown = shown.assign(learned=material.beaten(shown["dataset"]))
    majority = of_metric(material.majority, "train_accuracy")
    shown = shown.assign(most_frequent_class=shown["dataset"].map(majority))
    return {"shown_predictions": material.points, "shown_runs": shown}


def finding(shown: pd.DataFrame) -> list[str]:
    """Report the training accuracies of typical runs, or losses where the target is a number."""
    for name, what, write in (("accuracy", "accuracy", share), ("loss", "loss", number)):
        finite = shown[shown[name].notna() & np.isfinite(shown[name].astype(float))]
        best = finite[finite["role"].str.contains("best") & finite["learned"]]
        base = finite[finite["role"] == "base"]
        if len(best):
            said = f"a typical run of {whose(best['role'])} has {span(best[name], write)} training"
            beside = f", of the base setup {span(base[name], write)}" if len(base) else ""
            return sentence(f"{said} {what}{beside}", f"{said} {what}")
    return []


def figure(points: pd.DataFrame) -> Figure:
    """Draw, for each dataset (rows), the truth and each shown run's answers over its boundary.

    `points` has one row per point of a shown run: dataset, role, configuration, accuracy, loss,
    part (train, test, grid), x0, x1, target, prediction (of several classes: classes, answer,
    confidence). Where the target is a number, accuracy is NaN and colours are values.
    """
    datasets = list(dict.fromkeys(points["dataset"]))[:DATASETS]
    drawing, grid = panels(len(datasets), COLUMNS, height=2.7)
    for row, dataset in zip(grid, datasets, strict=True):
        rows = points[points["dataset"] == dataset]
        roles, of = list(dict.fromkeys(rows["role"])), scale(rows)
        truth = rows[(rows["role"] == roles[0]) & (rows["part"] != "grid")]
        for axes in row[: 1 + len(roles)]:
            frame(axes, rows)
        if of is None:
            labelled(row[0], truth, truth["target"])
        else:
            valued(row[0], truth, of)
            bar(drawing, row[: 1 + len(roles)], of)
        label(row[0], title="the truth\n", x="x0", y="x1")
        for axes, role in zip(row[1:], roles, strict=False):
            run = rows[rows["role"] == role]
            _draw_classes(axes, run, of)
            accuracy, loss = run["accuracy"].iloc[0], run["loss"].iloc[0]
            right = f"accuracy {accuracy:.1%}, " if of is None else ""
            title = f"{ROLES[role]}\n{right}loss {short(loss)}"
            label(axes, title=title, x="x0")
        for axes in row[1 + len(roles) :]:
            axes.set_axis_off()
    return drawing


def _draw_classes(axes: Axes, run: pd.DataFrame, of: Normalize | None) -> None:
    """Draw the output over the plane and the samples, labels with their boundary, wrong ringed."""
    grid, samples = run[run["part"] == "grid"], run[run["part"] != "grid"]
    if of is not None:
        numbers(axes, grid, of)
        valued(axes, samples, of)
        return
    answered(axes, grid)
    if several(samples):
        answer, wrong = samples["answer"], samples["answer"] != samples["target"]
    else:
        answer = samples["prediction"]
        wrong = (answer > THRESHOLD) != (samples["target"] > THRESHOLD)
    ringed = samples[wrong]
    axes.scatter(ringed["x0"], ringed["x1"], s=70, facecolor="none", edgecolor=INK, linewidth=1)
    labelled(axes, samples, answer)


CODE = """
table = pd.read_parquet(f"{folder}/tables/shown_predictions.parquet")
table = table[table["part"] != "grid"]  # "grid" has the predictions over the plane
grid = sns.relplot(table, x="x0", y="x1", hue="{{ answered }}", row="dataset", col="role")
"""


def caption(tables: Tables) -> str:
    """Explain the colours of classes and of numbers, as far as they are drawn."""
    points = tables["shown_predictions"]
    kinds = [(several(rows), scale(rows)) for _, rows in points.groupby("dataset")]
    said = []
    if any(of is None for _, of in kinds):
        said.append("Marks have the colour of the predicted class; wrong ones are ringed.")
    if any(of is None and not classes for classes, of in kinds):
        said.append("Behind them is the output: blue 0, white 0.5, orange 1.")
    if any(of is not None for _, of in kinds):
        said.append("Numbers have one scale: a mark unlike its surroundings is an error.")
    shown = tables.get("shown_runs", pd.DataFrame({"most_frequent_class": []}))
    majority = shown["most_frequent_class"].dropna()
    if len(majority):
        said.append(f"The most frequent class alone has an accuracy of {span(majority, share)}.")
    return " ".join(said)


QUESTION = Question(
    name="predictions",
    question="What do the networks predict?",
    applies=lambda m: bool(planar(m.pipeline)),
    tables=tables,
    finding=lambda t: finding(t["shown_runs"]),
    figure=lambda t, _: figure(t["shown_predictions"]),
    code=CODE,
    draws="prediction",
    picture="The true targets next to the predictions of the base setup and of the best "
    "configuration, over the network's output as colour, one row a dataset",
    caption=caption,
    note="A typical run is the repetition that has the objective's value; it has its own "
    "samples. The truth shows the samples of the first run.",
    several=SEVERAL,
    basis=Basis(
        n={"": "points of the plane and samples"},
        interval=EVERY,
        chosen="of each configuration the repetition that has the objective's value; of "
        "many datasets the first",
    ),
    absent="No predictions on two-dimensional data are stored for a run that stayed finite.",
)
