"""Whole trials: all runs of a pruned trial are left out, also its diverged ones."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TRIAL = ("dataset", "configuration")
"""What the runs of one trial have in common, in a frame that names configurations."""


def pruned(runs: pd.DataFrame, by: Sequence[Hashable] = TRIAL) -> NDArray[np.bool_]:
    """Return for each run whether a run of its trial was pruned; `by` tells trials apart.

    A pruned trial was trained for fewer epochs than others. If only its pruned runs were left out,
    the runs that diverged earlier would remain alone. So all runs of a trial are left out, or none.
    """
    trial = runs.groupby(list(by), dropna=False, observed=True).ngroup()
    return np.isin(trial, trial[runs["status"] == "pruned"])


def whole(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of all trials without a pruned run."""
    return runs[~pruned(runs)]
