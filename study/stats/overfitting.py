"""Whether the best configuration overfits: its held-out loss has passed its minimum."""

import numpy as np
import pandas as pd

from study.stats.intervals import median

RISES = 0.02
"""A held-out loss that stays more than 2 % above its minimum has risen."""

COLUMNS = (
    "dataset", "configuration", "epoch", "lowest", "last", "end", "risen", "repetitions",
    "overfits",
)  # fmt: skip


def overfitting(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset: where the median held-out loss is lowest, and where it ends.

    `metrics` has every epoch of every run of one configuration a dataset: dataset, configuration,
    run_id, epoch, test_loss. `epoch` is the first at which the median over repetitions is `lowest`,
    and `end` the median after the `last`; a run that has ended counts as ∞. Of the `repetitions` so
    many have `risen`: in the second half of the epochs between those two, none of their losses is
    within 2 % of their own at `epoch`, or below. So a trough of an unsteady loss is no minimum that
    is passed. The configuration `overfits` where more than half have. No row where no sample is
    held out.
    """
    rows = []
    known = metrics[metrics["test_loss"].notna()]
    for (dataset, configuration), group in known.groupby(["dataset", "configuration"]):
        runs = group.pivot_table(index="run_id", columns="epoch", values="test_loss", dropna=False)
        losses, epochs = runs.fillna(np.inf).to_numpy(dtype=float), runs.columns.to_numpy()
        curve = median(losses)
        at = int(np.argmin(curve))
        tail = epochs > (epochs[at] + epochs[-1]) / 2
        risen = 0
        if tail.any():
            lowest = losses[:, tail].min(axis=1)
            lasted = np.isfinite(losses[:, -1])
            risen = int((lasted & (lowest > (1 + RISES) * losses[:, at])).sum())
        rows.append((
            str(dataset), configuration, int(epochs[at]), float(curve[at]), int(epochs[-1]),
            float(curve[-1]), risen, len(losses), 2 * risen > len(losses),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_repetitions(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset and configuration: between which epochs its runs are best.

    `metrics` is as in `overfitting`. Each run has the epoch at which its own held-out loss is
    lowest, the first of equals; `earliest` and `latest` are the ends of these epochs' range. A run
    without a finite loss has none.
    """
    keys = ["dataset", "configuration"]
    finite = metrics[np.isfinite(metrics["test_loss"])].sort_values("epoch", kind="stable")
    lowest = finite.loc[finite.groupby("run_id")["test_loss"].idxmin()]
    of = lowest.groupby(keys)["epoch"].agg(earliest="min", latest="max")
    found: pd.DataFrame = of.reset_index().astype({"dataset": str})
    return found
