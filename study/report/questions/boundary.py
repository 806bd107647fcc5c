"""How does its decision boundary form? The base setup's output, epoch by epoch."""

import pandas as pd
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, panels
from study.plot.plane import COLUMNS, DATASETS, THRESHOLD, answered, frame, labelled, several
from study.report.material import Material, classified, planar
from study.report.question import EVERY, SEVERAL, Basis, Question, Tables
from study.report.sentence import on, sentence, span
from study.report.wording import share


def tables(material: Material) -> Tables:
    """Return the base setup's outputs over the plane after some epochs, and its samples.

    They are of repetition 0, on two-dimensional data in classes, at every stored epoch.
    """
    base = material.base[material.base["dataset"].isin(_drawn(material))]
    runs = material.runs.astype({"dataset": str}).merge(base[["dataset", "configuration"]])
    own = runs.loc[runs["repetition"] == 0, ["dataset", "run_id"]]
    rows = material.results.predictions(where={"run_id": own["run_id"].tolist()})
    rows = rows[rows["x0"].notna()].astype({"run_id": str, "part": str})
    points = material.answered(own.merge(rows, on="run_id"))
    return {"boundary": points, "regions": regions(points, material.classes)}


def _drawn(material: Material) -> list[str]:
    """Return the datasets of classes with two inputs."""
    classes = classified(material.pipeline)
    return [name for name in planar(material.pipeline) if name in classes]


def regions(points: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Return, for each epoch, how many classes are predicted somewhere, and which the most.

    One row per dataset and epoch with an output: `predicted` classes, the `largest` and its `share`
    of the plane, and `changes`, the share whose class is another one after the last epoch.
    """
    rows = []
    for dataset, plane in points[points["part"] == "grid"].groupby("dataset", sort=False):
        finite = plane[plane["answer" if several(plane) else "prediction"].notna()]
        one = finite["answer"] if several(plane) else finite["prediction"] > THRESHOLD
        wide = finite.assign(one=one.astype(int)).pivot_table(
            index="epoch", columns=["x0", "x1"], values="one", aggfunc="first"
        )
        labels = classes[classes["dataset"] == dataset].set_index("class")["label"]
        for epoch, at in wide.iterrows():
            shares = at.value_counts(normalize=True).sort_index()
            changes = float((at != wide.iloc[-1]).mean())
            largest = int(shares.to_numpy().argmax())
            name = labels[int(shares.index[largest])]
            rows.append((dataset, epoch, len(shares), name, shares.iloc[largest], changes))
    columns = ["dataset", "epoch", "predicted", "largest", "share", "changes"]
    return pd.DataFrame(rows, columns=columns)


def finding(table: pd.DataFrame) -> list[str]:
    """Report where one class is predicted everywhere, else how much of the plane changes class."""
    if table.empty:
        return []
    every = table["dataset"].unique()
    by = table.groupby("dataset", sort=False)
    constant = by.last().query("predicted == 1")
    if len(constant):
        return sentence(
            f"{on([*constant.index], every)}, the base setup’s network still predicts one class "
            "everywhere after the last epoch"
        )
    if table["epoch"].unique().size == 1:
        return []
    return sentence(
        "after the first epoch shown, training changes the predicted class on "
        f"{span(by['changes'].first(), share)} of the plane"
    )


def figure(points: pd.DataFrame) -> Figure:
    """Draw the output over the plane after some epochs (columns), for each dataset (rows).

    `points` has one row per point of one run a dataset: dataset, epoch, part (train, grid), x0,
    x1, target, prediction (of several classes: classes, answer, confidence); the samples are drawn
    with their labels.
    """
    datasets = list(dict.fromkeys(points["dataset"]))[:DATASETS]
    grids = points[points["part"] == "grid"]
    epochs = sorted(set(grids["epoch"]))
    columns = min(len(epochs), COLUMNS)
    lines = -(-len(epochs) // columns)
    drawing, grid = panels(
        len(datasets) * lines, columns, height=1.1 if columns > 1 else 1.4, width=WIDTH
    )
    for i, dataset in enumerate(datasets):
        own = points[points["dataset"] == dataset]
        samples = own[own["part"] == "train"]
        row = [axes for line in grid[i * lines : (i + 1) * lines] for axes in line]
        for axes in row[len(epochs) :]:
            axes.set_axis_off()
        for axes, epoch in zip(row, epochs, strict=False):
            plane = grids[(grids["dataset"] == dataset) & (grids["epoch"] == epoch)]
            if plane.empty:  # this network ended before
                axes.set_axis_off()
                continue
            frame(axes, own)
            answered(axes, plane)
            labelled(axes, samples, samples["target"], size=12)
            axes.set(xticks=[], yticks=[])
            after = f"epoch {epoch:,}"
            label(axes, title=after)
    return drawing


CODE = """
table = pd.read_parquet(f"{folder}/tables/boundary.parquet")
table = table[(table["part"] == "grid") & (table["{{ answered }}"].abs() < float("inf"))]
grid = sns.relplot(
    table, x="x0", y="x1", hue="{{ answered }}", row="dataset", col="epoch",
    palette="{{ palette }}", {{ norm }}marker="s", linewidth=0, height=2,
)
"""


def caption(tables: Tables) -> str:
    """Explain the colours that this study has."""
    points = tables["boundary"]
    kinds = {several(rows) > 0 for _, rows in points.groupby("dataset")}
    said = "Repetition 0 of the base setup, with its training samples in the colours of their "
    said += "classes."
    if False in kinds:
        said += " Colour is the network's output: blue 0, white 0.5, orange 1; the line is 0.5."
    if True in kinds:
        said += " Regions have the colour of the predicted class."
    return said


QUESTION = Question(
    name="boundary",
    question="How does the decision boundary form?",
    applies=lambda m: bool(_drawn(m)),
    tables=tables,
    finding=lambda t: finding(t["regions"]),
    figure=lambda t, _: figure(t["boundary"]),
    code=CODE,
    draws="prediction",
    picture="The output of the base setup over the plane after more and more epochs, with its "
    "decision boundary and the samples, one row a dataset",
    caption=caption,
    note="Without a black line, the network predicts the same class everywhere.",
    several=SEVERAL,
    basis=Basis(
        n={"": "points of the plane and samples"},
        interval=EVERY,
        chosen="repetition 0 of the base setup of each dataset; of many datasets the first",
    ),
    absent="Repetition 0 of the base setup is not stored.",
)
