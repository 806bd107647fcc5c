"""Every configuration by itself: its median curves with quartiles, and how each run ended."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from study.metrics import METRICS, Goal
from study.stats.intervals import Array, median, quartiles
from study.stats.summaries import measured, places, stored

KEYS = ("dataset", "configuration")
CURVES = (*KEYS, "metric", "epoch", "runs", "median", "low", "high")
ABOUT = (*KEYS, "run_id", "repetition", "status", "epochs", "parameters")

Compared = Mapping[str, Collection[str]]
"""Dataset → the metrics that its runs have: none of a part or of labels that it lacks."""


def explored(
    runs: pd.DataFrame, metrics: pd.DataFrame, names: Sequence[str], compared: Compared
) -> pd.DataFrame:
    """Return the median and the quartiles of each configuration at each drawn epoch.

    `runs` has a row for each run, `metrics` one for each run and drawn epoch. One row for each
    dataset, configuration, metric of `names` and epoch: `runs`, `median`, and the quartiles `low`
    and `high`. A run that diverged or failed counts as the metric's worst limit from then on. The
    rows of a pruned trial end where its first run was pruned, any other's with its longest run.
    """
    kept = stored(runs).reset_index(drop=True)
    epochs = np.sort(metrics["epoch"].unique())
    wide = {name: _wide(kept, metrics, epochs, name) for name in names}
    last, status = kept["epochs"].fillna(0).to_numpy(), kept["status"].to_numpy()
    parts = []
    for (dataset, configuration), at in places(kept):
        pruned = last[at][status[at] == "pruned"]
        until = pruned.min() if len(pruned) else last[at].max()
        n = int(np.searchsorted(epochs, until, side="right"))
        for name in names:
            if name not in compared[str(dataset)]:
                continue
            values = wide[name][at, :n]
            low, high = quartiles(values)
            rows = {"metric": name, "epoch": epochs[:n], "runs": len(at)}
            about = {"dataset": str(dataset), "configuration": str(configuration)}
            parts.append(
                pd.DataFrame({**about, **rows, "median": median(values), "low": low, "high": high})
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CURVES))


def _wide(runs: pd.DataFrame, metrics: pd.DataFrame, epochs: Array, name: str) -> Array:
    """Return a row for each run and a column for each epoch; the worst where not finite."""
    values = np.full((len(runs), len(epochs)), np.nan)
    row = pd.Index(runs["run_id"]).get_indexer(metrics["run_id"])
    of, column = metrics["epoch"].to_numpy(), metrics[name].to_numpy(dtype=float, na_value=np.nan)
    kept = row >= 0
    values[row[kept], np.searchsorted(epochs, of[kept])] = column[kept]
    return np.where(np.isfinite(values), values, METRICS[name].quantity.worst_limit)


def ends(runs: pd.DataFrame, goals: Mapping[str, Goal], compared: Compared) -> pd.DataFrame:
    """Return how each stored run ended: what it is, and the metrics of `goals` as they count.

    A run that diverged, failed or never got there counts as the worst: ∞, of accuracies −∞. A
    metric that its dataset does not have is null.
    """
    kept = stored(runs).astype({"dataset": "str"})
    values = {name: measured(kept, name, goal) for name, goal in goals.items()}
    for name, of in values.items():
        has = [dataset for dataset, metrics in compared.items() if name in metrics]
        values[name] = of.where(kept["dataset"].isin(has))
    about = kept[list(ABOUT)].astype({"epochs": "Int64", "parameters": "Int64"}).assign(**values)
    return about.sort_values([*KEYS, "repetition"], kind="stable", ignore_index=True)
