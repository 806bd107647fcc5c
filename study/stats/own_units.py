"""Losses of a standardized target in the target's own unit."""

import numpy as np
import pandas as pd

from study.metrics import METRICS
from study.spec.objective import Objective
from study.stats.feasible import best
from study.stats.summaries import measured

COLUMNS = ("dataset", "target", "metric", "kind", "loss", "error")


def own_units(
    ranked: pd.DataFrame,
    counted: pd.DataFrame,
    spreads: pd.DataFrame,
    aim: Objective,
    kind: str = "mse",
) -> pd.DataFrame:
    """Return the error of each dataset's first configuration in the unit of its target.

    `ranked` has the configurations, best first, by the runs `counted` and the objective `aim`;
    `spreads` by what each repetition's target was divided. One row per dataset with a standardized
    target, where that is a loss: the objective of the `loss`, and of the `error`. With `kind` mse
    that is spread · √loss, a root mean square, and with mae spread · loss, a mean distance.
    """
    rows = []
    for first in best(ranked).to_dict("records"):
        metric, name = str(first["metric"]), str(first["dataset"])
        of = spreads[spreads["dataset"] == name]
        own = counted[counted["dataset"].astype(str) == name]
        own = own[own["configuration"] == first["configuration"]]
        if METRICS[metric].is_loss and not of.empty:
            loss = measured(own, metric).to_numpy()
            spread = own["repetition"].map(of.set_index("repetition")["spread"]).to_numpy(float)
            error = spread * (loss if kind == "mae" else np.sqrt(loss))
            rows.append((name, of["target"].iloc[0], metric, kind, aim.of(loss), aim.of(error)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
