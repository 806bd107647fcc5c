"""Which data, and which parameters? What varies, what is learned, and how much."""

import math

import pandas as pd
from matplotlib.figure import Figure

from study.plan.forecast import forecast
from study.plot.axes import label, legend, panels
from study.plot.plane import bar, frame, labelled, scale, several, valued
from study.plot.theme import words
from study.report.material import Material
from study.report.question import EVERY, Basis, Question, Tables
from study.report.unfinished import added
from study.report.wording import count, error, listing, number
from study.space import PARAMETERS
from study.stats.ranges import axis

HEIGHT = 3.1
"""Inches, of the square of the samples and its texts."""


def tables(material: Material) -> Tables:
    """Return the parameters and their levels, the study's size, and samples of each dataset."""
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


def studied(parameters: pd.DataFrame, size: pd.DataFrame) -> list[str]:
    """Report what was studied, from the tables `parameters` and `size`."""
    row = size.iloc[0]
    varied = [words(name) for name in parameters.loc[parameters["studied"], "parameter"]]
    verb = "varies" if len(varied) < 2 else "vary"  # noqa: PLR2004  # one, or more
    datasets = count(row["datasets"], "dataset")
    factors = f"{count(row['configurations'], 'configuration')} × {datasets}"
    if row["method"] != "grid":
        factors = f"{count(row['trials'], 'configuration')}, each on one dataset,"
    product = row["trials"] * row["repetitions"]
    confirmed = "" if product >= row["planned"] else " (those that were confirmed: twice as many)"
    size_of_study = (
        f"Small neural networks learn {datasets}. {listing(varied or ['nothing']).capitalize()} "
        f"{verb}; everything else is the same for all. {factors} × "
        f"{count(row['repetitions'], 'repetition')}{confirmed} make "
        f"{count(row['planned'], 'run')}, each of up to {count(row['epochs'], 'epoch')}."
        f"{added(row)}"
    )
    fairness = (
        "The repetitions of a configuration differ in their random draws alone. Repetition 0 has "
        "the same data in every configuration, and the same initial weights where their shapes "
        "agree, as have 1, 2 and so on: comparisons are fair."
    )
    return [size_of_study, fairness] if row["repetitions"] > 1 else [size_of_study]


def own_data(data: pd.DataFrame, classes: pd.DataFrame) -> list[str]:
    """Describe each table's samples and classes, from `data` and `classes`; no generated ones.

    Repetitions share the samples, so intervals do not hold for other samples.
    """
    found = []
    for row in data[data["file"] != ""].to_dict("records"):
        held = f", of which {row['held_out']:,} are held out" if row["held_out"] else ""
        unit = _standardized(row["spread"], row["loss"])
        target = f"is a number, so there is no accuracy{unit}"
        if row["label_0"] and row["classes"]:
            target = f"has two classes: label 0 is {row['label_0']}, label 1 is {row['label_1']}"
        elif row["classes"]:
            target = _several(classes[classes["dataset"] == row["dataset"]])
        each = row["held_out"] and row["draw"] != "once"
        found.append(
            f"The data of {row['dataset']} are {count(row['samples'], 'sample')} of "
            f"{count(row['inputs'], 'input')} from {row['file']}{held}; the target {row['target']} "
            f"{target}. Repetitions share these samples and differ in the weights"
            f"{' and which are held out' if each else ''}: their intervals say nothing of other "
            "samples."
        )
    return found


def _several(classes: pd.DataFrame) -> str:
    each = [f"{text} ({n})" for text, n in classes[["label", "samples"]].itertuples(index=False)]
    return f"has {len(each)} classes: {listing(each)}"


def _standardized(spread: float, loss: str) -> str:
    """Return how a loss translates into the target's own unit, if it was divided by anything."""
    if math.isnan(spread):
        return ""
    return (
        f". It is standardized by the training part: a loss of 1 is a {error(loss)} of "
        f"{number(spread)} in its own unit{', as of always answering the mean' * (loss == 'mse')}"
    )


def figure(samples: pd.DataFrame, classes: pd.DataFrame) -> Figure:
    """Draw the samples of one repetition of each dataset with their labels.

    `samples` has one row per sample: dataset, x0, x1, target; `classes` the names of the classes.
    """
    datasets = list(dict.fromkeys(samples["dataset"]))
    drawing, grid = panels(1, len(datasets), height=HEIGHT)
    for axes, dataset in zip(grid[0], datasets, strict=False):
        here = samples[samples["dataset"] == dataset]
        frame(axes, here)
        of = scale(here)
        if of is None:
            names = _names(classes[classes["dataset"] == dataset]) if several(here) else ()
            labelled(axes, here, here["target"], names=names)
        else:
            valued(axes, here, of)
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

QUESTION = Question(
    name="study",
    question="Which data, and which parameters?",
    tables=tables,
    finding=lambda t: [*studied(t["parameters"], t["size"]), *own_data(t["data"], t["classes"])],
    figure=lambda t, _: figure(t["samples"], t["classes"]),
    code=CODE,
    picture="The samples of one repetition, coloured by label or target, one panel a dataset",
    caption="Each point is a sample of two numbers, x0 and x1. From these a network learns "
    "to answer the label: 0 (blue circles) or 1 (orange triangles); or, where the target is a "
    "number, its value (the colour).",
    several="Of more than two classes, each has its own colour and shape.",
    basis=Basis(
        n={"": "points"},
        interval=EVERY,
        chosen="the samples of one repetition of each dataset",
    ),
    absent="The data are not drawn: no finished run on two-dimensional data is stored.",
)
