"""How does its decision boundary form? The base setup's output, epoch by epoch."""

import pandas as pd
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, panels
from study.plot.plane import DATASETS, THRESHOLD, answered, frame, labelled, several
from study.report.material import Material, classified
from study.report.question import EVERY, SEVERAL, Basis, Question, Tables
from study.report.wording import count, listing, share

SMALLEST = 1.6
"""Inches, of a panel in a row of many."""


def tables(material: Material) -> Tables:
    """Return the base setup's outputs over the plane after some epochs, and its samples.

    They are of repetition 0, on two-dimensional data in classes, at every stored epoch.
    """
    base = material.base[material.base["dataset"].isin(classified(material.pipeline))]
    runs = material.runs.astype({"dataset": str}).merge(base[["dataset", "configuration"]])
    own = runs.loc[runs["repetition"] == 0, ["dataset", "run_id"]]
    rows = material.results.predictions(where={"run_id": own["run_id"].tolist()})
    rows = rows[rows["x0"].notna()].astype({"run_id": str, "part": str})
    points = material.answered(own.merge(rows, on="run_id"))
    return {"boundary": points, "classes": material.classes}


def finding(points: pd.DataFrame, classes: pd.DataFrame) -> list[str]:
    """Report on how much of the plane the base setup answers 1, at first and at last.

    Of several classes the one with the most of the plane is named, from the table `classes`.
    """
    sentences = []
    for dataset, plane in points[points["part"] == "grid"].groupby("dataset", sort=False):
        rows = plane[plane["answer" if several(plane) else "prediction"].notna()]
        if rows.empty:
            sentences.append(f"On {dataset}, the network has no finite output at any stored epoch.")
            continue
        if several(plane):
            labels = classes[classes["dataset"] == dataset].set_index("class")["label"]
            sentences.append(_several(str(dataset), rows, labels))
            continue
        ones = (rows["prediction"] > THRESHOLD).groupby(rows["epoch"]).mean()
        first, last = ones.index.min(), ones.index.max()
        then = f", and on {share(ones[last])} after {last:,}" if last > first else ""
        sentences.append(
            f"On {dataset}, the network answers 1 on {share(ones[first])} of the plane after "
            f"{count(first, 'epoch')}{then}."
        )
    return sentences


def _several(dataset: str, rows: pd.DataFrame, labels: "pd.Series[str]") -> str:
    """Report how many classes are answered somewhere, and which of them most."""
    first, last = rows["epoch"].min(), rows["epoch"].max()
    found = []
    for epoch in dict.fromkeys([first, last]):
        shares = rows.loc[rows["epoch"] == epoch, "answer"].value_counts(normalize=True)
        shares = shares.sort_index().sort_values(ascending=False, kind="stable")
        name = labels[int(shares.index[0])]
        most = f"most often class {name}, on {share(shares.iloc[0])} of the plane"
        after = f"after {count(first, 'epoch')}" if epoch == first else f"after {last:,}"
        found.append(f"{len(shares)} of {len(labels)} classes {after} ({most})")
    return f"On {dataset}, the network answers {listing(found)}."


def figure(points: pd.DataFrame) -> Figure:
    """Draw the output over the plane after some epochs (columns), for each dataset (rows).

    `points` has one row per point of one run a dataset: dataset, epoch, part (train, grid), x0,
    x1, target, prediction (of several classes: classes, answer, confidence); the samples are drawn
    with their labels.
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
            answered(axes, plane)
            labelled(axes, samples, samples["target"], size=12)
            axes.set(xticks=[], yticks=[])
            after = f"after {count(epoch, 'epoch')}"
            label(axes, title=after, y=dataset if axes is row[0] else "")
    return drawing


CODE = """
table = pd.read_parquet(f"{folder}/tables/boundary.parquet")
table = table[table["part"] == "grid"].dropna(subset="{{ answered }}")
grid = sns.relplot(
    table, x="x0", y="x1", hue="{{ answered }}", row="dataset", col="epoch",
    palette="{{ palette }}", {{ norm }}marker="s", linewidth=0, height=2,
)
"""

QUESTION = Question(
    name="boundary",
    question="How does its decision boundary form?",
    applies=lambda m: bool(classified(m.pipeline)),
    tables=tables,
    finding=lambda t: finding(t["boundary"], t["classes"]),
    figure=lambda t, _: figure(t["boundary"]),
    code=CODE,
    draws="prediction",
    picture="The output of the base setup over the plane after more and more epochs, with its "
    "decision boundary and the samples, one row a dataset",
    caption="One network, repetition 0 of the base setup, at different moments. The colour is "
    "its output: blue 0, white 0.5, orange 1. The black line is the decision boundary, 0.5; "
    "where there is none, the network answers the same everywhere. Points are the samples "
    "with their true labels.",
    several=SEVERAL + " A black line separates the regions.",
    basis=Basis(
        n={"": "points of the plane and samples"},
        interval=EVERY,
        chosen="repetition 0 of the base setup of each dataset; of many datasets the first",
    ),
    absent="Repetition 0 of the base setup is not stored, or its data have not two dimensions.",
)
