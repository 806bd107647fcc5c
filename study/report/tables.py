"""The tables behind the report: every number that it shows, computed from its material."""

import math

import pandas as pd

from study.metrics import OF_EPOCHS
from study.plan.forecast import forecast
from study.report.material import Material, classified
from study.report.question import Tables
from study.space import PARAMETERS
from study.stats import arrivals, curves, levels
from study.stats.gallery import disagreement, surfaces
from study.stats.ranges import axis


def study(material: Material) -> Tables:
    """Return the parameters and their levels, the study's size, and samples of each dataset."""
    runs, pipeline = material.runs, material.pipeline
    parameters = [
        (
            name,
            p.meaning,
            ", ".join(axis(runs, name)) or "does not act",
            name in material.studied,
        )
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
        "loss": pipeline.model.loss,
        "output_activation": pipeline.model.output_activation,
        "precision": pipeline.training.precision,
    }
    first = material.points.drop_duplicates("dataset")["run_id"]
    samples = material.points[material.points["run_id"].isin(first)]
    samples = samples[samples["part"] != "grid"]
    return {
        "samples": samples[["dataset", "repetition", "part", "x0", "x1", "target"]],
        "parameters": pd.DataFrame(
            parameters, columns=["parameter", "meaning", "levels", "studied"]
        ),
        "size": pd.DataFrame([size]),
        "data": pd.DataFrame([_data(name, material) for name in pipeline.datasets]),
    }


def _data(name: str, material: Material) -> dict[str, object]:
    """Return what a dataset is; the file and the target of a generated one have no names.

    `spread` is by what a standardized target was divided, the median over repetitions.
    """
    dataset, spreads = material.pipeline.datasets[name], material.spreads
    zero, one = dataset.classes or ("", "")
    return {
        "dataset": name,
        "generator": dataset.generator,
        "file": dataset.source[0],
        "inputs": math.prod(dataset.shape),
        "samples": dataset.size,
        "held_out": dataset.held_out,
        "draw": dataset.draw,
        "target": dataset.source[1],
        "classes": dataset.classes is not None,
        "label_0": zero,
        "label_1": one,
        "spread": spreads.loc[spreads["dataset"] == name, "spread"].median(),
    }


def base(material: Material) -> Tables:
    """Return the learning curves of the base setup, and which configuration that is.

    The objective's metric comes first.
    """
    keys = ["dataset", "configuration"]
    runs = material.whole.astype({"dataset": str}).merge(material.base[keys])["run_id"]
    kept = material.metrics[material.metrics["run_id"].isin(runs)]
    parts = []
    for metric in dict.fromkeys([*material.pipeline.search.aims[0].curves, *OF_EPOCHS]):
        known = kept.groupby("dataset", observed=True)[metric].transform("count") > 0
        known |= metric == "train_loss"
        curve = curves.over_repetitions(kept[known], by=["dataset"], metric=metric)
        if not curve.empty:
            parts.append(curve.assign(metric=metric))
    return {
        "base_curves": together(parts, ["dataset", *curves.COLUMNS, "metric"]),
        "base_setup": material.base,
    }


def boundary(material: Material) -> Tables:
    """Return the base setup's outputs over the plane after some epochs, and its samples.

    They are of repetition 0, on two-dimensional data in two classes, at every stored epoch.
    """
    base = material.base[material.base["dataset"].isin(classified(material.pipeline))]
    runs = material.runs.astype({"dataset": str}).merge(base[["dataset", "configuration"]])
    own = runs.loc[runs["repetition"] == 0, ["dataset", "run_id"]]
    rows = material.results.predictions(where={"run_id": own["run_id"].tolist()})
    rows = rows[rows["x0"].notna()].astype({"run_id": str, "part": str})
    return {"boundary": own.merge(rows, on="run_id")}


def arriving(material: Material) -> Tables:
    """Return how many runs at each level have come to full accuracy after each epoch."""
    runs = material.declared[material.declared["dataset"].isin(classified(material.pipeline))]
    found = arrivals.arrivals(
        runs, material.studied,
        metric="epochs_to_full_accuracy", last=material.pipeline.training.epochs,
    )  # fmt: skip
    return {"arrivals": found}


def gallery_of(material: Material) -> Tables:
    """Return what repetitions answer over the plane, and how often two of them differ."""
    found = surfaces(material.planes)
    asked = material.crossed[material.crossed["run_id"].isin(material.planes["run_id"].unique())]
    runs = asked.merge(material.runs[["run_id", "constant"]], on="run_id")
    first, second = (*levels.crossed(material.runs), "", "")[:2]
    return {"disagreement": disagreement(found, runs, first, second), "surfaces": found}


def together(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Return all rows; without any, an empty table with these columns."""
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def shown(material: Material) -> Tables:
    """Return the runs whose predictions are shown, and those predictions."""
    return {"shown_predictions": material.points, "shown_runs": material.shown}
