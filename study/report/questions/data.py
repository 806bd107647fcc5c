"""Which data, and which parameters? What varies, what is learned, and how much."""

import math

import pandas as pd
from matplotlib.figure import Figure

from study.plan.forecast import forecast
from study.plot.axes import label, legend, panels
from study.plot.plane import bar, frame, labelled, scale, several, valued
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.report.sentence import sentence
from study.report.wording import count
from study.space import PARAMETERS
from study.stats import summaries
from study.stats.ranges import axis

HEIGHT = 3.1
"""Inches, of the square of the samples and its texts."""


def tables(material: Material) -> Tables:
    """Return the parameters and their levels, the study's size, its outcomes, and samples."""
    runs, pipeline = material.runs, material.pipeline
    parameters = [
        (name, p.meaning, ", ".join(axis(runs, name)) or "does not act", name in material.studied)
        for name, p in PARAMETERS.items()
    ]
    size = {
        "datasets": runs["dataset"].nunique(),
        "configurations": runs["configuration"].nunique(),
        "repetitions": pipeline.search.repetitions,
        "trials": len(runs[["dataset", "configuration"]].drop_duplicates()),
        "method": pipeline.search.method,
        "planned": len(runs),
        "added": material.added,
        "at_most": len(runs) if material.ended else forecast(pipeline, {}, 1).runs,
        "epochs": pipeline.training.epochs,
        "precision": pipeline.training.precision,
    }
    first = material.points.drop_duplicates("dataset")["run_id"]
    samples = material.points[material.points["run_id"].isin(first)]
    samples = samples[samples["part"] != "grid"]
    columns = ["dataset", "repetition", "part", "x0", "x1", "target"]
    return {
        "samples": samples[[*columns, *(["classes"] if material.several else [])]],
        "parameters": pd.DataFrame(
            parameters, columns=["parameter", "meaning", "levels", "studied"]
        ),
        "size": pd.DataFrame([size]),
        "data": pd.DataFrame([_data(name, material) for name in pipeline.datasets]),
        "classes": material.classes,
        "outcomes": summaries.outcomes(material.runs, material.studied),
    }


def _data(name: str, material: Material) -> dict[str, object]:
    """Return what a dataset is; the file and the target of a generated one have no names.

    `spread` is by what a standardized target was divided, the median over repetitions, and `loss`
    the first of the losses, which is the only one of a number.
    """
    dataset, spreads = material.pipeline.datasets[name], material.spreads
    zero, one = dataset.labels if dataset.labels and dataset.outputs == 1 else ("", "")
    return {
        "dataset": name,
        "generator": dataset.generator,
        "file": dataset.source[0],
        "inputs": math.prod(dataset.shape),
        "samples": dataset.size,
        "held_out": dataset.held_out,
        "draw": dataset.draw,
        "target": dataset.source[1],
        "classes": dataset.labels is not None,
        "label_0": zero,
        "label_1": one,
        "loss": material.losses[0],
        "spread": spreads.loc[spreads["dataset"] == name, "spread"].median(),
    }


def finding(size: pd.DataFrame) -> list[str]:
    """Report how much was trained, from the table `size`."""
    row = size.iloc[0]
    of = count(row["configurations"], "configuration")
    if row["method"] != "grid":
        of = count(row["trials"], "trial")
    times = count(row["repetitions"], "repetition")
    return sentence(
        f"{of}, on {count(row['datasets'], 'dataset')}, with {times} each: "
        f"{count(row['planned'], 'run')} of up to {count(row['epochs'], 'epoch')}"
    )


def figure(samples: pd.DataFrame, classes: pd.DataFrame) -> Figure:
    """Draw the samples of one repetition of each dataset with their labels.

    `samples` has one row per sample: dataset, x0, x1, target; `classes` the names of the classes.
    """
    datasets = list(dict.fromkeys(samples["dataset"]))
    drawing, grid = panels(1, len(datasets), height=HEIGHT)
    for axes, dataset in zip(grid[0], datasets, strict=False):
        rows = samples[samples["dataset"] == dataset]
        frame(axes, rows)
        of = scale(rows)
        if of is None:
            names = _names(classes[classes["dataset"] == dataset]) if several(rows) else ()
            labelled(axes, rows, rows["target"], names=names)
        else:
            valued(axes, rows, of)
            bar(drawing, [axes], of)
        label(axes, x="first input, x0", y="second input, x1")
    named = [axes for axes in grid[0] if axes.get_legend_handles_labels()[0]]
    if named:
        most = max(named, key=lambda axes: len(axes.collections))
        legend(grid[0][0], of=most)
    return drawing


def _names(classes: pd.DataFrame) -> list[str]:
    """Return what a legend calls the classes: generated ones have no names."""
    labels = classes.sort_values("class")["label"]
    return [f"label {i}" if label == str(i) else label for i, label in enumerate(labels)]


CODE = """
table = pd.read_parquet(f"{folder}/tables/samples.parquet")
grid = sns.relplot(table, x="x0", y="x1", hue="target", style="part", col="dataset")
"""


def caption(tables: Tables) -> str:
    """Explain the colours, as far as they are drawn."""
    kinds = {scale(of) is None for _, of in tables["samples"].groupby("dataset")}
    said = ["Points are the samples of one repetition."]
    if True in kinds:
        said.append("Classes have their own colour and shape.")
    if False in kinds:
        said.append("Where the target is a number, the colour is its value.")
    return " ".join(said)


QUESTION = Question(
    name="study",
    question="Which data, and which parameters?",
    tables=tables,
    finding=lambda t: finding(t["size"]),
    figure=lambda t, _: figure(t["samples"], t["classes"]),
    code=CODE,
    picture="The samples of one repetition, coloured by label or target, one panel a dataset",
    caption=caption,
    note="Repetitions of a configuration differ in their random draws alone. Repetition k uses the "
    "same data in every configuration and, where shapes match, the same initial weights, so "
    "comparisons are paired. Repetitions of a table share its rows: intervals do not hold for new "
    "rows. A target that is a number may be standardized by the training part: in the table "
    "`data`, `spread` is the error in its own unit for a loss of 1.",
    basis=Basis(
        n={"": "points"},
        interval=EVERY,
        chosen="the samples of one repetition of each dataset",
    ),
    absent="No completed run on data with two inputs is stored.",
)
