"""What networks answered: the predictions that the report draws, beside whose they are."""

from collections.abc import Collection

import pandas as pd

from study.stats.constant import constant as one_answer
from study.store.reader import Results


def points(results: Results, shown: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of the shown runs after their last epoch, on 2-D data."""
    last = _last(results, shown["run_id"].tolist())
    return shown.merge(last[last["x0"].notna()], on="run_id")


def snapshots(results: Results, runs: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of the base setup's repetition 0, at every stored epoch, if 2-D."""
    own = runs.astype({"dataset": str}).merge(base[["dataset", "configuration"]])
    own = own.loc[own["repetition"] == 0, ["dataset", "run_id"]]
    rows = results.predictions(where={"run_id": own["run_id"].tolist()})
    rows = rows[rows["x0"].notna()].astype({"run_id": str, "part": str})
    return own.merge(rows, on="run_id")


def planes(results: Results, crossed: pd.DataFrame) -> pd.DataFrame:
    """Return the last answers over the plane of those of `crossed` that completed."""
    asked = crossed[crossed["status"] == "completed"].drop(columns=["repetition", "status"])
    last = _last(results, asked["run_id"].tolist())
    return asked.merge(last[last["part"] == "grid"], on="run_id")


def constant(results: Results, runs: pd.DataFrame, classified: Collection[str]) -> pd.DataFrame:
    """Return which completed runs give one answer to all of their training samples."""
    completed = runs.loc[runs["status"] == "completed", ["run_id", "dataset"]]
    columns = ["run_id", "target", "prediction"]
    rows = results.predictions({"part": "train"}, columns=columns).astype({"run_id": "str"})
    known = completed.assign(classes=completed["dataset"].isin(classified))
    return one_answer(rows.merge(known[["run_id", "classes"]], on="run_id"))


def targets(results: Results, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the labels of both parts of each repetition of each dataset, from one run of each."""
    trained = runs[runs["status"].isin(["completed", "pruned", "diverged"])]
    ones = trained.drop_duplicates(["dataset", "repetition"])
    last = _last(results, ones["run_id"].tolist())
    about = ones[["run_id", "dataset", "repetition"]]
    return about.merge(last[last["part"] != "grid"], on="run_id")


def _last(results: Results, run_ids: list[str]) -> pd.DataFrame:
    rows = results.predictions(where={"run_id": run_ids})
    rows = rows.astype({"run_id": str, "part": str})
    return rows[rows["epoch"] == rows.groupby("run_id")["epoch"].transform("max")]
