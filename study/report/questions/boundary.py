"""How does its decision boundary form? The base setup's output, epoch by epoch."""

import pandas as pd
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, panels
from study.plot.plane import DATASETS, THRESHOLD, frame, labelled, surface
from study.report.material import Material, classified
from study.report.question import EVERY, Basis, Question, Tables
from study.report.wording import count, share

SMALLEST = 1.6
"""Inches, of a panel in a row of many."""


def tables(material: Material) -> Tables:
    """Return the base setup's outputs over the plane after some epochs, and its samples.

    They are of repetition 0, on two-dimensional data in two classes, at every stored epoch.
    """
    base = material.base[material.base["dataset"].isin(classified(material.pipeline))]
    runs = material.runs.astype({"dataset": str}).merge(base[["dataset", "configuration"]])
    own = runs.loc[runs["repetition"] == 0, ["dataset", "run_id"]]
    rows = material.results.predictions(where={"run_id": own["run_id"].tolist()})
    rows = rows[rows["x0"].notna()].astype({"run_id": str, "part": str})
    return {"boundary": own.merge(rows, on="run_id")}


def finding(points: pd.DataFrame) -> list[str]:
    """Report on how much of the plane the base setup answers 1, at first and at last."""
    sentences = []
    for dataset, plane in points[points["part"] == "grid"].groupby("dataset", sort=False):
        rows = plane[plane["prediction"].notna()]
        if rows.empty:
            sentences.append(f"On {dataset}, the network has no finite output at any stored epoch.")
            continue
        ones = (rows["prediction"] > THRESHOLD).groupby(rows["epoch"]).mean()
        first, last = ones.index.min(), ones.index.max()
        then = f", and on {share(ones[last])} after {last:,}" if last > first else ""
        sentences.append(
            f"On {dataset}, the network answers 1 on {share(ones[first])} of the plane after "
            f"{count(first, 'epoch')}{then}."
        )
    return sentences


def figure(points: pd.DataFrame) -> Figure:
    """Draw the output over the plane after some epochs (columns), for each dataset (rows).

    `points` has one row per point of one run a dataset: dataset, epoch, part (train, grid), x0,
    x1, target, prediction; the samples are drawn with their labels.
    """
    datasets = list(dict.fromkeys(points["dataset"]))[:DATASETS]
    grids = points[points["part"] == "grid"]
    epochs = sorted(set(grids["epoch"]))
    drawing, grid = panels(len(datasets), len(epochs), height=1.75)
    drawing.set_figwidth(max(WIDTH, SMALLEST * len(epochs)))
    for row, dataset in zip(grid, datasets, strict=True):
        here = points[points["dataset"] == dataset]
        samples = here[here["part"] == "train"]
        for axes, epoch in zip(row, epochs, strict=True):
            plane = grids[(grids["dataset"] == dataset) & (grids["epoch"] == epoch)]
            if plane.empty:  # this network ended before
                axes.set_axis_off()
                continue
            frame(axes, here)
            surface(axes, plane)
            labelled(axes, samples, samples["target"], size=12)
            axes.set(xticks=[], yticks=[])
            after = f"after {count(epoch, 'epoch')}"
            label(axes, title=after, y=dataset if axes is row[0] else "")
    return drawing


CODE = """
table = pd.read_parquet(f"{folder}/tables/boundary.parquet")
table = table[table["part"] == "grid"].dropna(subset="prediction")
grid = sns.relplot(
    table, x="x0", y="x1", hue="prediction", row="dataset", col="epoch",
    palette="vlag", hue_norm=(0, 1), marker="s", linewidth=0, height=2,
)
"""

QUESTION = Question(
    name="boundary",
    question="How does its decision boundary form?",
    applies=lambda m: bool(classified(m.pipeline)),
    tables=tables,
    finding=lambda t: finding(t["boundary"]),
    figure=lambda t, _: figure(t["boundary"]),
    code=CODE,
    draws="prediction",
    picture="The output of the base setup over the plane after more and more epochs, with its "
    "decision boundary and the samples, one row a dataset",
    reading="One network, repetition 0 of the base setup, at different moments. The colour is "
    "its output: blue 0, white 0.5, orange 1. The black line is the decision boundary, 0.5; "
    "where there is none, the network answers the same everywhere. Points are the samples "
    "with their true labels.",
    basis=Basis(
        n={"": "points of the plane and samples"},
        interval=EVERY,
        chosen="repetition 0 of the base setup of each dataset; of many datasets the first",
    ),
    absent="Repetition 0 of the base setup is not stored, or its data have not two dimensions.",
)
