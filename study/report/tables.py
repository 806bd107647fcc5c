"""The tables behind the report: every number that it shows, computed from its material."""

import pandas as pd

from study.metrics import OF_EPOCHS
from study.report.material import Material, classified
from study.report.question import Tables
from study.stats import arrivals, curves, levels
from study.stats.gallery import disagreement, surfaces


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
