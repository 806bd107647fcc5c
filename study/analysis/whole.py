"""Whole trials: one of which a run was pruned is left out, its diverged siblings too."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TRIAL = ("dataset", "configuration")
"""What the runs of one trial have in common, in a frame that names configurations."""


def pruned(runs: pd.DataFrame, by: Sequence[Hashable] = TRIAL) -> NDArray[np.bool_]:
    """Return for each run whether a run of its trial was pruned; `by` tells trials apart.

    A pruned trial was trained for fewer epochs than others. Those of its runs that diverged ended
    before, and would be all that is left of it: so a trial is left out as a whole, or not at all.
    """
    trial = runs.groupby(list(by), dropna=False, observed=True).ngroup()
    return np.isin(trial, trial[runs["status"] == "pruned"])


def whole(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of the trials of which none was pruned."""
    return runs[~pruned(runs)]
