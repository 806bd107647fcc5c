"""Whether the best configuration overfits: its held-out loss has passed its minimum."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.stats.intervals import Array, median
from study.stats.mixture import surely

RISES = 0.02
"""A held-out loss that stays more than 2 % above its minimum has risen."""

COLUMNS = (
    "dataset", "configuration", "epoch", "lowest", "last", "end", "risen", "repetitions",
    "overfits", "sure",
)  # fmt: skip


def overfitting(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return one row per dataset: where the median held-out loss is lowest, and where it ends.

    `metrics` has every epoch of every run of one configuration a dataset: dataset, configuration,
    run_id, epoch, test_loss. `epoch` is the first at which the median over repetitions is `lowest`,
    and `end` the median after the `last`; a run that has ended counts as ∞. Of the `repetitions` so
    many have `risen`: in the second half of the epochs between those two, none of their losses is
    within 2 % of their own at `epoch`, or below. So a trough of an unsteady loss is no minimum that
    is passed. The configuration `overfits` where more than half have. It is `sure` where the test
    of the verdicts finds that more than half do, among all datasets, the epoch of each repetition
    being the one at which the median of the others is lowest: a repetition that has a part in
    choosing it is lower there by luck. No row where no sample is held out.
    """
    rows = []
    held_out = metrics[metrics["test_loss"].notna()]
    verdicts = held_out["dataset"].nunique()
    for (dataset, configuration), group in held_out.groupby(["dataset", "configuration"]):
        runs = group.pivot_table(index="run_id", columns="epoch", values="test_loss", dropna=False)
        losses, epochs = runs.fillna(np.inf).to_numpy(dtype=float), runs.columns.to_numpy()
        curve, n = median(losses), len(losses)
        at = int(np.argmin(curve))
        risen = int(_risen(losses, epochs, at).sum())
        chosen = [int(np.argmin(median(np.delete(losses, i, axis=0)))) for i in range(n * (n > 1))]
        apart = sum(int(_risen(losses[[i]], epochs, one)[0]) for i, one in enumerate(chosen))
        rows.append((
            str(dataset), configuration, int(epochs[at]), float(curve[at]), int(epochs[-1]),
            float(curve[-1]), risen, n, 2 * risen > n, surely(apart, n, verdicts),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"overfits": bool, "sure": bool})


def _risen(losses: Array, epochs: "NDArray[np.int64]", at: int) -> "NDArray[np.bool_]":
    """Return which runs have risen since an epoch."""
    tail = epochs > (epochs[at] + epochs[-1]) / 2
    if not tail.any():
        return np.zeros(len(losses), np.bool_)
    lasted = np.isfinite(losses[:, -1])
    risen: NDArray[np.bool_] = lasted & (losses[:, tail].min(axis=1) > (1 + RISES) * losses[:, at])
    return risen


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
    table: pd.DataFrame = of.reset_index().astype({"dataset": str})
    return table
