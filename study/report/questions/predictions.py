"""What do the networks answer? Those of the base setup and of the best beside the truth."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, panels, short
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
from study.report.question import EVERY, SEVERAL, Basis, Question
from study.report.wording import listing, number, share

ROLES = {
    "base": ("base setup", "the base setup"),
    "best": ("best configuration", "the best configuration"),
    "base and best": ("base setup, also the best", "the base setup, also the best,"),
    "near": ("nearest to the base setup", "the configuration nearest to the base setup"),
    "near and best": (
        "nearest to the base setup, also the best",
        "the configuration nearest to the base setup, also the best,",
    ),
}
"""Role of a shown run → what a title calls it, and what a sentence does."""


def finding(shown: pd.DataFrame) -> list[str]:
    """Name the runs whose answers are drawn, from the table `shown_runs`, and how right they are.

    Each is one repetition, whose numbers are not its configuration's. Where the target is a number
    there is no accuracy, and the training loss is given.
    """
    sentences = []
    for dataset, rows in shown.groupby("dataset", sort=False):
        each = [
            f"repetition {row['repetition']} of {ROLES[row['role']][1]} "
            + (
                f"(training loss {number(row['loss'])})"
                if math.isnan(row["accuracy"])
                else f"({share(row['accuracy'])} of its training samples correct)"
            )
            for _, row in rows.iterrows()
        ]
        sentences.append(f"The picture for {dataset} shows {listing(each)}.")
    return sentences


def figure(points: pd.DataFrame) -> Figure:
    """Draw, for each dataset (rows), the truth and each shown run's answers over its boundary.

    `points` has one row per point of a shown run: dataset, role, configuration, accuracy, loss,
    part (train, test, grid), x0, x1, target, prediction (of several classes: classes, answer,
    confidence). Where the target is a number, accuracy is NaN and colours are values.
    """
    datasets = list(dict.fromkeys(points["dataset"]))[:DATASETS]
    drawing, grid = panels(len(datasets), COLUMNS, height=WIDTH / COLUMNS + 0.15)
    for row, dataset in zip(grid, datasets, strict=True):
        here = points[points["dataset"] == dataset]
        roles, of = list(dict.fromkeys(here["role"])), scale(here)
        truth = here[(here["role"] == roles[0]) & (here["part"] != "grid")]
        for axes in row[: 1 + len(roles)]:
            frame(axes, here)
        if of is None:
            labelled(row[0], truth, truth["target"])
        else:
            valued(row[0], truth, of)
            bar(drawing, row[: 1 + len(roles)], of)
        label(row[0], title=f"{dataset}: the truth\n", x="x0", y="x1")
        for axes, role in zip(row[1:], roles, strict=False):
            run = here[here["role"] == role]
            _answers(axes, run, of)
            accuracy, loss = run["accuracy"].iloc[0], run["loss"].iloc[0]
            right = f"accuracy {accuracy:.1%}, " if of is None else ""
            title = f"{dataset}: {ROLES[role][0]}\n{right}loss {short(loss)}"
            label(axes, title=title, x="x0")
        for axes in row[1 + len(roles) :]:
            axes.set_axis_off()
    return drawing


def _answers(axes: Axes, run: pd.DataFrame, of: Normalize | None) -> None:
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
table = table[table["part"] != "grid"]  # "grid" has the answers over the plane
grid = sns.relplot(table, x="x0", y="x1", hue="{{ answered }}", row="dataset", col="role")
"""

QUESTION = Question(
    name="predictions",
    question="What do the networks answer?",
    tables=lambda m: {"shown_predictions": m.points, "shown_runs": m.shown},
    finding=lambda t: finding(t["shown_runs"]),
    figure=lambda t, _: figure(t["shown_predictions"]),
    code=CODE,
    draws="prediction",
    picture="The true targets beside the answers of the base setup and of the best "
    "configuration, over the network's output as colour, one row a dataset",
    caption="Points have the colour and shape of the label that the network answers; wrong "
    "ones are ringed. Behind them stands the network's output: blue 0, white 0.5, orange 1. "
    "The black line is the decision boundary, 0.5. Where the target is a number, its colour "
    "says how large it is, on one scale for points (the truth) and plane (the answer): a point "
    "that stands out from the plane is answered wrongly. Of each configuration the repetition "
    "in the middle by the objective's metric is shown, with its own samples; the truth beside "
    "them is of the first.",
    several=SEVERAL,
    basis=Basis(
        n={"": "points of the plane and samples"},
        interval=EVERY,
        chosen="of each configuration the repetition in the middle by the objective; of "
        "many datasets the first",
    ),
    absent="No predictions on two-dimensional data are stored for a run that stayed finite.",
)
